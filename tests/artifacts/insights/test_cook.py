"""When artifacts about conversations are cooked, what is written, and what a crash or a second cook leaves."""

import threading
from pathlib import Path

import pytest

from parcook.artifacts.annotations import annotate
from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.insights.definitions import INSIGHTS
from parcook.artifacts.models import INSIGHT_SHAPES, SHAPES
from parcook.artifacts.storage import InsightStorage
from parcook.errors import Unavailable
from parcook.lake.place import Lake
from tests.artifacts.insights.kitchen import cook_for, put_rows, stored
from tests.artifacts.watched import WatchedObjects, Watcher
from tests.catalogue.making import mix
from tests.lake.making import at
from tests.metrics.lakes import days

NAMES = {insight.name for insight in INSIGHTS}


@pytest.fixture
def days_in_lake(lake: Lake) -> None:
    put_rows(lake, "daily_metrics", days("2025-02-01", 20, dau=12, total_conversations=4, total_messages=9))


def watched(shelf: InsightStorage, watcher: Watcher) -> InsightStorage:
    seen = InsightStorage(shelf.objects)
    seen.objects = WatchedObjects(shelf.objects.url, watcher)
    return seen


def written(shelf: InsightStorage) -> dict[str, object]:
    return {listed.path: listed.modified for listed in shelf.objects.list("insights")}


def check_whole(shelf: InsightStorage) -> None:
    """The manifest names files that are there, each what its name says."""
    manifest = shelf.manifest()
    assert manifest is not None
    for path in manifest.paths.values():
        shelf.read_named(path)


def test_every_shape_has_a_cook():
    assert set(INSIGHT_SHAPES) == NAMES


@pytest.mark.usefixtures("days_in_lake")
def test_all_artifacts_are_stored_under_a_manifest_of_its_shape(cook, shelf):
    assert cook.refresh() is True
    manifest = stored(shelf, "manifest")
    SHAPES["manifest"].model_validate(manifest)
    assert set(manifest["views"]) == NAMES
    assert {view["audience"] for view in manifest["views"].values()} == {"internal"}
    assert (manifest["first_day"], manifest["data_through"]) == ("2025-02-01", "2025-02-20")
    assert (manifest["incomplete_from"], manifest["min_people"]) == ("2025-02-21", 10)
    assert shelf.is_whole()


@pytest.mark.usefixtures("days_in_lake")
def test_what_is_current_is_not_written_again(cook, shelf):
    cook.refresh()
    before = written(shelf)
    assert cook.is_current()
    assert cook.refresh() is False
    assert written(shelf) == before


@pytest.mark.usefixtures("days_in_lake")
def test_a_change_that_no_artifact_tells_keeps_the_generation_and_its_files(lake, cook, shelf):
    cook.refresh()
    before = stored(shelf, "manifest")
    mix(lake.catalogue, "Gimlet", [])
    later = InsightCook(lake, cook._open_engine, shelf, cook._about, lambda: at("2025-03-11 12:00"))
    assert later.refresh() is True
    after = stored(shelf, "manifest")
    assert (after["generation"], after["views"]) == (before["generation"], before["views"])
    assert after["stamp"] != before["stamp"]
    assert later.refresh() is False


@pytest.mark.usefixtures("days_in_lake")
@pytest.mark.parametrize(
    "change",
    [
        lambda lake: put_rows(lake, "daily_metrics", days("2025-02-21", 1, dau=15)),
        lambda lake: put_rows(lake, "daily_metrics", days("2025-02-10", 1, dau=11, revision=1)),
        lambda lake: annotate(lake.records, at("2025-02-10 12:00").date(), "Voice mode"),
    ],
    ids=["a new day", "a day revised", "a mark"],
)
def test_a_change_makes_a_new_generation(lake, cook, shelf, change):
    cook.refresh()
    change(lake)
    assert not cook.is_current()
    cook.refresh()
    assert stored(shelf, "manifest")["generation"] == 2
    assert cook.is_current()


@pytest.mark.usefixtures("days_in_lake")
def test_artifacts_that_are_as_they_were_keep_their_files(lake, cook, shelf):
    cook.refresh()
    before = stored(shelf, "manifest")["views"]
    annotate(lake.records, at("2025-02-10 12:00").date(), "Voice mode")
    cook.refresh()
    after = stored(shelf, "manifest")["views"]
    assert {name for name in NAMES if after[name] != before[name]} == {"annotations"}
    assert stored(shelf, "annotations")["data"] == [{"date": "2025-02-10", "text": "Voice mode"}]


def test_an_empty_lake_has_a_manifest_and_no_views(cook, shelf):
    assert cook.refresh() is True
    manifest = stored(shelf, "manifest")
    SHAPES["manifest"].model_validate(manifest)
    assert (manifest["views"], manifest["first_day"]) == ({}, None)
    assert cook.is_current()


def test_before_the_first_complete_day_there_are_no_views(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-03-10", 1, dau=12, complete=False))
    cook.refresh()
    manifest = stored(shelf, "manifest")
    assert (manifest["views"], manifest["first_day"], manifest["data_through"]) == ({}, "2025-03-10", None)


@pytest.mark.usefixtures("days_in_lake")
@pytest.mark.parametrize(("verb", "step"), [("get", 3), ("put", 0), ("put", 17), ("put", 30), ("list", 0)])
def test_a_failure_while_writing_leaves_the_old_generation_whole_or_the_new_one(lake, cook, shelf, verb, step):
    cook.refresh()
    put_rows(lake, "daily_metrics", days("2025-02-21", 1, dau=15))
    left = [step]

    def fail(moment: str, asked: str, _: str) -> None:
        if moment == "before" and asked == verb:
            if not left[0]:
                raise Unavailable("storage refuses")
            left[0] -= 1

    with pytest.raises(Unavailable):
        cook_for(lake, watched(shelf, fail)).refresh()
    check_whole(shelf)
    cook.refresh()
    assert shelf.is_whole()
    assert stored(shelf, "manifest")["data_through"] == "2025-02-21"


@pytest.mark.usefixtures("days_in_lake")
def test_of_two_cooks_at_once_one_cooks(lake, shelf):
    cooks = [cook_for(lake, shelf) for _ in range(2)]
    cooked: list[bool] = []
    threads = [threading.Thread(target=lambda cook=cook: cooked.append(cook.refresh())) for cook in cooks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(cooked) == [False, True]
    assert stored(shelf, "manifest")["generation"] == 1
    assert shelf.is_whole()


@pytest.mark.usefixtures("days_in_lake")
def test_what_was_damaged_in_storage_is_cooked_anew_by_force(cook, shelf):
    cook.refresh()
    shelf.objects.put(shelf.key("growth.json"), b"{}")
    assert cook.refresh() is False
    assert cook.refresh(force=True) is True
    assert shelf.is_whole()


@pytest.mark.usefixtures("days_in_lake")
def test_a_corrupt_manifest_is_written_anew(cook, shelf):
    cook.refresh()
    shelf.objects.put(shelf.key("manifest.json"), b"nonsense")
    assert not cook.is_current()
    assert cook.refresh() is True
    assert shelf.is_whole()


@pytest.mark.usefixtures("days_in_lake")
def test_a_damaged_day_is_left_out_and_its_periods_are_not_complete(lake, cook, shelf):
    path = next(listed.path for listed in lake.objects.list("aggregated") if "2025-02-18" in listed.path)
    lake.objects.put(path, b"{this is no line")
    cook.refresh()
    told = stored(shelf, "activity-daily")
    assert not any(one["complete"] for one in told["data"]["periods"])
    assert [day["dau"] for day in told["data"]["days"] if day["date"] == "2025-02-18"] == [None]


def test_freshness_says_what_is_stored(lake, cook, days_in_lake, tmp_path: Path):
    assert cook.freshness().generated_at is None
    cook.refresh()
    fresh = cook.freshness()
    assert (fresh.current, fresh.views, fresh.error) == (True, len(NAMES), None)
    put_rows(lake, "daily_metrics", days("2025-02-21", 1, dau=15))
    assert not cook.freshness().current
