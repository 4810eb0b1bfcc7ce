"""The hours of the lake: what is in them, and that they come out the same however they came about."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parcook.catalogue.store import Catalogue
from parcook.errors import Corrupt, Invalid, Unavailable
from parcook.events.contract import ToolCall
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.quarantine import QUARANTINE
from parcook.lake.rounds import Rounds
from parcook.lake.tables import CATALOGUE_INGREDIENTS, CONVERSATIONS, TOOL_CALLS
from parcook.objects import Objects
from tests.catalogue.making import mix
from tests.lake.making import at, event, files_of, make_lake, numbers_of, ref, rows_of
from tests.lake.worlds import make_day

DAY = date(2025, 1, 15)
UTC_ZONE = ZoneInfo("UTC")
OVER = at("2025-01-16 01:00")


def test_an_hour_is_a_file_of_its_report_day(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 13:00", "a"), event("2025-01-15 13:59", "a"), event("2025-01-15 14:00", "a")])
    rounds.run(at("2025-01-15 15:00"))
    folder = "conversations/year=2025/month=01/day=15"
    assert sorted(files_of(lake, "conversations")) == [
        f"{folder}/conversations-2025-01-15T13Z.parquet",
        f"{folder}/conversations-2025-01-15T14Z.parquet",
    ]


def test_an_hour_that_is_not_over_is_not_exported(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 13:00", "a"), event("2025-01-15 14:00", "a")])
    rounds.run(at("2025-01-15 14:59"))
    assert len(rows_of(lake, CONVERSATIONS, DAY)) == 1
    with pytest.raises(Invalid, match="2025-01-15T14Z is not over yet"):
        rounds.export_hour(at("2025-01-15 14:00"), at("2025-01-15 14:59"))


def test_an_hour_that_touches_two_days_is_two_files(tmp_path: Path, catalogue: Catalogue) -> None:
    kolkata = ZoneInfo("Asia/Kolkata")  # the day begins at 18:30 UTC
    lake = make_lake(tmp_path, catalogue, "Asia/Kolkata")
    lake.store.append(
        [event("2025-01-14 18:29", "a", "ann", zone=kolkata), event("2025-01-14 18:30", "a", "ann", zone=kolkata)]
    )
    with Rounds(lake) as rounds:
        assert rounds.export_hour(at("2025-01-14 18:00"), at("2025-01-14 19:00")) is True
    (before,), (after,) = (rows_of(lake, CONVERSATIONS, day) for day in (date(2025, 1, 14), DAY))
    assert (before["local_date"], before["local_hour"]) == ("2025-01-14", 23)
    assert (after["local_date"], after["local_hour"]) == ("2025-01-15", 0)
    assert before["conversation_id"] != after["conversation_id"]
    assert before["user_id"] != after["user_id"]
    lake.store.close()


def test_exporting_the_same_hour_twice_changes_nothing(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(make_day(DAY, UTC_ZONE, seed=2))
    rounds.run(OVER)
    first = written(lake)
    assert rounds.export_hour(at("2025-01-15 13:00"), OVER) is False
    assert rounds.run(OVER).exported == []
    assert written(lake) == first


@pytest.mark.parametrize("format", ["parquet", "json"])
def test_files_come_out_the_same_from_events_that_are_shuffled_doubled_and_late(
    tmp_path: Path, catalogue: Catalogue, format: str
) -> None:
    events = make_day(DAY, UTC_ZONE, seed=3)
    straight = make_lake(folder(tmp_path, "straight"), catalogue, format=format)
    straight.store.append(sorted(events, key=lambda e: (e.ts, e.message_id)))
    with Rounds(straight) as rounds:
        rounds.run(OVER)
    crooked = make_lake(folder(tmp_path, "crooked"), catalogue, format=format)
    share_keys(straight, crooked)
    random.Random(1).shuffle(events)
    with Rounds(crooked) as rounds:
        for number, hours in enumerate((6, 12, 23, 25, 25, 25)):
            late = events[number::6] if hours > 12 else [e for e in events[number::6] if e.ts.hour < hours]
            crooked.store.append(late + late[:5])
            rounds.run(at("2025-01-15 00:00") + timedelta(hours=hours))
        crooked.store.append(events)
        rounds.run(OVER)
    assert written(crooked) == written(straight)


def test_a_crash_in_the_middle_leaves_the_same_files_after_the_next_round(tmp_path: Path, catalogue: Catalogue) -> None:
    events = make_day(DAY, UTC_ZONE, seed=4)
    lake = make_lake(folder(tmp_path, "one"), catalogue)
    lake.store.append(events)
    with Rounds(lake) as rounds:
        rounds.run(OVER)
    expected = written(lake)
    for writes in (0, 1, 9, 26, 30, 40):
        other = make_lake(folder(tmp_path, f"crash {writes}"), catalogue)
        share_keys(lake, other)
        other.store.append(events)
        with Rounds(failing(other, after=writes)) as first, pytest.raises(Unavailable):
            first.run(OVER)
        with Rounds(other) as second:
            second.run(OVER)
        assert written(other) == expected
        other.store.close()


def test_two_exporters_at_once_leave_the_same_files(tmp_path: Path, catalogue: Catalogue) -> None:
    events = make_day(DAY, UTC_ZONE, seed=4)
    alone, shared = (make_lake(folder(tmp_path, name), catalogue) for name in ("alone", "shared"))
    for lake in (alone, shared):
        lake.store.append(events)
    with Rounds(alone) as rounds:
        rounds.run(OVER)
    share_keys(alone, shared)
    with Rounds(shared) as one, Rounds(shared) as other, ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(rounds.run, OVER) for rounds in (one, other)]:
            running.result()
    assert written(shared) == written(alone)


def test_days_of_downtime_are_caught_up(lake: Lake, rounds: Rounds) -> None:
    days = [DAY + timedelta(days=n) for n in range(6)]
    for day in days:
        lake.store.append(make_day(day, UTC_ZONE, seed=5, talks=3))
    rounds.run(at("2025-01-15 12:00"))
    done = rounds.run(at("2025-01-21 03:00"))
    assert done.exported == [*days, date(2025, 1, 21)]
    assert [numbers_of(lake, day)["complete"] for day in days] == [True] * 6


def test_a_quiet_day_leaves_its_numbers_too(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a"), event("2025-01-17 10:00", "b")])
    rounds.run(at("2025-01-18 00:00"))
    assert numbers_of(lake, date(2025, 1, 16))["total_messages"] == 0
    assert numbers_of(lake, date(2025, 1, 16))["complete"] is True


def test_a_repeated_call_id_is_one_call_also_hours_later(lake: Lake, rounds: Rounds) -> None:
    call = ToolCall("web_search", True, 120.0, ref("call"))
    lake.store.append(
        [
            event("2025-01-15 10:00", "a", role="assistant", tools=(call, ToolCall("web_search"))),
            event("2025-01-15 17:00", "a", role="assistant", tools=(replace(call, ok=False), ToolCall("web_search"))),
        ]
    )
    rounds.run(OVER)
    assert [(row["ts"][11:13], row["ok"]) for row in rows_of(lake, TOOL_CALLS, DAY)] == [
        ("10", True), ("10", None), ("17", None)
    ]  # fmt: skip


def test_a_question_asked_again_over_midnight_is_rephrased(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(
        [
            event("2025-01-14 23:59:30", "a", text="how do I make a negroni"),
            event("2025-01-15 00:00:30", "a", text="how do I make a good negroni"),
            event("2025-01-15 00:00:30", "b", text="how do I make a good negroni"),
        ]
    )
    rounds.run(OVER)
    assert sorted("rephrase" in row["signals"] for row in rows_of(lake, CONVERSATIONS, DAY)) == [False, True]


def test_internal_events_stay_in_the_store(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", internal=True), event("2025-01-15 10:00", "b")])
    rounds.run(OVER)
    assert len(rows_of(lake, CONVERSATIONS, DAY)) == 1
    assert numbers_of(lake, DAY)["total_conversations"] == 1


def test_a_bad_row_goes_to_quarantine_with_a_reason_and_fails_a_check(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(
        [
            event("2025-01-15 10:00", "a"),
            event("2025-01-20 10:00", "a", message="astray", day=DAY),
            replace(event("2025-01-15 11:00", "a", message="nameless"), user_ref="ann@example.com", person_kind="user"),
        ]
    )
    rounds.run(OVER)
    assert rows_of(lake, QUARANTINE, DAY) == [
        {"message_id": ref("nameless"), "reason": "an identifier is not 32 hexadecimal digits"},
        {"message_id": ref("astray"), "reason": "its day is not the day of its time in the report zone"},
    ]
    numbers = numbers_of(lake, DAY)
    assert numbers["total_messages"] == 1
    assert numbers["data_checks"]["lake_count_is_store_count"] == 0
    assert not any(b"ann@" in body for body in files_of(lake).values())


def test_branches_are_those_of_the_catalogue_when_the_day_was_first_exported(
    lake: Lake, rounds: Rounds, catalogue: Catalogue
) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", recipe_name="Negroni", recipe_id=1)])
    rounds.run(at("2025-01-15 12:00"))
    catalogue.recipes.delete(1)
    late = mix(catalogue, "Late")
    lake.store.append([event("2025-01-15 10:01", "a", recipe_name="Late", recipe_id=late)])
    rounds.run(OVER)
    assert [row["branch_ids"] for row in rows_of(lake, CONVERSATIONS, DAY)] == [[1, 2, 3], []]
    assert [(row["path"], row["hierarchical_usage"]) for row in rows_of(lake, CATALOGUE_INGREDIENTS, DAY)] == [
        ("/1/", 2), ("/1/2/", 2), ("/3/", 1)
    ]  # fmt: skip


def test_a_damaged_snapshot_is_named_and_taken_anew_by_a_backfill(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", recipe_name="Negroni", recipe_id=1)])
    rounds.run(at("2025-01-15 12:00"))
    (path,) = files_of(lake, "catalogue_snapshots")
    lake.objects.put(path, b"{}")
    with Rounds(lake) as others, pytest.raises(Corrupt, match=r"catalogue_snapshots/.* is missing or damaged"):
        others.run(OVER)
    with Rounds(lake) as others:
        others.backfill(DAY, DAY, OVER)
    assert [row["branch_ids"] for row in rows_of(lake, CONVERSATIONS, DAY)] == [[1, 2, 3]]


def test_a_day_whose_key_is_gone_is_exported_whole_under_another(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", "ann"), event("2025-01-15 11:00", "a", "ann")])
    rounds.run(at("2025-01-18 02:00"))
    before = rows_of(lake, CONVERSATIONS, DAY)
    lake.keys.destroy_due(at("2025-01-19 01:00"))
    lake.store.append([event("2025-01-15 11:30", "b", "ann")])
    done = rounds.backfill(DAY, DAY, at("2025-01-19 01:00"))
    after = rows_of(lake, CONVERSATIONS, DAY)
    assert done.exported == [DAY]
    assert len(after) == 3
    assert len({row["user_id"] for row in after}) == 1
    assert {row["user_id"] for row in after}.isdisjoint(row["user_id"] for row in before)
    numbers = numbers_of(lake, DAY)
    assert (numbers["revision"], numbers["total_messages"], numbers["unique_users"]) == (1, 3, 1)
    assert list(lake.records.list("passing_day_key")) == []


def test_a_whole_export_that_was_cut_short_is_begun_anew_by_the_next_round(
    tmp_path: Path, lake: Lake, rounds: Rounds
) -> None:
    lake.store.append([event(f"2025-01-15 {hour}:00", "a", "ann") for hour in range(10, 20)])
    rounds.run(at("2025-01-18 02:00"))
    lake.keys.destroy_due(at("2025-01-19 01:00"))
    with Rounds(failing(lake, after=5)) as cut, pytest.raises(Unavailable):
        cut.backfill(DAY, DAY, at("2025-01-19 01:00"))
    assert Ledger(lake.records).export_of(DAY).key_id is None
    lake.keys.destroy_due(at("2025-01-21 01:00"))
    rounds.run(at("2025-01-21 01:00"))
    rows = rows_of(lake, CONVERSATIONS, DAY)
    assert len(rows) == 10
    assert len({row["user_id"] for row in rows}) == 1


def test_a_lost_key_of_a_living_day_is_replaced_and_the_day_is_written_anew(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", "ann"), event("2025-01-15 12:00", "a", "ann")])
    rounds.run(at("2025-01-15 11:00"))
    lake.records.delete("day_key", "2025-01-15")  # as after a restore
    rounds.run(OVER)
    assert len({row["user_id"] for row in rows_of(lake, CONVERSATIONS, DAY)}) == 1


def test_another_format_replaces_the_files(tmp_path: Path, lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a")])
    rounds.run(at("2025-01-15 12:00"))
    with Rounds(replace(lake, format="json")) as others:
        others.run(OVER)
    assert [path.rpartition(".")[2] for path in files_of(lake, "conversations")] == ["json"]


@pytest.mark.parametrize(("text", "expected"), [("off", None), ("redacted", "two [EMAIL]")])
def test_text_reaches_the_lake_only_where_that_is_asked_for(lake: Lake, text: str, expected: str | None) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", text="two [EMAIL]")])
    with Rounds(replace(lake, text=text)) as rounds:
        rounds.run(OVER)
    assert [row["message"] for row in rows_of(lake, CONVERSATIONS, DAY)] == [expected]


def test_a_clock_that_goes_back_takes_nothing_away(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(make_day(DAY, UTC_ZONE, seed=6))
    rounds.run(OVER)
    before = files_of(lake, "conversations")
    rounds.run(at("2025-01-15 12:00"))
    rounds.run(at("2025-01-10 12:00"))
    assert files_of(lake, "conversations") == before
    rounds.run(OVER)
    assert numbers_of(lake, DAY)["complete"] is True


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def written(lake: Lake) -> dict[str, bytes]:
    private = {listed.path: lake.private.get(listed.path).body for listed in lake.private.list("activity")}
    return {**files_of(lake), **private}


def share_keys(one: Lake, other: Lake) -> None:
    for record in one.records.list("day_key"):
        other.records.put(record.kind, record.key, record.document)


class FailingObjects(Objects):
    """Storage that answers no more after so many writes."""

    def __init__(self, url: str, after: int) -> None:
        super().__init__(url)
        self.left = after

    def put(self, path: str, body: bytes, content_type: str = "application/json") -> None:
        if self.left == 0:
            raise Unavailable("the storage is gone")
        self.left -= 1
        super().put(path, body, content_type)


def failing(lake: Lake, after: int) -> Lake:
    """The same lake, on storage that answers no more after so many writes."""
    return replace(lake, objects=FailingObjects(lake.objects.url, after))
