"""Bring a database to the schema this code knows, under a lock, or refuse it by name.

Refused are a database that holds tables of our names which parcook did not make (import it instead), and
one that a newer parcook has already migrated.
"""

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from parcook.catalogue.database import Database, make_file
from parcook.catalogue.tables import POSTGRES_SCHEMA, SCHEMA_REVISION, VERSION_TABLE, metadata
from parcook.errors import SchemaRefused

_POSTGRES_LOCK = 7_227_266_100  # any number; the same for all parcook processes
_one_at_a_time = threading.Lock()  # Alembic keeps its context in globals


def prepare(database: Database) -> None:
    """Make or migrate the schema. Safe to call from many processes at once; later calls change nothing.

    Raises `SchemaRefused` for foreign tables of our names and for a newer schema, `Unavailable` if the
    database does not answer.
    """
    if database.path is not None:
        make_file(database.path)
    with _one_at_a_time, database.write_aside() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES_SCHEMA}"))
        if (revision := current_revision(connection)) == SCHEMA_REVISION:
            return
        if revision is None:
            _refuse_foreign_tables(connection, database)
        _upgrade(connection, revision)
    database.close()
    with database.read():  # only now is the file known to be ours: this connection sets its journal mode
        pass


def current_revision(connection: Connection) -> str | None:
    """The revision that `connection`'s database was last migrated to; None if parcook never did."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _refuse_foreign_tables(connection: Connection, database: Database) -> None:
    schema = None if database.is_sqlite else POSTGRES_SCHEMA
    foreign = sorted(set(inspect(connection).get_table_names(schema)) & set(metadata.tables))
    if foreign:
        where = database.path or f"schema {POSTGRES_SCHEMA!r}"
        raise SchemaRefused(
            f"{where} already holds tables that parcook did not make: {', '.join(foreign)}. "
            "Point PARCOOK_CATALOGUE_URL at a new database and load this one with `parcook import FILE`."
        )


def _upgrade(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaRefused(
            f"the catalogue was made by a newer parcook (schema {revision}; this one knows up to "
            f"{SCHEMA_REVISION}). Install that version, or restore an older backup."
        )
    command.upgrade(config, "head")
