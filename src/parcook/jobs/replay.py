"""Events of the past, through the real pipeline: taken in, exported, computed and expired as if they came in today.

The clock goes with them, day by day. What is older than events are kept leaves its numbers and no rows; days that a
running installation still keeps rows of are taken in late, and every number that looks back on them is revised.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from parcook.clock import day_bounds, day_of, format_instant
from parcook.conversations.timing import Arrival
from parcook.conversations.tracker import Intake
from parcook.events.contract import RETENTION_DAYS
from parcook.jobs.work import HOUR
from parcook.lake.daily import FREEZES_AFTER
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.retention import expire, retain
from parcook.lake.rounds import Done, Rounds

KIND, UNFINISHED = "replay", "unfinished"
EXPIRE_EVERY_DAYS = 30
LENGTH = 2
AT_ONCE = 500
KEPT = timedelta(days=RETENTION_DAYS)

Numbered = tuple[int, object]
"""An event as it is reported, and which one it is, as in the number of its line."""

Day = tuple[date, Sequence[Numbered]]


@dataclass(frozen=True)
class Refusal:
    """An event that was not taken, and why."""

    number: int
    code: str
    detail: str


@dataclass
class Replayed:
    """What became of the events, and the days whose numbers were made."""

    ended: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    days: int = 0


class Replay:
    """Replays days into one installation. Whoever calls it has the shift.

    A replay that was cut short is done again from its beginning: numbers that are frozen by then stay.
    """

    def __init__(self, intake: Intake, lake: Lake, now: datetime) -> None:
        self._intake = intake
        self._lake = lake
        self._now = now
        self._ledger = Ledger(lake.records)
        self._is_again = lake.records.get(KIND, UNFINISHED) is not None
        self._is_live = not self._is_again and self._has_data()
        self.result = Replayed()

    def run(self, days: Iterable[Day], on_day: Callable[[date], None] = lambda _: None) -> Replayed:
        """Take in `days`, which are in their order, and bring the lake up to date; `on_day` hears of each that is done.

        Raises `Unavailable` and `Corrupt` as the parts do; then the same call may be made again.
        """
        if not self._is_live:
            self._lake.records.put(KIND, UNFINISHED, {"started_at": format_instant(self._now)})
        late: list[Day] = []
        past = self._past(_without_gaps(days), late)
        self._relive(past, on_day)
        self._catch_up(late, on_day)
        self._lake.records.delete(KIND, UNFINISHED)
        return self.result

    def _has_data(self) -> bool:
        return self._ledger.first_day() is not None or self._lake.store.oldest_day() is not None

    def _past(self, days: Iterable[Day], late: list[Day]) -> Iterator[Day]:
        """The days that the clock goes back to. What comes after them is put into `late`."""
        for day, events in days:
            if self._end(day) + (KEPT if self._is_live else FREEZES_AFTER) > self._now:
                late.append((day, events))
            elif self._is_live and self._ledger.daily(day, day):
                self._refuse(events, "day_closed", "the numbers of this day are final, and its events are not kept")
            else:
                yield day, events

    def _relive(self, days: Iterable[Day], on_day: Callable[[date], None]) -> None:
        """Live through `days` as if each were the present; what is deleted in the end is not packed before it."""
        for is_kept, own in groupby(days, lambda day: self._end(day[0]) + KEPT > self._now):
            with _Line(self._lake if is_kept else replace(self._lake, format="json")) as line:
                for day, events in own:
                    self._take(events, Arrival(self._end(day) + HOUR))
                    line.settle(day, self._end(day) + FREEZES_AFTER)
                    if day.toordinal() % EXPIRE_EVERY_DAYS == 0:
                        line.finish()
                        expire(self._lake, self._end(day))
                        self._lake.keys.destroy_due(self._end(day))
                    self.result.days += 1
                    on_day(day)
                line.finish()

    def _catch_up(self, late: Sequence[Day], on_day: Callable[[date], None]) -> None:
        """Take in what comes late, which the round revises, and revise what looks back on days that were relived."""
        has_relived = self.result.days > 0
        for day, events in late:
            self._take(events, Arrival(self._now, is_historical=True))
            self.result.days += 1
            on_day(day)
        with Rounds(self._lake) as rounds:
            rounds.run(self._now)
            if self._is_live and has_relived:
                rounds.revise(Done(), self._now, since=self._first_kept())
        retain(self._lake, self._now)

    def _first_kept(self) -> date | None:
        """The first day whose events are kept, of those that there are."""
        began = self._ledger.first_day()
        return began and max(began, day_of(self._now - KEPT, self._lake.zone) + timedelta(days=1))

    def _take(self, events: Sequence[Numbered], arrival: Arrival) -> None:
        for start in range(0, len(events), AT_ONCE):
            chunk = events[start : start + AT_ONCE]
            outcome = self._intake.take([event for _, event in chunk], arrival)
            for (number, _), result in zip(chunk, outcome.results, strict=True):
                self.result.ended[result.status] += 1
                if result.code is not None:
                    self.result.refused.append(Refusal(number, result.code, result.detail or ""))

    def _refuse(self, events: Sequence[Numbered], code: str, detail: str) -> None:
        self.result.ended["rejected"] += len(events)
        self.result.refused += [Refusal(number, code, detail) for number, _ in events]

    def _end(self, day: date) -> datetime:
        return day_bounds(day, self._lake.zone)[1]


class _Line:
    """An assembly line: while a day is taken in, the day before is exported, and the one before that computed."""

    def __init__(self, lake: Lake) -> None:
        self._opened = ExitStack()
        self._exporting = self._opened.enter_context(Rounds(lake))
        self._computing = self._opened.enter_context(Rounds(lake))
        self._exporter = self._opened.enter_context(ThreadPoolExecutor(1, "parcook-export"))
        self._computer = self._opened.enter_context(ThreadPoolExecutor(1, "parcook-compute"))
        self._under_way: deque[Future[None]] = deque()

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._under_way:
            each.cancel()
        self._opened.close()

    def settle(self, day: date, now: datetime) -> None:
        """Export `day` and make its numbers once, when they freeze. Raises what went wrong with days before it."""
        exported = self._exporter.submit(self._exporting.export, [day], now)

        def compute() -> None:
            exported.result()
            self._computing.aggregate([day], now)

        self._under_way.append(self._computer.submit(compute))
        self._wait(LENGTH)

    def finish(self) -> None:
        """Wait until all days are done. Raises what went wrong with any."""
        self._wait(0)

    def _wait(self, left: int) -> None:
        while len(self._under_way) > left:
            self._under_way.popleft().result()


def _without_gaps(days: Iterable[Day]) -> Iterator[Day]:
    """The same days, and between them those on which nothing happened: their numbers are zero, and not unknown."""
    following: date | None = None
    for day, events in days:
        while following is not None and following < day:
            yield following, ()
            following += timedelta(days=1)
        yield day, events
        following = day + timedelta(days=1)
