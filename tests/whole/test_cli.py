"""The command line as people and scripts use it: answers on stdout, faults in a line on stderr, exit codes."""

import json
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.whole.processes import PARCOOK, Installation

SAMPLE = Path(__file__).parents[2] / "samples/cocktails.json"
ARTIFACTS = ["ingredient-usage", "ingredient-tree", "recipe-complexity"]


@pytest.fixture(scope="module")
def cooked(tmp_path_factory):
    """The sample catalogue, imported and refreshed; nobody changes it."""
    made = Installation(tmp_path_factory.mktemp("cooked"))
    made.done("import", SAMPLE)
    made.done("refresh")
    return made


def artifact(installation, name="ingredient-usage"):
    return installation.folder / f"home/objects/analytics/v1/{name}.json"


def fails(ended, code):
    """The one line on stderr; stdout is empty."""
    assert (ended.returncode, ended.stdout) == (code, ""), ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.startswith("error: ")
    return ended.stderr


def test_help_lists_the_commands_and_version_is_that_of_the_package(installation):
    told = installation.done("--help")
    commands = ("serve", "import", "refresh", "verify", "status", "token", "backup", "restore")
    assert [command for command in commands if command not in told] == []
    assert installation.done("--version") == f"parcook {version('parcook')}\n"
    assert "--json" in installation.done("status", "--help")
    assert not (installation.folder / "home").exists()


@pytest.mark.parametrize("arguments", [["nothing"], ["refresh", "--nothing"], ["import"], ["serve", "--port", "70000"]])
def test_wrong_usage_is_exit_2_and_says_what_is_wrong(installation, arguments):
    ended = installation.run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    assert "Usage" in ended.stderr
    assert not (installation.folder / "home").exists()


def test_the_sample_is_imported_whole_and_only_into_a_new_catalogue_if_asked_so(installation):
    dry = installation.told("import", SAMPLE, "--dry-run")
    assert (dry["dry_run"], dry["recipes_created"], dry["ingredients_created"]) == (True, 304, 219)
    assert json.loads(installation.run("status", "--json").stdout)["catalogue"] == {"recipes": 0, "ingredients": 0}
    report = installation.told("import", "--if-new", SAMPLE)
    assert [key for key in report if report[key] != dry[key]] == ["dry_run", "notes"]
    assert (report["units_created"], report["lines_created"], report["warnings"]) == (19, 1293, [])
    assert installation.told("import", "--if-new", SAMPLE) == {"skipped": True}
    again = installation.told("import", SAMPLE)
    assert (again["recipes_created"], again["recipes_kept"]) == (0, 304)
    assert json.loads(installation.run("status", "--json").stdout)["catalogue"] == {"recipes": 304, "ingredients": 219}


def test_refresh_cooks_once_and_again_only_if_forced(installation):
    installation.done("import", SAMPLE)
    first = installation.told("refresh")
    assert (first["cooked"], first["current"]) == (True, True)
    assert installation.told("refresh") == first | {"cooked": False}
    before = artifact(installation).stat().st_mtime_ns
    assert installation.told("refresh", "--force") == first
    assert artifact(installation).stat().st_mtime_ns > before


def test_status_is_3_while_something_is_stale(installation):
    installation.done("import", SAMPLE)
    behind = installation.run("status", "--json")
    assert behind.returncode == 3
    assert json.loads(behind.stdout)["artifacts"]["current"] is False
    assert installation.run("status").returncode == 3
    installation.done("refresh")
    assert installation.told("status")["artifacts"]["current"] is True
    with sqlite3.connect(installation.folder / "home/catalogue.db") as shell:
        shell.execute("UPDATE recipes SET description = 'from a shell' WHERE id = 1")
    shell.close()
    stale = installation.run("status", "--json")
    assert (stale.returncode, json.loads(stale.stdout)["artifacts"]["current"]) == (3, False)


def test_every_answer_for_machines_is_one_json_document(cooked, tmp_path):
    answers = [
        cooked.told(*command)
        for command in (
            ["status"],
            ["refresh"],
            ["verify"],
            ["import", SAMPLE, "--dry-run"],
            ["import", SAMPLE, "--if-new"],
            ["token", "create", "--role", "viewer"],
            ["token", "create", "--role", "viewer", "--link"],
            ["token", "list"],
            ["backup", tmp_path / "copy"],
        )
    ]
    assert all(isinstance(answer, dict) and answer for answer in answers)


def test_without_json_an_answer_is_text_for_people(cooked):
    status = cooked.done("status")
    assert "304 recipes, 219 ingredients" in status
    assert "current" in status
    assert cooked.done("verify") == "All stored artifacts are what the catalogue and the lake say.\n"
    assert cooked.done("refresh").startswith("Already current")


def test_verify_finds_every_artifact_that_is_not_what_was_cooked(cooked):
    originals = {name: artifact(cooked, name).read_text() for name in ARTIFACTS}
    usage, tree = originals["ingredient-usage"], originals["ingredient-tree"]
    artifact(cooked, "ingredient-usage").write_text(usage.replace('"recipe_count":', '"recipe_count":1', 1))
    artifact(cooked, "ingredient-tree").write_text(tree[:-9])
    artifact(cooked, "recipe-complexity").unlink()
    ended = cooked.run("verify", "--json")
    for name, original in originals.items():
        artifact(cooked, name).write_text(original)
    faults = json.loads(ended.stdout)["faults"]
    assert (ended.returncode, [fault["code"] for fault in faults]) == (3, ["wrong", "corrupt", "missing"])
    assert [name for name, fault in zip(ARTIFACTS, faults, strict=True) if name not in fault["message"]] == []
    assert cooked.told("verify") == {"ok": True, "faults": []}


def test_a_token_is_printed_alone_and_never_again(installation):
    token = installation.done("token", "create", "--role", "ingest")
    assert token.startswith("parcook_")
    assert len(token.split()) == 1
    made = installation.told("token", "create", "--role", "admin")
    assert made.keys() == {"token", "role", "id"}
    listed = installation.done("token", "list") + installation.done("token", "list", "--json")
    assert made["id"] in listed
    assert made["token"] not in listed
    assert token.strip() not in listed
    stored = b"".join(path.read_bytes() for path in (installation.folder / "home").iterdir() if path.is_file())
    assert made["token"].encode() not in stored
    installation.done("token", "revoke", made["id"])
    entries = {entry["id"]: entry for entry in installation.told("token", "list")["tokens"]}
    assert entries[made["id"]]["revoked_at"]
    assert "no token" in fails(installation.run("token", "revoke", "nothing"), 1)


def test_a_sign_in_link_is_printed_alone(installation):
    link = installation.done("token", "create", "--role", "admin", "--link", "--base-url", "https://example.com/")
    assert link.startswith("https://example.com/sign-in?key=")
    assert len(link.split()) == 1


def test_an_unknown_role_is_wrong_usage_and_the_known_ones_are_named(installation):
    for role in ("public", "root", "Admin", ""):
        ended = installation.run("token", "create", "--role", role)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert all(known in ended.stderr for known in ("ingest", "viewer", "admin"))


BAD_URLS = {
    "PARCOOK_CATALOGUE_URL": "mysql://somebody:hunter2@host/db",
    "PARCOOK_STORAGE_URL": "ftp://somebody:hunter2@host",
    "PARCOOK_REFRESH_URL": "cron://hunter2",
}
BAD_VALUES = {
    "PARCOOK_TIMEZONE": "Mars/Olympus",
    "PARCOOK_WEEK_START": "hunter2",
    "PARCOOK_LOG_LEVEL": "hunter2",
    "PARCOOK_SITE_TITLE": "a\x1b[2J",
}


@pytest.mark.parametrize("name", BAD_URLS)
def test_a_bad_url_stops_the_server_and_is_named_but_not_repeated(installation, name):
    told = fails(installation.run("serve", "--port", "0", **{name: BAD_URLS[name]}), 2)
    assert name in told
    assert "hunter2" not in told
    assert not (installation.folder / "home").exists()


def test_all_bad_settings_are_named_at_once(installation):
    told = fails(installation.run("status", **BAD_VALUES), 2)
    assert [name for name in BAD_VALUES if name not in told] == []
    assert "hunter2" not in told
    assert "\x1b[2J" not in told


def test_an_alias_that_contradicts_its_setting_refuses_to_start(installation):
    told = fails(installation.run("status", DB_PATH="/a.db", PARCOOK_CATALOGUE_URL="sqlite:////b.db"), 2)
    assert "DB_PATH" in told
    assert "PARCOOK_CATALOGUE_URL" in told


def test_another_time_zone_than_at_the_start_refuses_to_start(installation):
    installation.run("status")
    assert "PARCOOK_TIMEZONE" in fails(installation.run("status", PARCOOK_TIMEZONE="Europe/Madrid"), 2)


def test_files_that_cannot_be_imported_are_told_in_a_line(installation, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 200)
    for name in ("missing.json", "broken.json", "broken.db", "."):
        assert name in fails(installation.run("import", tmp_path / name), 1)
    assert json.loads(installation.run("status", "--json").stdout)["catalogue"]["recipes"] == 0


def test_every_fault_of_an_import_is_told_with_its_place(installation, tmp_path):
    bad = {"ingredients": [{"name": ""}], "recipes": [{"name": "A", "ingredients": [{"ingredient_name": "Nothing"}]}]}
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    ended = installation.run("import", tmp_path / "bad.json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert "ingredients[0]" in ended.stderr
    assert "recipes[0]" in ended.stderr


def test_a_database_of_somebody_else_is_refused_by_name(installation, tmp_path):
    with sqlite3.connect(tmp_path / "theirs.db") as shell:
        shell.execute("CREATE TABLE recipes (id INTEGER PRIMARY KEY, title TEXT)")
    shell.close()
    told = fails(installation.run("status", PARCOOK_CATALOGUE_URL=f"sqlite:///{tmp_path / 'theirs.db'}"), 1)
    assert "theirs.db" in told
    assert "recipes" in told


def test_storage_that_refuses_is_a_failure_and_not_a_success(installation, tmp_path):
    installation.done("import", SAMPLE)
    (tmp_path / "store").mkdir()
    (tmp_path / "store/analytics").write_text("a file in the way")
    ended = installation.run("refresh", PARCOOK_STORAGE_URL=f"file://{tmp_path / 'store'}")
    assert "cannot" in fails(ended, 1)


def test_a_database_that_does_not_answer_is_told_without_its_password(installation):
    url = "postgresql://somebody:hunter2@127.0.0.1:1/db"
    assert "hunter2" not in fails(installation.run("status", PARCOOK_CATALOGUE_URL=url), 1)


def test_a_backup_restores_what_was(installation, tmp_path):
    installation.done("import", SAMPLE)
    installation.done("backup", tmp_path / "copy")
    with sqlite3.connect(installation.folder / "home/catalogue.db") as shell:
        shell.execute("DELETE FROM recipes")
    shell.close()
    installation.done("restore", tmp_path / "copy")
    assert installation.told("status")["catalogue"] == {"recipes": 304, "ingredients": 219}
    assert installation.told("verify")["ok"] is True


def test_output_into_a_closed_pipe_is_no_traceback(cooked):
    script = f"{PARCOOK} status --json | true"
    ended = subprocess.run(["sh", "-c", script], env=cooked.environment, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in ended.stderr
