"""The statements that declare the lake to Athena and Trino. Trino runs its own in tests/trino."""

import re

import pytest

from parcook.lake.ddl import athena_statements, trino_statements
from parcook.lake.tables import readable_tables

LAKE = "s3://bucket/prefix"


def test_every_readable_table_is_declared_once_and_no_restricted_one() -> None:
    names = [table.name for table in readable_tables()]
    assert [re.search(r"`lake`\.`(\w+)`", text)[1] for text in athena_statements(LAKE, "lake")] == names
    assert [re.search(r"hive\.lake\.(\w+)", text)[1] for text in trino_statements(LAKE, "hive.lake")[1:]] == names
    assert "activity" not in names


@pytest.mark.parametrize("location", [LAKE, f"{LAKE}/"])
def test_partitions_are_projected_from_the_path_the_files_are_written_to(location: str) -> None:
    for table, text in zip(readable_tables(), athena_statements(location, "lake"), strict=True):
        folder = f"{LAKE}/{table.prefix}"
        assert f"LOCATION '{folder}/'" in text
        template = folder + "/year=${year}/month=${month}/day=${day}"
        assert f"'storage.location.template' = '{template}'" in text
        assert "'projection.month.digits' = '2'" in text
        assert "'projection.day.digits' = '2'" in text


def test_json_is_read_by_the_serde_that_leaves_names_as_they_are() -> None:
    by_name = dict(zip([t.name for t in readable_tables()], athena_statements(LAKE, "lake"), strict=True))
    assert "org.openx.data.jsonserde.JsonSerDe" in by_name["daily_metrics"]
    assert "'case.insensitive' = 'false'" in by_name["daily_metrics"]
    assert "STORED AS PARQUET" in by_name["recipe_conversations"]
    assert "STORED AS JSON" not in "".join(by_name.values())
    assert all("JsonSerDe" in text for text in athena_statements(LAKE, "lake", "json"))


def test_words_that_athena_reserves_are_quoted() -> None:
    texts = "\n".join(athena_statements(LAKE, "lake"))
    assert "`date` string" in texts
    assert "map<string,bigint>" in texts
    assert "varchar" not in texts
