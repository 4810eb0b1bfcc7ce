"""The statements that declare the lake to Athena and Trino. Trino runs its own in tests/trino."""

import json
import re
from pathlib import Path

import pytest

from parcook.lake.ddl import athena_statements, trino_statements
from parcook.lake.tables import readable_tables
from tests.dashboard.typed import CommandLine

LAKE = "s3://bucket/prefix"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_every_readable_table_is_declared_once_and_no_restricted_one() -> None:
    names = [table.name for table in readable_tables()]
    assert [re.search(r"`lake`\.`(\w+)`", text)[1] for text in athena_statements(LAKE, "lake")[1:]] == names
    assert [re.search(r"hive\.lake\.(\w+)", text)[1] for text in trino_statements(LAKE, "hive.lake")[1:]] == names
    assert "activity" not in names


@pytest.mark.parametrize("location", [LAKE, f"{LAKE}/"])
def test_partitions_are_projected_from_the_path_the_files_are_written_to(location: str) -> None:
    for table, text in zip(readable_tables(), athena_statements(location, "lake")[1:], strict=True):
        folder = f"{LAKE}/{table.prefix}"
        assert f"LOCATION '{folder}/'" in text
        template = folder + "/year=${year}/month=${month}/day=${day}"
        assert f"'storage.location.template' = '{template}'" in text
        assert "'projection.month.digits' = '2'" in text
        assert "'projection.day.digits' = '2'" in text


def test_json_is_read_by_the_serde_that_leaves_names_as_they_are() -> None:
    by_name = dict(zip([t.name for t in readable_tables()], athena_statements(LAKE, "lake")[1:], strict=True))
    assert "org.openx.data.jsonserde.JsonSerDe" in by_name["daily_metrics"]
    assert "'case.insensitive' = 'false'" in by_name["daily_metrics"]
    assert "STORED AS PARQUET" in by_name["recipe_conversations"]
    assert "STORED AS JSON" not in "".join(by_name.values())
    assert all("JsonSerDe" in text for text in athena_statements(LAKE, "lake", "json")[1:])


def test_words_that_athena_reserves_are_quoted() -> None:
    texts = "\n".join(athena_statements(LAKE, "lake"))
    assert "`date` string" in texts
    assert "map<string,bigint>" in texts
    assert "varchar" not in texts


def test_what_athena_keeps_of_a_column_fits_its_catalogue() -> None:
    """Glue takes 255 characters of a comment, and Hive's grammar reads two texts where an apostrophe is doubled."""
    comments = re.findall(r"COMMENT '(.*)'", "\n".join(athena_statements(LAKE, "lake")))
    assert len(comments) == sum(len(table.columns) for table in readable_tables())
    assert all(len(comment) <= 255 and "'" not in comment for comment in comments)


def test_what_is_deployed_is_what_the_command_prints(command_line: CommandLine, tmp_path: Path) -> None:
    told = command_line.run("ddl", "athena", "--location", "s3://parcook-lake", "--schema", "parcook").stdout
    assert (ROOT / "deploy" / "athena" / "tables.sql").read_text() == told, "run `make reference`"
    assert not (tmp_path / "home").exists(), "printing makes nothing"


def test_place_and_schema_come_from_the_settings(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_LAKE_URL", "s3://bucket/lake")
    monkeypatch.setenv("PARCOOK_LAKE_FORMAT", "json")
    monkeypatch.setenv("PARCOOK_ENGINE_URL", "trino://ann@127.0.0.1:8080/hive/menu")
    told = json.loads(command_line.run("ddl", "trino", "--json").stdout)["statements"]
    assert told == trino_statements("s3://bucket/lake", "hive.menu", "json")
    other = json.loads(command_line.run("ddl", "athena", "--location", "s3://elsewhere", "--json").stdout)["statements"]
    assert other == athena_statements("s3://elsewhere", "parcook", "json")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["athena"], 2, "say where Athena finds it"),
        (["trino"], 2, "say where Trino finds it"),
        (["athena", "--location", "local:///lake"], 2, "--location"),
        (["trino", "--location", "s3://bucket/it's"], 2, "--location"),
        (["athena", "--location", LAKE, "--schema", "a.b"], 2, "write it as database"),
        (["trino", "--location", LAKE, "--schema", "b"], 2, "write it as catalog.schema"),
        (["trino", "--location", LAKE, "--apply"], 2, "PARCOOK_ENGINE_URL names no Trino"),
        (["duckdb"], 2, "athena"),
    ],
)
def test_what_cannot_be_declared_is_told(command_line: CommandLine, words: list[str], code: int, told: str) -> None:
    ended = command_line.run("ddl", *words)
    assert (ended.code, ended.stdout) == (code, "")
    assert told in ended.stderr
