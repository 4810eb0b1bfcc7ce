"""Time: always UTC, always aware, and a parameter of everything that depends on it."""

from collections.abc import Callable
from datetime import UTC, datetime

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
