"""Taking messages out of the lake: the files of their hours are written anew, whole, without them.

Whether or not the key of the day still lives. What stays of a conversation is worked out again, as if what is
taken out had never been said: under the pseudonyms that the lake has for it, which its rows tell.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from parcook.clock import day_bounds, format_hour, hour_of
from parcook.events.contract import Event
from parcook.lake.export import HOURLY, LOOK_BACK, write_parts
from parcook.lake.ledger import DayExport, Ledger
from parcook.lake.place import Lake, damaged, file_path
from parcook.lake.quarantine import QUARANTINE
from parcook.lake.rows import Names, Rows
from parcook.lake.snapshot import Snapshots
from parcook.lake.tables import CONVERSATIONS, TOOL_CALLS, Table
from parcook.lake.writing import Bench, as_lines

Contents = dict[str, dict[str, list[dict[str, Any]]]]
"""Rows by table and UTC hour."""


class Rewriter:
    """Rewrites days of a lake. One thread at a time; `close()` it."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._ledger = Ledger(lake.records)
        self._snapshots = Snapshots(lake)
        self._bench = Bench()

    def close(self) -> None:
        """Release what is held."""
        self._bench.close()

    def drop_strays(self, day: date) -> None:
        """Delete what the ledger does not tell of: the files of an export of `day` that was cut short.

        The next export writes them again, as far as there is still something to write.
        """
        export = self._ledger.export_of(day)
        for table in HOURLY:
            told = set() if export is None else {path for path, _ in _told(export, table)}
            for listed in self._lake.objects.list(table.partition(day)):
                if listed.path not in told:
                    self._lake.objects.delete(listed.path)

    def count(self, day: date, erased: Collection[Event]) -> int:
        """How many rows of the lake of `day` come from these events. Raises `Corrupt` for a file that is damaged."""
        export = self._ledger.export_of(day)
        ids = [event.message_id for event in erased]
        if export is None:
            return 0
        found = 0
        for table in HOURLY:
            corrupt = self._bench.load(table, list(self._files(export, table, _parts(day, erased))), "counted")
            if corrupt:
                raise damaged(corrupt[0])
            query = "SELECT count(*) FROM counted WHERE message_id IN (SELECT unnest(?))"
            found += self._bench.duckdb.execute(query, [ids]).fetchall()[0][0]
        return found

    def take_out(self, day: date, erased: Collection[Event], now: datetime) -> int:
        """Write the hours of `day` that these events are in without them; how many rows that were.

        Events of the end of the day before may be among them, as what is left of their conversations may depend on
        them. Raises `Corrupt` for a file that cannot be read; then nothing was written.
        """
        export = self._ledger.export_of(day)
        if export is None:
            return 0
        ids = {event.message_id for event in erased}
        left = [event for event in self._conversations(day, erased, now) if event.message_id not in ids]
        contents = self._read(export, _parts(day, [*erased, *left]))
        taken = 0
        for hours in contents.values():
            for part, rows in hours.items():
                hours[part] = [row for row in rows if row["message_id"] not in ids]
                taken += len(rows) - len(hours[part])
        self._work_out(day, left, contents)
        if (rewritten := self._write(export, contents, now)) != export:
            self._ledger.write_export(rewritten)
        return taken

    def _conversations(self, day: date, erased: Collection[Event], now: datetime) -> list[Event]:
        """What is said on `day`, and shortly before, in the conversations that something is taken out of."""
        start = day_bounds(day, self._lake.zone)[0]
        found = [
            event
            for conversation_id in {event.conversation_id for event in erased}
            for event in self._lake.store.conversation(conversation_id, now)
            if not event.internal and (event.day == day or start - LOOK_BACK <= event.ts < start)
        ]
        return sorted(found, key=lambda event: (event.ts, event.message_id))

    def _work_out(self, day: date, left: Sequence[Event], contents: Contents) -> None:
        """Make the rows of what is left of the conversations anew, where the lake has them."""
        told = {row["message_id"]: row for rows in contents[CONVERSATIONS.name].values() for row in rows}
        there = [event for event in left if event.message_id in told]
        rows = Rows(day, self._lake.zone, _names(there, told), self._snapshots.of(day).branches, with_text=False)
        calls: dict[str, list[dict[str, Any]]] = {}
        for event in left:
            if event.message_id in told:
                row = told[event.message_id]
                row |= {**rows.row(event), "message": row["message"]}
                calls[event.message_id] = rows.calls(event)
            elif event.day != day:
                rows.remember(event)
        hours = contents[TOOL_CALLS.name]
        for event in there:
            part = format_hour(hour_of(event.ts))
            others = [call for call in hours.get(part, ()) if call["message_id"] != event.message_id]
            if calls[event.message_id] or part in hours:
                hours[part] = sorted(
                    [*others, *calls[event.message_id]], key=lambda call: (call["ts"], call["message_id"])
                )

    def _read(self, export: DayExport, parts: Collection[str]) -> Contents:
        contents: Contents = {}
        for table in HOURLY:
            bodies = dict(self._files(export, table, parts))
            contents[table.name] = {
                part: self._bench.decode(table, path, bodies[path])
                for part in export.files.get(table.name, {})
                if (path := _path(export, table, part)) in bodies
            }
        return contents

    def _files(self, export: DayExport, table: Table, parts: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """The files of these hours that have rows, as path and bytes; of quarantine, whose hours say little, all."""
        for path, part in _told(export, table):
            is_asked = part in parts or table is QUARANTINE
            if is_asked and (blob := self._lake.objects.get(path)) is not None:
                yield path, blob.body

    def _write(self, export: DayExport, contents: Contents, now: datetime) -> DayExport:
        for table in HOURLY:
            parts = {part: as_lines(rows) for part, rows in contents[table.name].items()}
            written = write_parts(self._lake, self._bench, export, table, parts, now)
            export = export.with_files(table.name, written)
        return export


def _told(export: DayExport, table: Table) -> Iterator[tuple[str, str]]:
    """The files of `table` that the ledger tells of, as path and hour; hours without rows have none."""
    return (
        (_path(export, table, part), part) for part, entry in export.files.get(table.name, {}).items() if entry.rows
    )


def _path(export: DayExport, table: Table, part: str) -> str:
    return file_path(table, export.day, part, table.format or export.format)


def _parts(day: date, events: Collection[Event]) -> set[str]:
    """The hours that hold these events."""
    return {format_hour(hour_of(event.ts)) for event in events if event.day == day}


def _names(events: Sequence[Event], told: Mapping[str, Mapping[str, Any]]) -> Names:
    """What the rows of `events` call what the events refer to."""
    names = Names(None)
    for event in events:
        row = told[event.message_id]
        names.learn("c", event.conversation_id, row["conversation_id"])
        names.learn("u", event.user_ref, row["user_id"])
        names.learn("m", event.feedback_target, row["feedback_target"])
    return names
