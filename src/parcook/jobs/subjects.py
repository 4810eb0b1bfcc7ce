"""What a person may ask for: to be told everything that is held of them, and to have it erased."""

import time
from datetime import datetime
from typing import Any

from parcook.clock import Clock, day_of, format_instant
from parcook.conversations.event import MAX_ID
from parcook.conversations.pseudonyms import StoreKey
from parcook.conversations.tombstones import HEARD_AFTER
from parcook.errors import Invalid
from parcook.events.contract import PersonKind
from parcook.events.documents import to_document
from parcook.lake import receipts
from parcook.lake.erasure import Eraser
from parcook.lake.people import People
from parcook.lake.place import Lake
from parcook.lake.receipts import Receipt, Subject


def person_ref(key: StoreKey, own_id: str, kind: PersonKind) -> str:
    """The stored reference of the person whom the chatbot calls `own_id`. Raises `Invalid` for what is no id."""
    return key.user_ref(_checked(own_id), kind)


def conversation_ref(key: StoreKey, own_id: str) -> str:
    """The stored id of the conversation that the chatbot calls `own_id`. Raises `Invalid` for what is no id."""
    return key.conversation_id(_checked(own_id))


def request_erasure(lake: Lake, subject: Subject, reference: str, now: datetime) -> Receipt:
    """Have a person or conversation erased by whoever does the jobs; from now on nothing more of theirs comes in."""
    return receipts.request_erasure(lake.store, subject, reference, now)


def erase_at_once(lake: Lake, subject: Subject, reference: str, clock: Clock) -> Receipt:
    """Erase a person or conversation here and now. Whoever calls it has the shift. Raises as `Eraser.carry_out`."""
    with Eraser(lake) as eraser:
        requested = eraser.request(subject, reference, clock())
        time.sleep(HEARD_AFTER.total_seconds())  # until whoever takes events in knows of it
        return eraser.carry_out(requested, clock())


def estimate(lake: Lake, subject: Subject, reference: str, now: datetime) -> Receipt:
    """What an erasure would find; nothing is written."""
    with Eraser(lake) as eraser:
        return eraser.estimate(subject, reference, now)


def held_of(lake: Lake, user_ref: str, now: datetime) -> dict[str, Any]:
    """Everything that is held of a person: their events, and the days on which they were active.

    Identifiers are those that are stored; the person's own were never written down.
    """
    people = People(lake)
    try:
        days = people.days_of(user_ref, day_of(now, lake.zone))
        activity = [
            {"day": day.isoformat(), **row} for day in days for row in people.rows(day) if row["user_ref"] == user_ref
        ]
    finally:
        people.close()
    return {
        "exported_at": format_instant(now),
        "user_ref": user_ref,
        "events": [dict(to_document(event)) for event in lake.store.person(user_ref, now)],
        "activity": activity,
    }


def _checked(own_id: str) -> str:
    if not 0 < len(own_id) <= MAX_ID:
        raise Invalid(f"an id has 1 to {MAX_ID} characters")
    return own_id
