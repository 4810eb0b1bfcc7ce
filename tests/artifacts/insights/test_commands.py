"""`parcook annotate`, `refresh`, `verify` and `status` about artifacts of conversations, as somebody types them."""

import json

import pytest

from tests.dashboard.typed import CommandLine
from tests.metrics.lakes import days, make_lake


@pytest.fixture
def command_line(tmp_path, monkeypatch, capsys) -> CommandLine:
    """In an installation whose lake holds a week."""
    make_lake(tmp_path / "home/lake", {"daily_metrics": days("2025-01-15", 7, dau=20, total_conversations=5)})
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_a_mark_is_put_down_replaced_and_taken_away(command_line):
    assert command_line.run("annotate", "2025-01-15", "Voice mode").stdout == "Marked 2025-01-15: Voice mode\n"
    told = command_line.run("annotate", "2025-01-15", "Voice mode, everywhere", "--json")
    assert json.loads(told.stdout) == {"date": "2025-01-15", "text": "Voice mode, everywhere"}
    assert command_line.run("annotate", "2025-01-15", "--remove").code == 0
    gone = command_line.run("annotate", "2025-01-15", "--remove")
    assert (gone.code, gone.stderr) == (1, "error: 2025-01-15 has no mark")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["15.1.2025", "Voice mode"], "error: the day must be a date such as 2025-01-15"),
        (["2025-01-15"], "error: the text must be 1 to 80 characters on one line"),
        (["2025-01-15", "Voice", "--remove"], "error: a mark is taken away by its day alone; leave the text out"),
    ],
)
def test_what_makes_no_mark_is_refused_in_a_line(command_line, arguments, fault):
    ended = command_line.run("annotate", *arguments)
    assert (ended.code, ended.stderr) == (1, fault)


def test_status_tells_of_them_before_and_after_they_are_cooked(command_line):
    before = json.loads(command_line.run("status", "--json").stdout)["insights"]
    assert before == {"current": False, "generated_at": None, "views": 0, "error": None}
    assert command_line.run("refresh").code == 0
    after = json.loads(command_line.run("status", "--json").stdout)["insights"]
    assert (after["current"], after["views"]) == (True, 15)
    assert "Insights   current, cooked " in command_line.run("status").stdout


def test_verify_finds_what_refresh_then_mends(command_line):
    command_line.run("refresh")
    assert command_line.run("verify").code == 0
    command_line.run("annotate", "2025-01-16", "Newsletter")
    stale = command_line.run("verify")
    assert (stale.code, "annotations is stale" in stale.stdout) == (3, True)
    command_line.run("refresh")
    assert command_line.run("verify").code == 0
