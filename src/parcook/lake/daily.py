"""What a day leaves behind: one line of JSON with every number that anybody may ask for later.

Numbers come from the day's files in the lake and, for people, from the restricted activity. They are computed anew
until 49 hours after the day, then they freeze: from there on they change by revision, as after an erasure.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds, hours_between
from parcook.events.contract import RETENTION_DAYS
from parcook.lake.checks import CHECKS, counts_agree, is_exported, is_in_band
from parcook.lake.daily_numbers import Counted, count_day, prepare
from parcook.lake.export import HOUR
from parcook.lake.ledger import Daily, Ledger
from parcook.lake.people import People, first_kept
from parcook.lake.place import Lake, file_path
from parcook.lake.tables import CONVERSATIONS, DAILY_METRICS, TOOL_CALLS, Column, Table
from parcook.lake.writing import CONTENT_TYPES, Bench, as_full_line, as_lines, digest
from parcook.objects import Objects

FREEZES_AFTER = timedelta(hours=49)
ADMISSION_DAYS = 28
log = logging.getLogger(__name__)

WINDOWS = {"dau": 1, "wau": 7, "mau": 28, "people_91": 91, "visitors": 1}

NAMES = Table(
    "recipe_names",
    "names",
    (
        Column("name", "varchar", "a recipe's name in small letters"),
        Column("user_days", "bigint", "people who named it on this day, or were offered it"),
    ),
    format="json",
)


class Aggregator:
    """Computes the numbers of days of a lake. One thread at a time; `close()` it."""

    def __init__(self, lake: Lake, people: People) -> None:
        self._lake = lake
        self._people = people
        self._ledger = Ledger(lake.records)
        self._bench = Bench()
        self._bench.load(CONVERSATIONS, [], "day_rows")
        self._bench.load(TOOL_CALLS, [], "day_calls")
        prepare(self._bench.duckdb)
        self._of_nothing: Counted | None = None
        self._names: dict[date, tuple[str, Mapping[str, int]]] = {}

    def close(self) -> None:
        """Release what is held."""
        self._bench.close()

    def aggregate_day(self, day: date, now: datetime, revise: bool = False) -> bool:
        """Write the numbers of `day`, unless they are frozen and there; whether that changed them.

        With `revise` frozen numbers are computed anew too, as far as what they look back on is still kept, and
        `revision` counts the change: rows of the lake are kept for 90 days, who was active for 95. Names that a
        frozen day told stay.
        """
        end = day_bounds(day, self._lake.zone)[1]
        known = self._ledger.daily(day, day).get(day, Daily())
        is_frozen = known.frozen_at is not None
        before = self.read(day)
        if is_frozen and before is not None and not revise:
            return False
        if end + timedelta(days=RETENTION_DAYS) <= now:
            return revise and before is not None and self._revise_people(day, before, now)
        numbers, daily = self._compute(day, now, _told_names(before) if is_frozen else set())
        if before is not None:
            numbers |= {name: before[name] for name, days in WINDOWS.items() if self._is_lost(day, days, now)}
        revision = before["revision"] if before is not None else known.revision
        changed = {**numbers, "revision": revision} != before
        if changed:
            revision += is_frozen and before is not None
            self._put(DAILY_METRICS, day, as_full_line({**numbers, "revision": revision}))
        freezes = known.frozen_at or (now if now >= end + FREEZES_AFTER else None)
        if (settled := replace(daily, frozen_at=freezes, revision=revision)) != known:
            self._ledger.write_daily(day, settled)
        return changed

    def read(self, day: date) -> dict[str, Any] | None:
        """The numbers of `day` as they were written; None if there are none, or none that can be read."""
        return read_numbers(self._lake.objects, file_path(DAILY_METRICS, day, day.isoformat(), "json"))

    def _revise_people(self, day: date, before: Mapping[str, Any], now: datetime) -> bool:
        """Compute anew what a day whose rows have expired tells of people; whether that changed it."""
        counts = self._people.counts(day)
        people = {name: counts[name] for name, days in WINDOWS.items() if not self._is_lost(day, days, now)}
        changed = {**before, **people} != before
        if changed:
            self._put(DAILY_METRICS, day, as_full_line({**before, **people, "revision": before["revision"] + 1}))
        return changed

    def _compute(self, day: date, now: datetime, told: set[str]) -> tuple[dict[str, Any], Daily]:
        counted, corrupt = self._count(day, told)
        for path in corrupt:
            log.error("%s in the lake is damaged; the numbers of %s are made without it", path, day)
        numbers = {**counted.numbers, **self._people.counts(day)}
        numbers["date"] = day.isoformat()
        numbers["avg_conversation_length"] = numbers["total_messages"] / max(numbers["total_conversations"], 1)
        numbers["hour_minutes"] = dict(hour_minutes(day, self._lake.zone))
        daily = Daily(
            mentions=counted.mentions,
            matched=numbers["matched_mentions"],
            names=self._write_names(day, counted.user_days),
            corrupt=tuple(corrupt),
        )
        export = self._ledger.export_of(day)
        fresh = is_exported(export, day, self._lake.zone, now)
        before = self._ledger.daily(day - timedelta(days=ADMISSION_DAYS), day - timedelta(days=1)).values()
        passed = {
            **counted.sound,
            "lake_count_is_store_count": counts_agree(export, counted.rows),
            "unmatched_share_in_band": is_in_band(daily.mentions, daily.matched, before),
            "fresh": fresh,
        }
        numbers["data_checks"] = {check: int(passed[check]) for check in CHECKS}
        daily = replace(daily, failed=tuple(check for check in CHECKS if not passed[check]))
        numbers["complete"] = fresh and not corrupt and last_hour_over(day, self._lake.zone) <= now
        numbers["revision"] = 0
        return {column.name: numbers[column.name] for column in DAILY_METRICS.columns}, daily

    def _count(self, day: date, told: set[str]) -> tuple[Counted, list[str]]:
        """What the day's files say, and the paths of those that are corrupt."""
        rows, calls = self._files(CONVERSATIONS, day), self._files(TOOL_CALLS, day)
        is_empty = not rows and not calls
        if is_empty and self._of_nothing is not None:
            return self._of_nothing, []
        corrupt = [
            *self._bench.load(CONVERSATIONS, rows, "day_rows"),
            *self._bench.load(TOOL_CALLS, calls, "day_calls"),
        ]
        admitted = told | self._admitted(day)
        counted = count_day(self._bench.duckdb, day, lambda name: self._lake.min_people <= 1 or name in admitted)
        if is_empty:
            self._of_nothing = counted  # the same for all days, of which there are many between those of a file
        return counted, corrupt

    def _files(self, table: Table, day: date) -> list[tuple[str, bytes]]:
        """The day's files of `table`, in their order."""
        paths = sorted(listed.path for listed in self._lake.objects.list(table.partition(day)))
        blobs = ((path, self._lake.objects.get(path)) for path in paths)
        return [(path, blob.body) for path, blob in blobs if blob is not None]

    def _admitted(self, day: date) -> set[str]:
        """The names, in small letters, with enough user-days behind them in the four weeks before `day`."""
        user_days: Counter[str] = Counter()
        first, last = day - timedelta(days=ADMISSION_DAYS), day - timedelta(days=1)
        for earlier, daily in self._ledger.daily(first, last).items():
            user_days.update(self._names_of(earlier, daily.names))
        return {name for name, people in user_days.items() if people >= self._lake.min_people}

    def _names_of(self, day: date, sha256: str) -> Mapping[str, int]:
        if self._names.get(day, ("", {}))[0] != sha256:
            blob = self._lake.objects.get(file_path(NAMES, day, day.isoformat(), "json"))
            rows = map(json.loads, blob.body.splitlines()) if blob is not None else ()
            self._names[day] = sha256, {row["name"]: row["user_days"] for row in rows}
        return self._names[day][1]

    def _write_names(self, day: date, user_days: Mapping[str, int]) -> str:
        lines = as_lines({"name": name, "user_days": people} for name, people in user_days.items())
        known = self._ledger.daily(day, day).get(day)
        if known is None or known.names != digest(lines):
            self._put(NAMES, day, lines)
        return digest(lines)

    def _put(self, table: Table, day: date, body: bytes) -> None:
        self._lake.objects.put(file_path(table, day, day.isoformat(), "json"), body, CONTENT_TYPES["json"])

    def _is_lost(self, day: date, days: int, now: datetime) -> bool:
        """Whether there was activity on the first of the `days` that end with `day`, and it is no longer kept."""
        began = self._ledger.first_day() or day
        return max(began, day - timedelta(days=days - 1)) < first_kept(now, self._lake.zone)


def read_numbers(objects: Objects, path: str) -> dict[str, Any] | None:
    """The one line of the file at `path`; None, and it is said in the log, if it is damaged, as if it were missing."""
    blob = objects.get(path)
    if blob is None:
        return None
    try:
        told = json.loads(blob.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        log.error("%s in the lake is damaged", path)
        return None
    return told


def _told_names(numbers: Mapping[str, Any] | None) -> set[str]:
    """The names that a day told, in small letters."""
    return {
        name.lower()
        for told in ("recipes_discussed", "gaps_requests")
        for name in (numbers[told] if numbers is not None else ())
    }


def last_hour_over(day: date, zone: ZoneInfo) -> datetime:
    """When the last UTC hour that `day` has a part in is over."""
    *_, last = hours_between(*day_bounds(day, zone))
    return last + HOUR


@lru_cache(maxsize=1_000)
def hour_minutes(day: date, zone: ZoneInfo) -> Mapping[str, int]:
    """How many minutes each hour of the clock lasts on `day`: 60, but where clocks are changed, by quarters of it."""
    minutes = dict.fromkeys(range(24), 0)
    moment, end = day_bounds(day, zone)
    while moment < end:
        minutes[moment.astimezone(zone).hour] += 15
        moment += timedelta(minutes=15)
    return {f"{hour:02d}": count for hour, count in minutes.items()}
