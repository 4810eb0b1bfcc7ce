"""What a page shows, read from object storage: the manifests, and the artifacts that they name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parcook.artifacts.shapes.base import Audience
from parcook.artifacts.shelf import FILE_NAME, MANIFEST
from parcook.errors import Corrupt
from parcook.objects import Objects

FOLDER_OF: Mapping[Audience, str] = {"public": "analytics/v1/", "internal": "insights/v1/"}
"""Where the artifacts for each audience lie, in storage and beside the page alike."""

_TRIES = 3


@dataclass(frozen=True)
class Generation:
    """One manifest as stored, and the artifacts that it names: bytes by type."""

    folder: str
    manifest: bytes
    about: Mapping[str, Any]
    artifacts: Mapping[str, bytes]

    def decoded(self) -> dict[str, Any]:
        """The manifest and every file that it names, decoded, by path beside the page."""
        views = self.about["views"]
        named = {self.folder + views[name]["path"]: json.loads(body) for name, body in self.artifacts.items()}
        return {self.folder + MANIFEST: self.about, **named}


def folders_for(audience: Audience) -> list[str]:
    """The folders of those who may read so much: what everybody may read comes first."""
    return [FOLDER_OF["public"]] if audience == "public" else [FOLDER_OF["public"], FOLDER_OF["internal"]]


def read_generations(objects: Objects, audience: Audience) -> list[Generation]:
    """The generations that stand in the folders of `audience`; nothing for a folder in which nothing was cooked yet.

    Raises `Unavailable` if storage refuses, `Corrupt` if what it holds is not what the manifest says.
    """
    found = (read_generation(objects, folder) for folder in folders_for(audience))
    return [generation for generation in found if generation is not None]


def read_generation(objects: Objects, folder: str) -> Generation | None:
    """The generation that stands in `folder`; None if nothing was cooked yet. Raises as `read_generations` does."""
    for _ in range(_TRIES):
        stored = objects.get(folder + MANIFEST)
        if stored is None:
            return None
        about = _decode(stored.body, objects, folder)
        blobs = {name: objects.get(folder + view["path"]) for name, view in about["views"].items()}
        found = {name: blob.body for name, blob in blobs.items() if blob is not None}
        if len(found) == len(blobs):
            return Generation(folder, stored.body, about, found)
        # two generations passed while this one was being read
    raise Corrupt(f"{folder}{MANIFEST} in {objects.url} names a file that is not there; run `parcook refresh --force`")


def _decode(body: bytes, objects: Objects, folder: str) -> dict[str, Any]:
    audience = next(audience for audience, own in FOLDER_OF.items() if own == folder)
    try:
        about: dict[str, Any] = json.loads(body)
        views = about["views"].values()
        is_manifest = all(FILE_NAME.fullmatch(view["path"]) and view["audience"] == audience for view in views)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_manifest, about = False, {}
    if not is_manifest:  # a view in the wrong folder would reach those whom it is not for
        raise Corrupt(f"{folder}{MANIFEST} in {objects.url} is no manifest of {audience} artifacts")
    return about
