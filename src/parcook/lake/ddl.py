"""The lake's tables for Athena and Trino: the declarations of `tables.py` as CREATE TABLE statements.

Partitions are projected: the engine works out from the days asked for which folders to look into, so nothing has to be
registered day by day, and a day without files is a day without rows. Restricted tables are not among them.
"""

from collections.abc import Iterator

from parcook.lake.tables import Column, Format, Table, readable_tables

FIRST_YEAR, LAST_YEAR = 2020, 2039  # each year adds 372 folders to what is looked into where no day is named
PARTITIONS = {"year": f"{FIRST_YEAR},{LAST_YEAR}", "month": "1,12", "day": "1,31"}
_TEMPLATE = "/year=${year}/month=${month}/day=${day}"

_ATHENA_TYPES = {
    "varchar": "string",
    "integer": "int",
    "timestamp(3)": "timestamp",
    "array(varchar)": "array<string>",
    "array(bigint)": "array<bigint>",
    "map(varchar, bigint)": "map<string,bigint>",
}
_ATHENA_FORMATS = {
    "parquet": "STORED AS PARQUET",
    # Athena knows no STORED AS JSON. By default the SerDe puts what it reads into lower case, recipes' names too.
    "json": (
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'\nWITH SERDEPROPERTIES ('case.insensitive' = 'false')"
    ),
}
_TRINO_FORMATS = {"parquet": "PARQUET", "json": "OPENX_JSON"}


def athena_statements(location: str, database: str, lake_format: Format = "parquet") -> list[str]:
    """The statements that declare the lake at `location`, as `s3://bucket/prefix`, in a database of Athena or Glue."""
    tables = [
        _athena(table, f"{location.rstrip('/')}/{table.prefix}", database, lake_format) for table in readable_tables()
    ]
    return [f"CREATE DATABASE IF NOT EXISTS `{database}`", *tables]


def trino_statements(location: str, schema: str, lake_format: Format = "parquet") -> list[str]:
    """The statements that declare the lake at `location` in a schema of Trino's Hive connector, as `catalog.schema`."""
    tables = [
        _trino(table, f"{location.rstrip('/')}/{table.prefix}", schema, lake_format) for table in readable_tables()
    ]
    return [f"CREATE SCHEMA IF NOT EXISTS {schema}", *tables]


def projection(location: str) -> Iterator[tuple[str, str]]:
    """The properties by which Athena works out the partitions of a table at `location`."""
    yield "projection.enabled", "true"
    for name, span in PARTITIONS.items():
        yield f"projection.{name}.type", "integer"
        yield f"projection.{name}.range", span
        if name != "year":
            yield f"projection.{name}.digits", "2"
    yield "storage.location.template", location + _TEMPLATE


def athena_type(column: Column) -> str:
    """The type of `column` as Athena and Glue write it."""
    return _ATHENA_TYPES.get(column.type, column.type)


def _athena(table: Table, location: str, database: str, lake_format: Format) -> str:
    columns = ",\n".join(
        f"  `{column.name}` {athena_type(column)} COMMENT {_athena_text(column.meaning)}" for column in table.columns
    )
    partitions = ", ".join(f"`{name}` int" for name in PARTITIONS)
    properties = ",\n".join(f"  '{name}' = '{value}'" for name, value in projection(location))
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS `{database}`.`{table.name}` (\n{columns}\n)\n"
        f"PARTITIONED BY ({partitions})\n{_ATHENA_FORMATS[table.format or lake_format]}\n"
        f"LOCATION '{location}/'\nTBLPROPERTIES (\n{properties}\n)"
    )


def _trino(table: Table, location: str, schema: str, lake_format: Format) -> str:
    columns = [f'  "{column.name}" {column.type} COMMENT {_text(column.meaning)}' for column in table.columns]
    columns += [f"  {name} integer WITH ({_trino_projection(name, span)})" for name, span in PARTITIONS.items()]
    declared = ",\n".join(columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {schema}.{table.name} (\n{declared}\n)\nWITH (\n"
        f"  format = '{_TRINO_FORMATS[table.format or lake_format]}',\n"
        f"  external_location = '{location}',\n"
        "  partitioned_by = ARRAY['year', 'month', 'day'],\n"
        "  partition_projection_enabled = true,\n"
        f"  partition_projection_location_template = '{location}{_TEMPLATE}'\n)"
    )


def _trino_projection(name: str, span: str) -> str:
    first, last = span.split(",")
    digits = "" if name == "year" else ", partition_projection_digits = 2"
    return f"partition_projection_type = 'INTEGER', partition_projection_range = ARRAY['{first}', '{last}']{digits}"


def _athena_text(words: str) -> str:
    """A text as both parsers read it that Athena has: Hive's joins two texts where Trino's reads an apostrophe."""
    return "'" + words.replace("'", "’") + "'"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
