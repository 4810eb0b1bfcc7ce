"""From the event store into the lake: a report day's rows, in files of an hour, the same bytes whenever it is done.

A day is read from its beginning, and the hours whose rows changed are written, so late events find their way in.
Files are under the key of their day. Once that key is destroyed the day can only be exported whole, under a key
that is gone again when the export ends.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
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
from parcook.lake.writing import CONTENT_TYPES, Bench, as_line, as_lines, digest

HOUR = timedelta(hours=1)
LOOK_BACK = timedelta(minutes=10)  # into the day before; no signal depends on a turn that is older
ROWS_AT_ONCE = 5_000
HOURLY = (CONVERSATIONS, TOOL_CALLS, QUARANTINE)

Written = dict[str, Mapping[str, Entry]]
"""Files that were written: by table and hour, their entries."""

log = logging.getLogger(__name__)


@dataclass
class Hour:
    """What one UTC hour of a report day holds: lines by table, as so many rows would keep the collector busy."""

    start: datetime
    lines: dict[str, list[bytes]] = field(default_factory=lambda: {table.name: [] for table in HOURLY})


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
        writing: list[Future[Written]] = []
        with ThreadPoolExecutor(1) as writer:  # encodes and sends some hours while the next are read
            wanted = (hour for hour in self._hours(rows, activity, ended, now) if only is None or hour.start == only)
            for hours in _gathered(wanted):
                writing.append(writer.submit(self._write, export, hours, now))
                wait(writing[:-2])
        for written in writing:
            for table, entries in written.result().items():
                export = export.with_files(table, entries)
        tree = {day.isoformat(): as_lines(snapshot.ingredients)}
        entries = write_parts(self._lake, self._bench, export, CATALOGUE_INGREDIENTS, tree, now)
        export = export.with_files(CATALOGUE_INGREDIENTS.name, entries)
        changed = self._people.record(day, activity, now)
        export = replace(export, key_id=self._lake.keys.id_of(key))
        if export != before:
            self._ledger.write_export(export)
            self._ledger.begin(day)
        return changed or export != before

    def _write(self, export: DayExport, hours: Sequence[Hour], now: datetime) -> Written:
        """Write the files of these hours that changed."""
        written: Written = {}
        for table in HOURLY:
            parts = {format_hour(hour.start): b"".join(hour.lines[table.name]) for hour in hours}
            written[table.name] = write_parts(self._lake, self._bench, export, table, parts, now)
        return written

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


def write_parts(
    lake: Lake, bench: Bench, export: DayExport, table: Table, parts: Mapping[str, bytes], now: datetime
) -> dict[str, Entry]:
    """Write files of a day, by hour (or day); the entries for the ledger of those that did not hold these rows already.

    Rows are given as `as_lines` makes them.

    Where there are no rows there is no file; of the first table the ledger tells even so.
    """
    known = export.files.get(table.name, {})
    format = table.format or export.format
    changed: dict[str, bytes] = {}
    for part, lines in parts.items():
        is_new = part not in known and (bool(lines) or table is CONVERSATIONS)
        if is_new or (part in known and known[part].content != digest(lines)):
            changed[part] = lines
    filled = {part: lines for part, lines in changed.items() if lines}
    bodies = dict(zip(filled, bench.encode(table, list(filled.values()), format), strict=True)) if filled else {}
    for part in changed:
        path = file_path(table, export.day, part, format)
        if part in bodies:
            lake.objects.put(path, bodies[part], CONTENT_TYPES[format])
        else:
            lake.objects.delete(path)
    return {
        part: Entry(lines.count(b"\n"), digest(lines), digest(bodies.get(part, b"")), now)
        for part, lines in changed.items()
    }


def _gathered(hours: Iterator[Hour]) -> Iterator[list[Hour]]:
    """The same hours, quiet ones together: files that are made together take half the time."""
    gathered: list[Hour] = []
    for hour in hours:
        gathered.append(hour)
        if sum(len(lines) for each in gathered for lines in each.lines.values()) >= ROWS_AT_ONCE:
            yield gathered
            gathered = []
    yield gathered


def _sort(event: Event, rows: Rows, activity: Activity, hour: Hour) -> None:
    """Put an event where it belongs: into the tables, or into quarantine."""
    if (reason := rows.fault(event)) is not None:
        hour.lines[QUARANTINE.name].append(as_line({"message_id": event.message_id, "reason": reason}))
        return
    hour.lines[CONVERSATIONS.name].append(as_line(rows.row(event)))
    if event.tools:
        hour.lines[TOOL_CALLS.name] += map(as_line, rows.calls(event))
    activity.add(event)
