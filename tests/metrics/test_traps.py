"""What must hold of every answer, whatever the world: the traps that METRICS.md names."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from parcook.clock import day_bounds
from parcook.metrics.library import load_metrics
from tests.metrics.conftest import FIRST, LAST, Lived, days_back
from tests.metrics.test_truth import rows_of
from tests.metrics.truth import DAY


def test_people_of_days_add_up_to_more_than_the_people_of_a_week(months: Lived) -> None:
    rows = rows_of(months[1], "active_users", days_back(7), LAST)
    assert sum(row["dau"] for row in rows) > rows[-1]["wau"] > max(row["dau"] for row in rows)
    assert rows[-1]["mau"] > rows[-1]["wau"]


def test_no_share_is_beyond_its_whole(months: Lived) -> None:
    shares = [
        value
        for name, metric in load_metrics().items()
        for days in (1, 7, 28, 91)
        for row in rows_of(months[1], name, days_back(days), LAST)
        for column, value in row.items()
        if (column in metric.header.shares or column.endswith("share")) and column != "lift" and value is not None
    ]
    assert len(shares) > 300
    assert all(0 <= share <= 1 for share in shares)


def test_whole_weeks_that_reach_back_before_the_first_day_are_told_as_unknown(months: Lived) -> None:
    rows = rows_of(months[1], "new_and_returning", FIRST, LAST)
    known = [(row["new_people"] is not None, row["returning_people"] is not None) for row in rows]
    assert known == sorted(known)
    assert (known[0], known[-1]) == ((False, False), (True, True))
    sticky = [row["stickiness"] is not None for row in rows_of(months[1], "active_users", FIRST, LAST)]
    assert sticky == [False] * 27 + [True] * (len(sticky) - 27)


def test_weeks_that_are_not_over_are_unknown_in_a_cohort_and_never_nobody(months: Lived) -> None:
    cells = [row for row in rows_of(months[1], "retention", FIRST - 2 * DAY, LAST) if row["cohort"] != "average"]
    assert {row["state"] for row in cells} == {"complete", "partial", "future"}
    assert all((row["people"] is None) == (row["state"] != "complete") for row in cells)
    assert any(row["people"] == 0 for row in cells)
    firsts = [row for row in cells if row["week_number"] == 0 and row["state"] == "complete"]
    assert all(row["share"] == 1 for row in firsts)


def test_an_ingredient_is_wanted_at_least_as_its_most_wanted_kind_and_at_most_as_all_of_them(months: Lived) -> None:
    wanted = {row["name"]: row["conversations"] for row in rows_of(months[1], "ingredient_demand", FIRST, LAST)}
    assert max(wanted["Bourbon"], wanted["Rye"]) <= wanted["Whiskey"] < wanted["Bourbon"] + wanted["Rye"]
    assert max(wanted["Gin"], wanted["Whiskey"]) <= wanted["Spirit"] <= wanted["Gin"] + wanted["Whiskey"]


def test_what_is_below_12_is_not_below_1(months: Lived) -> None:
    rows = {row["path"]: row for row in rows_of(months[1], "ingredient_demand", FIRST, LAST)}
    assert rows["/1/"]["name"] == "Spirit"
    assert rows["/12/"]["name"] == "Mint"
    syrup_alone = rows["/12/13/"]["conversations"]
    assert syrup_alone > 0
    assert rows["/1/"]["conversations"] < rows["/1/"]["recipe_conversations"] - syrup_alone / 2


def test_shares_of_categories_add_up_to_one(months: Lived) -> None:
    for days in (7, 28, 91):
        rows = rows_of(months[1], "recipe_categories", days_back(days), LAST)
        assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-12)
        assert sum(row["conversations"] for row in rows) == pytest.approx(rows[0]["recipe_conversations"], abs=1e-9)
    assert "uncategorised" in {row["category"] for row in rows}


def test_each_conversation_begins_in_one_hour_and_ends_on_one_step(months: Lived) -> None:
    for days in (1, 7, 28, 91):
        totals = rows_of(months[1], "daily_totals", days_back(days), LAST)
        conversations = sum(row["conversations"] for row in totals)
        hours = rows_of(months[1], "peak_hours", days_back(days), LAST)
        assert sum(row["conversations"] for row in hours) == conversations
        lengths = rows_of(months[1], "conversation_length", days_back(days), LAST)
        assert sum(row["conversations"] for row in lengths) == conversations
        (steps,) = rows_of(months[1], "completion", days_back(days), LAST)
        ended = sum(steps[step] for step in ("confirmed", "likely", "engaged", "browsed", "abandoned"))
        assert ended == steps["conversations"] <= conversations


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Madrid", 25), ("Asia/Kolkata", 24), ("America/St_Johns", 23)])
def test_hours_of_a_day_add_up_to_how_long_it_lasts(zones: dict[str, Lived], zone: str, hours: int) -> None:
    truth, engine = zones[zone]
    day = truth.world.days[-3]
    start, end = day_bounds(day, ZoneInfo(zone))
    rows = rows_of(engine, "peak_hours", day, day)
    assert sum(row["hours"] for row in rows) == hours == (end - start) / timedelta(hours=1)
    week = rows_of(engine, "peak_hours", day - 6 * DAY, day)
    assert len(week) == 7 * 24
    assert sum(row["hours"] for row in week) == 6 * 24 + hours


def test_growth_is_no_season(year: Lived) -> None:
    days = year[0].world.days
    rows = rows_of(year[1], "seasonality", days[0], days[-1])
    indexes: dict[str, list[float]] = {}
    for row in rows:
        indexes.setdefault(row["category"], []).append(row["season_index"])
    assert all(len(own) == 12 and sum(own) == pytest.approx(1_200) for own in indexes.values())
    (soup,) = [row["month"] for row in rows if row["category"] == "soup_stew" and row["place"] == 1]
    assert soup.endswith("-03")
    assert rows_of(year[1], "seasonality", days[3], days[-1]) == []
