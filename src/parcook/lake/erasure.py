"""Erasing a person or a conversation from every layer.

First a tombstone, so that nothing more comes in; then the lake, while the store still knows which messages they
were; then activity and store; then every number that looks back on those days. What is to be done is written down
before it is done: an erasure that was cut short is gone on with, and one that is over finds nothing left.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from parcook.clock import day_bounds, day_of, format_instant
from parcook.conversations.tombstones import erased_until
from parcook.errors import Corrupt, Unavailable
from parcook.events.contract import Event
from parcook.lake.export import LOOK_BACK
from parcook.lake.people import Activity, People
from parcook.lake.place import Lake
from parcook.lake.receipts import (
    KIND,
    Receipt,
    Request,
    Subject,
    events_of,
    is_heard,
    keep,
    request_erasure,
    running,
)
from parcook.lake.retention import expire
from parcook.lake.rewriting import Rewriter
from parcook.lake.rounds import Done, Rounds

MAX_PASSES = 5

log = logging.getLogger(__name__)


class Eraser:
    """Erases from one lake and its store. One thread at a time; `close()` it.

    Whoever calls it holds the lease of the jobs, so that nobody exports meanwhile.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._people = People(lake)
        self._rewriter = Rewriter(lake)
        self._rounds = Rounds(lake)

    def __enter__(self) -> "Eraser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release what is held."""
        self._rounds.close()
        self._rewriter.close()
        self._people.close()

    def request(self, subject: Subject, reference: str, now: datetime) -> Receipt:
        """As `receipts.request_erasure` does."""
        return request_erasure(self._lake.store, subject, reference, now)

    def erase(self, subject: Subject, reference: str, now: datetime) -> Receipt:
        """Erase a person or conversation, by its stored reference: request it, and carry it out at once."""
        return self.carry_out(self.request(subject, reference, now), now)

    def carry_out(self, requested: Receipt, now: datetime) -> Receipt:
        """Erase what `requested` is the receipt of.

        Raises `Unavailable` if a layer does not answer, or if somebody goes on writing what is being erased, and
        `Corrupt` for a file of the lake that cannot be read. The same call later goes on where this one stopped.
        """
        requests = running(self._lake.records)
        (request,) = (each for each in requests if each.receipt.request_id == requested.request_id)
        return self._carry_out(request, now)

    def carry_out_requests(self, now: datetime) -> list[Receipt]:
        """Do everything that was requested, has been heard of by whoever takes events in, and is not done."""
        return [self._carry_out(request, now) for request in running(self._lake.records) if is_heard(request, now)]

    def estimate(self, subject: Subject, reference: str, now: datetime) -> Receipt:
        """What `erase` would find; nothing is written."""
        request = Request(Receipt(uuid.uuid4().hex, subject, "dry_run", format_instant(now)), reference, now)
        events = list(events_of(self._lake.store, subject, reference, now))
        self._plan(request, events, now, self._rewriter.count)
        return replace(request.receipt, layers={**request.added_up(), "daily": len(self._days_since(request, now))})

    def _carry_out(self, request: Request, now: datetime) -> Receipt:
        expire(self._lake, now)  # what has expired is not read any more, and must go too
        self._rounds.drop_damaged_activity(now)
        for _ in range(MAX_PASSES):
            events = self._events(request, now)
            lake_days = self._lake_days(events)
            for day in lake_days:
                self._rewriter.drop_strays(day)
            self._plan(request, events, now, partial(self._mending, self._rewriter.count, now=now))
            keep(self._lake.records, request)
            if not events and not self._activity_days(request, events, now):
                return self._finish(request, now)
            for day in lake_days:
                self._mending(partial(self._rewriter.take_out, now=now), day, self._touching(day, events), now=now)
            for day, user_ref in self._activity_days(request, events, now):
                self._people.replace(day, user_ref, self._activity(day, user_ref, request, events, now), now)
            self._verify_lake(events)
            self._lake.store.delete(events)
        raise Unavailable("what is being erased is still being written; stop other exports and ask again")

    def _mending(
        self, ask: Callable[[date, Sequence[Event]], int], day: date, events: Sequence[Event], now: datetime
    ) -> int:
        """What `ask` answers of `day`; if a file is damaged the day is exported anew first, without what is erased."""
        try:
            return ask(day, events)
        except Corrupt as error:
            log.error("an erasure exports %s anew: %s", day, error.detail)
            self._rounds.export_anew(day, now)
            return ask(day, events)

    def _finish(self, request: Request, now: datetime) -> Receipt:
        changed = Done()
        if days := self._days_since(request, now):
            changed = self._rounds.revise(changed, now, since=days[0])
        receipt = replace(
            request.receipt,
            status="done",
            finished_at=format_instant(now),
            layers={**request.added_up(), "daily": len(changed.aggregated)},
            verified=True,
        )
        self._lake.records.put(KIND, receipt.request_id, receipt.as_dict())
        self._lake.records.delete(KIND)  # no record, but for good: whose it was is in no journal any more
        return receipt

    def _events(self, request: Request, now: datetime) -> list[Event]:
        """What is to be erased: what is refused from then on, whatever the clock has said meanwhile."""
        until = erased_until(self._lake.records, request.reference) or now
        stored = events_of(self._lake.store, request.receipt.subject, request.reference, now)
        return [event for event in stored if event.ts <= until]

    def _plan(
        self,
        request: Request,
        events: Sequence[Event],
        now: datetime,
        count: Callable[[date, Sequence[Event]], int],
    ) -> None:
        """Write into the request what there is to erase, day by day; what was written there before stays."""
        by_day: dict[date, list[Event]] = {}
        for event in events:
            by_day.setdefault(event.day, []).append(event)
        active = {day for day, _ in self._activity_days(request, events, now)}
        for day in sorted(by_day.keys() | active):
            own = by_day.get(day, [])
            if day.isoformat() not in request.days:
                rows = count(day, own) if own else 0
                request.days[day.isoformat()] = [len(own), rows, int(day in active)]

    def _lake_days(self, events: Sequence[Event]) -> list[date]:
        """The days whose files hold these events, or depend on them."""
        after = {day_of(event.ts + LOOK_BACK, self._lake.zone) for event in events}
        return sorted(after | {event.day for event in events})

    def _touching(self, day: date, events: Sequence[Event]) -> list[Event]:
        """Those of `events` that files of `day` hold, or depend on."""
        start = day_bounds(day, self._lake.zone)[0]
        return [event for event in events if event.day == day or start - LOOK_BACK <= event.ts < start]

    def _activity_days(self, request: Request, events: Sequence[Event], now: datetime) -> list[tuple[date, str]]:
        """Whose activity changes on which day."""
        if request.receipt.subject == "user":
            days = self._people.days_of(request.reference, day_of(now, self._lake.zone))
            return [(day, request.reference) for day in days]
        return sorted({(event.day, event.user_ref) for event in events if event.user_ref is not None})

    def _activity(self, day: date, user_ref: str, request: Request, erased: Sequence[Event], now: datetime) -> Activity:
        """What a person did on `day` besides what is erased: nothing, if it is the person."""
        activity = Activity()
        if request.receipt.subject == "conversation":
            ids = {event.message_id for event in erased}
            for event in self._lake.store.person(user_ref, now):
                if event.day == day and event.message_id not in ids and not event.internal:
                    activity.add(event)
        return activity

    def _verify_lake(self, events: Sequence[Event]) -> None:
        """Look for what was taken out. Raises `Unavailable` if somebody has put it back."""
        for day in {event.day for event in events}:
            if self._rewriter.count(day, events):
                raise Unavailable(f"the lake of {day} was exported while something was being erased; ask again")

    def _days_since(self, request: Request, now: datetime) -> list[date]:
        """The days whose numbers may change: from the first that something was erased from, to today."""
        if not request.days:
            return []
        first, today = date.fromisoformat(min(request.days)), day_of(now, self._lake.zone)
        return [first + timedelta(days=n) for n in range((today - first).days + 1)]
