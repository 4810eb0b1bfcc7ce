"""Events in one SQLite file: for one host, with no account, durable when `append` returns.

Deleted bytes are overwritten (`secure_delete`) and the journal is cut off afterwards, so that what was erased is
in no file any more. `synchronous = FULL`: an answer survives the loss of power, not only of the process; what that
costs is shared, as everything waiting to be written goes into one transaction.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from parcook.errors import SchemaRefused, Unavailable
from parcook.events.contract import Event, Record
from parcook.events.documents import from_document, to_document

SCHEMA_VERSION = 1
APPLICATION_ID = 0x70636576  # "pcev": whose file this is
BUSY_TIMEOUT_S = 20.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SCHEMA = f"""
CREATE TABLE events (
    message_id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    day TEXT NOT NULL,
    ts INTEGER NOT NULL,
    user_ref TEXT,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_day ON events (day, ts, message_id);
CREATE INDEX events_by_conversation ON events (conversation_id, ts, message_id);
CREATE INDEX events_by_person ON events (user_ref, ts, message_id) WHERE user_ref IS NOT NULL;
CREATE INDEX events_by_end ON events (expires_at);
CREATE TABLE records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""
_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING"
_SELECT = "SELECT document FROM events WHERE expires_at > ? AND "
_ORDER = " ORDER BY ts, message_id"


@dataclass
class _Waiting:
    """Events that a thread wants stored, and what became of them."""

    events: Sequence[Event]
    stored: list[bool] | None = None
    error: Exception | None = None


class SqliteEvents:
    """The `EventStore` in the SQLite file at `path`, made on first use, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._file = _File(path)
        self.records = SqliteRecords(self._file)
        self._queue: list[_Waiting] = []
        self._queueing = threading.Lock()

    def append(self, events: Sequence[Event]) -> list[bool]:
        """Store `events`; for each whether it is new. Whoever writes takes along what others wait to have written."""
        own = _Waiting(events)
        with self._queueing:
            self._queue.append(own)
        with self._file.writing():
            if own.stored is None and own.error is None:
                with self._queueing:
                    waiting, self._queue = self._queue, []
                self._store(waiting)
        if own.error is not None:
            raise Unavailable(f"the event store refused: {own.error}") from own.error
        assert own.stored is not None  # whoever took it from the queue has settled it
        return own.stored

    def _store(self, waiting: Sequence[_Waiting]) -> None:
        try:
            with self._file.transaction() as connection:
                stored = [
                    [connection.execute(_INSERT, _row(event)).rowcount == 1 for event in each.events]
                    for each in waiting
                ]
        except (sqlite3.Error, Unavailable) as error:
            for each in waiting:
                each.error = error
        else:
            for each, outcome in zip(waiting, stored, strict=True):
                each.stored = outcome

    def day(
        self, day: date, now: datetime, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[Event]:
        """The events of report day `day` with `start` <= ts < `end`, by ts and message_id."""
        condition = "day = ?"
        values: list[Any] = [day.isoformat()]
        if start is not None:
            condition += " AND ts >= ?"
            values.append(_ceiling(start))
        if end is not None:
            condition += " AND ts < ?"
            values.append(_ceiling(end))
        return self._select(condition, values, now)

    def conversation(self, conversation_id: str, now: datetime) -> Iterator[Event]:
        """The events of one conversation, by ts and message_id."""
        return self._select("conversation_id = ?", [conversation_id], now)

    def person(self, user_ref: str, now: datetime) -> Iterator[Event]:
        """The events of one person, by ts and message_id."""
        return self._select("user_ref = ?", [user_ref], now)

    def delete(self, events: Sequence[Event]) -> int:
        """Remove `events` for good, their bytes overwritten; how many were there."""
        with self._file.erasing() as connection:
            return sum(
                connection.execute("DELETE FROM events WHERE message_id = ?", (event.message_id,)).rowcount
                for event in events
            )

    def sweep(self, now: datetime) -> int:
        """Remove what has expired at `now`; how many events that were."""
        with self._file.erasing() as connection:
            return connection.execute("DELETE FROM events WHERE expires_at <= ?", (now.timestamp(),)).rowcount

    def oldest_day(self) -> date | None:
        """The earliest report day of any event physically present; None if there is none."""
        with self._file.reading() as connection:
            (day,) = connection.execute("SELECT min(day) FROM events").fetchone()
        return None if day is None else date.fromisoformat(day)

    def ping(self) -> None:
        """Ask for something small. Raises `Unavailable` if the file cannot be read."""
        with self._file.reading() as connection:
            connection.execute("SELECT 1 FROM events LIMIT 1").fetchone()

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._file.close()

    def _select(self, condition: str, values: Sequence[Any], now: datetime) -> Iterator[Event]:
        with self._file.reading() as connection:
            rows = connection.execute(_SELECT + condition + _ORDER, (now.timestamp(), *values))
            for (document,) in rows:
                yield from_document(json.loads(document))


class SqliteRecords:
    """The `Records` in the same file."""

    def __init__(self, file: "_File") -> None:
        self._file = file

    def get(self, kind: str, key: str) -> Record | None:
        """The record, or None if there is none."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT document FROM records WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if row is None else Record(kind, key, json.loads(row[0]))

    def put(self, kind: str, key: str, document: Mapping[str, Any], only_if_absent: bool = False) -> bool:
        """Write the record; with `only_if_absent` False, and nothing written, if there is one."""
        conflict = "NOTHING" if only_if_absent else "UPDATE SET document = excluded.document"
        statement = f"INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (kind, key) DO {conflict}"
        with self._file.writing(), self._file.transaction() as connection:
            return connection.execute(statement, (kind, key, _encoded(document))).rowcount == 1

    def list(self, kind: str, first: str = "", last: str | None = None) -> Iterator[Record]:
        """The records of a kind with `first` <= key <= `last`, by key."""
        condition, values = ("", ()) if last is None else (" AND key <= ?", (last,))
        statement = f"SELECT key, document FROM records WHERE kind = ? AND key >= ?{condition} ORDER BY key"
        with self._file.reading() as connection:
            rows = connection.execute(statement, (kind, first, *values)).fetchall()
        return (Record(kind, key, json.loads(document)) for key, document in rows)

    def delete(self, kind: str, key: str) -> bool:
        """Remove the record for good, its bytes overwritten; False if there was none."""
        with self._file.erasing() as connection:
            return connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key)).rowcount == 1


class _File:
    """Connections to one file: one that writes, and one a thread that reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._own = threading.local()
        self._files: dict[sqlite3.Connection, tuple[int, int]] = {}
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with self.writing(), self.transaction() as connection:
            self._prepare(connection)
        self.close()  # only now is the file known to be ours, and its journal may change

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION_ID:
            if version > SCHEMA_VERSION:
                raise SchemaRefused(
                    f"{self._path} was made by a newer parcook (schema {version}; this one knows up to "
                    f"{SCHEMA_VERSION}). Install that version, or restore an older backup."
                )
            return
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise SchemaRefused(f"{self._path} is a database of something else; point PARCOOK_EVENTS_URL at a new file")
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One thread at a time; SQLite's own lock, which is polled and unfair, keeps out other processes."""
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise Unavailable(f"the event store was locked by other writers for {BUSY_TIMEOUT_S:.0f} s; try again")
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes, in `writing`; committed unless the block raises."""
        with self._translated():
            if self._writer is None or self._is_another(self._writer):
                self._writer = self._connect()
            writer = self._writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise

    @contextmanager
    def erasing(self) -> Iterator[sqlite3.Connection]:
        """A transaction after which what it deleted is in no file any more, the journal included."""
        with self.writing():
            with self.transaction() as connection:
                yield connection
            with self._translated():
                assert self._writer is not None
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection for reading."""
        with self._translated():
            connection = getattr(self._own, "connection", None)
            if connection is None or self._is_another(connection):
                connection = self._own.connection = self._connect()
            yield connection

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            connections, self._files = list(self._files), {}
            self._writer = None
        for connection in connections:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a file that is gone is an outage and never an empty store.
        connection = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application == APPLICATION_ID:
            # WAL shares memory between processes, so it needs one host; Lambda's network file systems have many.
            journal = "DELETE" if "AWS_LAMBDA_FUNCTION_NAME" in os.environ else "WAL"
            with suppress(sqlite3.OperationalError):  # while somebody writes it cannot change; another time, then
                connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        self._files[connection] = self._identity()
        return connection

    def _is_another(self, connection: sqlite3.Connection) -> bool:
        """Whether the file was replaced since `connection` was opened, or all were closed: then it is closed too."""
        if self._files.get(connection) == self._identity():
            return False
        self._files.pop(connection, None)
        connection.close()
        return True

    def _identity(self) -> tuple[int, int]:
        status = self._path.stat()
        return status.st_dev, status.st_ino

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"the event store refused: {error}") from error


def _row(event: Event) -> tuple[Any, ...]:
    return (
        event.message_id,
        event.conversation_id,
        event.day.isoformat(),
        (event.ts - _EPOCH) // _MILLISECOND,
        event.user_ref,
        event.expires_at,
        _encoded(to_document(event)),
    )


def _ceiling(moment: datetime) -> int:
    """The first whole millisecond that is not before `moment`."""
    return -((_EPOCH - moment) // _MILLISECOND)


def _encoded(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
