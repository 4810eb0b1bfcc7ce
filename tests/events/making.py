"""Events for tests: every field has a value that says which it is."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from parcook.events.contract import RETENTION_DAYS, Event, ToolCall

NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def identifier(text: str) -> str:
    """A stored identifier, as an HMAC would make it."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def make_event(
    name: str = "m-1", ts: datetime = NOON, conversation: str = "c-1", user: str | None = None, **fields: Any
) -> Event:
    """An event of `ts`'s UTC day."""
    day: date = fields.pop("day", ts.date())
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1 + RETENTION_DAYS)
    return Event(
        conversation_id=identifier(conversation),
        message_id=identifier(name),
        ts=ts,
        day=day,
        expires_at=fields.pop("expires_at", int(end.timestamp())),
        role=fields.pop("role", "user"),
        user_ref=user and identifier(user),
        person_kind="user" if user else None,
        **fields,
    )


def full_event() -> Event:
    """An event in which nothing is left out."""
    event = make_event(user="u-1", text="Wie geht's? „Ça va“ 🍋", message_length=22)
    return replace(
        event,
        ts=NOON + 7 * MS,
        has_recipe=True,
        recipe_name="Crème brûlée",
        recipe_id=2**53 + 1,
        match_method="catalogue",
        category="dessert",
        tools=(ToolCall("web_search", False, 0.1 + 0.2, identifier("call")), ToolCall("timer")),
        feature="voice_mode",
        feedback_kind="thumb",
        feedback_value="up",
        feedback_target=identifier("m-0"),
        channel="web",
        locale="pt-BR",
        app_version="2.1",
        internal=True,
        metadata={"theme": "dark", "ratio": 1e300, "tiny": 5e-324, "count": 3, "none": None, "on": True},
    )
