"""`AnalyticsStorage`: the specification's two methods, and generations of artifacts under one manifest."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from parcook.artifacts.definitions import DEFINITIONS, Cooked
from parcook.artifacts.storage import AnalyticsStorage, Manifest
from parcook.catalogue.hierarchy import measure_usage
from parcook.catalogue.store import Stamp
from parcook.errors import Corrupt, Invalid, SettingsError, Unavailable
from tests.artifacts.conftest import ABOUT
from tests.artifacts.watched import Refusing, watch
from tests.artifacts.wholeness import NAMES, check_settled, stored_bytes, stored_manifest

NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)
ROWS = [{"ingredient_count": 2, "recipe_count": 15}]


def put_generation(
    storage: AnalyticsStorage, number: int, at: datetime = NOON, previous: Manifest | None = None
) -> Manifest:
    """Store a catalogue of `number` recipes in one ingredient, as version `number`."""
    usage = measure_usage([(1, "Gin", None)], [(recipe, 1) for recipe in range(number)], number)
    cooked = Cooked(Stamp(number, f"token-{number}"), usage, at)
    envelopes = {name: cooked.envelope(name, "stored") for name in NAMES}
    return storage.put_generation(envelopes, cooked.stamp, at, ABOUT, previous)


def put_generations(storage: AnalyticsStorage, count: int) -> Manifest:
    manifest = None
    for number in range(1, count + 1):
        manifest = put_generation(storage, number, NOON + timedelta(minutes=number), manifest)
    assert manifest is not None
    return manifest


def test_what_is_put_is_got_in_the_documented_shape(storage_url):
    storage = AnalyticsStorage(storage_url, clock=lambda: NOON)
    assert storage.get_analytics("recipe-complexity") is None
    assert storage.put_analytics("recipe-complexity", ROWS, total_recipes=15) is True
    assert storage.get_analytics("recipe-complexity") == {
        "data": ROWS,
        "metadata": {
            "analytics_type": "recipe-complexity",
            "generated_at": "2025-01-15T12:00:00Z",
            "storage_version": "v1",
            "source": "stored",
            "total_recipes": 15,
        },
    }


def test_an_envelope_is_not_wrapped_a_second_time(storage):
    storage.put_analytics("recipe-complexity", ROWS, total_recipes=15)
    with pytest.raises(Invalid):
        storage.put_analytics("recipe-complexity", storage.get_analytics("recipe-complexity"))
    with pytest.raises(Invalid):
        storage.put_analytics("recipe-complexity", {"data": ROWS, "total_recipes": 15})
    assert storage.get_analytics("recipe-complexity")["data"] == ROWS


def test_a_put_that_fails_says_so(storage):
    refusing = watch(storage, Refusing("put"))
    with pytest.raises(Unavailable):
        refusing.put_analytics("recipe-complexity", ROWS)
    assert storage.get_analytics("recipe-complexity") is None


def test_storage_that_refuses_is_not_an_absence(storage):
    refusing = watch(storage, Refusing("get"))
    with pytest.raises(Unavailable):
        refusing.get_analytics("recipe-complexity")
    with pytest.raises(Unavailable):
        refusing.manifest()


def test_a_bucket_name_alone_means_s3(s3_server, monkeypatch):
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = s3_server.new_bucket().removeprefix("s3://")
    AnalyticsStorage(bucket).put_analytics("recipe-complexity", ROWS)
    head = s3_server.client("s3").head_object(Bucket=bucket, Key="analytics/v1/recipe-complexity.json")
    assert head["ContentType"] == "application/json"
    with pytest.raises(SettingsError):
        AnalyticsStorage("")


@pytest.mark.parametrize("version", ["v0", "v2", None, 1])
def test_another_storage_version_is_as_good_as_missing(storage, version):
    put_generation(storage, 1)
    for file_name in ("recipe-complexity.json", "manifest.json"):
        document = json.loads(stored_bytes(storage, file_name))
        document.get("metadata", document)["storage_version"] = version
        storage.objects.put(storage.key(file_name), json.dumps(document).encode())
    assert storage.get_analytics("recipe-complexity") is None
    assert storage.manifest() is None


def test_a_storage_version_reads_what_it_wrote(storage):
    newer = AnalyticsStorage(storage.objects.url, storage_version="v2")
    newer.put_analytics("recipe-complexity", ROWS)
    assert newer.get_analytics("recipe-complexity")["metadata"]["storage_version"] == "v2"
    assert storage.get_analytics("recipe-complexity") is None


CORRUPT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda body: b"",
    "truncated": lambda body: body[:-20],
    "html": lambda body: b"<html>Service Unavailable</html>",
    "a list": lambda body: b"[]",
    "a number": lambda body: b"1",
    "null": lambda body: b"null",
    "an object of something else": lambda body: b'{"data": [], "metadata": {}}',
    "metadata that is no object": lambda body: b'{"data": [], "metadata": [], "catalogue": [], "views": []}',
    "data that is no list": lambda body: body.replace(b'"data":[', b'"data":{"data":[').replace(b"}],", b"}]},"),
    "another artifact": lambda body: body.replace(b"recipe-complexity", b"ingredient-usage"),
    "deeply nested": lambda body: b"[" * 200_000,
    "not UTF-8": lambda body: body.replace(b"recipe-complexity", b"\xff\xfe"),
    "an endless number": lambda body: b'{"data": [], "metadata": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("spoil", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_artifact_is_neither_missing_nor_served(storage, spoil):
    put_generation(storage, 1)
    key = storage.key("recipe-complexity.json")
    storage.objects.put(key, spoil(stored_bytes(storage, "recipe-complexity.json")))
    with pytest.raises(Corrupt):
        storage.get_analytics("recipe-complexity")


@pytest.mark.parametrize(
    "spoil",
    [
        *(CORRUPT[name] for name in CORRUPT if name not in ("data that is no list", "another artifact", "not UTF-8")),
        lambda body: body.replace(b'"generation":1', b'"generation":Infinity'),
        lambda body: body.replace(b'"views":{', b'"views":{"growth":1,'),
        lambda body: body.replace(b'"views":{', b'"views":[],"other":{'),
        lambda body: body.replace(b"2025-01-15", b"yesterday"),
        lambda body: body.replace(b'"The bar"', b'"\xff"'),
    ],
)
def test_a_corrupt_manifest_is_neither_missing_nor_believed(storage, spoil):
    put_generation(storage, 1)
    storage.objects.put(storage.key("manifest.json"), spoil(stored_bytes(storage, "manifest.json")))
    with pytest.raises(Corrupt):
        storage.manifest()


def test_the_manifest_says_what_the_dashboard_needs(storage_url):
    storage = AnalyticsStorage(storage_url)
    put_generation(storage, 3)
    manifest = stored_manifest(storage)
    assert manifest.pop("views").keys() == set(NAMES)
    assert manifest == {
        "storage_version": "v1",
        "generated_at": "2025-01-15T12:00:00Z",
        "generation": 1,
        "storage_version_since": "2025-01-15T12:00:00Z",
        "catalogue": {"version": 3, "token": "token-3"},
        **ABOUT,
    }
    views = stored_manifest(storage)["views"]
    assert {name: (view["audience"], view["generated_at"]) for name, view in views.items()} == {
        definition.name: ("public", "2025-01-15T12:00:00Z") for definition in DEFINITIONS
    }
    assert {name: view["path"] for name, view in views.items()} == {
        name: f"{name}.{view['sha256'][:12]}.json" for name, view in views.items()
    }
    assert all(view.keys() == {"path", "sha256", "bytes", "generated_at", "audience"} for view in views.values())
    check_settled(storage)
    read_back = storage.manifest()
    assert (read_back.stamp, read_back.generation, read_back.generated_at) == (Stamp(3, "token-3"), 1, NOON)
