"""Artifacts in object storage: their keys, their manifest, and reading them as they were written.

Under `analytics/v1/` stand, for each artifact, the stable `<type>.json` and the immutable
`<type>.<sha12>.json` that the manifest names. `manifest.json` is written last, and two generations of
immutable files are kept, so that whoever starts from a manifest never sees half a refresh. Nothing here
expires.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS, STORAGE_VERSION, Content, encode, make_envelope
from parcook.catalogue.store import Stamp
from parcook.clock import Clock, format_time, parse_time, utc_now
from parcook.errors import Corrupt, Invalid
from parcook.objects import Blob, Objects, Unchanged

OLD_VERSION_KEPT = timedelta(days=30)
MANIFEST = "manifest.json"
VERSION_FOLDER = re.compile(r"analytics/v[0-9]+")
FILE_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?P<sha>\.[0-9a-f]{12})?\.json")


@dataclass(frozen=True)
class Manifest:
    """What decisions rest on in a stored manifest.

    `since` is when this storage version began; `paths` the immutable file of each artifact.
    """

    stamp: Stamp
    generation: int
    since: datetime
    generated_at: datetime
    paths: Mapping[str, str]


class AnalyticsStorage:
    """The artifacts under one storage URL, or in the S3 bucket of that name."""

    def __init__(self, url: str, *, clock: Clock = utc_now, storage_version: str = STORAGE_VERSION) -> None:
        self.objects = Objects(url if "://" in url else f"s3://{url}")
        self.storage_version = storage_version
        self._clock = clock
        self._prefix = f"analytics/{storage_version}"

    def key(self, file_name: str) -> str:
        """The object path of a file of this storage version."""
        return f"{self._prefix}/{file_name}"

    def get_analytics(self, analytics_type: str) -> dict[str, Any] | None:
        """The stored envelope of an artifact, decoded; None only if there is none.

        Raises `Unavailable` if storage refuses, `Corrupt` if what it holds is no envelope of this artifact.
        """
        blob = self.objects.get(self.key(f"{analytics_type}.json"))
        return None if blob is None else self.decode(analytics_type, blob.body)

    def put_analytics(self, analytics_type: str, data: Sequence[Mapping[str, Any]], **metadata: Any) -> bool:
        """Store `data` as an artifact, `metadata` beside what every artifact has. True, or it raises.

        Raises `Unavailable`; `Invalid` for a whole envelope in place of its rows.
        """
        if isinstance(data, Mapping):
            raise Invalid("data is a list of rows; the envelope is made here, and what else it says is given by name")
        envelope = make_envelope(
            analytics_type,
            Content(data, {}),
            generated_at=format_time(self._clock()),
            **{"source": "stored", "storage_version": self.storage_version, **metadata},
        )
        self.objects.put(self.key(f"{analytics_type}.json"), encode(envelope))
        return True

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

    def decode(self, analytics_type: str, body: bytes) -> dict[str, Any] | None:
        """The envelope in `body`; None if another storage version wrote it. Raises `Corrupt` if it is none at all."""
        try:
            document = json.loads(body)
            metadata = document["metadata"]
            stored_version, stored_type = metadata["storage_version"], metadata["analytics_type"]
            well_formed = isinstance(document["data"], list) and stored_type == analytics_type
        except (ValueError, TypeError, KeyError, RecursionError):
            well_formed, stored_version, document = False, None, {}
        if not well_formed:
            raise Corrupt(f"{self.key(analytics_type)}.json in {self.objects.url} is no {analytics_type} artifact")
        return document if stored_version == self.storage_version else None

    def manifest(self) -> Manifest | None:
        """The stored manifest; None if there is none or another storage version wrote it.

        Raises `Unavailable` if storage refuses, `Corrupt` if it is no manifest.
        """
        blob = self.objects.get(self.key(MANIFEST))
        if blob is None:
            return None
        try:
            document = json.loads(blob.body)
            manifest = Manifest(
                Stamp(int(document["catalogue"]["version"]), str(document["catalogue"]["token"])),
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
        stamp: Stamp,
        generated_at: datetime,
        about: Mapping[str, Any],
        previous: Manifest | None,
    ) -> Manifest:
        """Write one generation: every artifact, then the manifest that names them, then drop what is two old.

        `about` is what the manifest says of the site. Raises `Unavailable`; what stood before then still
        stands, each file whole.
        """
        audiences = {definition.name: definition.audience for definition in DEFINITIONS}
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
                "generated_at": format_time(generated_at),
                "audience": audiences[name],
            }
        document = {
            "storage_version": self.storage_version,
            "generated_at": format_time(generated_at),
            "generation": previous.generation + 1 if previous else 1,
            "storage_version_since": format_time(previous.since if previous else generated_at),
            "catalogue": {"version": stamp.version, "token": stamp.token},
            **about,
            "views": views,
        }
        self.objects.put(self.key(MANIFEST), encode(document))
        paths = {name: view["path"] for name, view in views.items()}
        kept = set(paths.values()) | set(previous.paths.values() if previous else ())
        since = previous.since if previous else generated_at
        self._drop_old(kept, drop_old_versions=generated_at - since > OLD_VERSION_KEPT)
        return Manifest(stamp, document["generation"], since, generated_at, paths)

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
        for listed in self.objects.list("analytics"):
            folder, _, file_name = listed.path.rpartition("/")
            match = FILE_NAME.fullmatch(file_name)
            if match is None or VERSION_FOLDER.fullmatch(folder) is None:
                continue  # a stranger's
            is_old = match["sha"] is not None and file_name not in kept
            if is_old if folder == self._prefix else drop_old_versions:
                self.objects.delete(listed.path)
