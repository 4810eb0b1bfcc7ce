"""`find_insight_faults`: it names what is wrong with what is stored, and only that."""

from collections.abc import Callable

import pytest

from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.storage import InsightStorage
from parcook.artifacts.verify import find_insight_faults
from parcook.lake.place import Lake
from tests.artifacts.insights.kitchen import put_rows
from tests.metrics.lakes import days


@pytest.fixture
def cooked(lake: Lake, cook: InsightCook) -> InsightCook:
    put_rows(lake, "daily_metrics", days("2025-02-01", 8, dau=12, total_conversations=4, total_messages=9))
    cook.refresh()
    return cook


def codes(cook: InsightCook, shelf: InsightStorage) -> list[str]:
    return [fault["code"] for fault in find_insight_faults(cook, shelf)]


def test_what_was_just_cooked_has_no_fault(cooked, shelf):
    assert codes(cooked, shelf) == []


def test_an_empty_lake_that_nothing_was_cooked_from_has_no_fault(cook, shelf):
    assert codes(cook, shelf) == []


def test_a_lake_that_nothing_was_cooked_from_yet_is_stale(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-02-01", 8, dau=12))
    assert codes(cook, shelf) == ["stale"]


def test_artifacts_that_the_lake_has_left_behind_are_stale(lake, cooked, shelf):
    put_rows(lake, "daily_metrics", days("2025-02-09", 1, dau=30))
    assert set(codes(cooked, shelf)) == {"stale"}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda shelf: shelf.objects.put(shelf.key("manifest.json"), b"nonsense"), ["corrupt"]),
        (lambda shelf: shelf.objects.delete(shelf.key("growth.json")), ["missing"]),
        (lambda shelf: shelf.objects.put(shelf.key(shelf.manifest().paths["growth"]), b"{}"), ["corrupt"]),
    ],
    ids=["the manifest", "a stable name", "a named file"],
)
def test_damage_is_named(cooked, shelf, damage: Callable[[InsightStorage], None], found):
    damage(shelf)
    assert codes(cooked, shelf) == found
