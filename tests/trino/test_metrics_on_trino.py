"""Every metric on a real Trino: its cases hold there, and on a lake of the pipeline it answers as on DuckDB."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.engines.athena_values import bound
from parcook.engines.contract import Days, Engine
from parcook.engines.duckdb import DuckdbEngine
from parcook.engines.trino import TrinoEngine
from parcook.lake.reading import open_duckdb
from parcook.lake.rounds import Rounds
from parcook.metrics.library import answer, find_metric, load_metrics, read_values
from parcook.objects import Objects
from tests.lake.conftest import stock
from tests.lake.making import make_lake
from tests.lake.worlds import make_day
from tests.metrics.lakes import make_lake as make_rows
from tests.metrics.test_cases import expected_rows, load
from tests.servers.trino import TrinoServer

pytestmark = pytest.mark.trino

FIRST, DAYS = date(2025, 1, 20), 30  # a month ends within, and a week on both sides of it
PERIODS = (
    (FIRST, FIRST + timedelta(days=DAYS - 1)),
    (date(2025, 1, 29), date(2025, 2, 4)),
    (date(2025, 3, 1), date(2025, 3, 7)),
)


@pytest.mark.parametrize("name", load_metrics())
def test_the_cases_of_a_metric_hold_on_trino(name: str, trino: TrinoServer) -> None:
    for number, case in enumerate(load(name)):
        place = f"cases/{name}-{number}"
        make_rows(trino.folder / place, case["given"])
        engine = trino.declare(f"local:///{place}", "json")
        assert expected_rows(name, case, engine) == case["expected"], case["says"]


@pytest.fixture(scope="module", params=["parquet on files", "json on files", "parquet on S3"])
def lakes(
    request: pytest.FixtureRequest, trino: TrinoServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[DuckdbEngine, TrinoEngine]]:
    """The same lake, written by the pipeline, for both engines."""
    lake_format, _, place = request.param.split()
    folder = tmp_path_factory.mktemp("world")
    write_lake(folder, lake_format)
    if place == "files":
        shutil.copytree(folder / "lake", trino.folder / folder.name)
        yield open_duckdb(Objects(f"file://{folder / 'lake'}")), trino.declare(f"local:///{folder.name}", lake_format)
        return
    s3 = request.getfixturevalue("s3_server")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3.environment.items():
            patch.setenv(name, value)
        objects = Objects(s3.new_bucket())
        for path in sorted((folder / "lake").rglob("*.*")):
            objects.put(path.relative_to(folder / "lake").as_posix(), path.read_bytes())
        yield open_duckdb(objects), trino.declare(objects.url, lake_format)


def write_lake(folder: Path, lake_format: str) -> None:
    zone = ZoneInfo("Europe/Madrid")
    catalogue = stock(folder)
    lake = make_lake(folder, catalogue, "Europe/Madrid", format=lake_format)
    now = datetime(2025, 1, 20, tzinfo=UTC)
    with Rounds(lake) as rounds:
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            lake.store.append(make_day(day, zone, seed=7, people=40, talks=25))
            now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=2)
            rounds.run(now)
    lake.store.close()
    catalogue.close()


@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_answers_the_same_on_both_engines(name: str, lakes: tuple[DuckdbEngine, TrinoEngine]) -> None:
    metric = find_metric(name)
    for first, last in PERIODS:
        given = {"from": first.isoformat(), "to": last.isoformat()}
        here, there = (answer(metric, engine, given, min_people=3, timezone="UTC") for engine in lakes)
        assert [typed(row.values()) for row in there.rows] == [typed(row.values()) for row in here.rows]
        assert without_cost(there.metadata) == without_cost(here.metadata)


def typed(values: Any) -> Sequence[tuple[type, Any]]:
    """Values with their types; doubles as far as both engines add them up alike, which is all but the last bit."""
    return [(type(value), float(f"{value:.12g}") if isinstance(value, float) else value) for value in values]


def without_cost(metadata: Any) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name != "bytes_scanned"}


@pytest.mark.parametrize("name", load_metrics())
def test_the_text_of_a_metric_is_valid_for_trino_as_it_stands(name: str, trino: TrinoServer) -> None:
    metric = find_metric(name)
    values = read_values(metric, {"from": "2025-01-01", "to": "2025-01-28"})
    text = bound(metric.sql, [values[param.name] for param in metric.header.params])
    with trino.declare("local:///empty", "parquet").reading({}) as session:
        assert session.run(f"explain (type validate) {text}").rows == [[True]]


@pytest.mark.parametrize(
    "query",
    [
        "select message_id, ts, local_date, local_hour, has_recipe, recipe_id, branch_ids, tools, signals"
        " from recipe_conversations order by message_id",
        "select message_id, ts, name, ok, duration_ms from tool_calls order by message_id, name, duration_ms",
        "select id, parent_id, path, hierarchical_usage from catalogue_ingredients order by day, id",
    ],
)
def test_facts_are_read_alike_by_both_engines(query: str, lakes: tuple[Engine, Engine]) -> None:
    table = query.split(" from ")[1].split()[0]
    told = []
    for engine in lakes:
        with engine.reading({table: Days(date(2025, 1, 31), date(2025, 2, 1))}) as session:
            told.append([typed(row) for row in session.run(query).rows])
    assert told[0] == told[1] != []
