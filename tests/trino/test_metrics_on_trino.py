"""Every metric on a real Trino: its cases hold there, and on a lake of the pipeline it answers as on DuckDB."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.engines.athena import AthenaEngine
from parcook.engines.athena_values import bound
from parcook.engines.contract import Days, Engine
from parcook.lake.reading import open_duckdb
from parcook.lake.rounds import Rounds
from parcook.metrics.library import answer, find_metric, load_metrics, read_values
from parcook.objects import Objects
from tests.lake.making import make_lake, stock
from tests.lake.worlds import make_day
from tests.metrics.lakes import make_lake as make_rows
from tests.metrics.test_cases import expected_rows, load
from tests.servers.athena import start_athena
from tests.servers.athena_backends import over_trino
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


@dataclass(frozen=True)
class World:
    """A lake that the pipeline wrote, under DuckDB and under who must agree with it; and which periods to compare."""

    here: Engine
    there: Sequence[Engine]
    periods: Sequence[tuple[date, date]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a lake in some format, written by the pipeline when it is first asked for."""

    @cache
    def write(lake_format: str) -> Path:
        folder = tmp_path_factory.mktemp("world")
        write_lake(folder, lake_format)
        return folder

    return write


@pytest.fixture(scope="module", params=["parquet on files", "json on files", "parquet on S3"])
def world(request: pytest.FixtureRequest, trino: TrinoServer, written: Callable[[str], Path]) -> Iterator[World]:
    """On S3, as it lies on AWS, Athena's protocol is spoken to Trino as well."""
    lake_format, _, place = request.param.split()
    if place == "S3" and not trino.sees_our_s3:
        pytest.skip("the server at TRINO_URL has an S3 of its own")
    folder = written(lake_format)
    if place == "files":
        shutil.copytree(folder / "lake", trino.folder / folder.name)
        here = open_duckdb(Objects(f"file://{folder / 'lake'}"))
        periods = PERIODS if lake_format == "parquet" else PERIODS[:1]
        yield World(here, [trino.declare(f"local:///{folder.name}", lake_format)], periods)
        return
    s3 = request.getfixturevalue("trinos_s3")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        for name, value in s3.environment.items():
            patch.setenv(name, value)
        objects = Objects(s3.new_bucket())
        for path in sorted((folder / "lake").rglob("*.*")):
            objects.put(path.relative_to(folder / "lake").as_posix(), path.read_bytes())
        there = trino.declare(objects.url, lake_format)
        athena = opened.enter_context(start_athena(over_trino(there)))
        patch.setenv("AWS_ENDPOINT_URL_ATHENA", athena.endpoint)
        yield World(open_duckdb(objects), [there, AthenaEngine(f"athena://analysts/{there.schema}")], PERIODS[:1])


def write_lake(folder: Path, lake_format: str) -> None:
    zone = ZoneInfo("Europe/Madrid")
    catalogue = stock(folder)
    lake = make_lake(folder, catalogue, "Europe/Madrid", format=lake_format)
    for number in range(DAYS):
        lake.store.append(make_day(FIRST + timedelta(days=number), zone, seed=7, people=40, talks=25))
    with Rounds(lake) as rounds:
        rounds.run(datetime.combine(FIRST + timedelta(days=DAYS), time(2), UTC))
    lake.store.close()
    catalogue.close()


@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_answers_the_same_on_every_engine(name: str, world: World) -> None:
    metric = find_metric(name)
    for first, last in world.periods:
        given = {"from": first.isoformat(), "to": last.isoformat()}
        here = answer(metric, world.here, given, min_people=3, timezone="UTC")
        for engine in world.there:
            there = answer(metric, engine, given, min_people=3, timezone="UTC")
            assert [typed(row.values()) for row in there.rows] == [typed(row.values()) for row in here.rows]
            assert without_cost(there.metadata) == without_cost(here.metadata)


def typed(values: Any) -> Sequence[tuple[type, Any]]:
    """Values with their types; doubles as far as both engines add them up alike, which is all but the last bit."""
    return [(type(value), float(f"{value:.12g}") if isinstance(value, float) else value) for value in values]


def without_cost(metadata: Any) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name not in ("bytes_scanned", "cost_usd")}


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
def test_facts_are_read_alike_by_both_engines(query: str, world: World) -> None:
    table = query.split(" from ")[1].split()[0]
    told = []
    for engine in (world.here, world.there[0]):
        with engine.reading({table: Days(date(2025, 1, 31), date(2025, 2, 1))}) as session:
            told.append([typed(row) for row in session.run(query).rows])
    assert told[0] == told[1] != []
