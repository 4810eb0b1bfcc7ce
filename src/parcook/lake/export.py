"""From the event store into the lake: a report day's rows, in files of an hour, the same bytes whenever it is done.

A day is read from its beginning, and the hours whose rows changed are written, so late events find their way in.
Files are under the key of their day. Once that key is destroyed the day can only be exported whole, under a key
that is gone again when the export ends.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from parcook.clock import day_bounds, day_of, format_hour, hour_of, hours_between, parse_instant
from parcook.conversations.tombstones import KIND as TOMBSTONE
from parcook.errors import Invalid
from parcook.events.contract import RETENTION_DAYS, Event
from parcook.lake.ledger import DayExport, Entry, Ledger
from parcook.lake.people import Activity, People
from parcook.lake.place import Lake, file_path
from parcook.lake.quarantine import QUARANTINE
from parcook.lake.rows import Names, Rows
from parcook.lake.snapshot import Snapshots
from parcook.lake.tables import CATALOGUE_INGREDIENTS, CONVERSATIONS, TOOL_CALLS, Table
from parcook.lake.writing import CONTENT_TYPES, Bench, Row, as_lines, digest

HOUR = timedelta(hours=1)
LOOK_BACK = timedelta(minutes=10)  # into the day before; no signal depends on a turn that is older
HOURLY = (CONVERSATIONS, TOOL_CALLS, QUARANTINE)

Written = tuple[str, str, Entry]
"""A file that was written: its table, its hour, its entry."""

log = logging.getLogger(__name__)


@dataclass
class Hour:
    """What one UTC hour of a report day holds, by table."""

    start: datetime
    rows: dict[str, list[Row]] = field(default_factory=lambda: {table.name: [] for table in HOURLY})


class Counted:
    """Whether an event counts: not one of our own staff's, and not of somebody who is being erased meanwhile."""

    def __init__(self, lake: Lake) -> None:
        tombstones = lake.records.list(TOMBSTONE)
        self._erased = {record.key: parse_instant(record.document["erased_at"]) for record in tombstones}

    def __call__(self, event: Event) -> bool:
        """Whether `event` counts."""
        if event.internal or not self._erased:
            return not event.internal
        references = (event.user_ref, event.conversation_id)
        return not any(reference in self._erased and event.ts <= self._erased[reference] for reference in references)


class Exporter:
    """Exports days of a lake. One thread at a time; `close()` it."""

    def __init__(self, lake: Lake, people: People) -> None:
        self._lake = lake
        self._people = people
        self._ledger = Ledger(lake.records)
        self._snapshots = Snapshots(lake)
        self._bench = Bench()

    def close(self) -> None:
        """Release what is held."""
        self._bench.close()

    def export_hour(self, hour: datetime, now: datetime) -> bool:
        """Export the UTC hour that `hour` begins, into both report days if it touches two; whether that changed any.

        Raises `Invalid` for an hour that is not over at `now`.
        """
        hour = hour_of(hour)
        if hour + HOUR > now:
            raise Invalid(f"{format_hour(hour)} is not over yet")
        days = sorted({day_of(hour, self._lake.zone), day_of(hour + HOUR - timedelta.resolution, self._lake.zone)})
        changed = [self.export_day(day, now, only=hour) for day in days]
        return any(changed)

    def export_day(self, day: date, now: datetime, only: datetime | None = None, anew: bool = False) -> bool:
        """Export every hour of `day` that is over at `now`, or `only` one of them; whether the lake changed.

        With `anew` all is written, whatever the ledger says is there: files that are damaged are mended by that.
        A day whose key is gone is exported whole, whatever `only` says; one whose events have expired not at all.
        """
        start, end = day_bounds(day, self._lake.zone)
        ended = [hour for hour in hours_between(start, end) if hour + HOUR <= now]
        if not ended or end + timedelta(days=RETENTION_DAYS) <= now:
            return False
        key = self._lake.keys.key_for(day, now)
        if key is not None:
            return self._export(day, now, key, ended, only, anew)
        changed = self._export(day, now, self._lake.keys.passing_key(day, now), ended, None, anew)
        self._lake.keys.destroy_passing(day, now)
        return changed

    def _export(
        self, day: date, now: datetime, key: bytes, ended: Sequence[datetime], only: datetime | None, anew: bool
    ) -> bool:
        snapshot = self._snapshots.of(day, mend=anew)
        before = export = self._begin(day, self._lake.keys.id_of(key), anew)
        if export.key_id is None:
            only = None
        rows = Rows(day, self._lake.zone, Names(key), snapshot.branches, self._lake.text == "redacted")
        activity = Activity()
        written: list[Future[list[Written]]] = []
        with ThreadPoolExecutor(1) as writer:  # encodes and sends one hour while the next is read
            for hour in self._hours(rows, activity, ended, now):
                if only is None or hour.start == only:
                    written.append(writer.submit(self._write, export, hour, now))
                    wait(written[:-2])
        for hour_written in written:
            for table, part, entry in hour_written.result():
                export = export.with_file(table, part, entry)
        tree = write_part(
            self._lake, self._bench, export, CATALOGUE_INGREDIENTS, day.isoformat(), snapshot.ingredients, now
        )
        if tree is not None:
            export = export.with_file(CATALOGUE_INGREDIENTS.name, day.isoformat(), tree)
        changed = self._people.record(day, activity, now)
        export = replace(export, key_id=self._lake.keys.id_of(key))
        if export != before:
            self._ledger.write_export(export)
            self._ledger.begin(day)
        return changed or export != before

    def _write(self, export: DayExport, hour: Hour, now: datetime) -> list[Written]:
        """Write the files of one hour that changed."""
        part = format_hour(hour.start)
        entries = (
            (table.name, part, write_part(self._lake, self._bench, export, table, part, hour.rows[table.name], now))
            for table in HOURLY
        )
        return [(table, part, entry) for table, part, entry in entries if entry is not None]

    def _begin(self, day: date, key_id: str, anew: bool) -> DayExport:
        """What is there to start from: under another key or in another format it is as good as nothing."""
        export = self._ledger.export_of(day)
        if export is None:
            return DayExport(day, None, self._lake.format)
        if export.key_id == key_id and export.format == self._lake.format and not anew:
            return export
        log.info("the lake of %s is written anew", day)
        export = DayExport(day, None, self._lake.format)
        self._ledger.write_export(export)  # a crash from here on leaves files of two keys, and the ledger says so
        for table in (*HOURLY, CATALOGUE_INGREDIENTS):
            for listed in self._lake.objects.list(table.partition(day)):
                self._lake.objects.delete(listed.path)
        return export

    def _hours(self, rows: Rows, activity: Activity, ended: Sequence[datetime], now: datetime) -> Iterator[Hour]:
        """The hours that are over, in their order, with what they hold; `activity` is added to on the way."""
        start, end = day_bounds(rows.day, self._lake.zone)
        counts = Counted(self._lake)
        for event in filter(counts, self._lake.store.day(rows.day - timedelta(days=1), now, start - LOOK_BACK, start)):
            rows.remember(event)
        # An over day is read without bounds: an event whose day is not that of its time must be found, for quarantine.
        until = None if ended[-1] + HOUR >= end else ended[-1] + HOUR
        events = filter(counts, self._lake.store.day(rows.day, now, end=until))
        pending = next(events, None)
        for start in ended:
            hour, is_last = Hour(start), start == ended[-1]
            while pending is not None and (is_last or pending.ts < start + HOUR):
                _sort(pending, rows, activity, hour)
                pending = next(events, None)
            yield hour


def write_part(
    lake: Lake, bench: Bench, export: DayExport, table: Table, part: str, rows: Sequence[Row], now: datetime
) -> Entry | None:
    """Write one file of a day; its entry for the ledger, or None if it holds these rows already.

    Where there are no rows there is no file; of the first table the ledger tells even so.
    """
    lines = as_lines(rows)
    entry = export.files.get(table.name, {}).get(part)
    if entry is not None and entry.content == digest(lines):
        return None
    if not rows and entry is None and table is not CONVERSATIONS:
        return None
    format = table.format or export.format
    path = file_path(table, export.day, part, format)
    body = b""
    if rows:
        body = bench.encode(table, lines, format)
        lake.objects.put(path, body, CONTENT_TYPES[format])
    else:
        lake.objects.delete(path)
    return Entry(len(rows), digest(lines), digest(body), now)


def _sort(event: Event, rows: Rows, activity: Activity, hour: Hour) -> None:
    """Put an event where it belongs: into the tables, or into quarantine."""
    if (reason := rows.fault(event)) is not None:
        hour.rows[QUARANTINE.name].append({"message_id": event.message_id, "reason": reason})
        return
    hour.rows[CONVERSATIONS.name].append(rows.row(event))
    hour.rows[TOOL_CALLS.name].extend(rows.calls(event))
    activity.add(event)
