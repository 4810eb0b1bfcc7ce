"""People across days: the restricted activity table, and exact counts of people by plain SQL over it.

It is kept by day under `user_ref`, for 95 days, where no analyst reads; only numbers leave. A person is active on a
day with at least one message as a user.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds, day_of
from parcook.errors import Corrupt
from parcook.events.contract import Event
from parcook.lake.ledger import Entry, Ledger
from parcook.lake.place import Lake, file_path
from parcook.lake.tables import ACTIVITY
from parcook.lake.writing import CONTENT_TYPES, Bench, as_lines, digest

log = logging.getLogger(__name__)

KEPT_DAYS = 95
FIRST_DAY_CARRIES_DAYS = 90

_COUNTS = """
SELECT
    count(DISTINCT user_ref) FILTER (person_kind = 'user' AND day = $day) AS dau,
    count(DISTINCT user_ref) FILTER (person_kind = 'user' AND day > $day - 7) AS wau,
    count(DISTINCT user_ref) FILTER (person_kind = 'user' AND day > $day - 28) AS mau,
    count(DISTINCT user_ref) FILTER (person_kind = 'user' AND day > $day - 91) AS people_91,
    count(DISTINCT user_ref) FILTER (person_kind = 'visitor' AND day = $day) AS visitors
FROM people
WHERE day BETWEEN $day - 90 AND $day
"""
_WEEK = """
SELECT
    count(DISTINCT user_ref) AS people,
    count(DISTINCT user_ref) FILTER (first_day BETWEEN $monday AND $monday + 6) AS new_people,
    count(DISTINCT user_ref) FILTER (user_ref IN (
        SELECT user_ref FROM people WHERE person_kind = 'user' AND day BETWEEN $monday - 28 AND $monday - 1
    )) AS returning_people
FROM people
WHERE person_kind = 'user' AND day BETWEEN $monday AND $monday + 6
"""
_COHORTS = """
SELECT strftime(first_day, '%G-W%V') AS cohort, count(DISTINCT user_ref)
FROM people
WHERE person_kind = 'user' AND day BETWEEN $monday AND $monday + 6
GROUP BY cohort
ORDER BY cohort
"""
_FEATURES = """
SELECT feature, count(DISTINCT user_ref)
FROM (
    SELECT user_ref, unnest(features) AS feature
    FROM people
    WHERE person_kind = 'user' AND day BETWEEN $monday AND $monday + 6
)
GROUP BY feature
ORDER BY feature
"""
_FIRST_DAYS = """
SELECT user_ref, arg_max(first_day, day)
FROM people
WHERE day BETWEEN $day - $carries AND $day - 1
GROUP BY user_ref
"""
_TOLD_FIRST_DAYS = "SELECT user_ref, first_day FROM people WHERE day = $day AND first_day < $kept_from"


def first_kept(now: datetime, zone: ZoneInfo) -> date:
    """The earliest day whose activity is kept at `now`."""
    day = day_of(now, zone) - timedelta(days=KEPT_DAYS)
    while day_bounds(day, zone)[1] + timedelta(days=KEPT_DAYS) <= now:
        day += timedelta(days=1)
    return day


@dataclass
class Activity:
    """Who is active on one day, gathered event by event."""

    _people: dict[str, "_Person"] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Count `event` for its person, if it has one."""
        if event.user_ref is None or event.person_kind is None:
            return
        person = self._people.get(event.user_ref)
        if person is None:
            person = self._people[event.user_ref] = _Person(event.person_kind)
        if event.feature is not None:
            person.features.add(event.feature)
        if event.message_length is not None and event.role in ("user", "assistant"):
            person.conversations.add(event.conversation_id)
            person.messages += event.role == "user"

    def rows(self, day: date, first_days: Mapping[str, date]) -> list[dict[str, Any]]:
        """The rows of `activity`, by person."""
        return [
            {
                "user_ref": user_ref,
                "person_kind": person.kind,
                "first_day": _first(first_days, user_ref, day),
                "conversations": len(person.conversations),
                "messages": person.messages,
                "features": sorted(person.features),
            }
            for user_ref, person in sorted(self._people.items())
            if person.messages
        ]


@dataclass
class _Person:
    kind: str
    conversations: set[str] = field(default_factory=set)
    messages: int = 0
    features: set[str] = field(default_factory=set)


class People:
    """The activity of the days that a question is about, held in memory and brought up to date before each.

    One thread at a time; `close()` it. Raises `Corrupt` for a file that is not what was written; `drop_damaged` sees
    to those.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._ledger = Ledger(lake.records)
        self._bench = Bench()
        self._held: dict[date, str] = {}
        self._bench.load(ACTIVITY, [], "loaded")
        self._bench.duckdb.execute("CREATE TEMP TABLE people AS SELECT DATE '2000-01-01' AS day, * FROM loaded")

    def close(self) -> None:
        """Forget everything."""
        self._bench.close()

    def drop_damaged(self, until: date, before_dropping: Callable[[date], None]) -> None:
        """Drop the days whose file is not what was written; each is told to `before_dropping` first.

        What one of them held is unknown from then on, until it is exported again.
        """
        for day, entry in self._ledger.activities(until - timedelta(days=KEPT_DAYS), until).items():
            if self._held.get(day) != entry.sha256 and not self._can_take_in(day, entry):
                log.error("%s in the restricted tables is missing or damaged", _path(day))
                before_dropping(day)
                self._lake.private.delete(_path(day))
                self._ledger.forget_activity(day)

    def record(self, day: date, activity: Activity, now: datetime) -> bool:
        """Write who was active on `day`; whether that changed anything."""
        return self._write(day, activity.rows(day, self._first_days(day, now)), now)

    def settle(self, day: date, now: datetime) -> bool:
        """Carry first days forward into `day` anew, since an earlier day changed; whether that changed anything."""
        first_days = self._first_days(day, now)
        rows = [{**row, "first_day": _first(first_days, row["user_ref"], day)} for row in self.rows(day)]
        return bool(rows) and self._write(day, rows, now)

    def replace(self, day: date, user_ref: str, activity: Activity, now: datetime) -> bool:
        """Write of one person alone what they did on `day`; whether that changed anything."""
        others = [row for row in self.rows(day) if row["user_ref"] != user_ref]
        own = activity.rows(day, self._first_days(day, now))
        return self._write(day, sorted(others + own, key=lambda row: str(row["user_ref"])), now)

    def rows(self, day: date) -> list[dict[str, Any]]:
        """The rows of one day, by person, as they are written."""
        self._hold(day, day)
        found = self._bench.duckdb.execute(
            "SELECT user_ref, person_kind, strftime(first_day, '%Y-%m-%d') AS first_day, conversations, messages, "
            "features FROM people WHERE day = ? ORDER BY user_ref",
            [day],
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def days_of(self, user_ref: str, until: date) -> list[date]:
        """The days on which a person was active, as far as they are kept."""
        self._hold(until - timedelta(days=KEPT_DAYS), until)
        found = self._bench.duckdb.execute("SELECT day FROM people WHERE user_ref = ? ORDER BY day", [user_ref])
        return [day for (day,) in found.fetchall()]

    def counts(self, day: date) -> dict[str, int]:
        """`dau`, `wau`, `mau`, `people_91` and `visitors` of `day`."""
        self._hold(day - timedelta(days=90), day)
        return self._one(_COUNTS, {"day": day})

    def week(self, monday: date) -> dict[str, Any]:
        """`people`, `new_people`, `returning_people`, `cohorts` and `feature_people` of the week from `monday` on."""
        self._hold(monday - timedelta(days=28), monday + timedelta(days=6))
        return {
            **self._one(_WEEK, {"monday": monday}),
            "cohorts": self._map(_COHORTS, {"monday": monday}),
            "feature_people": self._map(_FEATURES, {"monday": monday}),
        }

    def _first_days(self, day: date, now: datetime) -> dict[str, date]:
        """The first day of everybody who was active in the 90 days before `day`.

        What is no longer kept is believed as the day's own rows have it: a first day of before that stays.
        """
        start = day - timedelta(days=FIRST_DAY_CARRIES_DAYS)
        self._hold(start, day)
        kept_from = first_kept(now, self._lake.zone)
        values: dict[str, Any] = {"day": day, "carries": FIRST_DAY_CARRIES_DAYS}
        found = dict(self._bench.duckdb.execute(_FIRST_DAYS, values).fetchall())
        if start < kept_from:
            told = self._bench.duckdb.execute(_TOLD_FIRST_DAYS, {"day": day, "kept_from": kept_from}).fetchall()
            found = {**dict(told), **found}
        return found

    def _write(self, day: date, rows: list[dict[str, Any]], now: datetime) -> bool:
        lines = as_lines(rows)
        entry = self._ledger.activities(day, day).get(day)
        if entry is not None and entry.content == digest(lines):
            return False
        (body,) = self._bench.encode(ACTIVITY, [lines], "parquet")
        self._lake.private.put(_path(day), body, CONTENT_TYPES["parquet"])
        self._ledger.write_activity(day, Entry(len(rows), digest(lines), digest(body), now))
        return True

    def _hold(self, first: date, last: date) -> None:
        """Have in memory what the ledger says there is from `first` to `last`."""
        entries = self._ledger.activities(first, last)
        for day in [day for day in self._held if first <= day <= last and day not in entries]:
            self._drop(day)
        for day, entry in entries.items():
            if self._held.get(day) != entry.sha256 and not self._can_take_in(day, entry):
                raise Corrupt(f"{_path(day)} in the restricted tables is missing or damaged; the next round mends that")

    def _drop(self, day: date) -> None:
        self._bench.duckdb.execute("DELETE FROM people WHERE day = ?", [day])
        self._held.pop(day, None)

    def _can_take_in(self, day: date, entry: Entry) -> bool:
        """Hold `day`; False, and nothing of it is held, if its file is not there as it was written."""
        self._drop(day)
        blob = self._lake.private.get(_path(day))
        if blob is None or digest(blob.body) != entry.sha256:
            return False
        if self._bench.load(ACTIVITY, [(_path(day), blob.body)], "loaded"):
            return False
        self._bench.duckdb.execute("INSERT INTO people SELECT ?, * FROM loaded", [day])
        self._held[day] = entry.sha256
        return True

    def _one(self, query: str, values: Mapping[str, Any]) -> dict[str, Any]:
        found = self._bench.duckdb.execute(query, values)
        names = [column[0] for column in found.description]
        (row,) = found.fetchall()
        return dict(zip(names, row, strict=True))

    def _map(self, query: str, values: Mapping[str, Any]) -> dict[str, int]:
        return dict(self._bench.duckdb.execute(query, values).fetchall())


def _first(first_days: Mapping[str, date], user_ref: str, day: date) -> str:
    return first_days.get(user_ref, day).isoformat()


def _path(day: date) -> str:
    return file_path(ACTIVITY, day, day.isoformat(), "parquet")
