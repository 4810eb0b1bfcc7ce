"""What builders of artifacts may ask: metrics over one reading of the lake, the days it has, the four fixed periods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from parcook.artifacts.annotations import Mark
from parcook.artifacts.insights.days import Day, Window, read_days
from parcook.artifacts.shapes.periods import PeriodDays
from parcook.engines.contract import Session
from parcook.metrics.library import MetricAnswer, ask, find_metric

PERIODS: Sequence[PeriodDays] = (7, 28, 91, 364)
WEEKS_SHOWN = 53
ALL_ROWS = 10_000
TIMEOUT_S = 120.0  # nobody waits for it
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)

Row = dict[str, Any]
NamedRecipe = tuple[int, str, str | None]


@dataclass(frozen=True)
class Span:
    """A fixed period up to the last complete day; `before` is None where it is not wholly in the lake."""

    days: PeriodDays
    now: Window
    before: Window | None


class Questions:
    """One state of a lake. Ask it as often as you like: what was asked before is remembered.

    With `until` it is the state at the end of that day: later days are as if they were not there yet.
    """

    def __init__(
        self,
        session: Session,
        *,
        min_people: int,
        timezone: str,
        recipes: Sequence[NamedRecipe] = (),
        marks: Sequence[Mark] = (),
        until: date | None = None,
    ) -> None:
        self.recipes = recipes
        self.marks = marks
        found = read_days(session)
        self.days: Mapping[date, Day] = {day: own for day, own in found.items() if until is None or day <= until}
        self.through = max((day.date for day in self.days.values() if day.complete), default=None)
        self._session = session
        self._min_people = min_people
        self._timezone = timezone
        self._answers: dict[tuple[str, Window, int], MetricAnswer] = {}
        self._by_day: dict[str, Mapping[date, Row]] = {}

    @property
    def last_complete(self) -> date:
        """The last complete day. There is one wherever artifacts are built."""
        assert self.through is not None  # without one nothing is built
        return self.through

    @property
    def everything(self) -> Window:
        """From the first day to the last, which may be unfinished."""
        return Window(min(self.days), max(self.days))

    @property
    def last_whole_week(self) -> date:
        """The Monday of the last week whose Sunday is complete."""
        last = self.last_complete
        return last - timedelta(days=last.weekday()) - (WEEK if last.weekday() < 6 else timedelta(0))

    def ask(self, name: str, window: Window, limit: int = ALL_ROWS) -> MetricAnswer:
        """The answer of a metric for a window, as everybody gets it: what is to be withheld is."""
        key = (name, window, limit)
        if key not in self._answers:
            values = {"from": window.first, "to": window.last, "limit": limit}
            metric = find_metric(name)
            self._answers[key] = ask(
                metric,
                self._session,
                values,
                min_people=self._min_people,
                timezone=self._timezone,
                timeout_s=TIMEOUT_S,
                complete=[day.date for day in self.within(window) if day.complete],
            )
        return self._answers[key]

    def rows_before(self, name: str, span: Span) -> Sequence[Row]:
        """The rows of a metric for the previous period; none where the lake does not reach back so far."""
        return self.ask(name, span.before).rows if span.before is not None else ()

    def by_day(self, name: str, column: str) -> Mapping[date, Row]:
        """The rows of a metric that has one for each day, by the day in `column`: every day there is."""
        if name not in self._by_day:
            rows = self.ask(name, self.everything).rows
            self._by_day[name] = {date.fromisoformat(row[column]): row for row in rows}
        return self._by_day[name]

    def within(self, window: Window) -> list[Day]:
        """The days of a window that the lake reaches."""
        return [self.days[day] for day in window.dates() if day in self.days]

    def known(self, window: Window) -> Window | None:
        """`window`, if the lake reaches back to its first day."""
        return window if min(self.days) <= window.first else None

    def spans(self) -> list[Span]:
        """The fixed periods there is an answer for: those that hold days which a shorter one does not."""
        first, last = min(self.days), self.last_complete
        more = [days for shorter, days in pairwise(PERIODS) if first <= last - timedelta(days=shorter)]
        held = [PERIODS[0], *more]
        windows = [Window.ending(last, days) for days in held]
        return [Span(days, now, self.known(now.before)) for days, now in zip(held, windows, strict=True)]

    def weeks(self) -> list[Window]:
        """The ISO weeks to the last day, up to `WEEKS_SHOWN`; the last ends with that day."""
        first, last = self.everything.first, self.everything.last
        this = last - timedelta(days=last.weekday())
        mondays = [this - number * WEEK for number in reversed(range(WEEKS_SHOWN))]
        return [Window(monday, min(monday + 6 * DAY, last)) for monday in mondays if monday + 6 * DAY >= first]

    def is_over(self, week: Window) -> bool:
        """Whether all seven days of the week are over and exported."""
        return all(self.days.get(day, Day(day)).complete for day in Window(week.first, week.first + 6 * DAY).dates())


def by_period(questions: Questions, build: Callable[[Span], Row]) -> list[Row]:
    """Each period with what `build` tells of it: rows, n, summary, and whatever else the shape has."""
    return [{**head(span), **build(span)} for span in questions.spans()]


def head(span: Span) -> Row:
    """How a period introduces itself."""
    return {"days": span.days, "first": span.now.first.isoformat(), "last": span.now.last.isoformat()}


def told(answer: MetricAnswer) -> Row:
    """What the metric says of its answer, in the words of a period."""
    return {name: answer.metadata[name] for name in ("n", "complete", "suppressed")}
