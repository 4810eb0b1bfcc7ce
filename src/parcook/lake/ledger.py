"""What has been written into the lake, by day: the interval ledger, the daily numbers, the first day there is.

A ledger is told in one document a day, so that a day's state is read and written at once. Two processes that
write the same day at once may lose an entry of each other's; the next export finds it missing and writes the same
bytes again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from parcook.clock import format_instant, parse_instant
from parcook.events.contract import Records
from parcook.lake.tables import Format

EXPORTS, ACTIVITIES, DAILY, WEEKLY, LAKE = "lake_export", "lake_activity", "lake_daily", "lake_weekly", "lake"


@dataclass(frozen=True)
class Entry:
    """One file: how many rows, the digest of the rows and of the file, and when it was written."""

    rows: int
    content: str
    sha256: str
    exported_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """As the ledger tells it."""
        return {
            "rows": self.rows,
            "content": self.content,
            "sha256": self.sha256,
            "exported_at": format_instant(self.exported_at),
        }

    @classmethod
    def told(cls, document: Mapping[str, Any]) -> "Entry":
        """The entry that `as_dict` told."""
        return cls(document["rows"], document["content"], document["sha256"], parse_instant(document["exported_at"]))


@dataclass(frozen=True)
class DayExport:
    """What is in the lake of one report day.

    `key_id` says under which day key; None while the day is being rewritten whole under another one: then its files
    may be of two keys. `files` are by table and UTC hour (or day).
    """

    day: date
    key_id: str | None
    format: Format
    files: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    def with_files(self, table: str, written: Mapping[str, Entry]) -> "DayExport":
        """The same with these files of `table` too, by UTC hour (or day)."""
        return replace(self, files={**self.files, table: {**self.files.get(table, {}), **written}}) if written else self

    def rows(self, table: str) -> int:
        """How many rows of `table` the day has."""
        return sum(entry.rows for entry in self.files.get(table, {}).values())


@dataclass(frozen=True)
class Daily:
    """The numbers of one day: when they froze, and what later days ask of them.

    `names` is the digest of the day's file of recipe names; `corrupt` are the files of the lake that could not be read,
    `failed` the data checks that failed.
    """

    frozen_at: datetime | None = None
    mentions: int = 0
    matched: int = 0
    names: str = ""
    corrupt: Sequence[str] = ()
    failed: Sequence[str] = ()
    revision: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As the ledger tells it."""
        return {
            "frozen_at": None if self.frozen_at is None else format_instant(self.frozen_at),
            "mentions": self.mentions,
            "matched": self.matched,
            "names": self.names,
            "corrupt": list(self.corrupt),
            "failed": list(self.failed),
            "revision": self.revision,
        }

    @classmethod
    def told(cls, document: Mapping[str, Any]) -> "Daily":
        """What `as_dict` told."""
        frozen_at = document["frozen_at"]
        return cls(
            None if frozen_at is None else parse_instant(frozen_at),
            document["mentions"],
            document["matched"],
            document["names"],
            tuple(document["corrupt"]),
            tuple(document.get("failed", ())),  # the ledgers of 0.2 told neither
            document.get("revision", 0),
        )


class Ledger:
    """The ledgers of a lake, kept beside the events."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def export_of(self, day: date) -> DayExport | None:
        """What was exported of `day`; None if nothing ever was."""
        record = self._records.get(EXPORTS, day.isoformat())
        return None if record is None else _export(day, record.document)

    def exports(self) -> Iterator[DayExport]:
        """Every day's, by day."""
        for record in self._records.list(EXPORTS):
            yield _export(date.fromisoformat(record.key), record.document)

    def write_export(self, export: DayExport) -> None:
        """Replace the day's document."""
        files = {
            table: {part: entry.as_dict() for part, entry in sorted(entries.items())}
            for table, entries in sorted(export.files.items())
        }
        document = {
            "key_id": export.key_id,
            "format": export.format,
            "files": files,
        }
        self._records.put(EXPORTS, export.day.isoformat(), document)

    def activities(self, first: date, last: date) -> dict[date, Entry]:
        """The activity files of the days from `first` to `last`."""
        records = self._records.list(ACTIVITIES, first.isoformat(), last.isoformat())
        return {date.fromisoformat(record.key): Entry.told(record.document) for record in records}

    def write_activity(self, day: date, entry: Entry) -> None:
        """The activity file of `day` is written."""
        self._records.put(ACTIVITIES, day.isoformat(), entry.as_dict())

    def forget_activity(self, day: date) -> None:
        """There is no activity file of `day`."""
        self._records.delete(ACTIVITIES, day.isoformat())

    def daily(self, first: date, last: date) -> dict[date, Daily]:
        """What is known of the numbers of the days from `first` to `last`."""
        records = self._records.list(DAILY, first.isoformat(), last.isoformat())
        return {date.fromisoformat(record.key): Daily.told(record.document) for record in records}

    def write_daily(self, day: date, daily: Daily) -> None:
        """The numbers of `day` are written."""
        self._records.put(DAILY, day.isoformat(), daily.as_dict())

    def is_week_frozen(self, monday: date) -> bool:
        """Whether the numbers of a week change by revision alone."""
        return self._records.get(WEEKLY, monday.isoformat()) is not None

    def freeze_week(self, monday: date, now: datetime) -> None:
        """From now on the numbers of a week change by revision alone."""
        self._records.put(WEEKLY, monday.isoformat(), {"frozen_at": format_instant(now)}, only_if_absent=True)

    def first_day(self) -> date | None:
        """The first day that was ever exported."""
        record = self._records.get(LAKE, "first_day")
        return None if record is None else date.fromisoformat(record.document["day"])

    def begin(self, day: date) -> None:
        """`day` was exported: it is the first if no earlier one was."""
        first = self.first_day()
        if first is None or day < first:
            self._records.put(LAKE, "first_day", {"day": day.isoformat()})


def _export(day: date, document: Mapping[str, Any]) -> DayExport:
    files = {
        table: {part: Entry.told(entry) for part, entry in entries.items()}
        for table, entries in document["files"].items()
    }
    return DayExport(day, document["key_id"], document["format"], files)
