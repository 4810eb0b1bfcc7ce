"""One generation after another: the order of writing, what is kept, what is dropped, and failures half-way."""

from datetime import timedelta

import pytest

from parcook.artifacts.storage import AnalyticsStorage
from parcook.errors import Unavailable
from tests.artifacts.test_storage import NOON, put_generation, put_generations
from tests.artifacts.watched import watch
from tests.artifacts.wholeness import NAMES, check_settled, check_whole, immutable_paths, stored_manifest


def test_the_manifest_is_written_last_and_nothing_is_dropped_before(storage):
    put_generations(storage, 3)
    log: list[tuple[str, str]] = []
    watched = watch(storage, lambda moment, verb, path: log.append((verb, path)) if moment == "after" else None)
    put_generation(watched, 4, NOON, storage.manifest())
    puts = [path for verb, path in log if verb == "put"]
    assert puts[-1] == "analytics/v1/manifest.json"
    assert len(puts) == 2 * len(NAMES) + 1
    assert log.index(("put", puts[-1])) < min(place for place, (verb, _) in enumerate(log) if verb == "delete")
    for name in NAMES:
        immutable = f"analytics/v1/{stored_manifest(storage)['views'][name]['path']}"
        assert puts.index(immutable) < puts.index(f"analytics/v1/{name}.json")


def test_two_generations_of_immutable_files_are_kept(storage_url):
    storage = AnalyticsStorage(storage_url)
    put_generations(storage, 4)
    fourth = set(storage.manifest().paths.values())
    fifth = put_generation(storage, 5, NOON, storage.manifest())
    assert fifth.generation == 5
    assert immutable_paths(storage) == {storage.key(path) for path in fourth | set(fifth.paths.values())}
    assert len(immutable_paths(storage)) == 2 * len(NAMES)
    check_settled(storage)


def test_the_same_generation_twice_keeps_its_files(storage):
    first = put_generation(storage, 1)
    second = put_generation(storage, 1, NOON, first)
    assert second.paths == first.paths
    check_settled(storage)


@pytest.mark.parametrize(
    ("after", "is_kept"),
    [(timedelta(0), True), (timedelta(days=30), True), (timedelta(days=30, seconds=1), False)],
    ids=["at once", "after 30 days", "a second later"],
)
def test_an_old_storage_version_is_kept_for_30_days(storage, after, is_kept):
    old = AnalyticsStorage(storage.objects.url, storage_version="v0")
    put_generation(old, 1, NOON - timedelta(days=400))
    first = put_generation(storage, 1, NOON)
    put_generation(storage, 2, NOON + after, first)
    left = [listed.path for listed in storage.objects.list("analytics") if "/v0/" in listed.path]
    assert len(left) == (2 * len(NAMES) + 1) * is_kept
    check_settled(storage)


def test_what_others_keep_beside_the_artifacts_is_never_dropped(storage):
    strangers = ["analytics/report.csv", "analytics/sales/2024.json", "analytics/v1/notes.txt", "analytics/v0/old.csv"]
    for path in [*strangers, "analytics/v0/ingredient-usage.json"]:
        storage.objects.put(path, b"{}")
    first = put_generation(storage, 1, NOON)
    put_generation(storage, 2, NOON + timedelta(days=31), first)
    left = {listed.path for listed in storage.objects.list("analytics")}
    assert left >= set(strangers)
    assert "analytics/v0/ingredient-usage.json" not in left


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", range(2 * len(NAMES) + 5))
def test_a_failure_at_any_step_leaves_whole_files(storage, moment, step):
    """Seven puts, then a list and three deletes; "after" is an answer that got lost."""
    previous = put_generations(storage, 2)
    operations = iter(range(step, -100, -1))

    def fail(when: str, verb: str, path: str) -> None:
        if when == moment and next(operations) == 0:
            raise Unavailable(f"{verb} {path}")

    with pytest.raises(Unavailable):
        put_generation(watch(storage, fail), 3, NOON, previous)
    check_whole(storage)
    put_generation(storage, 4, NOON, storage.manifest())
    check_settled(storage)
    assert len(immutable_paths(storage)) == 2 * len(NAMES)
