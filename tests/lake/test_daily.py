"""A day's numbers against plain Python over the same events."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parcook.catalogue.store import Catalogue
from parcook.clock import day_bounds
from parcook.conversations.late_days import late_days, mark_late
from parcook.errors import Invalid
from parcook.events.contract import Event
from parcook.lake.daily import hour_minutes
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from parcook.lake.tables import DAILY_METRICS
from tests.lake.making import at, event, files_of, make_lake, numbers_of, ref
from tests.lake.oracle import daily_numbers
from tests.lake.worlds import make_day

BRANCHES = {1: [1, 2, 3], 2: [1, 2]}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2025, 1, 15)),
        ("Asia/Kolkata", date(2025, 1, 15)),
        ("Europe/Madrid", date(2025, 3, 30)),
        ("Europe/Madrid", date(2025, 10, 26)),
        ("Australia/Lord_Howe", date(2025, 4, 6)),
    ],
)
@pytest.mark.parametrize("format", ["parquet", "json"])
def test_the_numbers_of_a_day_are_those_of_plain_python(
    tmp_path: Path, catalogue: Catalogue, zone: str, day: date, format: str
) -> None:
    report_zone = ZoneInfo(zone)
    lake = make_lake(tmp_path, catalogue, zone, format=format)
    events = make_day(day, report_zone, seed=1)
    lake.store.append(events)
    with Rounds(lake) as rounds:
        rounds.run(day_bounds(day, report_zone)[1] + timedelta(hours=2))
    numbers = numbers_of(lake, day)
    expected = daily_numbers(events, day, report_zone, BRANCHES)
    assert {name: numbers[name] for name in expected} == expected
    assert set(numbers["data_checks"].values()) == {1}
    assert numbers["complete"] is True
    lake.store.close()


DAY = date(2025, 1, 15)
OVER = at("2025-01-16 01:00")
FROZEN = at("2025-01-18 01:00")


def test_numbers_freeze_49_hours_after_the_day(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a")])
    rounds.run(FROZEN - timedelta(seconds=1))
    lake.store.append([event("2025-01-15 11:00", "b")])
    assert DAY in rounds.due(FROZEN)
    rounds.run(FROZEN)
    assert DAY not in rounds.due(FROZEN)
    lake.store.append([event("2025-01-15 12:00", "c")])
    rounds.run(FROZEN + timedelta(hours=1))
    assert (numbers_of(lake, DAY)["total_messages"], numbers_of(lake, DAY)["revision"]) == (2, 0)


def test_a_backfill_revises_frozen_numbers_once(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a")])
    rounds.run(FROZEN)
    lake.store.append([event("2025-01-15 12:00", "c")])
    for _ in range(2):
        rounds.backfill(DAY, DAY, FROZEN + timedelta(hours=1))
        assert (numbers_of(lake, DAY)["total_messages"], numbers_of(lake, DAY)["revision"]) == (2, 1)


@pytest.mark.parametrize(
    ("first", "last"), [(date(2024, 10, 1), DAY), (DAY, date(2025, 1, 19)), (DAY, date(2025, 1, 14))]
)
def test_a_backfill_of_what_is_not_there_is_refused(rounds: Rounds, first: date, last: date) -> None:
    with pytest.raises(Invalid, match="90 days"):
        rounds.backfill(first, last, FROZEN)


def test_a_day_is_complete_once_it_is_over_and_its_last_hour_exported(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a")])
    told = []
    for now in (at("2025-01-15 23:59"), at("2025-01-16 00:00")):
        rounds.run(now)
        told.append(numbers_of(lake, DAY)["complete"])
    assert told == [False, True]


def test_a_corrupt_file_is_named_and_the_rest_is_counted(
    lake: Lake, rounds: Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    lake.store.append([event("2025-01-15 10:00", "a"), event("2025-01-15 11:00", "a")])
    rounds.run(OVER)
    path = "conversations/year=2025/month=01/day=15/conversations-2025-01-15T10Z.parquet"
    lake.objects.put(path, lake.objects.get(path).body[:-200])
    rounds.aggregate([DAY], OVER)
    numbers = numbers_of(lake, DAY)
    assert (numbers["total_messages"], numbers["complete"]) == (1, False)
    assert numbers["data_checks"]["lake_count_is_store_count"] == 0
    assert path in caplog.text
    assert Ledger(lake.records).daily(DAY, DAY)[DAY].corrupt == (path,)
    rounds.backfill(DAY, DAY, OVER)
    assert (numbers_of(lake, DAY)["total_messages"], numbers_of(lake, DAY)["complete"]) == (2, True)


def test_every_number_is_there_under_the_name_its_table_gives_it(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a")])
    rounds.run(OVER)
    assert list(numbers_of(lake, DAY)) == DAILY_METRICS.column_names
    (body,) = files_of(lake, "aggregated/daily/year=2025/month=01/day=15").values()
    assert body.count(b"\n") == 1


def test_hours_add_up_to_the_day(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(make_day(DAY, ZoneInfo("UTC"), seed=8))
    rounds.run(OVER)
    numbers = numbers_of(lake, DAY)
    assert sum(numbers["hours"].values()) == numbers["total_conversations"]
    assert sum(int(n) * talks for n, talks in numbers["lengths"].items()) == numbers["total_messages"]
    assert sum(numbers["outcomes"].values()) == numbers["recipe_conversations"]
    assert sum(numbers["categories"].values()) == 27720 * numbers["recipe_conversations"]


@pytest.mark.parametrize(
    ("zone", "day", "changed"),
    [
        ("UTC", date(2025, 3, 30), {}),
        ("Europe/Madrid", date(2025, 3, 30), {"02": 0}),
        ("Europe/Madrid", date(2025, 10, 26), {"02": 120}),
        ("Australia/Lord_Howe", date(2025, 4, 6), {"01": 90}),
        ("Australia/Lord_Howe", date(2025, 10, 5), {"02": 30}),
        ("America/Sao_Paulo", date(2018, 11, 4), {"00": 0}),
    ],
)
def test_an_hour_lasts_as_long_as_clocks_let_it(zone: str, day: date, changed: dict[str, int]) -> None:
    assert hour_minutes(day, ZoneInfo(zone)) == {**{f"{hour:02d}": 60 for hour in range(24)}, **changed}


def test_a_free_name_is_told_once_enough_people_named_it_in_the_four_weeks_before(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    lake = make_lake(tmp_path, catalogue, min_people=3)
    ramen = {"recipe_name": "Ramen"}
    events = [event("2024-12-17 10:00", "z", "too long ago", **ramen)]
    events += [event("2024-12-18 10:00", "y", "ann", **ramen), event("2025-01-14 10:00", "x", "ann", **ramen)]
    events += [event("2025-01-14 11:00", "w", "ann", **ramen)]  # the same person on the same day
    events += [event("2025-01-15 10:00", "v", who, **ramen) for who in ("ann", "bob", "cem")]
    events += [event("2025-01-15 10:00", "u", "ann", recipe_name="Negroni", recipe_id=1)]
    events += [event("2025-01-16 10:00", "t", None, recipe_name="ramen")]
    lake.store.append(events)
    with Rounds(lake) as rounds:
        rounds.run(at("2025-01-17 01:00"))
    assert numbers_of(lake, DAY)["recipes_conversations"] == {"Negroni": 1, "…": 1}
    assert numbers_of(lake, DAY)["gaps_requests"] == {"…": 3}
    assert numbers_of(lake, DAY)["unique_recipes"] == 2
    assert numbers_of(lake, DAY + timedelta(days=1))["recipes_conversations"] == {"ramen": 1}
    lake.store.close()


def test_names_beyond_a_thousand_are_added_up(lake: Lake, rounds: Rounds) -> None:
    events = [event("2025-01-15 10:00", f"{n}", "ann", recipe_name=f"dish {n:04d}") for n in range(1_005)]
    lake.store.append([*events, event("2025-01-15 11:00", "more", "ann", recipe_name="dish 1004")])
    rounds.run(OVER)
    told = numbers_of(lake, DAY)["recipes_conversations"]
    assert (len(told), told["…"], told["dish 1004"], "dish 0999" in told) == (1_001, 5, 2, False)


def test_the_last_vote_of_a_person_on_a_message_counts(lake: Lake, rounds: Rounds) -> None:
    def vote(minute: int, person: str | None, target: str, value: str, kind: str = "thumb") -> Event:
        about = {"feedback_kind": kind, "feedback_value": value, "feedback_target": ref(target), "text": None}
        return event(f"2025-01-15 10:{minute:02d}", "a", person, **about)

    lake.store.append(
        [
            event("2025-01-15 10:00", "a", "ann"),
            vote(1, "ann", "m1", "up"),
            vote(2, "ann", "m1", "down"),
            vote(3, "ann", "m2", "up"),
            vote(4, "bob", "m1", "4", "rating"),
            vote(5, "bob", "m3", "3", "rating"),
        ]
    )
    rounds.run(OVER)
    assert numbers_of(lake, DAY)["feedback"] == {"down": 1, "rating_3": 1, "rating_4": 1, "up": 2, "voted": 1}


def test_demand_is_a_union_over_branches(lake: Lake, rounds: Rounds) -> None:
    recipes = ({"recipe_name": "Negroni", "recipe_id": 1}, {"recipe_name": "Martini", "recipe_id": 2})
    lake.store.append([event("2025-01-15 10:00", "a", "ann", **recipe) for recipe in recipes])
    rounds.run(OVER)
    assert numbers_of(lake, DAY)["demand"] == {"1": 1, "2": 1, "3": 1}


def test_the_specifications_numbers_are_those_of_its_own_loop(lake: Lake, rounds: Rounds) -> None:
    """Over messages of people, as METRICS corrects it; feedback and tool rows are none, and nobody is no user."""
    events = [e for e in make_day(DAY, ZoneInfo("UTC"), seed=9) if not e.internal]
    lake.store.append(events)
    rounds.run(OVER)
    conversations, users, recipes, messages = set(), set(), Counter(), 0
    for item in events:
        if item.role in ("user", "assistant") and item.message_length is not None:
            conversations.add(item.conversation_id)
            messages += 1
            users |= {item.user_ref} - {None}
            if item.recipe_name:
                recipes[item.recipe_name.lower()] += 1
    numbers = numbers_of(lake, DAY)
    told = Counter({name.lower(): mentions for name, mentions in numbers["recipes_discussed"].items()})
    assert (numbers["total_conversations"], numbers["unique_users"], numbers["total_messages"], told) == (
        len(conversations), len(users), messages, recipes
    )  # fmt: skip
    assert numbers["avg_conversation_length"] == messages / len(conversations)


def test_historical_events_revise_frozen_numbers_by_themselves(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", "ann")])
    rounds.run(FROZEN)
    now = FROZEN + timedelta(hours=1)
    mark_late(lake.records, [DAY], now)
    lake.store.append([event("2025-01-15 12:00", "c", "bob")])
    rounds.run(now)
    assert (numbers_of(lake, DAY)["dau"], numbers_of(lake, DAY)["revision"]) == (2, 1)
    assert numbers_of(lake, DAY + timedelta(days=1))["wau"] == 2
    assert late_days(lake.records) == []
    rounds.run(now)
    assert numbers_of(lake, DAY)["revision"] == 1
