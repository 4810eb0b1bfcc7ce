"""Key numbers: what they are, what they are compared with, why there is none, and the same words everywhere."""

from typing import Any

import pytest

from tests.artifacts.insights.kitchen import put_rows, stored
from tests.metrics.lakes import days


def numbers(shelf: Any, days_of: int) -> dict[str, dict[str, Any]]:
    """The key numbers of a period by their keys; those of several pages must be the same."""
    told: dict[str, dict[str, Any]] = {}
    for page in stored(shelf, "key-numbers")["data"]["pages"]:
        for number in page["numbers"] if page["days"] == days_of else ():
            assert told.setdefault(number["key"], number) == number
    return told


def test_each_page_has_its_numbers_for_each_period(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2024-01-01", 400, dau=20, wau=40, mau=80, people_91=100))
    cook.refresh()
    pages = stored(shelf, "key-numbers")["data"]["pages"]
    assert [(page["page"], page["days"], len(page["numbers"])) for page in pages if page["days"] in (7, 364)] == [
        ("overview", 7, 5), ("overview", 364, 5), ("audience", 7, 5), ("audience", 364, 5),
        ("conversations", 7, 5), ("conversations", 364, 5), ("demand", 7, 4), ("demand", 364, 4),
    ]  # fmt: skip
    lengths = {page["days"]: {len(number["spark"]) for number in page["numbers"]} for page in pages}
    assert lengths == {7: {7}, 28: {28}, 91: {13}, 364: {26}}


def test_people_are_told_beside_the_time_before_and_not_over_a_year(lake, cook, shelf):
    rows = days("2024-01-01", 400, dau=20, wau=[40] * 393 + [50] * 7, mau=80, people_91=100)
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    week = numbers(shelf, 7)
    assert (week["people"]["value"], week["people"]["previous"]) == (50.0, 40.0)
    assert week["people"]["sentence"] == "50 people, 25% more than in the 7 days before."
    assert week["growth"]["value"] == 25.0
    assert week["growth"]["sentence"] == "+25 % people on the time before."
    year = numbers(shelf, 364)
    for key in ("people", "new_people", "growth"):
        assert (year[key]["value"], year[key]["reason"]) == (None, "not_measurable")
    assert year["people"]["sentence"] == ("This cannot be measured over 364 days: people are known again for 95 days.")


def test_new_and_returning_people_are_those_of_whole_weeks(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-01-06", 59, dau=20, wau=40, mau=80))
    mondays = [
        "2025-01-06",
        "2025-01-13",
        "2025-01-20",
        "2025-01-27",
        "2025-02-03",
        "2025-02-10",
        "2025-02-17",
        "2025-02-24",
    ]
    rows = [
        {"week_start": monday, "people": 40, "new_people": 10 + number, "returning_people": 30 if number % 2 else 20}
        for number, monday in enumerate(mondays)
    ]
    put_rows(lake, "weekly_metrics", rows)
    cook.refresh()
    month = numbers(shelf, 28)
    assert (month["new_people"]["value"], month["new_people"]["previous"]) == (14 + 15 + 16 + 17, 10 + 11 + 12 + 13)
    assert month["returning_people"]["value"] == 0.625
    assert numbers(shelf, 91)["new_people"]["reason"] == "not_yet"
    assert numbers(shelf, 7)["new_people"]["previous"] == 16.0


def test_estimates_have_an_interval_and_their_formula(lake, cook, shelf):
    rows = days(
        "2025-01-01",
        7,
        recipe_conversations=20,
        outcomes={"confirmed": 2, "likely": 8},
        feedback={"up": 3, "down": 1},
        total_conversations=25,
        total_messages=100,
    )
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    week = numbers(shelf, 7)
    cooked, satisfied = week["got_to_cook"], week["satisfied"]
    assert (cooked["value"], cooked["n"], cooked["estimate"]) == (0.5, 140, True)
    assert cooked["low"] < 0.5 < cooked["high"]
    assert cooked["formula"] == stored(shelf, "outcomes")["metadata"]["formula"]
    assert (satisfied["value"], satisfied["n"]) == (0.75, 28)
    assert (week["messages_each"]["value"], week["messages_each"]["sentence"]) == (
        4.0,
        "4.0 messages in a conversation.",
    )
    assert all(number["formula"] is None for number in week.values() if not number["estimate"])


@pytest.mark.parametrize("key", ["got_to_cook", "satisfied", "tool_failures", "median_tool_time", "matched_share"])
def test_too_little_has_no_number_and_says_so(lake, cook, shelf, key):
    put_rows(lake, "daily_metrics", days("2025-01-01", 7, total_conversations=1, total_messages=2))
    cook.refresh()
    number = numbers(shelf, 7)[key]
    assert (number["value"], number["reason"]) == (None, "too_few")
    assert number["sentence"] == "There is too little in the last 7 days to say."


def test_tools_and_wishes_are_summed_over_the_period(lake, cook, shelf):
    rows = days(
        "2025-01-01",
        7,
        tools_calls={"timer": 6, "search": 4},
        tools_errors={"search": 1},
        tools_ms={"timer|10": 6, "search|840": 4},
        recipes_discussed={"Negroni": 6, "Ramen": 3, "…": 1},
        matched_mentions=6,
        unique_recipes=4,
        gaps_requests={"Pho": 2, "…": 3},
    )
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    week = numbers(shelf, 7)
    values = {key: week[key]["value"] for key in ("tool_failures", "median_tool_time", "matched_share")}
    assert values == {"tool_failures": 0.1, "median_tool_time": 10.0, "matched_share": 0.6}
    assert (week["recipe_mentions"]["value"], week["distinct_recipes"]["value"]) == (70.0, 2.0)
    assert (week["unmet_requests"]["value"], week["unmet_requests"]["spark"]) == (35.0, [5.0] * 7)


def test_a_period_that_the_lake_does_not_fill_is_not_complete_and_has_no_past(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-01-01", 10, dau=12, wau=20, mau=20, total_conversations=3))
    cook.refresh()
    month = numbers(shelf, 28)["conversations"]
    assert (month["value"], month["previous"], month["complete"]) == (30.0, None, False)
    assert month["spark"] == [None] * 18 + [3.0] * 10
