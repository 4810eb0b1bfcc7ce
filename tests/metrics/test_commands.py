"""`parcook metric` and `parcook sql`, as somebody types them: answers, and what is said when they lack something."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.dashboard.typed import CommandLine
from tests.metrics.lakes import DAMAGED, damage, days, make_lake

WEEK = ("--from", "2025-01-15", "--to", "2025-01-21")
COUNT = "select count(*) as days from daily_metrics"
SAID = [f"warning: {path} is damaged and was left out" for path in DAMAGED]


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """In an installation whose lake holds a week."""
    make_lake(tmp_path / "home/lake", {"daily_metrics": days("2025-01-15", 7, total_conversations=5)})
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_an_answer_of_everything_is_given_without_a_word(command_line: CommandLine) -> None:
    for command in (["metric", "daily_totals", *WEEK], ["sql", COUNT]):
        told = command_line.run(*command)
        assert (told.code, told.stderr) == (0, "")


def test_a_query_is_told_with_its_columns(command_line: CommandLine) -> None:
    assert json.loads(command_line.run("sql", COUNT, "--json").stdout) == {
        "data": [{"days": 7}],
        "metadata": {"columns": ["days"], "damaged": []},
    }
    none = json.loads(command_line.run("sql", "select date, dau from daily_metrics where false", "--json").stdout)
    assert none == {"data": [], "metadata": {"columns": ["date", "dau"], "damaged": []}}


def test_a_query_over_damaged_files_names_them_and_is_3(command_line: CommandLine, tmp_path: Path) -> None:
    damage(tmp_path / "home/lake")
    text, table, document = (command_line.run("sql", COUNT, *form) for form in ([], ["--csv"], ["--json"]))
    for told in (text, table, document):
        assert told.code == 3
        assert [said for said in SAID if said in told.stderr] == SAID
        assert "the answer is incomplete" in told.stderr
    assert text.stdout.split() == ["days", "5"]
    assert list(csv.reader(io.StringIO(table.stdout))) == [["days"], ["5"]]
    assert json.loads(document.stdout) == {
        "data": [{"days": 5}],
        "metadata": {"columns": ["days"], "damaged": DAMAGED},
    }


def test_rows_in_a_torn_parquet_file_are_told_to_be_missing(command_line: CommandLine, tmp_path: Path) -> None:
    path = "conversations/year=2025/month=01/day=16/conversations-2025-01-16T10Z.parquet"
    torn = tmp_path / "home/lake" / path
    torn.parent.mkdir(parents=True)
    torn.write_bytes(b"PAR1" + bytes(900))
    told = command_line.run("sql", "select count(*) as messages from recipe_conversations", "--json")
    assert (told.code, json.loads(told.stdout)["metadata"]["damaged"]) == (3, [path])
    assert f"warning: {path} is damaged and was left out" in told.stderr


def test_damage_of_a_table_that_is_not_asked_is_not_told(command_line: CommandLine, tmp_path: Path) -> None:
    damage(tmp_path / "home/lake")
    told = command_line.run("sql", "select count(*) from weekly_metrics")
    assert (told.code, told.stderr) == (0, "")


def test_a_metric_over_damaged_files_names_them_and_is_3(command_line: CommandLine, tmp_path: Path) -> None:
    damage(tmp_path / "home/lake")
    for form in ([], ["--csv"], ["--json"]):
        told = command_line.run("metric", "daily_totals", *WEEK, *form)
        assert told.code == 3
        assert [said for said in SAID if said in told.stderr] == SAID
        assert "the answer is incomplete" in told.stderr


def test_a_metric_of_days_that_are_not_there_says_so_and_is_3(command_line: CommandLine) -> None:
    told = command_line.run("metric", "daily_totals", "--from", "2025-01-15", "--to", "2025-01-22")
    assert (told.code, told.stderr) == (
        3,
        "warning: the answer is incomplete: not every day from 2025-01-15 to 2025-01-22 is there and complete",
    )
