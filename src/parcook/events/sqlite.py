"""Events in one SQLite file: for one host, with no account, durable when `append` returns.

`synchronous = FULL`: an answer survives the loss of power, not only of the process; what that costs is shared, as
everything waiting to be written goes into one transaction. What is deleted is in no file any more when the call
returns: records are written anew, and for events the whole file is, some ten seconds a million events.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from parcook.errors import Unavailable
from parcook.events.contract import Event, Record
from parcook.events.documents import from_document, to_document
from parcook.events.sqlite_file import SqliteFile

SCHEMA_VERSION = 1
APPLICATION_ID = 0x70636576  # "pcev": whose file this is
PAGE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LEAST, _MOST = -(2**63), 2**63 - 1
_SCHEMA = """
CREATE TABLE events (
    message_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    day TEXT NOT NULL,
    ts INTEGER NOT NULL,
    user_ref TEXT,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_day ON events (day, ts, message_id);
CREATE INDEX events_by_conversation ON events (conversation_id, ts, message_id);
CREATE INDEX events_by_person ON events (user_ref, ts, message_id) WHERE user_ref IS NOT NULL;
CREATE INDEX events_by_end ON events (expires_at);
CREATE TABLE records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID
"""
# An id whose event has expired is free again, whether or not that event has been removed.
_INSERT = """
INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO UPDATE SET
    (conversation_id, day, ts, user_ref, expires_at, document) =
    (excluded.conversation_id, excluded.day, excluded.ts, excluded.user_ref, excluded.expires_at, excluded.document)
    WHERE events.expires_at * 1000 <= excluded.ts
"""
_SELECT = """
SELECT ts, message_id, document FROM events
WHERE {key} = ? AND (ts, message_id) > (?, ?) AND ts < ? AND expires_at > ?
ORDER BY ts, message_id LIMIT ?
"""
# The record that says: events were deleted, and the file was not written anew since.
_REMAINS = ("sqlite", "remains")

_Row = tuple[Any, ...]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass
class _Waiting:
    """Rows that a thread wants stored, and what became of them."""

    rows: Sequence[_Row]
    stored: list[bool] | None = None
    error: Exception | None = None


class SqliteEvents:
    """The `EventStore` in the SQLite file at `path`, made on first use, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, APPLICATION_ID, SCHEMA_VERSION, _make_tables)
        self.records = SqliteRecords(self._file)
        self._queue: list[_Waiting] = []
        self._queueing = threading.Lock()

    def append(self, events: Sequence[Event]) -> list[bool]:
        """Store `events`; for each whether it is new. Whoever writes takes along what others wait to have written."""
        own = _Waiting([_row(event) for event in events])
        with self._queueing:
            self._queue.append(own)
        with self._file.turn():
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
            with self._file.writing() as connection:
                stored = [[connection.execute(_INSERT, row).rowcount == 1 for row in each.rows] for each in waiting]
        except Unavailable as error:
            for each in waiting:
                each.error = error
        else:
            for each, outcome in zip(waiting, stored, strict=True):
                each.stored = outcome

    def day(
        self, day: date, now: datetime, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[Event]:
        """The events of report day `day` with `start` <= ts < `end`, by ts and message_id."""
        first = _LEAST if start is None else _ceiling(start)
        return self._select("day", day.isoformat(), now, first, _MOST if end is None else _ceiling(end))

    def conversation(self, conversation_id: str, now: datetime) -> Iterator[Event]:
        """The events of one conversation, by ts and message_id."""
        return self._select("conversation_id", conversation_id, now)

    def person(self, user_ref: str, now: datetime) -> Iterator[Event]:
        """The events of one person, by ts and message_id."""
        return self._select("user_ref", user_ref, now)

    def delete(self, events: Sequence[Event]) -> int:
        """Remove `events` for good, their bytes overwritten; how many were there."""
        ids = [(event.message_id,) for event in events]
        return self._erase(
            lambda connection: connection.executemany("DELETE FROM events WHERE message_id = ?", ids).rowcount
        )

    def sweep(self, now: datetime) -> int:
        """Remove what has expired at `now`, its bytes overwritten; how many events that were."""
        statement = "DELETE FROM events WHERE expires_at <= ?"
        return self._erase(lambda connection: connection.execute(statement, (now.timestamp(),)).rowcount)

    def _erase(self, delete: Callable[[sqlite3.Connection], int]) -> int:
        """Delete, and write the file anew if this, or an earlier call that did not get so far, has deleted anything."""
        with self._file.turn():
            with self._file.writing() as connection:
                deleted = max(0, delete(connection))  # -1 where there was nothing to ask for
                if deleted:
                    connection.execute("INSERT OR IGNORE INTO records VALUES (?, ?, 'null')", _REMAINS)
            if self.records.get(*_REMAINS) is not None:
                self._file.vacuum()
                with self._file.writing() as connection:
                    connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", _REMAINS)
        return deleted

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

    def _select(self, key: str, value: str, now: datetime, start: int = _LEAST, end: int = _MOST) -> Iterator[Event]:
        """Page by page, so that however slowly somebody reads, others can write and erase."""
        statement, after = _SELECT.format(key=key), (start, "")
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(statement, (value, *after, end, now.timestamp(), PAGE)).fetchall()
            for document in from_json(f"[{','.join(document for _, _, document in rows)}]"):
                yield from_document(document)
            if len(rows) < PAGE:
                return
            after = rows[-1][:2]


class SqliteRecords:
    """The `Records` in the same file."""

    def __init__(self, file: SqliteFile) -> None:
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
        with self._file.writing() as connection:
            return connection.execute(statement, (kind, key, _encoded(document))).rowcount == 1

    def list(self, kind: str, first: str = "", last: str | None = None) -> Iterator[Record]:
        """The records of a kind with `first` <= key <= `last`, by key."""
        condition, values = ("", ()) if last is None else (" AND key <= ?", (last,))
        statement = f"SELECT key, document FROM records WHERE kind = ? AND key >= ?{condition} ORDER BY key"
        with self._file.reading() as connection:
            rows = connection.execute(statement, (kind, first, *values)).fetchall()
        return (Record(kind, key, json.loads(document)) for key, document in rows)

    def delete(self, kind: str, *keys: str) -> int:
        """Remove records for good, their bytes overwritten; how many there were."""
        with self._file.turn():
            with self._file.writing() as connection:
                statement = "DELETE FROM records WHERE kind = ? AND key = ?"
                deleted = max(0, connection.executemany(statement, [(kind, key) for key in keys]).rowcount)
                if deleted:  # a table that is emptied is overwritten, with all copies in it
                    kept = connection.execute("SELECT * FROM records ORDER BY kind, key").fetchall()
                    connection.execute("DELETE FROM records")
                    connection.executemany("INSERT INTO records VALUES (?, ?, ?)", kept)
            self._file.cut_journal()
        return deleted


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)


def _row(event: Event) -> _Row:
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
    text = _encode(document)
    text.encode()  # text that is no Unicode must fail here, alone, and not with those it would be stored with
    return text
