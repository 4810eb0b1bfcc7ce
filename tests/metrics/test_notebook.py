"""The lake in a notebook."""

from pathlib import Path

import pytest

import parcook
from parcook.errors import NotFound
from tests.metrics.lakes import days, make_lake


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_HOME", str(tmp_path))
    make_lake(tmp_path / "lake", {"daily_metrics": days("2025-01-15", 3, total_conversations=[1, 2, 3])})


def test_a_connection_has_the_lakes_tables_and_reads_as_trino_does() -> None:
    with parcook.connect() as connection:
        assert connection.execute("select sum(total_conversations) from daily_metrics").fetchone() == (6,)
        assert connection.execute("select 7 / 2, day_of_week(date '2025-01-19')").fetchone() == (3, 7)
        query = "select count(*) from daily_metrics where year = 2025 and month = 1 and day between 16 and 17"
        assert connection.execute(query).fetchone() == (2,)
        tables = {name for (name,) in connection.execute("show tables").fetchall()}
    assert tables == {"recipe_conversations", "tool_calls", "catalogue_ingredients", "daily_metrics", "weekly_metrics"}


def test_a_metric_is_its_rows() -> None:
    rows = parcook.metric("daily_totals", "2025-01-16", "2025-01-17")
    assert [row["conversations"] for row in rows] == [2, 3]
    with pytest.raises(NotFound):
        parcook.metric("nothing", "2025-01-16", "2025-01-17")
