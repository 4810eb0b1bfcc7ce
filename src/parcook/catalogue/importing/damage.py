"""Is a SQLite file whole? What is wrong with one that is not, and where, is said as far as SQLite can tell."""

import re
import sqlite3
from pathlib import Path

from parcook.errors import UnreadableFile

# What quick_check also reports, though the file is sound: rows that break a rule of their table.
_ROW_TROUBLE = ("NULL value in ", "NUMERIC value in ", "TEXT value in ", "non-")
_COLLATION = re.compile(r"\bCOLLATE\s+[\"'`\[]?(\w+)", re.IGNORECASE | re.ASCII)
_MAX_SAID = 3


def check(path: Path, connection: sqlite3.Connection) -> None:
    """Raise `UnreadableFile` unless all of the file at `path` can be read through `connection`."""
    tables: list[str] = []
    try:
        for kind, name, definition in connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
            tables += [name] if kind == "table" else []
            _stand_in_for_collations(connection, definition or "")
        found = _damage(connection, "PRAGMA quick_check")
        damaged = [table for table in tables if found and _damage(connection, f"PRAGMA quick_check({quoted(table)})")]
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        found, damaged = [str(error)], []
    # SQLite takes the end of a page that was cut off for zeros.
    found += _missing_end(path)
    if found:
        where = f"in {', '.join(damaged)}" if damaged else "in its list of tables, or outside of all tables"
        raise UnreadableFile(f"{path}: the SQLite file is damaged {where}: {'; '.join(found)}. Take it from a backup.")


def quoted(identifier: str) -> str:
    """`identifier` for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _stand_in_for_collations(connection: sqlite3.Connection, definition: str) -> None:
    # Some programs sort by rules of their own, without which SQLite does not open their tables. Any will do
    # here: nothing is looked up by them.
    for name in _COLLATION.findall(definition):
        if name.upper() not in ("BINARY", "NOCASE", "RTRIM"):
            connection.create_collation(name, lambda one, other: (one > other) - (one < other))


def _damage(connection: sqlite3.Connection, check: str) -> list[str]:
    try:
        lines = [line for (report,) in connection.execute(check) for line in report.splitlines()]
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        return [str(error)]
    sound = ("ok", "*** in database main ***")
    return [line for line in lines if line not in sound and not line.startswith(_ROW_TROUBLE)][:_MAX_SAID]


def _is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _missing_end(path: Path) -> list[str]:
    # Fields of the header: https://www.sqlite.org/fileformat2.html#the_database_header. The number of pages
    # counts only where the last writer was one that keeps it, and while no -wal file holds newer pages.
    with path.open("rb") as file:
        head = file.read(96)
    page_bytes = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    log = Path(f"{path.resolve()}-wal")
    if head[24:28] != head[92:96] or page_bytes.bit_count() != 1 or (log.exists() and log.stat().st_size):
        return []
    expected = pages * (65_536 if page_bytes == 1 else page_bytes)
    size = path.stat().st_size
    return [f"it was cut off: it has {size} bytes of {expected}"] if size < expected else []
