"""The specification's numbers are those of a plain reading of it; where METRICS.md corrects one, a test says how."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.lake.reading import open_duckdb
from tests.lake.making import at, numbers_of
from tests.metrics import specification
from tests.metrics.living import installed, live
from tests.metrics.specification import as_item
from tests.metrics.test_truth import rows_of
from tests.metrics.worlds import ASKED, ELSEWHERE, MENU, Said, Vote, World, make_world

UTC = ZoneInfo("UTC")
FIRST = date(2025, 1, 27)  # a Monday
KEYS = (
    "date",
    "total_conversations",
    "unique_users",
    "recipes_discussed",
    "total_messages",
    "avg_conversation_length",
)
NEGRONI, BREAD = MENU[0], ELSEWHERE[0]


class Told:
    """What parcook says, and what the specification does, of the same messages."""

    def __init__(self, folder: Path, said: Sequence[Said], days: int, zone: ZoneInfo = UTC) -> None:
        self.items = [as_item(each) for each in said]
        self.days = [FIRST + timedelta(days=n) for n in range(days)]
        with installed(folder, zone) as (lake, intake):
            live(lake, intake, World(zone, self.days, said))
            self.numbers = [numbers_of(lake, day) for day in self.days]
            self.engine = open_duckdb(lake.objects)
        self.theirs = [specification.daily_aggregation(self.items, day.isoformat()) for day in self.days]

    def rows(self, name: str) -> list[dict[str, Any]]:
        return rows_of(self.engine, name, self.days[0], self.days[-1])

    def both(self, key: str) -> tuple[Any, Any]:
        """A number of the first day, ours and theirs."""
        return self.numbers[0][key], self.theirs[0][key]


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., Told]:
    return lambda said, days=1, zone=UTC: Told(tmp_path, said, days, zone)


def say(when: str, talk: str = "a", person: str | None = "ann", **about: Any) -> Said:
    moment = at(when)
    return Said(moment, talk, f"{moment:%d %H:%M:%S}", about.pop("role", "user"), person, words=ASKED[0], **about)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Sixteen days of what both see alike: messages of named users about dishes that are spelled in one way."""
    world = make_world("UTC", FIRST, 16, people=7, talks=8)
    named = (replace(said, dish=said.dish and _as_in_the_menu(said)) for said in world.said)
    said = [each for each in named if each.person and each.words and each.role != "tool" and not each.internal]
    return Told(tmp_path_factory.mktemp("plain"), said, 16)


def _as_in_the_menu(said: Said) -> Any:
    return next(dish for dish in MENU + ELSEWHERE if said.dish and dish.name.lower() == said.dish.name.lower())


def test_the_keys_of_the_daily_aggregation_are_those_of_its_loop(plain: Told) -> None:
    for ours, theirs in zip(plain.numbers, plain.theirs, strict=True):
        assert {key: ours[key] for key in KEYS} == theirs


def test_user_engagement_is_its_query(plain: Told) -> None:
    days = [day for day in plain.theirs if day["total_conversations"]]
    assert [row for row in plain.rows("user_engagement") if row["total_conversations"]] == (
        specification.user_engagement(days)
    )


def test_recipe_diversity_is_its_query(plain: Told) -> None:
    assert plain.rows("recipe_diversity") == specification.recipe_diversity(plain.theirs)


def test_weekly_popularity_is_its_query_over_the_same_days(plain: Told) -> None:
    theirs = specification.weekly_popularity(plain.items, 2, 1, 7)
    ours = rows_of(plain.engine, "recipe_popularity", date(2025, 2, 1), date(2025, 2, 7))
    assert {row["recipe_name"]: row["mentions"] for row in ours} == {
        row["recipe_name"].lower(): row["mentions"] for row in theirs
    }


def test_growth_is_its_calculated_field(plain: Told) -> None:
    first, second = plain.rows("growth")
    assert second["people_before"] == first["people"]
    assert second["growth"] == specification.week_over_week_growth(second["people"], first["people"])


def test_the_completion_estimate_is_kept_as_the_band_of_lengths(plain: Told) -> None:
    bands = {}
    for day in plain.theirs:
        (row,) = rows_of(plain.engine, "completion", *[date.fromisoformat(day["date"])] * 2)
        bands[day["date"]] = row["length_band"]
    lengths = {day["date"]: day["avg_conversation_length"] for day in plain.theirs if day["total_conversations"]}
    assert {day: bands[day] for day in lengths} == {
        day: specification.completion_estimate(length) for day, length in lengths.items()
    }
    assert len(set(bands.values())) > 1


def test_a_click_is_no_message(tell: Callable[..., Told]) -> None:
    click = replace(say("2025-01-27 10:01"), words=None, vote=Vote("thumb", "up"))
    assert tell([say("2025-01-27 10:00"), click]).both("total_messages") == (1, 2)


def test_rows_of_tools_and_systems_are_no_messages(tell: Callable[..., Told]) -> None:
    said = [say("2025-01-27 10:00"), say("2025-01-27 10:01", role="tool"), say("2025-01-27 10:02", role="system")]
    assert tell(said).both("total_messages") == (1, 3)


def test_nobody_is_no_user(tell: Callable[..., Told]) -> None:
    assert tell([say("2025-01-27 10:00"), say("2025-01-27 10:01", "b", None)]).both("unique_users") == (1, 2)


def test_our_own_staff_do_not_count(tell: Callable[..., Told]) -> None:
    said = [say("2025-01-27 10:00"), say("2025-01-27 10:01", "b", "dev", internal=True)]
    assert tell(said).both("total_conversations") == (1, 2)


def test_a_message_that_is_sent_again_counts_once(tell: Callable[..., Told]) -> None:
    assert tell([say("2025-01-27 10:00")] * 3).both("total_messages") == (1, 3)


def test_two_messages_of_the_same_instant_are_two(tell: Callable[..., Told]) -> None:
    """Its table has one place for a conversation and an instant, so that the second would overwrite the first."""
    said = [say("2025-01-27 10:00"), replace(say("2025-01-27 10:00"), id="another")]
    told = tell(said)
    assert told.numbers[0]["total_messages"] == 2
    assert len({(item["conversation_id"], item["timestamp"]) for item in told.items}) == 1


def test_a_day_is_that_of_the_report_zone(tell: Callable[..., Told]) -> None:
    said = [say("2025-01-26 20:00"), say("2025-01-27 10:00"), say("2025-01-27 20:00")]
    told = tell(said, zone=ZoneInfo("Asia/Kolkata"))
    assert told.both("total_messages") == (2, 2)
    assert [item["timestamp"][:10] for item in told.items] == ["2025-01-26", "2025-01-27", "2025-01-27"]
    assert told.numbers[0]["hours"] == {"01": 1}


def test_a_recipe_is_one_however_it_is_spelled(tell: Callable[..., Told]) -> None:
    said = [say("2025-01-27 10:00", dish=BREAD), say("2025-01-27 10:01", dish=replace(BREAD, name="garlic bread"))]
    told = tell(said)
    assert told.both("recipes_discussed") == ({"Garlic Bread": 2}, {"Garlic Bread": 1, "garlic bread": 1})
    assert (told.rows("recipe_diversity")[0]["unique_recipes"], told.theirs[0]["total_messages"]) == (1, 2)


def test_a_week_is_seven_days_and_goes_over_the_end_of_a_month(tell: Callable[..., Told]) -> None:
    said = [say(f"{FIRST + timedelta(days=n)} 10:00", dish=NEGRONI) for n in range(8)]
    told = tell(said, 8)
    (ours,) = rows_of(told.engine, "recipe_popularity", date(2025, 1, 28), date(2025, 2, 3))
    (theirs,) = specification.weekly_popularity(told.items, 1, 27, 34)
    assert (ours["mentions"], theirs["mentions"]) == (7, 5)


def test_users_of_a_week_by_ids_that_change_daily_are_told_as_user_days(tell: Callable[..., Told]) -> None:
    told = tell([say(f"2025-01-{day} 10:00", dish=NEGRONI) for day in (27, 28, 29)], 3)
    (ours,) = told.rows("recipe_popularity")
    (theirs,) = specification.weekly_popularity(told.items, 1, 27, 29)
    assert (ours["user_days"], theirs["unique_users"]) == (3, 1)
    assert "unique_users" not in ours


def test_recipes_are_ranked_by_conversations_and_not_by_how_often_one_of_them_says_the_name(
    tell: Callable[..., Told],
) -> None:
    said = [say(f"2025-01-27 10:0{n}", dish=BREAD) for n in range(5)]
    said += [say(f"2025-01-27 11:0{n}", f"talk {n}", dish=NEGRONI) for n in range(3)]
    told = tell(said)
    assert [row["recipe_name"] for row in told.rows("recipe_popularity")] == ["negroni", "garlic bread"]
    theirs = specification.weekly_popularity(told.items, 1, 27, 27)
    assert [row["recipe_name"] for row in theirs] == ["Garlic Bread", "Negroni"]


def test_the_length_of_no_conversations_is_unknown(tell: Callable[..., Told]) -> None:
    told = tell([say("2025-01-27 10:00")], 2)
    assert told.rows("user_engagement")[0]["avg_messages_per_conversation"] is None
    assert told.numbers[1]["avg_conversation_length"] == 0
    with pytest.raises(ZeroDivisionError):
        specification.user_engagement(told.theirs)
    (row,) = rows_of(told.engine, "completion", told.days[1], told.days[1])
    assert (row["length_band"], specification.completion_estimate(0)) == (None, "Low")


def test_growth_from_nobody_is_unknown(tell: Callable[..., Told]) -> None:
    told = tell([say(f"{FIRST + timedelta(days=7)} 10:00")], 14)
    assert [(row["people"], row["growth"]) for row in told.rows("growth")] == [(0, None), (1, None)]
    with pytest.raises(ZeroDivisionError):
        specification.week_over_week_growth(1, 0)


def test_people_of_a_week_are_not_the_sum_of_its_days(tell: Callable[..., Told]) -> None:
    told = tell([say(f"{FIRST + timedelta(days=n)} 10:00") for n in range(7)], 7)
    assert [row["people"] for row in told.rows("growth")] == [1]
    assert sum(day["unique_users"] for day in told.theirs) == 7


def test_a_long_conversation_is_no_dish_that_was_cooked(tell: Callable[..., Told]) -> None:
    start = datetime.fromisoformat("2025-01-27T10:00:00+00:00")
    said = [
        replace(say("2025-01-27 10:00", dish=NEGRONI), at=start + timedelta(minutes=n), id=str(n)) for n in range(6)
    ]
    told = tell(said)
    (row,) = told.rows("completion")
    assert (row["length_band"], row["cooked_share"], row["engaged"]) == ("High", 0, 1)
