"""Generated days of talk, with everything in them that a number is made of."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds
from parcook.events.contract import Event, ToolCall
from tests.lake.making import event, ref

SAID = (
    "how do I make it?",
    "what's next",
    "thanks a lot",
    "set a timer please",
    "I am done",
    "this is wrong",
    "save this",
    "and what about the ice then?",
    "ok",
)
ANSWERED = ("Stir it with ice.", "I don't have a recipe for that.", "Something went wrong.", "Strain it.")
RECIPES: tuple[dict[str, Any], ...] = (
    {"recipe_name": "Negroni", "recipe_id": 1, "category": "cocktail"},
    {"recipe_name": "Martini", "recipe_id": 2, "category": "cocktail"},
    {"recipe_name": "garlic bread", "category": "bread"},
    {"recipe_name": "Garlic Bread", "category": "bread"},
    {"recipe_name": "Mystery", "match_method": "name"},
    {"recipe_name": "Ramen", "category": "soup_stew"},
)


def make_day(day: date, zone: ZoneInfo, seed: int, people: int = 12, talks: int = 30) -> list[Event]:
    """The events of one day, in no order."""
    chance = random.Random(f"{seed} {day}")
    events = [e for number in range(talks) for e in _talk(chance, day, zone, people, f"{day} talk {number}")]
    chance.shuffle(events)
    return events


def _talk(chance: random.Random, day: date, zone: ZoneInfo, people: int, name: str) -> Iterator[Event]:
    start, end = day_bounds(day, zone)
    moment = start + chance.random() * (end - start)
    who: dict[str, Any] = {"person": f"person {chance.randrange(people)}"}
    if chance.random() < 0.2:
        who |= {"person_kind": "visitor", "person": f"visitor {chance.randrange(people)}"}
    if chance.random() < 0.1:
        who = {}
    common: dict[str, Any] = {
        "zone": zone,
        "internal": chance.random() < 0.05,
        "locale": chance.choice((None, "en", "en-GB", "es", "EN_us")),
        "channel": "web",
    }
    for turn in range(chance.randrange(1, 9)):
        moment = min(
            _cut(moment + timedelta(seconds=chance.choice((0, 5, 50, 119, 121, 4000)))), end - timedelta(seconds=1)
        )
        role = "user" if turn % 2 == 0 or chance.random() < 0.1 else "assistant"
        about: dict[str, Any] = {**common, "role": role, "text": chance.choice(SAID if role == "user" else ANSWERED)}
        if chance.random() < 0.4:
            about |= chance.choice(RECIPES)
        if chance.random() < 0.15:
            about["feature"] = chance.choice(("timer", "shopping_list"))
        if chance.random() < 0.1:
            about |= {"text": None, "message_length": chance.choice((None, 20))}
        if role == "assistant" and chance.random() < 0.5:
            about["tools"] = tuple(
                ToolCall(
                    chance.choice(("web_search", "cookware_check")),
                    chance.choice((True, False, None)),
                    chance.choice((None, 0.0, 3.5, 120.0, 950.0)),
                    chance.choice((None, ref(f"{name} call {chance.randrange(3)}"))),
                )
                for _ in range(chance.randrange(1, 3))
            )
        yield event(moment, name, message=f"{name} {turn}", **who, **about)
    for number in range(chance.choice((0, 0, 0, 1, 3))):
        kind, value = chance.choice(
            (("thumb", "up"), ("thumb", "down"), ("rating", "5"), ("rating", "3"), ("rating", "1"), ("cooked", "true"))
        )
        target = chance.choice((None, ref(f"{name} 1")))
        moment = min(_cut(moment + timedelta(seconds=chance.choice((0, 30)))), end - timedelta(seconds=1))
        yield event(
            moment,
            name,
            message=f"{name} vote {number}",
            text=None,
            feedback_kind=kind,
            feedback_value=value,
            feedback_target=target,
            **who,
            **common,
        )


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
