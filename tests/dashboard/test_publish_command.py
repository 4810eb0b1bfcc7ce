"""`parcook publish` as somebody types it."""

import json
from pathlib import Path

import pytest

from tests.dashboard.golden import golden_site
from tests.dashboard.typed import CommandLine
from tests.whole.processes import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One that holds the golden artifacts."""
    golden_site(tmp_path / "home/objects")
    return Installation(tmp_path)


@pytest.fixture
def command_line(tmp_path, monkeypatch, capsys) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_a_folder_gets_the_page_and_the_second_time_nothing(installation, tmp_path):
    first = installation.told("publish", "--to", tmp_path / "site")
    assert (first["profile"], first["unchanged"], first["dropped"]) == ("public", 0, [])
    assert {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*")} == set(
        first["written"]
    )
    assert installation.told("publish", "--to", tmp_path / "site")["written"] == []


def test_one_file_for_insiders_is_written_and_a_warning_said(installation, tmp_path):
    done = installation.run("publish", "--profile", "internal", "--single-file", tmp_path / "bar.html")
    assert (done.returncode, "let only those reach it" in done.stderr) == (0, True)
    assert (tmp_path / "bar.html").read_text().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.glob(".*.part")] == []


MISTAKES = {
    "nowhere": ((), 2, "say where"),
    "a scheme that is none of ours": (("--to", "ftp://host/page"), 2, "is not file:///folder"),
    "a profile that there is not": (("--to", "x", "--profile", "all"), 2, "Invalid value"),
    "a file in the folder's place": (("--to", "taken"), 2, "cannot be used as a folder"),
    "a page of others": (("--to", "others"), 1, "choose an empty place"),
    "the place of the artifacts": (("--to", "home/objects"), 1, "publish somewhere else"),
    "one file in a folder that is not there": (("--single-file", "none/bar.html"), 1, "cannot write none/bar.html"),
}


@pytest.mark.parametrize(("arguments", "code", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_words(command_line, tmp_path, arguments, code, reason):
    golden_site(tmp_path / "home/objects")
    (tmp_path / "taken").write_text("")
    (tmp_path / "others").mkdir()
    (tmp_path / "others/index.html").write_text("<h1>My bar</h1>")
    done = command_line.run("publish", *arguments)
    assert (done.code, reason in done.stderr) == (code, True), done.stderr


def test_a_bucket_that_is_not_there_is_told_by_name(command_line, tmp_path, s3_server, monkeypatch):
    golden_site(tmp_path / "home/objects")
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    done = command_line.run("publish", "--to", "s3://parcook-no-such-bucket/page")
    assert (done.code, "s3://parcook-no-such-bucket/page" in done.stderr) == (1, True), done.stderr


def test_before_anything_is_cooked_it_says_what_to_do(command_line, tmp_path):
    done = command_line.run("publish", "--to", tmp_path / "site", "--json")
    assert (done.code, done.stdout, "parcook refresh" in done.stderr) == (1, "", True)


def test_what_was_done_can_be_read_by_machines(installation, tmp_path):
    told = json.loads(installation.done("publish", "--json", "--single-file", tmp_path / "x.html"))
    assert told["single_file"]["bytes"] == (tmp_path / "x.html").stat().st_size
