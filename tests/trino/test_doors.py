"""The command line with a Trino behind it: the lake is declared, asked, and only the days asked for are read."""

from datetime import date
from pathlib import Path

import pytest

from parcook.engines.contract import Days
from parcook.errors import QueryFailed
from tests.metrics.lakes import days, make_lake
from tests.servers.trino import TrinoServer
from tests.whole.processes import Installation

pytestmark = pytest.mark.trino

ROWS = days("2025-01-15", 7, total_conversations=5, total_messages=20)
PERIOD = ("--from", "2025-01-15", "--to", "2025-01-21")


def test_a_lake_is_declared_and_asked_from_the_command_line(trino: TrinoServer, tmp_path: Path) -> None:
    installation = Installation(tmp_path, {"PARCOOK_ENGINE_URL": f"{trino.url}/{trino.new_schema()}"})
    early = installation.run("metric", "daily_totals", *PERIOD)
    assert early.returncode == 1
    assert "Trino lacks the schema that PARCOOK_ENGINE_URL names: run what `parcook ddl trino` prints" in early.stderr

    make_lake(trino.folder / tmp_path.name, {"daily_metrics": ROWS})
    trino.make_folders(tmp_path.name)
    installation.done("ddl", "trino", "--location", f"local:///{tmp_path.name}", "--apply")
    told = installation.told("metric", "daily_totals", *PERIOD)
    assert [row["conversations"] for row in told["data"]] == [5] * 7
    assert told["metadata"]["bytes_scanned"] > 0
    counted = installation.told("sql", "select count(*) as days from daily_metrics")
    assert counted["data"] == [{"days": 7}]


def test_files_of_other_days_are_not_opened(trino: TrinoServer, tmp_path: Path) -> None:
    """A file that cannot be read lies on the day before: whoever asks for the days after it does not notice."""
    make_lake(trino.folder / tmp_path.name, {"daily_metrics": ROWS})
    engine = trino.declare(f"local:///{tmp_path.name}", "json")
    torn = trino.folder / tmp_path.name / "aggregated/daily/year=2025/month=01/day=14/torn.json"
    torn.parent.mkdir(parents=True)
    torn.write_bytes(b'{"date": torn')
    query = "select count(d.date) from daily_metrics d"
    with engine.reading({"daily_metrics": Days(date(2025, 1, 15), date(2025, 1, 18))}) as session:
        assert session.run(query).rows == [[4]]
    with (
        engine.reading({"daily_metrics": Days(date(2025, 1, 14))}) as session,
        pytest.raises(QueryFailed, match="Trino refused"),
    ):
        session.run(query)


def test_days_without_files_and_folders_of_no_day_are_no_rows(trino: TrinoServer, tmp_path: Path) -> None:
    make_lake(trino.folder / tmp_path.name, {"daily_metrics": ROWS})
    astray = trino.folder / tmp_path.name / "aggregated/daily/year=2025/month=13/day=40/astray.json"
    astray.parent.mkdir(parents=True)
    astray.write_text('{"date": "2025-13-40"}\n')
    with trino.declare(f"local:///{tmp_path.name}", "json").reading({}) as session:
        told = session.run("select year, month, day, d.date from daily_metrics d order by day")
    assert told.rows == [[2025, 1, day, f"2025-01-{day}"] for day in range(15, 22)]
