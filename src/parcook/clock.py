"""Time: always UTC, always aware, and a parameter of everything that depends on it; days are those of a report zone."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By ISO 8601, which counts them from 1."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment in UTC; the default `Clock`."""
    return datetime.now(UTC)


def format_time(moment: datetime) -> str:
    """`moment` as RFC 3339 in UTC with whole seconds and `Z`: `2025-01-15T10:30:00Z`.

    Raises `ValueError` for a naive `moment`, whose instant is anybody's guess.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """The instant that `format_time` wrote. Raises `ValueError` for any other shape."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if format_time(moment) != text:  # `strptime` takes a small z, single digits and those of other scripts
        raise ValueError(f"time data {text!r} is not as {format_time(moment)!r} is written")
    return moment


def format_instant(moment: datetime) -> str:
    """`moment` in UTC with milliseconds, cut, always equally long, so that text sorts as time: `…T10:30:00.000Z`."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_instant(text: str) -> datetime:
    """The instant that `format_instant` wrote. Raises `ValueError` for any other shape."""
    if _INSTANT.fullmatch(text) is None:  # `fromisoformat` takes much else; read by the million, it is the quickest
        raise ValueError(f"time data {text!r} is not as 2025-01-15T10:30:00.000Z is written")
    return datetime.fromisoformat(text)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The report day that `moment` falls in."""
    return moment.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the report day begins and when the next one does, in UTC: 23, 24 or 25 hours, or what the zone decrees."""
    return _begin(day, zone), _begin(day + timedelta(days=1), zone)


@lru_cache(maxsize=1_000)  # asked of every event
def _begin(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day`; where midnight is skipped, the instant the clocks jump past it."""
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    while begin.astimezone(zone).date() < day:  # midnight does not exist on this day
        begin += timedelta(minutes=15)
    return begin


def hour_of(moment: datetime) -> datetime:
    """The start of the UTC hour that `moment` falls in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hours_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """The starts of all UTC hours that have an instant in `start` <= t < `end`."""
    hour = hour_of(start)
    while hour < end:
        yield hour
        hour += timedelta(hours=1)


def format_hour(hour: datetime) -> str:
    """A UTC hour as files and ledgers write it: `2025-01-15T13Z`."""
    return hour.astimezone(UTC).strftime("%Y-%m-%dT%HZ")


def parse_hour(text: str) -> datetime:
    """The hour that `format_hour` wrote. Raises `ValueError` for any other shape."""
    hour = datetime.strptime(text, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
    if format_hour(hour) != text:
        raise ValueError(f"{text!r} is no hour such as 2025-01-15T13Z")
    return hour
