"""QuickSight's statements go to Athena as they are written: a real Trino answers them as DuckDB does."""

from pathlib import Path

import pytest

from parcook.engines.contract import Days
from tests.deploy.test_quicksight import SETS, statement, table
from tests.metrics.lakes import make_lake
from tests.servers.trino import TrinoServer

pytestmark = pytest.mark.trino


@pytest.mark.parametrize("name", SETS)
def test_a_statement_answers_on_trino_as_on_duckdb(name: str, trino: TrinoServer, tmp_path: Path) -> None:
    here = make_lake(tmp_path, {"daily_metrics": table()})
    make_lake(trino.folder / f"quicksight-{name}", {"daily_metrics": table()})
    there = trino.declare(f"local:///quicksight-{name}", "json")
    answers = []
    for engine in (here, there):
        with engine.reading({"daily_metrics": Days()}) as session:
            result = session.run(statement(name), timeout_s=60)
            answers.append((result.columns, sorted(map(tuple, result.rows), key=str)))
    assert answers[0] == answers[1]
