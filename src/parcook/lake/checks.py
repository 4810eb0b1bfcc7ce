"""Six questions about each day's data, answered whenever its numbers are made, and kept with them as 1 or 0."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds, format_hour, hours_between
from parcook.lake.export import HOUR
from parcook.lake.ledger import Daily, DayExport
from parcook.lake.quarantine import QUARANTINE
from parcook.lake.tables import CONVERSATIONS

CHECKS = (
    "unique_message_id",
    "not_null_keys",
    "partition_is_local_date",
    "lake_count_is_store_count",
    "unmatched_share_in_band",
    "fresh",
)
MIN_MENTIONS = 20
MIN_DAYS = 7
BAND = 0.25


def counts_agree(export: DayExport | None, rows_in_lake: int) -> bool:
    """Whether the lake holds as many rows of a day as the store had events for it when it was last exported."""
    if export is None:
        return rows_in_lake == 0
    return export.rows(CONVERSATIONS.name) + export.rows(QUARANTINE.name) == rows_in_lake


def is_in_band(mentions: int, matched: int, before: Iterable[Daily]) -> bool:
    """Whether about as many of the recipes named are in the catalogue as in the weeks before.

    Too few mentions to say so, on the day or in the weeks, is no fault.
    """
    known = [daily for daily in before if daily.mentions]
    usual_mentions = sum(daily.mentions for daily in known)
    if mentions < MIN_MENTIONS or usual_mentions < MIN_MENTIONS or len(known) < MIN_DAYS:
        return True
    usual = sum(daily.matched for daily in known) / usual_mentions
    return abs(matched / mentions - usual) <= BAND


def is_exported(export: DayExport | None, day: date, zone: ZoneInfo, now: datetime) -> bool:
    """Whether every hour of `day` that is over at `now` is in the lake, all under one key."""
    ended = [hour for hour in hours_between(*day_bounds(day, zone)) if hour + HOUR <= now]
    there = {} if export is None or export.key_id is None else export.files.get(CONVERSATIONS.name, {})
    return all(format_hour(hour) in there for hour in ended)
