"""The lake in a notebook."""

from pathlib import Path

import pytest

import parcook
from parcook.errors import NotFound
from tests.metrics.lakes import DAMAGED, damage, days, make_lake


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_HOME", str(tmp_path))
    make_lake(tmp_path / "lake", {"daily_metrics": days("2025-01-15", 4, total_conversations=[1, 2, 3, 4])})


def test_a_connection_has_the_lakes_tables_and_reads_as_trino_does() -> None:
    with parcook.connect() as connection:
        assert connection.execute("select sum(total_conversations) from daily_metrics").fetchone() == (10,)
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


def test_damaged_files_are_left_out_with_a_warning_that_names_them(tmp_path: Path) -> None:
    damage(tmp_path / "lake")
    with pytest.warns(UserWarning, match="answers are incomplete") as connecting, parcook.connect() as connection:
        assert connection.execute("select sum(total_conversations) from daily_metrics").fetchone() == (4,)
    with pytest.warns(UserWarning, match="answers are incomplete") as asking:
        rows = parcook.metric("daily_totals", "2025-01-15", "2025-01-18")
    assert [row["conversations"] for row in rows] == [1, 3]
    for (warned,) in (connecting, asking):
        assert [path for path in DAMAGED if path in str(warned.message)] == DAMAGED
        assert warned.filename == __file__, "it is about the line that asked"
