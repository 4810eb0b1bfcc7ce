"""What an ISO week leaves behind: people, new and returning ones, cohorts, and who used which feature."""

from datetime import date, datetime, timedelta
from typing import Any

from parcook.clock import day_bounds
from parcook.lake.daily import FREEZES_AFTER, Aggregator, read_numbers
from parcook.lake.ledger import Ledger
from parcook.lake.people import FIRST_DAY_CARRIES_DAYS, People, first_kept
from parcook.lake.place import Lake, file_path
from parcook.lake.tables import WEEKLY_METRICS
from parcook.lake.writing import CONTENT_TYPES, as_full_line

RETURNS_WITHIN_DAYS = 28


def monday_of(day: date) -> date:
    """The Monday of the ISO week of `day`."""
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    """As `2025-W03`."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def aggregate_week(lake: Lake, people: People, days: Aggregator, monday: date, now: datetime, revise: bool) -> bool:
    """Write the numbers of the week from `monday` on, once it is over and unless they are frozen and there.

    Returns whether that changed them. With `revise` frozen numbers are computed anew, if the activity they look
    back on is still kept, and `revision` counts the change.
    """
    ledger = Ledger(lake.records)
    end = day_bounds(monday + timedelta(days=6), lake.zone)[1]
    is_frozen = ledger.is_week_frozen(monday)
    looks_back_to = max(ledger.first_day() or monday, monday - timedelta(days=RETURNS_WITHIN_DAYS))
    is_lost = looks_back_to < first_kept(now, lake.zone)
    if now < end or (is_frozen and is_lost):
        return False
    before = read_week(lake, monday)
    if is_frozen and before is not None and not revise:
        return False
    numbers = _compute(lake, ledger, people, days, monday)
    revision = before["revision"] if before is not None else 0
    changed = {**numbers, "revision": revision} != before
    if changed:
        line = {**numbers, "revision": revision + (is_frozen and before is not None)}
        lake.objects.put(_path(monday), as_full_line(line), CONTENT_TYPES["json"])
    if now >= end + FREEZES_AFTER:
        ledger.freeze_week(monday, now)
    return changed


def read_week(lake: Lake, monday: date) -> dict[str, Any] | None:
    """The numbers of a week as they were written; None if there are none, or none that can be read."""
    return read_numbers(lake.objects, _path(monday))


def _compute(lake: Lake, ledger: Ledger, people: People, days: Aggregator, monday: date) -> dict[str, Any]:
    first = ledger.first_day()
    looks_back = (monday - first).days if first is not None else 0
    told = [days.read(monday + timedelta(days=n)) for n in range(7)]
    numbers = people.week(monday)
    if looks_back < FIRST_DAY_CARRIES_DAYS:
        numbers["new_people"] = None
    if looks_back < RETURNS_WITHIN_DAYS:
        numbers["returning_people"] = None
    numbers |= {
        "week": week_name(monday),
        "week_start": monday.isoformat(),
        "revision": 0,
        "complete": all(day is not None and day["complete"] for day in told),
    }
    return {column.name: numbers[column.name] for column in WEEKLY_METRICS.columns}


def _path(monday: date) -> str:
    return file_path(WEEKLY_METRICS, monday, week_name(monday), "json")
