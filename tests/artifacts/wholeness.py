"""What must hold for stored files at any moment, whoever was killed or failed while writing them."""

import hashlib
import json
import re
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS
from parcook.artifacts.storage import AnalyticsStorage

NAMES = [definition.name for definition in DEFINITIONS]
IMMUTABLE = re.compile(r"analytics/v1/([a-z-]+)\.([0-9a-f]{12})\.json")


def stored_bytes(storage: AnalyticsStorage, file_name: str) -> bytes:
    found = storage.objects.get(storage.key(file_name))
    assert found is not None, f"{file_name} is not stored"
    return found.body


def stored_manifest(storage: AnalyticsStorage) -> dict[str, Any]:
    return json.loads(stored_bytes(storage, "manifest.json"))


def immutable_paths(storage: AnalyticsStorage) -> set[str]:
    return {listed.path for listed in storage.objects.list("analytics") if IMMUTABLE.fullmatch(listed.path)}


def check_whole(storage: AnalyticsStorage) -> None:
    """Every stored file is JSON to its end and is what its name says; the manifest, if any, names files that are there.

    Its sizes and checksums are true. A stable file may be newer than the manifest, never a mixture.
    """
    for listed in storage.objects.list("analytics"):
        found = storage.objects.get(listed.path)
        assert found is not None
        json.loads(found.body)
        if match := IMMUTABLE.fullmatch(listed.path):
            assert hashlib.sha256(found.body).hexdigest()[:12] == match[2], listed.path
    if storage.objects.get(storage.key("manifest.json")) is not None:
        manifest = stored_manifest(storage)
        assert sorted(manifest["views"]) == sorted(NAMES)
        for name, view in manifest["views"].items():
            body = stored_bytes(storage, view["path"])
            assert (hashlib.sha256(body).hexdigest(), len(body)) == (view["sha256"], view["bytes"]), name
            assert json.loads(body)["metadata"]["catalogue_version"] == manifest["catalogue"]["version"]


def check_settled(storage: AnalyticsStorage) -> None:
    """`check_whole`, and each stable name holds what the manifest's immutable file holds."""
    check_whole(storage)
    for name, view in stored_manifest(storage)["views"].items():
        assert stored_bytes(storage, f"{name}.json") == stored_bytes(storage, view["path"]), name
