"""No answer shows a cell of a few people, gives one away beside it, or keeps quiet about what it withholds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcook.metrics.header import parse_header
from parcook.metrics.library import MetricAnswer, answer, find_metric, load_metrics
from parcook.metrics.threshold import LEAST_BASE, withhold
from tests.metrics.conftest import LAST, Lived, days_back
from tests.metrics.lakes import make_lake
from tests.metrics.test_truth import rows_of

# Columns that count people, or people by the day, in a part of all there are.
COUNTS = {
    "recipe_popularity": ("user_days",),
    "catalogue_gaps": ("user_days",),
    "retention": ("people", "cohort_people"),
    "feature_adoption": ("people", "people_before"),
}
MONDAY = date(2025, 1, 6)


def ask(lived: Lived, name: str, days: int, min_people: int) -> MetricAnswer:
    given = {"from": days_back(days).isoformat(), "to": LAST.isoformat()}
    return answer(find_metric(name), lived[1], given, min_people=min_people, timezone="Europe/Madrid")


def test_headers_know_the_columns_that_count_people_in_a_part() -> None:
    declared = {name: tuple(metric.header.people) for name, metric in load_metrics().items() if metric.header.people}
    assert declared == COUNTS


@pytest.mark.parametrize("min_people", [2, 5, 10])
@pytest.mark.parametrize("name", COUNTS)
def test_no_cell_of_a_world_counts_few_people_and_all_that_is_withheld_is_counted(
    months: Lived, name: str, min_people: int
) -> None:
    told = ask(months, name, 91, min_people)
    few = range(1, min_people)
    assert [row for row in told.rows for column in COUNTS[name] if row[column] in few] == []
    raw = rows_of(months[1], name, days_back(91), LAST)
    if name == "catalogue_gaps":
        lacking = sum(row["user_days"] < min_people or row["requests"] < 10 for row in raw)
        assert (told.metadata["suppressed"], len(told.rows)) == (lacking, len(raw) - lacking)
    else:
        cells = sum(row[column] in few for row in raw for column in COUNTS[name])
        totals = totals_that_tell(raw, min_people) if name == "retention" else []
        assert told.metadata["suppressed"] == cells + len(totals)
        assert len(told.rows) == len(raw)


def totals_that_tell(rows: list[dict[str, Any]], min_people: int) -> list[tuple[int, str]]:
    """Week number and column of the averages of enough people from which fewer can be reckoned."""
    found = []
    for average in (row for row in rows if row["cohort"] == "average"):
        parts = [row for row in rows if row["week_number"] == average["week_number"] and row["people"] is not None]
        for column in COUNTS["retention"]:
            few = [row[column] for row in parts if row is not average and row[column] in range(1, min_people)]
            if few and average[column] >= min_people and tells(sum(few), len(few), min_people):
                found.append((average["week_number"], column))
    return found


def tells(together: int, cells: int, min_people: int) -> bool:
    """Whether `together`, the sum of so many withheld cells, is of few people, or one cell can have but one value."""
    rest = range(cells - 1, (cells - 1) * (min_people - 1) + 1)
    values = [value for value in range(1, min_people) if together - value in rest]
    return together < min_people or len(values) == 1


@pytest.mark.parametrize("name", load_metrics())
def test_shares_of_little_are_withheld(months: Lived, name: str) -> None:
    shares = find_metric(name).header.shares
    for days in (7, 91):
        for row in ask(months, name, days, 10).rows:
            assert [share for share, base in shares.items() if (row[base] or 0) < LEAST_BASE and row[share]] == []


counts = st.integers(0, 40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks=st.lists(st.tuples(counts, counts, counts, counts), min_size=4, max_size=4), min_people=st.integers(1, 12))
def test_no_share_tells_the_people_that_were_withheld(
    tmp_path_factory: pytest.TempPathFactory, weeks: list[tuple[int, ...]], min_people: int
) -> None:
    lake = make_lake(tmp_path_factory.mktemp("lake"), {"weekly_metrics": [_week(*week) for week in enumerate(weeks)]})
    first, last = MONDAY, MONDAY + timedelta(days=27)
    params = {"from": first.isoformat(), "to": last.isoformat()}
    for name in ("retention", "feature_adoption"):
        for row in answer(find_metric(name), lake, params, min_people=min_people, timezone="UTC").rows:
            assert all(row[column] not in range(1, min_people) for column in COUNTS[name])
            assert row["people"] is not None or row["share"] is None


def _week(number: int, people: tuple[int, ...]) -> dict[str, Any]:
    start = MONDAY + timedelta(weeks=number)
    came, stayed, search, voice = people
    cohorts = {f"{start:%G-W%V}": came, f"{MONDAY:%G-W%V}": came if number == 0 else min(stayed, came)}
    features = {"search": min(search, came + 5), "voice": min(voice, came + 5)}
    return {"week_start": start, "people": came + 5, "cohorts": cohorts, "feature_people": features}


def test_a_row_that_lacks_its_least_is_left_out_and_counted() -> None:
    text = find_metric("catalogue_gaps").sql
    header = parse_header("catalogue_gaps", text)
    rows = [
        {"name": "both", "requests": 10, "user_days": 5},
        {"name": "few requests", "requests": 9, "user_days": 5},
        {"name": "few people", "requests": 10, "user_days": 4},
        {"name": "nobody known", "requests": 10, "user_days": None},
    ]
    shown, withheld = withhold(rows, header, 5)
    assert ([row["name"] for row in shown], withheld) == (["both"], 3)
    with pytest.raises(ValueError, match="no least number; write 10 requests"):
        parse_header("mine", text.replace("10 requests", "ten requests"))


CITIES = """-- title: People by city
-- question: How many people are there?
-- chart: table
-- unit: people
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- people: people
-- tied: share to people
-- totals: all in city by month
-- n: rows
-- summary: {people} people.
select 1
"""


def cities(*people: int | None, month: int = 1) -> list[dict[str, Any]]:
    """Rows of one month, the total of them last."""
    rows = [{"city": f"city {n}", "month": month, "people": count, "share": 0.5} for n, count in enumerate(people)]
    known = [count for count in people if count is not None]
    return [*rows, {"city": "all", "month": month, "people": sum(known) if known else None, "share": 0.5}]


@pytest.mark.parametrize(
    ("people", "total"),
    [
        ((40, 9), None),  # one cell is all that the total has more
        ((40, 1), None),
        ((40, 5, 4), None),  # nine together
        ((40, 6, 4), 50),  # ten
        ((40, 9, 8), 57),
        ((40, 9, 9), None),  # no other two make 18
        ((40, *[1] * 9), None),
        ((40, *[1] * 10), None),  # ten ones
        ((40, *[1] * 9, 2), 51),
        ((40, 0), 40),
        ((40, 0, 9), None),
        ((40, 10), 50),
        ((40, None), 40),
        ((40, None, 9), None),
        ((None, None), None),
        ((0, 0), 0),
        ((5, 4), None),  # itself of few
    ],
)
def test_a_total_is_withheld_if_few_people_can_be_subtracted_from_it(
    people: tuple[int | None, ...], total: int | None
) -> None:
    rows = [*cities(*people), *cities(30, 20, month=2)]
    shown, withheld = withhold(rows, parse_header("cities", CITIES), 10)
    assert [row["people"] for row in shown[: len(people)]] == [
        None if count in range(1, 10) else count for count in people
    ]
    told = shown[len(people)]
    is_hidden = total is None and rows[len(people)]["people"] is not None
    assert (told["people"], told["suppressed"]) == (total, is_hidden)
    assert (told["share"] is None) == is_hidden
    assert withheld == sum(count in range(1, 10) for count in people) + is_hidden
    assert [(row["people"], row["suppressed"]) for row in shown[-3:]] == [(30, False), (20, False), (50, False)]


@given(
    months=st.lists(st.lists(st.none() | st.integers(0, 14), max_size=6), min_size=1, max_size=3),
    min_people=st.integers(1, 12),
)
def test_a_total_is_told_exactly_if_no_withheld_cell_can_be_reckoned_from_it(
    months: list[list[int | None]], min_people: int
) -> None:
    rows = [row for month, people in enumerate(months) for row in cities(*people, month=month)]
    shown, withheld = withhold(rows, parse_header("cities", CITIES), min_people)
    assert withheld == sum(row["suppressed"] for row in shown)
    for month in range(len(months)):
        *parts, total = (row for row in shown if row["month"] == month)
        cells = sum(row["suppressed"] for row in parts)
        true = next(row["people"] for row in rows if (row["city"], row["month"]) == ("all", month))
        together = (true or 0) - sum(row["people"] or 0 for row in parts)
        is_few = true is not None and 0 < true < min_people
        assert total["suppressed"] == (is_few or (cells > 0 and tells(together, cells, min_people)))
        assert total["people"] == (None if total["suppressed"] else true)


def test_a_header_says_in_which_column_totals_are_and_by_which_they_are_grouped() -> None:
    with pytest.raises(ValueError, match="names no rows; write all in city by month"):
        parse_header("cities", CITIES.replace("all in city by month", "city"))
    with pytest.raises(ValueError, match="gives away the rows that are left out"):
        parse_header("cities", CITIES.replace("-- n: rows", "-- least: min_people people\n-- n: rows"))
