"""Days that events were added to long afterwards: their numbers have frozen, and must be told to be made anew."""

from collections.abc import Iterable
from datetime import date, datetime

from parcook.clock import format_instant
from parcook.events.contract import Record, Records

KIND = "late_day"


def mark_late(records: Records, days: Iterable[date], now: datetime) -> None:
    """Call this before events of `days` are stored: the next round of the lake exports and computes them again."""
    for day in days:
        records.put(KIND, day.isoformat(), {"marked_at": format_instant(now)})


def late_days(records: Records) -> list[Record]:
    """The marks that no round has settled, by day."""
    return list(records.list(KIND))


def settle_late(records: Records, mark: Record) -> None:
    """What `mark` asked for is done; one that was made again meanwhile stays."""
    if records.get(KIND, mark.key) == mark:
        records.delete(KIND, mark.key)
