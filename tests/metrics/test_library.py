"""Asking metrics: parameters, CSV, damaged files, and that nothing but values gets into SQL."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.errors import Invalid, NotFound, QueryFailed
from parcook.metrics.header import parse_header
from parcook.metrics.library import MetricAnswer, answer, find_metric, load_metrics
from parcook.metrics.threshold import wilson
from parcook.objects import Objects
from tests.metrics.lakes import days, make_lake
from tests.metrics.test_cases import load

PERIOD = {"from": "2025-01-15", "to": "2025-01-21"}


def ask(engine, name="daily_totals", **params) -> MetricAnswer:
    return answer(find_metric(name), engine, PERIOD | params, min_people=10, timezone="Europe/Madrid")


@pytest.fixture
def engine(tmp_path: Path):
    return make_lake(tmp_path, {"daily_metrics": days("2025-01-10", 20, total_conversations=5)})


def test_an_unknown_metric_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean active_users"):
        find_metric("active_user")
    with pytest.raises(NotFound, match="no such metric"):
        find_metric("x'; drop table daily_metrics")


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"from": "15.01.2025"}, "from must be a date"),
        ({"to": "2025-02-30"}, "to must be a date"),
        ({"to": "2025-01-14"}, "to must not be before from"),
        ({"from": "2020-01-01"}, "up to 731 days"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "days that events can be of"),
        ({"limit": "5"}, "takes from, to"),
        ({"from": "2025-01-15'; --"}, "from must be a date"),
    ],
)
def test_parameters_that_cannot_be_right_are_told(engine, params, told) -> None:
    with pytest.raises(Invalid, match=told):
        ask(engine, **params)


@pytest.mark.parametrize("limit", ["0", "10001", "many", "1; select 1"])
def test_a_limit_is_a_number_within_reason(engine, limit) -> None:
    with pytest.raises(Invalid, match="limit must be"):
        ask(engine, "recipe_popularity", limit=limit)


def test_an_answer_says_how_it_came_about(engine) -> None:
    told = ask(engine)
    assert len(told.rows) == 7
    assert told.metadata | {"columns": [], "summary": ""} == {
        "metric": "daily_totals",
        "definition": "daily_totals 1",
        "from": "2025-01-15",
        "to": "2025-01-21",
        "n": 35,
        "complete": True,
        "suppressed": 0,
        "exact": True,
        "estimate": False,
        "data_through": "2025-01-21",
        "timezone": "Europe/Madrid",
        "columns": [],
        "summary": "",
    }


def test_a_damaged_file_is_named_the_rest_served_and_the_answer_not_complete(engine, tmp_path: Path) -> None:
    path = "aggregated/daily/year=2025/month=01/day=17/daily-metrics-2025-01-17.json"
    Objects(f"file://{tmp_path}").put(path, b'{"date": "2025-01-17", "total_conv')
    told = ask(engine)
    assert [row["day"] for row in told.rows] == [f"2025-01-{day}" for day in (15, 16, 18, 19, 20, 21)]
    assert told.metadata["damaged"] == [path]
    assert told.metadata["complete"] is False


def test_a_session_reaches_no_file_and_changes_no_setting(engine, tmp_path: Path) -> None:
    with engine.reading({}) as session:
        for statement in (
            f"select * from read_csv('{tmp_path}/x.csv')",
            "copy (select 1) to '/tmp/parcook-test.csv'",
            "set enable_external_access = true",
            "install httpfs",
            "attach '/tmp/parcook-test.db'",
        ):
            with pytest.raises(QueryFailed, match="DuckDB refused"):
                session.run(statement)


def test_a_query_that_takes_too_long_is_stopped(engine) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    with engine.reading({}) as session, pytest.raises(QueryFailed, match=r"longer than 0\.2 s"):
        session.run(endless, timeout_s=0.2)


def test_csv_holds_the_rows_and_no_formula() -> None:
    rows = [{"name": text, "n": -1} for text in ("=1+1", "+1", "-1", "\t@x", "Gin, dry", 'a "b"')]
    read = list(csv.reader(io.StringIO(MetricAnswer(rows, {}).as_csv())))
    assert read[0] == ["name", "n"]
    assert [row[0] for row in read[1:]] == ["'=1+1", "'+1", "'-1", "'\t@x", "Gin, dry", 'a "b"']
    assert {row[1] for row in read[1:]} == {"-1"}


def test_the_csv_of_nothing_has_its_columns(engine) -> None:
    told = ask(engine, **{"from": "2024-01-01", "to": "2024-01-02"})
    assert told.as_csv().startswith("day,conversations,messages,people")


@pytest.mark.parametrize("name", load_metrics())
def test_an_answer_without_rows_has_the_columns_of_one_with_rows(name: str, tmp_path: Path) -> None:
    (case, *_) = load(name)
    lake = make_lake(tmp_path / "some", case["given"])
    params = {key: str(value) for key, value in case["params"].items()}
    some = answer(find_metric(name), lake, params, min_people=1, timezone="UTC")
    assert list(some.metadata["columns"]) == list(some.rows[0])


@given(base=st.integers(1, 5_000), hits=st.integers(0, 5_000))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(base: int, hits: int) -> None:
    share = min(hits, base) / base
    low, high = wilson(share, base)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_an_interval_is_that_of_the_textbook() -> None:
    low, high = wilson(0.5, 100)
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-- title: X\nselect 1", "lacks question"),
        ("-- title: X\n-- title: Y\nselect 1", "says nothing"),
        ("-- colour: red\nselect 1", "says nothing"),
        ("-- nonsense\nselect 1", "says nothing"),
    ],
)
def test_a_header_that_is_wrong_is_told_by_name(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_header("mine", text)


def test_people_columns_are_declared_wherever_a_breakdown_counts_people() -> None:
    for metric in load_metrics().values():
        if "group by" in metric.sql or "unnest" in metric.sql:
            counted = {
                name for name in ("user_days", "unique_users") if f" as {name}" in metric.sql.rpartition("from")[0]
            }
            assert counted <= set(metric.header.people) | {"unique_users"}, metric.name
