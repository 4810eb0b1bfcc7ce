"""When an event happened: clocks that are wrong, events that come late, and those that cannot be."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from parcook.errors import Rejected
from parcook.events.contract import RETENTION_DAYS

MAX_SKEW = timedelta(hours=24)
UNNOTICED_SKEW = timedelta(seconds=5)  # what a network takes is no wrong clock
MAX_AHEAD = timedelta(minutes=5)
MAX_LATE = timedelta(hours=48)
MAX_AGE = timedelta(days=RETENTION_DAYS)

_RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(?P<offset>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)


@dataclass(frozen=True)
class Arrival:
    """What is known of a request as a whole: when it came, and what it says of itself."""

    received_at: datetime
    sent_at: datetime | None = None
    is_historical: bool = False
    opts_out: bool = False


def read_timestamp(value: object, name: str) -> datetime:
    """The instant in `value`, an RFC 3339 text with an offset, cut to milliseconds.

    Raises `Rejected` with `timestamp_naive` where the offset is missing, else with `bad_timestamp`.
    """
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) and len(value) <= 64 else None
    if match is None:
        raise Rejected("bad_timestamp", f"{name} must look like 2025-01-15T10:30:00Z")
    if match["offset"] is None:
        raise Rejected("timestamp_naive", f"{name} needs an offset, as in 2025-01-15T10:30:00+01:00")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    milliseconds = int((match[7] or "0").ljust(3, "0")[:3])
    try:
        moment = datetime(year, month, day, hour, minute, second, milliseconds * 1000, UTC) - _offset(match["offset"])
    except (ValueError, OverflowError):
        raise Rejected("bad_timestamp", f"{name} is no date that exists") from None
    return moment


def _offset(text: str) -> timedelta:
    if text in "Zz":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def settle_time(reported: datetime | None, arrival: Arrival) -> tuple[datetime, list[str]]:
    """When an event happened by our clock, in whole milliseconds, and the warnings that go with it.

    A sender's clock is corrected by how far its `sent_at` is from when the request came, within 24 hours; what is
    then still more than 5 minutes ahead happened now. Raises `Rejected` with `timestamp_too_old` beyond 48 hours
    unless the request is historical, and with `timestamp_expired` beyond 90 days.
    """
    now = arrival.received_at.replace(microsecond=arrival.received_at.microsecond // 1000 * 1000)
    if reported is None:
        return now, []
    moment, warnings = reported, []
    skew = now - arrival.sent_at if arrival.sent_at is not None else timedelta()
    if abs(skew) > MAX_SKEW:
        warnings.append("skew_ignored")
    elif abs(skew) > UNNOTICED_SKEW:
        moment = _shifted(moment, skew)
        warnings.append("skew_corrected")
    if moment > now + MAX_AHEAD:
        return now, [*warnings, "timestamp_in_future"]
    if moment < now - MAX_AGE:
        raise Rejected(
            "timestamp_expired", f"events are kept for {RETENTION_DAYS} days; load older ones with parcook replay"
        )
    if moment < now - MAX_LATE and not arrival.is_historical:
        raise Rejected("timestamp_too_old", "events older than 48 hours are taken with historical: true alone")
    return moment, warnings


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:  # in the year 1 or 9999: the rules after this one judge it as it is
        return moment
