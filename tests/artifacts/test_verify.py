"""`find_faults`: it names what is wrong with what is stored, and only that."""

import pytest

from parcook.artifacts.verify import find_faults
from parcook.errors import Unavailable
from tests.artifacts.catalogues import add_recipe, fill_tiny, set_stamp
from tests.artifacts.watched import Refusing, watch
from tests.artifacts.wholeness import NAMES, stored_bytes, stored_manifest


@pytest.fixture
def cooked(sqlite_catalogue, sqlite_refresher):
    fill_tiny(sqlite_catalogue)
    sqlite_refresher.refresh()
    return sqlite_catalogue


def codes(catalogue, storage) -> list[str]:
    return [fault["code"] for fault in find_faults(catalogue, storage)]


def test_what_was_just_cooked_has_no_fault(cooked, storage):
    assert codes(cooked, storage) == []


def test_nothing_stored_is_a_fault_of_each_artifact(sqlite_catalogue, storage):
    assert codes(sqlite_catalogue, storage) == ["missing"] * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda body: body[:-1], "corrupt"),
        (lambda body: body.replace(b'"storage_version":"v1"', b'"storage_version":"v0"'), "missing"),
        (lambda body: body.replace(b'"total_recipes":5', b'"total_recipes":6'), "wrong"),
        (lambda body: body.replace(b'"data":[{', b'"data":[{},{'), "wrong"),
    ],
    ids=["truncated", "of another version", "with another total", "with a row too many"],
)
def test_a_spoilt_artifact_is_named(cooked, storage, name, spoil, code):
    key = storage.key(f"{name}.json")
    storage.objects.put(key, spoil(stored_bytes(storage, f"{name}.json")))
    [fault] = find_faults(cooked, storage)
    assert fault["code"] == code
    assert name in fault["message"]


def test_an_edit_makes_every_artifact_stale(cooked, storage):
    add_recipe(cooked, "Gin Sour", "Gin", "Lemon")
    assert codes(cooked, storage) == ["stale"] * len(NAMES)


def test_a_manifest_of_another_state_is_stale(cooked, storage):
    set_stamp(cooked, cooked.state().stamp.version, "another")
    assert codes(cooked, storage) == ["stale"]


def test_a_lost_or_corrupt_manifest_is_a_fault(cooked, storage):
    storage.objects.put(storage.key("manifest.json"), b"<html>")
    assert codes(cooked, storage) == ["corrupt"]
    storage.objects.delete(storage.key("manifest.json"))
    assert codes(cooked, storage) == ["missing"]


def test_a_lost_immutable_file_is_a_fault(cooked, storage):
    storage.objects.delete(storage.key(stored_manifest(storage)["views"]["ingredient-tree"]["path"]))
    assert codes(cooked, storage) == ["missing"]


def test_storage_that_refuses_is_no_fault_of_the_artifacts(cooked, storage):
    with pytest.raises(Unavailable):
        find_faults(cooked, watch(storage, Refusing("get")))
