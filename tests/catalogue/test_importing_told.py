"""What `parcook import` tells the person before the terminal, and what a machine."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from parcook.cli.catalogue import MANY_WARNINGS, SHOWN_OF_A_KIND
from tests.whole.processes import PARCOOK, Installation, clean_environment


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def recipes(folder: Path, number: int) -> Path:
    path = folder / "many.jsonl"
    path.write_text("".join(f'{{"name": "R{n}", "ingredients": ["{n} g thing {n}"]}}\n' for n in range(number)))
    return path


def test_a_few_warnings_are_all_told(installation: Installation, tmp_path: Path) -> None:
    ended = installation.run("import", recipes(tmp_path, MANY_WARNINGS - 1))
    assert ended.returncode == 0
    assert ended.stderr.count("warning: ") == MANY_WARNINGS
    assert "more" not in ended.stderr
    assert f"with {MANY_WARNINGS} warnings" in ended.stdout


def test_of_many_warnings_the_first_of_each_kind_are_told_and_json_has_all(
    installation: Installation, tmp_path: Path
) -> None:
    file = recipes(tmp_path, 40)
    ended = installation.run("import", "--dry-run", file)
    told = ended.stderr.splitlines()
    assert told[0] == "40 × new_ingredient"
    assert told[1] == "  ingredient 'thing 0': not known, made a root; first in line 1, 'R0'"
    assert told[SHOWN_OF_A_KIND + 1 :] == [
        f"  … and {40 - SHOWN_OF_A_KIND} more; --json lists all",
        "1 × new_unit",
        "  unit 'gram': not known, made; first in line 1, 'R0'",
        "This was a dry run: nothing was written.",
    ]
    assert ended.stdout == "Would import 40 recipes, 40 ingredients and 1 units from many.jsonl, with 41 warnings.\n"

    ended = installation.run("import", "--json", file)
    assert ended.stderr == ""
    report = json.loads(ended.stdout)
    assert len(report["warnings"]) == 41
    assert {warning["code"] for warning in report["warnings"]} == {"new_ingredient", "new_unit"}
    assert report["recipes_created"] == 40


@pytest.mark.parametrize(("options", "shows_bar"), [((), True), (("--json",), False)])
def test_a_bar_is_shown_on_a_terminal_alone_and_never_with_json(
    tmp_path: Path, options: tuple[str, ...], shows_bar: bool
) -> None:
    terminal, stderr = pty.openpty()
    environment = clean_environment() | {"PARCOOK_HOME": str(tmp_path / "home"), "TERM": "xterm"}
    command = [PARCOOK, "import", *options, recipes(tmp_path, 5)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, env=environment, check=True, text=True)
    os.close(stderr)
    os.set_blocking(terminal, False)
    told = b""
    try:
        while part := os.read(terminal, 65_536):
            told += part
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    assert (b"writing" in told) is shows_bar
    assert (b"100%" in told) is shows_bar
    assert "writing" not in ended.stdout


def test_a_file_of_no_known_format_is_told_what_is_taken(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "recipes.xlsx").write_bytes(b"PK")
    ended = installation.run("import", tmp_path / "recipes.xlsx")
    assert ended.returncode == 1
    for suffix in (".db", ".json", ".jsonld", ".jsonl", ".csv"):
        assert suffix in ended.stderr
