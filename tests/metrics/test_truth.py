"""Every metric over a lake that the real pipeline made of a generated world equals what is true of that world."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from parcook.engines.contract import Days, Engine
from parcook.metrics.library import find_metric, load_metrics, read_values
from tests.metrics import truth_dishes, truth_people, truth_talk
from tests.metrics.conftest import LAST, Lived, days_back, lived
from tests.metrics.truth import Rows, Truth
from tests.metrics.worlds import make_world

TRUTHS: dict[str, Callable[[Truth, date, date], Rows]] = {
    name: getattr(module, name)
    for module in (truth_talk, truth_dishes, truth_people)
    for name in load_metrics()
    if hasattr(module, name)
}


def rows_of(engine: Engine, name: str, first: date, last: date) -> Rows:
    """What the metric's own SELECT says, before anything is withheld; names of dishes in small letters."""
    metric = find_metric(name)
    values = read_values(metric, {"from": first.isoformat(), "to": last.isoformat()})
    back = metric.header.looks_back
    start = first - (timedelta(days=back) if back is not None else last - first + timedelta(days=1))
    with engine.reading(dict.fromkeys(metric.header.tables, Days(start, last))) as session:
        told = session.run(metric.sql, [values[param.name] for param in metric.header.params]).as_dicts()
    return [_folded(row) for row in told]


def _folded(row: dict[str, Any]) -> dict[str, Any]:
    dish = "recipe_name" if "recipe_name" in row else "name" if "requests" in row else None
    return {**row, dish: row[dish].lower()} if dish is not None else row


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers to ten digits: in which order they are added up is nobody's business."""
    return {name: float(f"{value:.10g}") if isinstance(value, float) else value for name, value in row.items()}


def assert_true(lived: Lived, name: str, first: date, last: date) -> None:
    truth, engine = lived
    told, expected = rows_of(engine, name, first, last), TRUTHS[name](truth, first, last)
    assert [_rounded(row) for row in told] == [_rounded(row) for row in expected]
    assert [list(row) for row in told] == [list(row) for row in expected]


def test_there_is_a_truth_for_every_metric() -> None:
    assert set(TRUTHS) == set(load_metrics())


@pytest.mark.parametrize("days", [1, 7, 28, 56, 91])
@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_tells_the_truth(months: Lived, name: str, days: int) -> None:
    assert_true(months, name, days_back(days), LAST)


@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_tells_the_truth_of_days_with_nothing_before_them(months: Lived, name: str) -> None:
    first = months[0].world.days[0]
    assert_true(months, name, first - timedelta(days=9), first + timedelta(days=19))


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_tells_the_truth_where_days_are_no_days_of_utc(zones: dict[str, Lived], name: str, zone: str) -> None:
    truth, days = zones[zone][0], zones[zone][0].world.days
    assert len(truth.talks(days[-3], days[-3])) >= 3  # the day on which clocks are changed, where they are
    assert_true(zones[zone], name, days[0], days[-1])
    assert_true(zones[zone], name, days[-3], days[-3])


@pytest.mark.parametrize(("first", "last"), [(1, 12), (1, 13), (2, 13), (3, 13), (0, 13)])
def test_seasons_tell_the_truth_of_a_year(year: Lived, first: int, last: int) -> None:
    days = year[0].world.days
    assert_true(year, "seasonality", days[first], days[last])


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 8))
def test_metrics_tell_the_truth_of_other_worlds(tmp_path: Path, seed: int) -> None:
    zone = ("Europe/Madrid", "Asia/Kolkata", "America/St_Johns")[seed % 3]
    world = make_world(zone, date(2024, 9, 2) + timedelta(weeks=seed), 119, people=10 * seed, seed=seed)
    with lived(tmp_path, world) as both:
        for name in load_metrics():
            for days in (1, 7, 28, 91):
                assert_true(both, name, world.days[-days], world.days[-1])
