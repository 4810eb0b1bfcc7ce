"""One round of hourly work: what is not in the lake yet is exported, what is not frozen yet is computed again.

What is due is read from the ledgers and not from the clock, so a round after days of downtime does all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from parcook.clock import day_of
from parcook.conversations.late_days import late_days, mark_late, settle_late
from parcook.errors import Invalid
from parcook.events.contract import RETENTION_DAYS
from parcook.lake.daily import Aggregator
from parcook.lake.export import Exporter
from parcook.lake.ledger import Ledger
from parcook.lake.people import People
from parcook.lake.place import Lake
from parcook.lake.weekly import aggregate_week, monday_of


@dataclass
class Done:
    """What a round changed: days whose files, days whose numbers, and weeks (by their Monday) whose numbers."""

    exported: list[date] = field(default_factory=list)
    aggregated: list[date] = field(default_factory=list)
    weeks: list[date] = field(default_factory=list)


class Rounds:
    """Brings a lake up to date. One thread at a time; `close()` it.

    What it raises (`Unavailable`, `Corrupt`) leaves everything so that the next round goes on where it was.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._ledger = Ledger(lake.records)
        self._people = People(lake)
        self._exporter = Exporter(lake, self._people)
        self._aggregator = Aggregator(lake, self._people)

    def __enter__(self) -> "Rounds":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release what is held."""
        self._aggregator.close()
        self._exporter.close()
        self._people.close()

    def due(self, now: datetime) -> list[date]:
        """The days whose numbers are not frozen, from the first that there is, in their order."""
        today = day_of(now, self._lake.zone)
        firsts = [day for day in (self._lake.store.oldest_day(), self._ledger.first_day()) if day is not None]
        if not firsts:
            return []
        first = max(min(firsts), today - timedelta(days=RETENTION_DAYS - 1))
        frozen = {day for day, daily in self._ledger.daily(first, today).items() if daily.frozen_at is not None}
        return [day for day in _days(first, today) if day not in frozen]

    def run(self, now: datetime) -> Done:
        """Export and compute everything that is due at `now`; revise what got late events or was left half written.

        Files that turn out to be damaged are made anew while the events they were made from are kept.
        """
        days = self.due(now)
        done = self._compute(days, now, self.export(days, now), revise=False)
        late = late_days(self._lake.records)
        again = {date.fromisoformat(mark.key) for mark in late}
        again |= {export.day for export in self._ledger.exports() if export.key_id is None}
        computed = self._ledger.daily(days[0], days[-1]) if days else {}
        damaged = {day for day, daily in computed.items() if daily.corrupt}
        if again or damaged:
            done = self.export(sorted(again - damaged), now, done)
            done.exported += [day for day in sorted(damaged) if self.export_anew(day, now) and day not in done.exported]
            done = self.revise(done, now)
        for mark in late:
            settle_late(self._lake.records, mark)
        return done

    def drop_damaged_activity(self, now: datetime) -> None:
        """Drop damaged files of the restricted activity; days whose events are kept are marked to be exported again."""
        self._people.drop_damaged(day_of(now, self._lake.zone), lambda day: mark_late(self._lake.records, [day], now))

    def export(self, days: Sequence[date], now: datetime, done: Done | None = None) -> Done:
        """Export `days`, in their order."""
        self.drop_damaged_activity(now)
        done = done or Done()
        done.exported += [day for day in days if self._exporter.export_day(day, now)]
        return done

    def export_anew(self, day: date, now: datetime) -> bool:
        """Export `day` whole, whatever the ledger says is there; whether that changed the lake."""
        return self._exporter.export_day(day, now, anew=True)

    def export_hour(self, hour: datetime, now: datetime) -> bool:
        """Export one UTC hour; whether that changed anything. Raises `Invalid` for one that is not over."""
        return self._exporter.export_hour(hour, now)

    def aggregate(self, days: Sequence[date], now: datetime) -> Done:
        """Compute the numbers of `days` that are not frozen, and of the weeks they end."""
        return self._compute(days, now, Done(), revise=False)

    def backfill(self, first: date, last: date, now: datetime) -> Done:
        """Export the days from `first` to `last` anew and revise every number that looks back on them.

        Raises `Invalid` where events are no longer kept, or are not there yet.
        """
        today = day_of(now, self._lake.zone)
        if not today - timedelta(days=RETENTION_DAYS) < first <= last <= today:
            raise Invalid(f"events are kept for {RETENTION_DAYS} days; from and to must lie in them, in this order")
        self.drop_damaged_activity(now)
        exported = [day for day in _days(first, last) if self.export_anew(day, now)]
        return self.revise(Done(exported), now)

    def revise(self, done: Done, now: datetime, since: date | None = None) -> Done:
        """Compute again every number that looks back on the days that `done` exported, or on those from `since` on."""
        changed = [*done.exported, *([since] if since is not None else [])]
        if not changed:
            return done
        today = day_of(now, self._lake.zone)
        return self._compute(_days(min(changed), today), now, done, revise=True)

    def _compute(self, days: Sequence[date], now: datetime, done: Done, revise: bool) -> Done:
        self.drop_damaged_activity(now)
        for day in days:
            self._people.settle(day, now)
        for day in days:
            if self._aggregator.aggregate_day(day, now, revise) and day not in done.aggregated:
                done.aggregated.append(day)
        this_week = monday_of(day_of(now, self._lake.zone))
        last_weeks = {this_week - timedelta(weeks=1), this_week - timedelta(weeks=2)}  # after a crash before they froze
        mondays = {monday_of(day) for day in days} | last_weeks
        began = self._ledger.first_day()
        for monday in sorted(monday for monday in mondays if began is not None and monday_of(began) <= monday):
            has_changed = aggregate_week(self._lake, self._people, self._aggregator, monday, now, revise)
            if has_changed and monday not in done.weeks:
                done.weeks.append(monday)
        return done


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
