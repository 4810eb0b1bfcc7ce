"""Every metric over a lake that the real pipeline made of a generated world equals what is true of that world."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from parcook.engines.contract import Days, Engine
from parcook.lake.reading import open_duckdb
from parcook.metrics.library import find_metric, load_metrics, read_values
from tests.metrics import truth_dishes, truth_people, truth_talk
from tests.metrics.living import installed, live
from tests.metrics.truth import Rows, Truth
from tests.metrics.worlds import World

FIRST = date(2024, 12, 4)  # a Wednesday
LAST = date(2025, 4, 1)  # a Tuesday, after the clocks were put forward in Madrid
SHORT = {
    "Europe/Madrid": (date(2025, 10, 20), 9),
    "Asia/Kolkata": (date(2025, 3, 24), 9),
    "America/St_Johns": (date(2025, 3, 3), 9),
}
TRUTHS: dict[str, Callable[[Truth, date, date], Rows]] = {
    name: getattr(module, name)
    for module in (truth_talk, truth_dishes, truth_people)
    for name in load_metrics()
    if hasattr(module, name)
}


@contextmanager
def lived(folder: Path, world: World) -> Iterator[tuple[Truth, Engine]]:
    with installed(folder, world) as (lake, intake):
        live(lake, intake, world)
        yield Truth(world), open_duckdb(lake.objects)


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Truth, Engine]]:
    """Four months in Madrid: longer than anything that numbers look back on."""
    world = World("Europe/Madrid", FIRST, (LAST - FIRST).days + 1)
    with lived(tmp_path_factory.mktemp("months"), world) as both:
        yield both


@pytest.fixture(scope="module")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Truth, Engine]]]:
    """A few days of clocks that are changed, and of clocks that are half an hour off."""
    with ExitStack() as opened:
        yield {
            zone: opened.enter_context(lived(tmp_path_factory.mktemp("zone"), World(zone, first, days, talks=12)))
            for zone, (first, days) in SHORT.items()
        }


def rows_of(engine: Engine, name: str, first: date, last: date) -> Rows:
    """What the metric's own SELECT says, before anything is withheld; names of dishes in small letters."""
    metric = find_metric(name)
    values = read_values(metric, {"from": first.isoformat(), "to": last.isoformat()})
    back = metric.header.looks_back
    start = first - (timedelta(days=back) if back is not None else last - first + timedelta(days=1))
    with engine.reading(dict.fromkeys(metric.header.tables, Days(start, last))) as session:
        told = session.run(metric.sql, [values[param.name] for param in metric.header.params]).as_dicts()
    return [_plain(row) for row in told]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    dish = "recipe_name" if "recipe_name" in row else "name" if "requests" in row else None
    return {**row, dish: row[dish].lower()} if dish is not None else row


def assert_same(told: Rows, expected: Rows) -> None:
    assert [list(row) for row in told] == [list(row) for row in expected]
    assert [_rounded(row) for row in told] == [_rounded(row) for row in expected]


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers to ten digits: the order in which they are added up is nobody's business."""
    return {name: float(f"{value:.10g}") if isinstance(value, float) else value for name, value in row.items()}


def test_there_is_a_truth_for_every_metric() -> None:
    assert set(TRUTHS) == set(load_metrics())


@pytest.mark.parametrize("days", [1, 7, 28, 56, 91])
@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_tells_the_truth(months: tuple[Truth, Engine], name: str, days: int) -> None:
    truth, engine = months
    first = LAST - timedelta(days=days - 1)
    assert_same(rows_of(engine, name, first, LAST), TRUTHS[name](truth, first, LAST))
