"""After an erasure the world is as if that person had never been."""

from collections import Counter
from collections.abc import Mapping, Set
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from parcook.errors import Unavailable
from parcook.events.contract import ToolCall
from parcook.lake.daily_numbers import OTHERS
from parcook.lake.erasure import Eraser
from parcook.lake.export import HOURLY
from parcook.lake.place import Lake
from parcook.lake.quarantine import QUARANTINE
from parcook.lake.receipts import find_receipt
from parcook.lake.rounds import Rounds
from parcook.lake.tables import ACTIVITY, CONVERSATIONS, DAILY_METRICS, TOOL_CALLS
from tests.lake.making import at, event, files_of, numbers_of, ref, rows_of, week_of
from tests.lake.six_people import DAYS, NOW, VICTIM, freezing, live, make_events, opened
from tests.lake.test_export import failing, folder

NAMED = [column.name for column in DAILY_METRICS.columns if column.name.startswith(("recipes_", "gaps_"))]
NOTHING: Mapping[date, Set[str]] = {}
NEVER = ("message_id", "conversation_id", "user_id", "feedback_target")  # of another key in another world


def test_every_number_is_that_of_a_world_without_the_person(world: Lake, without: Lake) -> None:
    with Eraser(world) as eraser:
        receipt = eraser.erase("user", ref(VICTIM), NOW)
    assert_same(world, without)
    assert receipt.status == "done"
    assert receipt.verified is True
    gone = [e for e in make_events() if e.user_ref == ref(VICTIM)]
    assert receipt.layers["events"] == len(gone)
    assert receipt.layers["lake"] >= sum(not e.internal for e in gone)
    assert receipt.layers["daily"] >= len(DAYS)


def test_of_names_those_alone_stay_that_a_frozen_day_admitted(tmp_path: Path) -> None:
    least, day, name = 15, DAYS[5], "Garlic Bread"  # which without that person 14 have named before that day
    events = make_events()
    others = [e for e in events if e.user_ref != ref(VICTIM)]
    lived = live(folder(tmp_path, "lived"), events, min_people=least)
    unlived = live(folder(tmp_path, "without"), others, min_people=least)
    with opened(lived, min_people=least) as world, opened(unlived, min_people=least) as without:
        told = names_told(world, day)
        with Eraser(world) as eraser:
            eraser.erase("user", ref(VICTIM), NOW)
        assert names_told(world, day) == told == names_told(without, day) | {name}
        assert numbers_of(world, day)["revision"] == 1
        assert_same(world, without, {day: {name}})


def test_frozen_numbers_say_that_they_were_revised(world: Lake) -> None:
    with Eraser(world) as eraser:
        eraser.erase("user", ref(VICTIM), NOW)
        assert [numbers_of(world, day)["revision"] for day in (DAYS[0], DAYS[-1])] == [1, 0]
        eraser.erase("user", ref(VICTIM), NOW)
    assert [numbers_of(world, day)["revision"] for day in (DAYS[0], DAYS[-1])] == [1, 0]


def test_no_layer_holds_the_persons_ids_any_more(world: Lake) -> None:
    gone = {e.message_id for e in make_events() if e.user_ref == ref(VICTIM)}
    with Eraser(world) as eraser:
        eraser.erase("user", ref(VICTIM), NOW)
    assert list(world.store.person(ref(VICTIM), NOW)) == []
    for day in DAYS:
        for table in (CONVERSATIONS, TOOL_CALLS):
            assert gone.isdisjoint(row["message_id"] for row in rows_of(world, table, day))
        assert ref(VICTIM) not in {row["user_ref"] for row in rows_of(world, ACTIVITY, day)}
    kinds = ("lake_export", "lake_activity", "lake_daily", "lake_weekly", "lake_snapshot", "erasure", "lake")
    records = str([record for kind in kinds for record in world.records.list(kind)])
    assert not [reference for reference in (*gone, ref(VICTIM)) if reference in records]


@pytest.mark.parametrize("writes", [0, 3, 14, 20, 26])
def test_an_erasure_that_crashes_anywhere_is_ended_by_the_next_one(world: Lake, without: Lake, writes: int) -> None:
    with Eraser(failing(world, after=writes)) as cut, pytest.raises(Unavailable):
        cut.erase("user", ref(VICTIM), NOW)
    with Eraser(world) as eraser:
        (receipt,) = eraser.carry_out_requests(NOW + timedelta(minutes=1))
        assert eraser.carry_out_requests(NOW + timedelta(minutes=2)) == []
    assert_same(world, without)
    assert receipt.layers["events"] == sum(e.user_ref == ref(VICTIM) for e in make_events())


def test_what_a_clock_that_was_ahead_has_stored_is_erased_too(lake: Lake, rounds: Rounds) -> None:
    now = at("2025-01-15 12:00")
    lake.store.append([event(now - timedelta(hours=1), "a", "ann"), event(now + timedelta(minutes=4), "b", "ann")])
    rounds.run(now)
    with Eraser(lake) as eraser:
        assert eraser.estimate("user", ref("ann"), now).layers["events"] == 2
        receipt = eraser.erase("user", ref("ann"), now)
    assert (receipt.layers["events"], receipt.verified) == (2, True)
    assert list(lake.store.person(ref("ann"), now)) == []


def test_an_erasure_after_the_clock_was_set_back_leaves_nothing(lake: Lake, rounds: Rounds) -> None:
    day = date(2025, 1, 15)
    lake.store.append([event("2025-01-15 10:00", "a", "ann"), event("2025-01-15 11:30", "a", "ann")])
    rounds.run(at("2025-01-15 13:00"))
    with Eraser(lake) as eraser:
        receipt = eraser.erase("user", ref("ann"), at("2025-01-15 11:00"))
    assert (receipt.layers["events"], receipt.layers["lake"], receipt.verified) == (2, 2, True)
    assert list(lake.store.person(ref("ann"), at("2025-01-15 14:00"))) == []
    assert (rows_of(lake, CONVERSATIONS, day), rows_of(lake, ACTIVITY, day)) == ([], [])


def test_what_is_said_after_the_request_is_kept(lake: Lake, rounds: Rounds) -> None:
    asked = at("2025-01-15 12:00")
    lake.store.append([event("2025-01-15 11:00", "a", "ann")])
    with Eraser(lake) as eraser:
        requested = eraser.request("user", ref("ann"), asked)
        lake.store.append([event(asked + timedelta(minutes=1), "b", "ann")])
        receipt = eraser.carry_out(requested, asked + timedelta(minutes=2))
        assert receipt.layers["events"] == 1
        assert [e.conversation_id for e in lake.store.person(ref("ann"), asked)] == [ref("b")]
        again = eraser.erase("user", ref("ann"), asked + timedelta(minutes=3))
    assert (again.request_id == receipt.request_id, again.layers["events"]) == (False, 1)


def test_asking_twice_is_one_request_that_reaches_until_the_second(lake: Lake) -> None:
    asked = at("2025-01-15 12:00")
    with Eraser(lake) as eraser:
        first = eraser.request("user", ref("ann"), asked)
        lake.store.append([event(asked + timedelta(minutes=1), "b", "ann")])
        second = eraser.request("user", ref("ann"), asked + timedelta(minutes=2))
        assert second == first
        assert eraser.carry_out_requests(asked + timedelta(minutes=2, seconds=1)) == []  # not yet heard of by all
        (receipt,) = eraser.carry_out_requests(asked + timedelta(minutes=2, seconds=2))
    assert (receipt.request_id, receipt.layers["events"]) == (first.request_id, 1)


@pytest.mark.parametrize("writes", range(9))
def test_an_export_that_was_cut_short_leaves_nothing_that_an_erasure_overlooks(lake: Lake, writes: int) -> None:
    day, now = date(2025, 1, 15), at("2025-01-16 01:00")
    call, bad_call = (ToolCall("web_search", True, ms, ref("call")) for ms in (120.0, -1.0))
    lake.store.append(
        [
            event("2025-01-15 10:00", "a", "ann", role="assistant", tools=(call,), message="seen"),
            event("2025-01-15 11:00", "q", "ann", tools=(bad_call,), message="unfit"),
            event("2025-01-15 09:00", "b", "bob"),
        ]
    )
    with Rounds(failing(lake, after=writes)) as cut, pytest.raises(Unavailable):
        cut.run(now)
    with Eraser(lake) as eraser:
        assert eraser.erase("user", ref("ann"), now).verified is True
    left = [row["message_id"] for table in HOURLY for row in rows_of(lake, table, day)]
    assert not {ref("seen"), ref("unfit")} & set(left)
    with Rounds(lake) as rounds:
        rounds.run(now + timedelta(hours=1))
    assert len(rows_of(lake, CONVERSATIONS, day)) == 1
    assert rows_of(lake, TOOL_CALLS, day) == rows_of(lake, QUARANTINE, day) == []
    assert numbers_of(lake, day)["tools_calls"] == {}


def test_a_receipt_never_says_whose_it_is(world: Lake) -> None:
    with Eraser(world) as eraser:
        receipt = eraser.erase("user", ref(VICTIM), NOW)
    assert find_receipt(world.records, receipt.request_id) == receipt
    assert ref(VICTIM) not in str([record.document for record in world.records.list("erasure")])


def test_erasing_nobody_is_an_erasure_of_nothing(world: Lake) -> None:
    before = files_of(world)
    with Eraser(world) as eraser:
        receipt = eraser.erase("user", ref("nobody"), NOW)
    assert receipt.layers == {"events": 0, "lake": 0, "activity": 0, "daily": 0}
    assert files_of(world) == before


def test_an_estimate_counts_and_writes_nothing(world: Lake) -> None:
    before = files_of(world)
    with Eraser(world) as eraser:
        estimate = eraser.estimate("user", ref(VICTIM), NOW)
        assert files_of(world) == before
        assert list(world.records.list("erasure")) == []
        assert list(world.records.list("tombstone")) == []
        receipt = eraser.erase("user", ref(VICTIM), NOW)
    assert {**estimate.layers, "daily": 0} == {**receipt.layers, "daily": 0}


def test_a_conversation_is_erased_without_the_rest_of_the_person(world: Lake, tmp_path: Path) -> None:
    erased = ref(f"{DAYS[2]} talk 1")
    left = [e for e in make_events() if e.conversation_id != erased]
    assert len(left) < len(make_events())
    with Eraser(world) as eraser:
        eraser.erase("conversation", erased, NOW)
    with opened(live(folder(tmp_path, "without it"), left)) as without_it:
        assert_same(world, without_it)


def test_what_was_erased_is_not_exported_by_somebody_who_read_it_before(world: Lake) -> None:
    gone = next(e for e in make_events() if e.user_ref == ref(VICTIM) and e.day == DAYS[-1] and not e.internal)
    with Eraser(world) as eraser:
        eraser.erase("user", ref(VICTIM), NOW)
    world.store.append([gone])  # past the tracker, which refuses it
    with Rounds(world) as rounds:
        rounds.run(NOW)
    assert gone.message_id not in {row["message_id"] for row in rows_of(world, CONVERSATIONS, DAYS[-1])}


def test_people_numbers_whose_look_back_is_gone_are_carried_over(lake: Lake, rounds: Rounds) -> None:
    first, lost, held = (date(2024, 9, 1) + timedelta(days=n) for n in (0, 95, 98))
    for day in (first, lost, held):
        lake.store.append([event(f"{day} 10:00", f"{who} {day}", who) for who in ("ann", "bob")])
        freezing(rounds, day)
    with Eraser(lake) as eraser:
        eraser.erase("user", ref("ann"), at(f"{held + timedelta(days=3)} 12:00"))
    assert [numbers_of(lake, day)["dau"] for day in (lost, held)] == [1, 1]
    assert [numbers_of(lake, day)["people_91"] for day in (lost, held)] == [2, 1]


def assert_same(world: Lake, without: Lake, told: Mapping[date, Set[str]] = NOTHING) -> None:
    """All rows but for what depends on the key of a day, and all numbers but for their revision.

    `told` are the names by day that `world` alone tells; `without` has them in the sum of those that are not told.
    """
    for day in DAYS:
        for table in (CONVERSATIONS, TOOL_CALLS):
            assert rows_without_names(world, table, day) == rows_without_names(without, table, day), (table.name, day)
        assert rows_of(world, ACTIVITY, day) == rows_of(without, ACTIVITY, day)
        numbers = summed_up(numbers_of(world, day), told.get(day, set()))
        assert {**numbers, "revision": 0} == {**numbers_of(without, day), "revision": 0}, day
    monday = DAYS[0]
    assert {**week_of(world, monday), "revision": 0} == {**week_of(without, monday), "revision": 0}
    assert files_of(world, "names") == files_of(without, "names")


def names_told(lake: Lake, day: date) -> set[str]:
    numbers = numbers_of(lake, day)
    return {name for maps in NAMED for name in numbers[maps]} - {OTHERS}


def summed_up(numbers: dict[str, Any], names: Set[str]) -> dict[str, Any]:
    """The numbers as they are if `names` are not told."""
    found = {}
    for maps in NAMED:
        counts: Counter[str] = Counter()
        for name, count in numbers[maps].items():
            counts[OTHERS if name in names else name] += count
        found[maps] = dict(counts)
    return {**numbers, **found}


def rows_without_names(lake: Lake, table, day: date) -> list[dict]:
    return [{**row, **dict.fromkeys(NEVER)} for row in rows_of(lake, table, day)]
