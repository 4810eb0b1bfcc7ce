"""One way to SQLite and PostgreSQL: connections, transactions, and their errors in parcook's words.

`read()` is one consistent snapshot. `write()` lets one writer in at a time: on SQLite by the database's
own lock, on PostgreSQL by the row lock on `catalogue_state` that the version triggers take as well, so
that a check and the change it guards cannot be separated, not even by a `psql` shell.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from parcook.catalogue.tables import POSTGRES_SCHEMA, VERSION_TABLE, catalogue_state
from parcook.errors import SettingsError, Unavailable

BUSY_TIMEOUT_S = 20.0


class Database:
    """A catalogue database, reached through a pool of connections. Threads may share it."""

    def __init__(self, url: str) -> None:
        self.engine: Engine
        self.path: Path | None = None
        parsed = _parse(url)
        if parsed.get_backend_name() == "sqlite":
            self.engine, self.path = _sqlite(parsed)
        else:
            self.engine = _postgres(parsed)
        self._writers = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; PostgreSQL otherwise."""
        return self.path is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only transaction that sees one state of the catalogue, however long it takes."""
        with _translated(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction in which nobody else can change the catalogue; committed unless the block raises."""
        with self.write_aside() as connection:
            if not self.is_sqlite:
                connection.execute(select(catalogue_state.c.version).with_for_update())
            yield connection

    @contextmanager
    def write_aside(self) -> Iterator[Connection]:
        """A transaction for the tables beside the catalogue; on PostgreSQL it waits for no catalogue writer."""
        if self.is_sqlite:
            # SQLite's own lock is polled and unfair: threads of one process queue here instead.
            if not self._writers.acquire(timeout=BUSY_TIMEOUT_S):
                raise Unavailable(f"the catalogue was locked by other writers for {BUSY_TIMEOUT_S:.0f} s; try again")
            try:
                with _translated(), self.engine.connect() as connection:
                    connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
                    with connection.begin():
                        yield connection
            finally:
                self._writers.release()
        else:
            with _translated(), self.engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close all pooled connections; the next transaction opens a new one."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("all connections to the catalogue database are busy; try again") from error
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        raise Unavailable(f"the catalogue database refused: {reason}") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    # What was given is not repeated: it may hold a password, and badly written ones most of all.
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsError(
            "PARCOOK_CATALOGUE_URL: write sqlite:///path/to/catalogue.db or postgresql://user:password@host/database"
        )
    if "?" in url and parsed.get_backend_name() == "sqlite":  # else the rest would be dropped: another file
        raise SettingsError("PARCOOK_CATALOGUE_URL holds a ?; in a URL it is written %3F")
    return parsed


def _sqlite(url: URL) -> tuple[Engine, Path]:
    if not url.database or url.database == ":memory:":
        raise SettingsError("PARCOOK_CATALOGUE_URL names no file; write sqlite:///path/to/catalogue.db")
    path = Path(url.database).expanduser().resolve()
    # WAL shares memory between processes, so it needs one host; Lambda's network file systems have many.
    journal = "DELETE" if "AWS_LAMBDA_FUNCTION_NAME" in os.environ else "WAL"

    def connect() -> sqlite3.Connection:
        # mode=rw: once `make_file` has run, a file that is gone is an outage and never an empty catalogue.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            # The journal mode is written into the file: only into one that `migrate.prepare` has found to be ours.
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone():
                with suppress(sqlite3.OperationalError):  # while somebody writes it cannot change; another time, then
                    connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=20, max_overflow=30)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    @event.listens_for(engine, "connect")
    def remember_file(_: object, record: ConnectionPoolEntry) -> None:
        record.info["inode"] = _inode(path)

    @event.listens_for(engine, "checkout")
    def same_file(_: object, record: ConnectionPoolEntry, __: object) -> None:
        if record.info["inode"] != _inode(path):  # a backup was put in its place while we ran
            raise DisconnectionError("the database file was replaced")

    return engine, path


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:  # gone, or out of reach: opening it anew will say which
        return None
    return status.st_dev, status.st_ino


def make_file(path: Path) -> None:
    """Make an empty database file, readable by its owner only, and the folders it stands in, unless there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(f"cannot open the catalogue {path}: {error.strerror}") from error


def _postgres(url: URL) -> Engine:
    try:
        import psycopg  # an extra: only those who use PostgreSQL carry it
    except ImportError as error:
        raise SettingsError(
            "PARCOOK_CATALOGUE_URL is PostgreSQL: install it with pip install 'parcook[postgres]'"
        ) from error
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=20,
        max_overflow=30,
        pool_timeout=BUSY_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def use_own_schema(connection: "psycopg.Connection", _: object) -> None:
        connection.execute(f"SET search_path TO {POSTGRES_SCHEMA}")
        connection.execute(f"SET lock_timeout TO '{BUSY_TIMEOUT_S:.0f}s'")
        connection.execute("SET jit TO off")  # compiling a query of ours takes a hundred times as long as running it
        connection.commit()

    return engine
