"""What happens on the day: a catalogue that is edited, and ten thousand messages of the ten days before it."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds

MESSAGES, DAYS, PEOPLE = 10_000, 10, 150
ERASED = "person 7"

TREE: tuple[tuple[str, str | None], ...] = (
    ("Spirits", None),
    ("Gin", "Spirits"),
    ("Old Tom Gin", "Gin"),
    ("Whiskey", "Spirits"),
    ("Fortified wine", None),
    ("Vermouth", "Fortified wine"),
    ("Bitters", None),
    ("Campari", "Bitters"),
)
RECIPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Negroni", ("Gin", "Campari", "Vermouth")),
    ("Martinez", ("Old Tom Gin", "Vermouth", "Bitters")),
    ("Manhattan", ("Whiskey", "Vermouth", "Bitters")),
    ("Boulevardier", ("Whiskey", "Campari", "Vermouth")),
)
ASKED = (
    "How do I make a Negroni?",
    "what's next",
    "thanks a lot",
    "set a timer for three minutes please",
    "this is wrong, my number is +34 612 345 678",
    "write to me at someone@example.com",
    "save this",
    "a Manhattan without bitters?",
)
ANSWERED = (
    "Here is a recipe for Negroni: stir gin, Campari and vermouth.",
    "Here is a recipe for Garlic Bread: butter, garlic, bread.",
    "I don't have a recipe for that.",
    "Stir it with ice and strain.",
)


def messages(today: date, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Exactly `MESSAGES` events as a client reports them, the same ones each time, in no order of time."""
    chance = random.Random(20250115)
    for number in range(MESSAGES // 5):
        start, end = day_bounds(today - timedelta(days=1 + number % DAYS), zone)
        moment = start + chance.random() * (end - start - timedelta(minutes=30))
        talk: dict[str, Any] = {"conversation_id": f"talk {number}", "context": {"locale": chance.choice(("en", "es"))}}
        who = chance.choice(("user_id", "user_id", "user_id", "anonymous_id", None))
        if who is not None:
            talk[who] = f"person {chance.randrange(PEOPLE)}"
        for turn in range(5):
            moment += timedelta(seconds=chance.randrange(1, 90))
            yield {**talk, **_message(chance, turn), "message_id": f"{number}-{turn}", "timestamp": moment.isoformat()}


def _message(chance: random.Random, turn: int) -> dict[str, Any]:
    if turn == 4 and chance.random() < 0.3:
        return {"role": "user", "feedback": {"kind": "rating", "value": chance.randrange(1, 6)}}
    if turn % 2 == 0:
        return {"role": "user", "text": chance.choice(ASKED), "feature": chance.choice(("timer", "shopping_list"))}
    tools = [{"name": "web_search", "ok": chance.random() < 0.9, "duration_ms": chance.randrange(1, 900)}]
    return {"role": "assistant", "text": chance.choice(ANSWERED), "tools": chance.choice((tools, []))}
