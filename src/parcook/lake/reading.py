"""The lake's tables for whoever asks them in SQL: files of the days asked for, as tables of a DuckDB connection."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from parcook.engines.contract import Days
from parcook.engines.duckdb import DuckdbEngine
from parcook.lake.fetching import Files
from parcook.lake.place import day_in
from parcook.lake.tables import TABLES_BY_NAME, Format, Table
from parcook.lake.writing import DUCKDB_TYPES
from parcook.objects import Objects

Connection = duckdb.DuckDBPyConnection
_PARTITION = {"year": "INTEGER", "month": "INTEGER", "day": "INTEGER"}


def open_duckdb(objects: Objects) -> DuckdbEngine:
    """A DuckDB engine over the lake in `objects`. Restricted tables are not among its tables."""
    lake = Files(objects)
    return DuckdbEngine(lambda connection, tables: _fill(lake, connection, tables))


def _fill(lake: Files, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Days]) -> Sequence[str]:
    damaged: list[str] = []
    with tempfile.TemporaryDirectory(prefix="parcook-query-") as folder:
        for name, days in tables.items():
            table = TABLES_BY_NAME[name]
            columns = _types(table, days)
            typed = ", ".join(f'"{column}" {type}' for column, type in columns.items())
            connection.execute(f"CREATE TABLE {name} ({typed})")
            damaged += _load(connection, table, columns, lake.read(table, days), Path(folder))
    return damaged


def _types(table: Table, days: Days) -> dict[str, str]:
    """The columns to read, and their types: of JSON only what is needed, for making maps of it takes longest."""
    needed = None if table.format != "json" else days.columns
    columns = {column.name: DUCKDB_TYPES[column.type] for column in table.columns}
    return {name: type for name, type in columns.items() if needed is None or name in needed} | _PARTITION


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    columns: Mapping[str, str],
    files: Mapping[str, bytes],
    folder: Path,
) -> list[str]:
    """Insert the rows of files, all at once; where that fails file by file, so that one that is damaged is named."""
    damaged: list[str] = []
    formats: tuple[Format, ...] = ("json", "parquet")
    for format in formats:
        own = {path: body for path, body in files.items() if path.endswith(f".{format}")}
        if own and not _insert(connection, table, columns, format, own, folder):
            one_by_one = ((path, {path: body}) for path, body in own.items())
            damaged += [
                path for path, one in one_by_one if not _insert(connection, table, columns, format, one, folder)
            ]
    return damaged


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    columns: Mapping[str, str],
    format: Format,
    files: Mapping[str, bytes],
    folder: Path,
) -> bool:
    if format == "json":
        place = folder / f"{table.name}.json"
        place.write_bytes(b"".join(_partitioned(path, body) for path, body in files.items()))
        typed = ", ".join(f"'{name}': '{type}'" for name, type in columns.items())
        source = f"read_json(['{place}'], format = 'newline_delimited', columns = {{{typed}}})"
    else:
        for path, body in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)
        quoted = ", ".join(f"'{folder / path}'" for path in files)
        types = ", ".join(f"'{name}': {type}" for name, type in _PARTITION.items())
        options = f"union_by_name = true, hive_partitioning = true, hive_types = {{{types}}}"
        source = f"read_parquet([{quoted}], {options})"
    try:
        connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM {source}")
    except duckdb.Error:
        return False
    return True


def _partitioned(path: str, body: bytes) -> bytes:
    """The lines of a JSON file with its partition in each: many small files are read far faster as one."""
    day = day_in(path)
    assert day is not None  # those of no day are not read
    head = b'{"year":%d,"month":%d,"day":%d,' % (day.year, day.month, day.day)
    return b"".join(head + line[1:] + b"\n" for line in body.splitlines() if line)
