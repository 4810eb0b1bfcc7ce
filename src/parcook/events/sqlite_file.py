"""One SQLite file and its connections: who writes and when, and how what is deleted leaves the file.

SQLite overwrites what it deletes (`secure_delete`), but not the copies it left where it moved rows from one page to
another: they stay in unused parts of pages that are in use. So what must be gone is gone once its table was written
anew, and the journal was cut off after that.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from parcook.errors import SchemaRefused, Unavailable

BUSY_TIMEOUT_S = 20.0


class _Identity(NamedTuple):
    """Which file a connection has open, and between which two calls of `close` it was opened."""

    device: int
    inode: int
    period: int


class SqliteFile:
    """The file at `path`, made if there is none, readable by its owner only. Threads may share it.

    `prepare` is given a new file in a transaction, to fill it; an existing one must have the same `application_id`
    and no newer `version`. Raises `SchemaRefused` for any other, which is left as it was.
    """

    def __init__(
        self, path: Path, application_id: int, version: int, prepare: Callable[[sqlite3.Connection], None]
    ) -> None:
        self._path = path
        self._application_id = application_id
        self._lock = threading.RLock()
        self._period = 0
        self._writer: tuple[sqlite3.Connection, _Identity] | None = None
        self._idle: list[tuple[sqlite3.Connection, _Identity]] = []
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if not self._was_ours(version):
            with self.writing() as connection:
                if not self._is_ours(connection, version):  # nobody else has made it meanwhile
                    prepare(connection)
                    connection.execute(f"PRAGMA application_id = {application_id}")
                    connection.execute(f"PRAGMA user_version = {version}")
        self.close()  # only now is the file known to be ours, and its journal may change

    def _was_ours(self, version: int) -> bool:
        try:
            with self.reading() as connection:
                connection.execute("BEGIN")  # one state of the file, whoever makes it meanwhile
                is_ours = self._is_ours(connection, version)
                connection.execute("COMMIT")
                return is_ours
        except Unavailable as error:
            if getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_NOTADB:
                raise
            raise SchemaRefused(f"{self._path} is no database; point PARCOOK_EVENTS_URL at a new file") from error

    def _is_ours(self, connection: sqlite3.Connection, version: int) -> bool:
        """False if the file is empty. Raises `SchemaRefused` if it is somebody else's, or newer."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application == self._application_id and found > version:
            raise SchemaRefused(
                f"{self._path} was made by a newer parcook (schema {found}; this one knows up to {version}). "
                "Install that version, or restore an older backup."
            )
        if application != self._application_id and tables:
            raise SchemaRefused(f"{self._path} is a database of something else; point PARCOOK_EVENTS_URL at a new file")
        return bool(application == self._application_id)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """This thread's turn to write: SQLite's own lock, polled and unfair, is for other processes.

        A thread that has its turn may take it again.
        """
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise Unavailable(f"the event store was locked by other writers for {BUSY_TIMEOUT_S:.0f} s; try again")
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes; committed unless the block raises."""
        with self.turn(), self._translated():
            writer = self._open_writer()
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with, for a moment: while it reads, nothing can be erased."""
        with self._translated():
            opened = self._take_idle() or self._connect()
            try:
                yield opened[0]
            except BaseException:
                opened[0].close()
                raise
            if opened[1].period == self._period:
                self._idle.append(opened)
            else:
                opened[0].close()

    def vacuum(self) -> None:
        """Write the whole file anew, and cut off the journal. Raises `Unavailable` if somebody reads on."""
        with self.turn(), self._translated():
            self._open_writer().execute("VACUUM")
            self.cut_journal()

    def cut_journal(self) -> None:
        """Move the journal into the file and cut it off. Raises `Unavailable` if somebody reads on."""
        deadline = time.monotonic() + BUSY_TIMEOUT_S
        with self.turn(), self._translated():
            # SQLite waits for those who read, but not for another process that does the same.
            while self._open_writer().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() >= deadline:
                    raise Unavailable(
                        f"the event store was read by others for {BUSY_TIMEOUT_S:.0f} s, so what was deleted could not "
                        "be overwritten yet; try again"
                    )
                time.sleep(0.01)

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        with self._lock:
            self._period += 1
            closing, self._idle = self._idle, []
            if self._writer is not None:
                closing.append(self._writer)
                self._writer = None
        for connection, _ in closing:
            connection.close()

    def _open_writer(self) -> sqlite3.Connection:
        if self._writer is None or self._writer[1] != self._identity():
            if self._writer is not None:
                self._writer[0].close()
            self._writer = self._connect()
        return self._writer[0]

    def _take_idle(self) -> tuple[sqlite3.Connection, _Identity] | None:
        """A connection that nobody uses, to the file that is there now; those to another are closed."""
        now_there = self._identity()
        with suppress(IndexError):
            while True:
                opened = self._idle.pop()
                if opened[1] == now_there:
                    return opened
                opened[0].close()
        return None

    def _connect(self) -> tuple[sqlite3.Connection, _Identity]:
        identity = self._identity()
        # mode=rw: a file that is gone is an outage and never an empty store.
        connection = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            if connection.execute("PRAGMA application_id").fetchone() == (self._application_id,):
                # WAL shares memory between processes, so it needs one host; Lambda's network file systems have many.
                journal = "DELETE" if "AWS_LAMBDA_FUNCTION_NAME" in os.environ else "WAL"
                with suppress(sqlite3.OperationalError):  # while somebody writes it cannot change; another time, then
                    connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection, identity

    def _identity(self) -> _Identity:
        status = self._path.stat()
        return _Identity(status.st_dev, status.st_ino, self._period)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"the event store refused: {error}") from error
