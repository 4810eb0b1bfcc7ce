"""A SQLite file with the core tables of a recipe product, parcook's own `catalogue.db` included.

The file is read in one consistent state and never changed, nor is anything left beside it. What the rows
hold is mended in `rows.py`; a damaged file, or one without the core tables and columns, is refused.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parcook.catalogue.importing.batch import Batch
from parcook.catalogue.importing.damage import check, quoted
from parcook.catalogue.importing.rows import COLUMNS, Rows, assemble
from parcook.catalogue.importing.values import decode
from parcook.errors import Unavailable, UnreadableFile

SIGNATURE = b"SQLite format 3\x00"

_REQUIRED = {
    "ingredients": ("id", "name"),
    "recipes": ("id", "name"),
    "recipe_ingredients": ("recipe_id", "ingredient_id"),
}
_REQUIRED_IF_THERE = {"units": ("id", "name")}
BUSY_TIMEOUT_S = 5.0
_WRITE_VERSION = 18  # where the header says whether the file is in WAL mode
_WAL = 2


def read(path: Path) -> Batch:
    """The rows of the file at `path`.

    Raises `UnreadableFile` if it is damaged or lacks a core table or column, `Unavailable` if another program
    keeps it locked.
    """
    try:
        with _open(path.resolve()) as connection:
            check(path, connection)
            tables = _find_tables(path, connection)
            return assemble("SQLite", Rows(**{table: _rows(connection, tables.get(table)) for table in COLUMNS}))
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Unavailable(f"{path}: another program is writing to the file; try again") from error
        if code == "SQLITE_READONLY_ROLLBACK":
            raise UnreadableFile(
                f"{path}: a program stopped in the middle of writing to the file. Open it once with that program "
                "or with `sqlite3`, which takes the half-written change back, then import it."
            ) from error
        raise UnreadableFile(f"{path}: SQLite cannot read the file: {error}") from error


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    # Reading a file in WAL mode makes -wal and -shm files beside it and cannot delete them again, or fails in a
    # read-only folder. Where they are not there nobody has the file open: it can be read as one that does not
    # change, or, if there is a -wal file without its index, from a copy.
    options = "mode=ro"
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    with ExitStack() as stack:
        original = None
        with path.open("rb") as file:
            is_wal = file.read(_WRITE_VERSION + 1)[-1] == _WAL
        if is_wal and not (log.exists() and index.exists()):
            if log.exists() and log.stat().st_size:
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="parcook-import-")))
                path = Path(shutil.copy(path, folder / "copy.db"))
                shutil.copy(log, folder / "copy.db-wal")
            else:
                options += "&immutable=1"
                original = path.stat()
        connection = sqlite3.connect(
            f"{path.as_uri()}?{options}", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None
        )
        stack.callback(connection.close)
        connection.text_factory = decode
        connection.execute("PRAGMA trusted_schema = OFF")  # a view must not run what a stranger put into it
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("BEGIN")
        yield connection
        if original is not None and _moment(original) != _moment(path.stat()):
            raise Unavailable(f"{path}: another program changed the file while it was read; try again")


def _moment(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size


@dataclass(frozen=True)
class _Table:
    name: str
    columns: dict[str, str]
    has_rowid: bool


def _find_tables(path: Path, connection: sqlite3.Connection) -> dict[str, _Table]:
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    actual = {str(name).lower(): str(name) for (name,) in connection.execute(query)}
    found: dict[str, _Table] = {}
    for table, required in (_REQUIRED | _REQUIRED_IF_THERE).items():
        if table not in actual:
            if table in _REQUIRED:
                there = ", ".join(sorted(actual.values())) or "none"
                raise UnreadableFile(f"{path}: there is no table {table!r}; the tables are: {there}")
            continue
        info = connection.execute(f"PRAGMA table_xinfo({quoted(actual[table])})")
        columns = {str(column[1]).lower(): str(column[1]) for column in info}
        if missing := [column for column in required if column not in columns]:
            raise UnreadableFile(
                f"{path}: table {table!r} has no column {', '.join(map(repr, missing))}; "
                f"its columns are: {', '.join(columns.values())}"
            )
        found[table] = _Table(actual[table], columns, _has_rowid(connection, actual[table]))
    return found


def _has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    try:
        connection.execute(f"SELECT rowid FROM {quoted(table)} LIMIT 0")
    except sqlite3.OperationalError:  # WITHOUT ROWID, or a view
        return False
    return True


def _rows(connection: sqlite3.Connection, table: _Table | None) -> Iterator[tuple[Any, ...]]:
    if table is None:
        return iter(())
    selected = [
        quoted(table.columns[column]) if column in table.columns else "NULL" for column in COLUMNS[table.name.lower()]
    ]
    # parcook's own lines know their place in the recipe.
    order = [quoted(table.columns["position"])] if {"position", "recipe_id"} <= table.columns.keys() else []
    if table.has_rowid:
        order.append("rowid")
    elif "id" in table.columns:
        order.append(quoted(table.columns["id"]))
    ordered = f" ORDER BY {', '.join(order)}" if order else ""
    return connection.execute(f"SELECT {', '.join(selected)} FROM {quoted(table.name)}{ordered}")
