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
        assert told.metadata["suppressed"] == sum(row[column] in few for row in raw for column in COUNTS[name])
        assert len(told.rows) == len(raw)


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
