"""Backup and restore of a catalogue: one SQLite file, whatever database it came from or goes to.

A backup is a consistent snapshot taken while others write. It holds what people edited, the settled
installation and the hashes of tokens; sign-in links, sessions and leases stay behind, and artifacts are
recooked. It can be restored under a running server: its stamp differs from the stored one, so answers follow.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from parcook.catalogue.database import Database
from parcook.catalogue.inserts import insert_many
from parcook.catalogue.store import Catalogue, open_catalogue, read_state
from parcook.catalogue.tables import (
    SCHEMA_REVISION,
    access_tokens,
    catalogue_state,
    ingredients,
    installation,
    leases,
    recipe_ingredients,
    recipes,
    sessions,
    sign_in_links,
    units,
)
from parcook.clock import Clock, format_time, utc_now
from parcook.errors import Unavailable, UnreadableFile

CATALOGUE_FILE = "catalogue.db"
ABOUT_FILE = "backup.json"
FORMAT = 1

# Parents before what refers to them.
_COPIED = (units, ingredients, recipes, recipe_ingredients, installation, access_tokens)
_LEFT_BEHIND = (sign_in_links, sessions, leases)
_BATCH = 1_000


def back_up(catalogue: Catalogue, folder: Path, clock: Clock = utc_now) -> dict[str, Any]:
    """Write a backup of `catalogue` into the new or empty `folder`; returns what `backup.json` says of it.

    Raises `Unavailable` if the folder is not empty or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise Unavailable(f"{folder} is not empty; give each backup a folder of its own")
        copy = folder / CATALOGUE_FILE
        if catalogue.database.path is not None:
            _copy_pages(catalogue.database.path, copy)
        else:
            _copy_into_file(catalogue.database, copy)
        about = _describe(copy, clock)
        (folder / ABOUT_FILE).write_text(json.dumps(about, indent=1) + "\n")
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"cannot write the backup to {folder}: {error}") from error
    return about


def restore(catalogue: Catalogue, folder: Path) -> dict[str, Any]:
    """Put the backup in `folder` in the place of everything in `catalogue`; returns what `backup.json` says of it.

    All or nothing, in one transaction that a running server lives through. A token revoked since the backup
    stays revoked. Raises `UnreadableFile` if `folder` holds no whole backup, `SchemaRefused` if a newer
    parcook made it.
    """
    about = _check(folder)
    with tempfile.TemporaryDirectory(prefix="parcook-restore-") as scratch:
        copy = Path(scratch) / CATALOGUE_FILE
        copy.write_bytes((folder / CATALOGUE_FILE).read_bytes())
        with closing(open_catalogue(f"sqlite:///{copy}")) as restored:  # migrates what an older version made
            _keep_revocations(catalogue.database, restored.database)
            if catalogue.database.path is None:
                _copy_rows(restored.database, catalogue.database)
                return about
        if catalogue.database.path is not None:
            try:
                _copy_pages(copy, catalogue.database.path)
            except sqlite3.Error as error:
                raise Unavailable(f"cannot restore into {catalogue.database.path}: {error}") from error
    return about


def _copy_pages(source: Path, target: Path) -> None:
    """Copy one SQLite database over another through SQLite, so that readers of either see whole states."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)) as reading,
        closing(sqlite3.connect(target, timeout=20)) as writing,
    ):
        reading.backup(writing)


def _copy_into_file(source: Database, target: Path) -> None:
    with closing(open_catalogue(f"sqlite:///{target}")) as copy:
        _copy_rows(source, copy.database)


def _copy_rows(source: Database, target: Database) -> None:
    with source.read() as reading, target.write() as writing:
        for table in reversed(_COPIED):
            writing.execute(delete(table))
        for table in _COPIED:
            _copy_table(reading, writing, table)
        state = read_state(reading)
        writing.execute(  # last: the triggers of the copying itself counted as well
            update(catalogue_state).values(
                version=state.stamp.version, token=state.stamp.token, changed_at=state.changed_at
            )
        )


def _copy_table(reading: Connection, writing: Connection, table: Table) -> None:
    order = [func.length(table.c.path)] if "path" in table.c else []  # a parent's path is shorter
    result = reading.execution_options(stream_results=True).execute(select(table).order_by(*order, *table.primary_key))
    for batch in result.yield_per(_BATCH).mappings().partitions():
        insert_many(writing, table, [dict(row) for row in batch])


def _keep_revocations(current: Database, restored: Database) -> None:
    revoked = select(access_tokens.c.id, access_tokens.c.revoked_at).where(access_tokens.c.revoked_at.is_not(None))
    with current.read() as reading, restored.write_aside() as writing:
        for token_id, revoked_at in reading.execute(revoked):
            own = (access_tokens.c.id == token_id) & access_tokens.c.revoked_at.is_(None)
            writing.execute(update(access_tokens).where(own).values(revoked_at=revoked_at))


def _describe(copy: Path, clock: Clock) -> dict[str, Any]:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for table in _LEFT_BEHIND:
            connection.execute(f"DELETE FROM {table.name}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        stamp, token = connection.execute("SELECT version, token FROM catalogue_state").fetchone()
        counts = {
            table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            for table in (recipes, ingredients)
        }
    os.chmod(copy, 0o600)
    return {
        "format": FORMAT,
        "parcook": version("parcook"),
        "created_at": format_time(clock()),
        "schema": SCHEMA_REVISION,
        "catalogue": {"version": stamp, "token": token, **counts},
        "sha256": _digest(copy),
    }


def _check(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT_FILE).read_text())
        whole = about["format"] == FORMAT and about["sha256"] == _digest(folder / CATALOGUE_FILE)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{folder} holds no backup of parcook's: {error}") from error
    if not whole:
        raise UnreadableFile(f"{folder} is damaged: {CATALOGUE_FILE} is not what {ABOUT_FILE} says")
    return about


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
