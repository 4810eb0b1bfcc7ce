"""The days that a lake has numbers of, as far as no metric tells them: histograms and sums that any span adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from parcook.engines.contract import Session

_DAYS = """
select d.date, d.complete, d.total_conversations, d.total_messages, d.matched_mentions, d.lengths, d.tools_ms
from daily_metrics d
order by d.date
"""
_REQUESTS = """
select d.date, u.name, element_at(d.gaps_requests, u.name) as requests
from daily_metrics d
cross join unnest(map_keys(d.gaps_requests)) as u(name)
"""
_CALLS = """
select d.date, sum(element_at(d.tools_calls, u.tool)), sum(coalesce(element_at(d.tools_errors, u.tool), 0))
from daily_metrics d
cross join unnest(map_keys(d.tools_calls)) as u(tool)
group by d.date
"""


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> "Window":
        """So many days, the last of which is `last`."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Window":
        """As many days, just before."""
        return Window.ending(self.first - timedelta(days=1), self.length)

    def split(self, parts: int) -> list["Window"]:
        """So many windows of the same length, in order, up to `last`."""
        step = self.length // parts
        return [Window.ending(self.last - timedelta(days=step * back), step) for back in reversed(range(parts))]

    def dates(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range(self.length)]


@dataclass(frozen=True)
class Day:
    """One day's sums. Of a day without numbers all are nothing, and it is not complete.

    `lengths` are conversations by how many messages they have; `calls` and `failures` are those of tools, `tool_times`
    calls by milliseconds; `requests` what was asked for and is not there, by
    name in lower case.
    """

    date: date
    complete: bool = False
    conversations: int = 0
    messages: int = 0
    matched: int = 0
    lengths: Mapping[int, int] = field(default_factory=dict)
    calls: int = 0
    failures: int = 0
    tool_times: Mapping[int, int] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)


def read_days(session: Session) -> dict[date, Day]:
    """Every day from the first that has numbers to the last, none left out."""
    requests: dict[str, dict[str, int]] = {}
    for day, name, count in session.run(_REQUESTS).rows:
        asked = requests.setdefault(day, {})
        asked[name.lower()] = asked.get(name.lower(), 0) + count
    calls = {day: (int(made), int(failed)) for day, made, failed in session.run(_CALLS).rows}
    found = {}
    for day, complete, conversations, messages, matched, lengths, times in session.run(_DAYS).rows:
        moment = date.fromisoformat(day)
        found[moment] = Day(
            moment,
            bool(complete),
            conversations,
            messages,
            matched or 0,
            {int(length): count for length, count in (lengths or {}).items()},
            *calls.get(day, (0, 0)),
            sum_up({int(key.rpartition("|")[2]): count} for key, count in (times or {}).items()),
            requests.get(day, {}),
        )
    if not found:
        return {}
    return {day: found.get(day) or Day(day) for day in Window(min(found), max(found)).dates()}


def sum_up(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """All of them as one."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for value, count in histogram.items():
            total[value] = total.get(value, 0) + count
    return total


def quantile(histogram: Mapping[int, int], part: float) -> int | None:
    """The least value that so large a part is at most, as the metrics' SQL takes it; None if there is none."""
    total, reached = sum(histogram.values()), 0
    for value in sorted(histogram):
        reached += histogram[value]
        if reached >= total * part:
            return value
    return None
