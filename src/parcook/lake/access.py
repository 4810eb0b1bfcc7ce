"""Telling people what is held about them."""

from datetime import date, datetime
from typing import Any

from parcook.clock import day_of
from parcook.events.documents import to_document
from parcook.lake.people import People
from parcook.lake.place import Lake


def held_about(lake: Lake, user_ref: str, now: datetime) -> dict[str, Any]:
    """Every event and every day of activity that is held about the person whom the store calls `user_ref`.

    The lake holds the same events, by day, and numbers hold nobody. Raises `Unavailable` if a layer does not answer.
    """
    people = People(lake)
    try:
        active = people.days_of(user_ref, day_of(now, lake.zone))
        return {
            "events": [to_document(event) for event in lake.store.person(user_ref, now)],
            "activity": [_activity(people, day, user_ref) for day in active],
        }
    finally:
        people.close()


def _activity(people: People, day: date, user_ref: str) -> dict[str, Any]:
    (row,) = (row for row in people.rows(day) if row["user_ref"] == user_ref)
    return {"day": day.isoformat(), **row}
