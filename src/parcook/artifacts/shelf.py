"""A shelf in object storage: artifacts for one audience, in generations, under one manifest.

For each artifact stand there the stable `<type>.json` and the immutable `<type>.<sha12>.json` that the manifest
names. `manifest.json` is written last, and two generations of immutable files are kept, so that whoever starts from a
manifest never sees half a refresh. Nothing here expires.
"""

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from parcook.artifacts.definitions import STORAGE_VERSION, encode
from parcook.artifacts.shapes.base import Audience
from parcook.clock import format_time, parse_time
from parcook.errors import Corrupt
from parcook.objects import Blob, Objects, Unchanged

OLD_VERSION_KEPT = timedelta(days=30)
MANIFEST = "manifest.json"
FILE_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?P<sha>\.[0-9a-f]{12})?\.json")

S = TypeVar("S")


@dataclass(frozen=True)
class Generation(Generic[S]):
    """What decisions rest on in a stored manifest.

    `stamp` is the state of the data told of, `since` when this storage version began; `paths` the immutable file of
    each artifact.
    """

    stamp: S
    generation: int
    since: datetime
    generated_at: datetime
    paths: Mapping[str, str]


class Shelf(ABC, Generic[S]):
    """The artifacts in one folder of `objects`. `S` is what says which state of the data they tell of."""

    folder: ClassVar[str]
    audience: ClassVar[Audience]

    def __init__(self, objects: Objects, storage_version: str = STORAGE_VERSION) -> None:
        self.objects = objects
        self.storage_version = storage_version
        self._prefix = f"{self.folder}/{storage_version}"

    @abstractmethod
    def tell_stamp(self, stamp: S) -> Mapping[str, Any]:
        """What the manifest says of `stamp`."""

    @abstractmethod
    def read_stamp(self, document: Mapping[str, Any]) -> S:
        """The stamp that a manifest tells. Raises `ValueError`, `TypeError` or `KeyError` if it tells none."""

    def key(self, file_name: str) -> str:
        """The object path of a file of this storage version."""
        return f"{self._prefix}/{file_name}"

    def read_file(self, file_name: str, etag: str | None = None) -> Blob | Unchanged | None:
        """The bytes of one file as stored. Raises `Unavailable`."""
        return self.objects.get_if_changed(self.key(file_name), etag)

    def read_named(self, path: str) -> bytes:
        """The bytes of an immutable file that a manifest names.

        Raises `Unavailable`; `Corrupt` if it is not there, or not what the checksum in its name says.
        """
        blob = self.objects.get(self.key(path))
        if blob is None or not path.endswith(f".{hashlib.sha256(blob.body).hexdigest()[:12]}.json"):
            raise Corrupt(f"{self.key(path)} in {self.objects.url} is gone, or is not what its name says")
        return blob.body

    def manifest(self) -> Generation[S] | None:
        """The stored manifest; None if there is none or another storage version wrote it.

        Raises `Unavailable` if storage refuses, `Corrupt` if it is no manifest.
        """
        blob = self.objects.get(self.key(MANIFEST))
        if blob is None:
            return None
        try:
            document = json.loads(blob.body)
            manifest = Generation(
                self.read_stamp(document),
                int(document["generation"]),
                parse_time(document["storage_version_since"]),
                parse_time(document["generated_at"]),
                {name: str(view["path"]) for name, view in document["views"].items()},
            )
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise Corrupt(f"{self.key(MANIFEST)} in {self.objects.url} is no manifest") from error
        return manifest if document.get("storage_version") == self.storage_version else None

    def put_generation(
        self,
        envelopes: Mapping[str, Mapping[str, Any]],
        stamp: S,
        generated_at: datetime,
        about: Mapping[str, Any],
        previous: Generation[S] | None,
    ) -> Generation[S]:
        """Write one generation: every artifact, then the manifest that names them, then drop what is two old.

        `about` is what the manifest says of the site. Where other data leave every artifact what it was, only the
        manifest's stamp changes. Raises `Unavailable`; what stood before then still stands, each file whole.
        """
        views: dict[str, dict[str, Any]] = {}
        for name, envelope in envelopes.items():
            body = encode(envelope)
            sha256 = hashlib.sha256(body).hexdigest()
            path = f"{name}.{sha256[:12]}.json"
            self.objects.put(self.key(path), body)
            self.objects.put(self.key(f"{name}.json"), body)
            views[name] = {
                "path": path,
                "sha256": sha256,
                "bytes": len(body),
                "generated_at": envelope["metadata"]["generated_at"],
                "audience": self.audience,
            }
        paths = {name: view["path"] for name, view in views.items()}
        since = previous.since if previous else generated_at
        is_new = previous is None or paths != previous.paths or stamp == previous.stamp
        generation = (previous.generation if previous else 0) + is_new
        document = {
            "storage_version": self.storage_version,
            "generated_at": format_time(generated_at),
            "generation": generation,
            "storage_version_since": format_time(since),
            **self.tell_stamp(stamp),
            **about,
            "views": views,
        }
        self.objects.put(self.key(MANIFEST), encode(document))
        if is_new:
            kept = set(paths.values()) | set(previous.paths.values() if previous else ())
            self._drop_old(kept, drop_old_versions=generated_at - since > OLD_VERSION_KEPT)
        return Generation(stamp, generation, since, generated_at, paths)

    def is_whole(self) -> bool:
        """Whether every file that the manifest names is there, and the stable name beside it holds the same bytes.

        Raises `Unavailable`, and `Corrupt` as `manifest` does.
        """
        manifest = self.manifest()
        if manifest is None:
            return False
        for name, path in manifest.paths.items():
            named, stable = self.objects.get(self.key(path)), self.objects.get(self.key(f"{name}.json"))
            if named is None or stable is None or named.body != stable.body:
                return False
        return True

    def _drop_old(self, kept: set[str], drop_old_versions: bool) -> None:
        for listed in self.objects.list(self.folder):
            folder, _, file_name = listed.path.rpartition("/")
            match = FILE_NAME.fullmatch(file_name)
            if match is None or re.fullmatch(rf"{self.folder}/v[0-9]+", folder) is None:
                continue  # a stranger's
            is_old = match["sha"] is not None and file_name not in kept
            if is_old if folder == self._prefix else drop_old_versions:
                self.objects.delete(listed.path)
