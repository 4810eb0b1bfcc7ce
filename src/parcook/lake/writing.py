"""Rows to the bytes of a file and back: the same rows, the same bytes, whoever writes them.

Parquet is written by DuckDB on one thread, in the order of the rows, without anything that varies; another version
of DuckDB may write other bytes, so whether a file is up to date is asked of its rows.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, count, groupby, pairwise
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from parcook.lake.place import damaged
from parcook.lake.tables import Format, Table

Row = Mapping[str, Any]

DUCKDB_TYPES = {
    "varchar": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp(3)": "TIMESTAMP_MS",
    "array(varchar)": "VARCHAR[]",
    "array(bigint)": "BIGINT[]",
    "map(varchar, bigint)": "MAP(VARCHAR, BIGINT)",
}
_AS_WRITTEN = {"date": "strftime({0}, '%Y-%m-%d')", "timestamp(3)": "strftime({0}, '%Y-%m-%d %H:%M:%S.%g')"}
CONTENT_TYPES: Mapping[Format, str] = {"parquet": "application/vnd.apache.parquet", "json": "application/x-ndjson"}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def as_line(row: Row) -> bytes:
    """One row as a JSON object on one line, what is null left out; the form in which rows are compared.

    Numbers must be finite, as those of rows that `Rows.fault` lets pass are.
    """
    return to_json({name: value for name, value in row.items() if value is not None}) + b"\n"


def as_lines(rows: Iterable[Row]) -> bytes:
    """Rows one below the other, as `as_line` makes them."""
    return b"".join(map(as_line, rows))


def as_full_line(row: Row) -> bytes:
    """One row as a JSON object on one line, with all its keys. Raises `ValueError` for a number that is none."""
    return (_encode(row) + "\n").encode()


def digest(body: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


class Bench:
    """A DuckDB of its own with a folder for the files that pass through it. One thread at a time; `close()` it."""

    def __init__(self, threads: int = 1) -> None:
        import duckdb  # by far the largest thing we load: a door that writes no file does without

        self._folder = tempfile.TemporaryDirectory(prefix="parcook-lake-")  # readable by its owner only
        self._numbers = count()
        self._refusal: type[duckdb.Error] = duckdb.Error
        self.duckdb: duckdb.DuckDBPyConnection = duckdb.connect(
            config={"threads": threads, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and remove the folder."""
        self.duckdb.close()
        self._folder.cleanup()

    def encode(self, table: Table, parts: Sequence[bytes], format: Format) -> list[bytes]:
        """The files of `table` that hold these parts, each of lines that `as_lines` made.

        A file does not depend on which others it is made with; to read the lines of many at once takes half the time.
        """
        if format == "json":
            return list(parts)
        source = self._place(b"".join(parts), "json")
        self.duckdb.execute(f"CREATE OR REPLACE TEMP TABLE encoded AS SELECT * FROM {_read(table, 'json', [source])}")
        source.unlink()
        starts = accumulate((part.count(b"\n") for part in parts), initial=0)
        # What is known of all rows, as that none is null somewhere, must not change how some of them are written.
        self.duckdb.execute("SET disabled_optimizers = 'statistics_propagation'")
        try:
            return [self._encode(first, last) for first, last in pairwise(starts)]
        finally:
            self.duckdb.execute("RESET disabled_optimizers")

    def _encode(self, first: int, last: int) -> bytes:
        """The file of these rows of `encoded`."""
        target = Path(self._folder.name, f"{next(self._numbers)}.parquet")
        self.duckdb.execute(
            f"COPY (SELECT * FROM encoded WHERE rowid >= {first} AND rowid < {last}) "
            f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
        body = target.read_bytes()
        target.unlink()
        return body

    def decode(self, table: Table, path: str, body: bytes) -> list[dict[str, Any]]:
        """The rows in the file `body`, in their order and as they were before they were written.

        Raises `Corrupt`, naming `path`, if it cannot be read.
        """
        if self.load(table, [(path, body)], "decoded"):
            raise damaged(path)
        columns = ", ".join(_AS_WRITTEN.get(column.type, "{0}").format(column.name) for column in table.columns)
        found = self.duckdb.execute(f"SELECT {columns} FROM decoded").fetchall()
        return [dict(zip(table.column_names, row, strict=True)) for row in found]

    def load(self, table: Table, files: Sequence[tuple[str, bytes]], into: str) -> list[str]:
        """Make a table `into` with the rows of `files`, given as (path, bytes); the paths of those that are corrupt.

        Files of both formats may stand side by side; rows keep the order of the files and their own. A column that a
        file lacks is null.
        """
        columns = ", ".join(f"{column.name} {DUCKDB_TYPES[column.type]}" for column in table.columns)
        self.duckdb.execute(f"CREATE OR REPLACE TEMP TABLE {into} ({columns})")
        corrupt: list[str] = []
        for format, group in groupby(files, lambda file: _format_of(file[0])):
            own = list(group)
            if not self._can_insert(table, format, [body for _, body in own], into):
                corrupt += [path for path, body in own if not self._can_insert(table, format, [body], into)]
        return corrupt

    def _can_insert(self, table: Table, format: Format, bodies: Sequence[bytes], into: str) -> bool:
        if format == "json":  # many small files are read far faster as one
            bodies = [b"\n".join(bodies)]
        places = [self._place(body, format) for body in bodies]
        try:
            self.duckdb.execute(f"INSERT INTO {into} BY NAME SELECT * FROM {_read(table, format, places)}")
        except self._refusal:
            return False
        finally:
            for place in places:
                place.unlink()
        return True

    def _place(self, body: bytes, format: Format) -> Path:
        """A file with these bytes, and of a new name: to write over another one waits for the disk."""
        place = Path(self._folder.name, f"{next(self._numbers)}.{format}")
        place.write_bytes(body)
        return place


def _format_of(path: str) -> Format:
    return "json" if path.endswith(".json") else "parquet"


def _read(table: Table, format: Format, places: Sequence[Path]) -> str:
    files = ", ".join(f"'{place}'" for place in places)
    if format == "parquet":
        return f"read_parquet([{files}], union_by_name = true)"
    columns = ", ".join(f"{column.name}: '{DUCKDB_TYPES[column.type]}'" for column in table.columns)
    return f"read_json([{files}], format = 'newline_delimited', columns = {{{columns}}})"
