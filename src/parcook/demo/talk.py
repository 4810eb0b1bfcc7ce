"""What is said: conversations between people and an assistant for drinks, in the words of both."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

ASK = (
    "How do I make a {name}?",
    "a quick {name} please",
    "Can you give me the recipe for {name}?",
    "What goes into a {name}?",
    "I'd like to make a {name} tonight",
    "show me the {name}",
)
IDEAS = (
    "What can I make with {thing}?",
    "Something refreshing for a hot evening?",
    "I have friends over, what should I mix?",
    "Any idea for a nightcap?",
)
MORE = (
    ("What's the next step?", "Now shake it hard with ice for about twelve seconds."),
    ("next", "Strain it into a chilled glass and serve at once."),
    ("Can I leave out the bitters?", "You can; it will be a little rounder and sweeter."),
    ("Which glass do I need?", "A chilled coupe is best; any stemmed glass will do."),
    ("How much is that in millilitres?", "One ounce is 30 millilitres."),
    ("Can I make it without alcohol?", "Swap the spirit for a zero-proof one and add a splash of soda."),
    ("Set a timer for 2 minutes, please", "Timer set: I'll tell you in two minutes."),
    ("What can I use instead of fresh lime?", "Fresh lemon works; use a little less."),
)
ENDINGS = (
    "Thanks, that was delicious!",
    "Perfect, thank you",
    "Done. Cheers!",
    "All done, it tastes great",
    "Save this one for later",
)
COMPLAINTS = ("That's not what I asked for", "No, that's wrong", "This doesn't taste right at all")
TROUBLE = "Sorry, something went wrong while I looked that up. Please try again."

GAPS = (
    ("Pornstar Martini", 9.0),
    ("Espresso Tonic", 6.0),
    ("Limoncello Spritz", 7.0),
    ("Picante", 8.0),
    ("Green Tea Highball", 3.0),
    ("Lychee Martini", 4.0),
    ("Dirty Shirley", 3.5),
    ("Tokyo Tea", 1.5),
    ("Chilli Mezcal Sour", 2.0),
    ("Rhubarb Spritz", 2.5),
    ("Matcha Colada", 1.5),
    ("Watermelon Cooler", 3.5),
)
"""Drinks that people ask for and the sample catalogue lacks, and how often; none holds a name that it has."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation: after how many seconds of silence, who says what, and what goes with it."""

    after_s: float
    role: str
    text: str | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dish:
    """A drink as the assistant knows it."""

    name: str
    ingredients: Sequence[str]


def talk_about(chance: random.Random, dish: Dish, trouble: float) -> Iterator[Turn]:
    """A conversation about a drink that the catalogue has. `trouble` is how likely a tool fails."""
    yield _says(chance, "user", chance.choice(ASK).format(name=dish.name))
    tools = list(_tools(chance, trouble))
    if any(tool["ok"] is False for tool in tools) and chance.random() < 0.6:
        yield _says(chance, "assistant", TROUBLE, tools=tools)
        if chance.random() < 0.5:
            return
        yield _says(chance, "user", chance.choice(ASK).format(name=dish.name))
        tools = []
    yield _says(chance, "assistant", recipe_text(dish), tools=tools)
    happy = chance.random()
    for _ in range(int(chance.expovariate(0.62))):
        question, reply = chance.choice(MORE)
        yield _says(chance, "user", question)
        yield _says(chance, "assistant", reply)
    if happy < 0.42:
        yield _says(chance, "user", chance.choice(ENDINGS))
        yield _says(chance, "assistant", "Enjoy!")
    elif happy > 0.93:
        yield _says(chance, "user", chance.choice(COMPLAINTS))
        yield _says(chance, "assistant", "I'm sorry about that. Shall we try another one?")
    yield from _feedback(chance, happy)


def talk_about_what_is_lacking(chance: random.Random, name: str) -> Iterator[Turn]:
    """A conversation about a drink that the catalogue lacks."""
    yield _says(chance, "user", chance.choice(ASK).format(name=name))
    yield _says(chance, "assistant", f"I don't have a recipe for {name}, sorry. Shall I suggest something close?")
    if chance.random() < 0.45:
        yield _says(chance, "user", chance.choice(("no thanks", "ok, what do you have?", "never mind")))
        yield _says(chance, "assistant", "Tell me what you have at home and I'll find something.")
    if chance.random() < 0.08:
        yield _clicks(chance, {"kind": "thumb", "value": "down"})


def talk_about_ideas(chance: random.Random, dishes: Sequence[Dish]) -> Iterator[Turn]:
    """A conversation that begins without a drink in mind."""
    thing = chance.choice(dishes[0].ingredients or ("gin",))
    yield _says(chance, "user", chance.choice(IDEAS).format(thing=thing.lower()))
    options = "\n".join(f"{number}. **{dish.name}**" for number, dish in enumerate(dishes, start=1))
    yield _says(chance, "assistant", f"Here are a few that fit:\n\n{options}\n\nWhich one would you like?")
    if chance.random() < 0.6:
        yield _says(chance, "user", f"the {dishes[0].name} please")
        yield _says(chance, "assistant", recipe_text(dishes[0]))
        yield from _feedback(chance, chance.random())


def recipe_text(dish: Dish) -> str:
    """A recipe as assistants write it."""
    listed = "\n".join(f"- {ingredient}" for ingredient in dish.ingredients)
    return (
        f"## {dish.name}\n\n**Ingredients**\n{listed}\n\n**Method**\n1. Combine over ice.\n2. Stir, strain and serve."
    )


def _tools(chance: random.Random, trouble: float) -> Iterator[dict[str, Any]]:
    if chance.random() < 0.24:
        yield _call(chance, "web_search", 6.7, trouble)
    if chance.random() < 0.12:
        yield _call(chance, "cookware_check", 4.9, 0.012)
    if chance.random() < 0.3:
        yield _call(chance, "unit_converter", 2.6, 0.002)
    if chance.random() < 0.07:
        yield _call(chance, "substitute_finder", 6.1, 0.02)


def _call(chance: random.Random, name: str, size: float, failing: float) -> dict[str, Any]:
    return {
        "name": name,
        "ok": chance.random() >= failing,
        "duration_ms": round(chance.lognormvariate(size, 0.55), 1),
        "call_id": f"call-{chance.getrandbits(48):012x}",
    }


def _feedback(chance: random.Random, happy: float) -> Iterator[Turn]:
    if chance.random() < 0.11:
        yield _clicks(chance, {"kind": "thumb", "value": "up" if happy < 0.84 else "down"})
    if chance.random() < 0.05:
        yield _clicks(chance, {"kind": "rating", "value": chance.choices((5, 4, 3, 2, 1), (48, 30, 12, 6, 4))[0]})
    if happy < 0.5 and chance.random() < 0.16:
        yield _clicks(chance, {"kind": "cooked", "value": True})


def _says(chance: random.Random, role: str, text: str, tools: Sequence[dict[str, Any]] = ()) -> Turn:
    after_s = chance.uniform(4, 75) if role == "user" else chance.uniform(1, 6)
    return Turn(after_s, role, text, {"tools": list(tools)} if tools else {})


def _clicks(chance: random.Random, feedback: dict[str, Any]) -> Turn:
    return Turn(chance.uniform(2, 40), "user", None, {"feedback": feedback})
