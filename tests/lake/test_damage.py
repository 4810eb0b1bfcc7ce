"""Files that cannot be read: named, made anew while there is something to make them from, and never in the way."""

from datetime import date, timedelta

import pytest

from parcook.jobs.standing import stand
from parcook.lake.erasure import Eraser
from parcook.lake.place import Lake, file_path
from parcook.lake.rounds import Rounds
from parcook.lake.tables import ACTIVITY, CONVERSATIONS, DAILY_METRICS, WEEKLY_METRICS, Table
from tests.lake.making import at, event, files_of, numbers_of, ref, rows_of, week_of

DAY = date(2025, 1, 15)  # a Wednesday
FROZEN, LATER = at("2025-01-18 02:00"), at("2025-01-18 03:00")
MONDAY, NEXT_MONDAY = date(2025, 1, 13), date(2025, 1, 20)


@pytest.fixture
def lived(lake: Lake) -> Lake:
    """Two people on three days, the first of which is frozen."""
    for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)):
        lake.store.append([event(f"{day} 10:00", f"{who} {day}", who, recipe_name=f"Dish {who}") for who in "ab"])
    with Rounds(lake) as rounds:
        rounds.run(FROZEN)
    return lake


def damage(lake: Lake, table: Table, day: date, part: str = "") -> str:
    """Cut the end off one file; its path."""
    objects = lake.objects_of(table)
    path = file_path(table, day, part or day.isoformat(), table.format or lake.format)
    objects.put(path, objects.get(path).body[:-20])
    return path


def run(lake: Lake, now=LATER) -> None:
    with Rounds(lake) as rounds:
        rounds.run(now)


def activity_of(lake: Lake) -> dict[str, bytes]:
    return {listed.path: lake.private.get(listed.path).body for listed in lake.private.list("activity")}


def test_a_damaged_hour_is_made_anew_by_the_round_that_finds_it(lived: Lake, caplog: pytest.LogCaptureFixture) -> None:
    before = numbers_of(lived, DAY + timedelta(days=2))
    path = damage(lived, CONVERSATIONS, DAY + timedelta(days=2), "2025-01-17T10Z")
    with Rounds(lived) as rounds:
        done = rounds.run(LATER)
    assert path in caplog.text
    assert (done.exported.count(DAY + timedelta(days=2)), done.aggregated.count(DAY + timedelta(days=2))) == (1, 1)
    assert numbers_of(lived, DAY + timedelta(days=2)) == before
    assert len(rows_of(lived, CONVERSATIONS, DAY + timedelta(days=2))) == 2
    assert stand(lived, LATER).as_dict()["damaged"] == []


def test_what_was_counted_without_a_damaged_hour_is_told(lived: Lake) -> None:
    day = DAY + timedelta(days=2)
    path = damage(lived, CONVERSATIONS, day, "2025-01-17T10Z")
    with Rounds(lived) as rounds:
        rounds.aggregate([day], LATER)
    told = stand(lived, LATER).as_dict()
    assert told["damaged"] == [path]
    assert told["data_checks"]["days"] == {"2025-01-17": ["lake_count_is_store_count"]}
    assert told["data_checks"]["failed"] == ["lake_count_is_store_count"]
    assert "files of the lake are damaged; run parcook backfill --from 2025-01-17 --to 2025-01-17" in told["stale"]
    assert numbers_of(lived, day)["complete"] is False


def test_checks_that_failed_are_told_for_seven_days(lived: Lake) -> None:
    day = DAY + timedelta(days=2)
    damage(lived, CONVERSATIONS, day, "2025-01-17T10Z")
    with Rounds(lived) as rounds:
        rounds.aggregate([day], LATER)
    told = [stand(lived, at(f"2025-01-{last} 12:00")).failed_checks for last in (24, 25)]
    assert told == [["lake_count_is_store_count"], []]


def test_damaged_activity_of_a_frozen_day_is_made_anew(lived: Lake, caplog: pytest.LogCaptureFixture) -> None:
    before, numbers = activity_of(lived), numbers_of(lived, DAY + timedelta(days=2))
    path = damage(lived, ACTIVITY, DAY)
    run(lived)
    assert path in caplog.text
    assert activity_of(lived) == before
    assert numbers_of(lived, DAY + timedelta(days=2)) == numbers


def test_missing_activity_is_made_anew_too(lived: Lake) -> None:
    before = activity_of(lived)
    for path in before:
        lived.private.delete(path)
    run(lived)
    assert activity_of(lived) == before


def test_damaged_activity_whose_events_have_expired_is_dropped_and_keeps_nobody_waiting(lived: Lake) -> None:
    now = at(f"{DAY + timedelta(days=92)} 12:00")
    lived.store.append([event(f"{DAY + timedelta(days=91)} 10:00", "late", "a")])
    run(lived, now - timedelta(hours=1))
    path = damage(lived, ACTIVITY, DAY)
    run(lived, now)
    assert path not in activity_of(lived)
    with Eraser(lived) as eraser:
        assert eraser.erase("user", ref("a"), now).status == "done"
    assert numbers_of(lived, DAY + timedelta(days=91))["dau"] == 0


@pytest.mark.parametrize("body", [b'{"date": "2025-01-15', b"[]\n", b"", None], ids=["cut", "a list", "empty", "gone"])
def test_damaged_numbers_of_a_frozen_day_are_made_again_by_hand(lived: Lake, body: bytes | None) -> None:
    before, path = numbers_of(lived, DAY), file_path(DAILY_METRICS, DAY, DAY.isoformat(), "json")
    lived.objects.delete(path) if body is None else lived.objects.put(path, body)
    run(lived)  # is not kept from its work
    with Rounds(lived) as rounds:
        rounds.aggregate([DAY], LATER)
    assert numbers_of(lived, DAY) == before


def test_numbers_that_were_revised_and_damaged_keep_their_revision(lived: Lake) -> None:
    lived.store.append([event(f"{DAY} 11:00", "c", "c")])
    with Rounds(lived) as rounds:
        rounds.backfill(DAY, DAY, LATER)
    before = numbers_of(lived, DAY)
    assert before["revision"] == 1
    damage(lived, DAILY_METRICS, DAY)
    with Rounds(lived) as rounds:
        rounds.aggregate([DAY], LATER)
    assert numbers_of(lived, DAY) == before


def test_damaged_numbers_of_a_frozen_week_are_made_again_by_the_next_round(lived: Lake) -> None:
    run(lived, at("2025-01-23 02:00"))
    before = week_of(lived, MONDAY)
    damage(lived, WEEKLY_METRICS, MONDAY, "2025-W03")
    run(lived, at("2025-01-23 03:00"))
    assert week_of(lived, MONDAY) == before


@pytest.mark.parametrize(
    ("table", "part"),
    [(CONVERSATIONS, "2025-01-15T10Z"), (ACTIVITY, ""), (DAILY_METRICS, "")],
    ids=["an hour", "activity", "numbers"],
)
def test_an_erasure_goes_on_where_something_is_damaged(lived: Lake, table: Table, part: str) -> None:
    damage(lived, table, DAY, part)
    with Eraser(lived) as eraser:
        receipt = eraser.erase("user", ref("a"), LATER)
    assert (receipt.status, receipt.verified, receipt.layers["events"]) == ("done", True, 3)
    run(lived, LATER + timedelta(hours=1))
    days = [DAY + timedelta(days=n) for n in range(3)]
    assert [numbers_of(lived, day)["dau"] for day in days] == [1, 1, 1]
    assert [row["user_ref"] for day in days for row in rows_of(lived, ACTIVITY, day)] == [ref("b")] * 3
    assert [len(rows_of(lived, CONVERSATIONS, day)) for day in days] == [1, 1, 1]
    assert not any(ref("a").encode() in body for body in files_of(lived).values())
