"""Generated worlds whose truth is known: what each message means is decided first, and its words come after.

Nothing here asks parcook. A world is a list of what was said, by whom, when and what about; `living.py` has it told to
an installation as an app would tell it, and `truth_*.py` count it by plain Python.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Dish:
    """What can be cooked; `number` is its place in the catalogue, from 1 on, or None if it is not there."""

    name: str
    category: str
    number: int | None = None
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """What can be said, and what it signals."""

    text: str
    means: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """A tool that was called; one that is reported again has the same `number`."""

    tool: str
    ok: bool | None
    ms: float | None
    number: str | None


@dataclass(frozen=True)
class Vote:
    """Feedback of an app, about a message or, with no `about`, about the whole conversation."""

    kind: Literal["thumb", "rating", "cooked"]
    value: str | int | bool
    about: str | None = None


@dataclass(frozen=True)
class Said:
    """One message, or one vote. `person` is None for anonymous traffic and for who opted out."""

    at: datetime
    talk: str
    id: str
    role: str
    person: str | None = None
    kind: Literal["user", "visitor"] = "user"
    words: Words | None = None
    dish: Dish | None = None
    calls: tuple[Call, ...] = ()
    feature: str | None = None
    vote: Vote | None = None
    english: bool = True
    internal: bool = False


# Ids grow in this order, so the first root is 1 and the last 12: what is below /1/ is not what is below /12/.
PANTRY = {
    "Spirit": None,
    "Gin": "Spirit",
    "Whiskey": "Spirit",
    "Bourbon": "Whiskey",
    "Rye": "Whiskey",
    "Vermouth": None,
    "Juice": None,
    "Lemon": "Juice",
    "Lime": "Juice",
    "Bitters": None,
    "Sugar": None,
    "Mint": None,
    "Spearmint": "Mint",
}
MENU = (
    Dish("Negroni", "cocktail", 1, ("Gin", "Vermouth")),
    Dish("Half and Half Sour", "cocktail", 2, ("Bourbon", "Rye", "Lemon")),
    Dish("Mint Syrup", "sauce_condiment", 3, ("Spearmint", "Sugar")),
    Dish("Gin and Mint", "drink", 4, ("Gin", "Mint")),
    Dish("Rickey", "cocktail", 5, ("Rye", "Lime")),
)
ELSEWHERE = (Dish("Garlic Bread", "bread"), Dish("Tomato Soup", "soup_stew"), Dish("Mystery Thing", "uncategorised"))


def _meaning(text: str, *signals: str) -> Words:
    return Words(text, frozenset(signals))


ASKED = (
    _meaning("let me think"),
    _meaning("right then"),
    _meaning("what's next", "next_step", "question"),
    _meaning("set a timer for ten minutes please", "timer"),
    _meaning("okay, I stirred it all", "done"),
    _meaning("thank you so much", "thanks"),
    _meaning("this tastes horrible", "negative"),
    _meaning("save this for later", "saved"),
    _meaning("does it keep overnight?", "question"),
    _meaning("is that enough ice?", "question"),
)
ANSWERED = (
    _meaning("Stir it gently."),
    _meaning("Strain it twice."),
    _meaning("I don't have a recipe for that.", "refusal"),
    _meaning("Something went wrong.", "error"),
)
TOOLS = ("web_search", "cookware_check", "unit_converter")
FEATURES = ("timer", "shopping_list", "scaling")


@dataclass(frozen=True)
class World:
    """What was said on `days` of `zone`, in the order of time."""

    zone: ZoneInfo
    days: Sequence[date]
    said: Sequence[Said]

    @cached_property
    def by_day(self) -> dict[date, list[Said]]:
        """What was said on each report day by people who count."""
        days: dict[date, list[Said]] = defaultdict(list)
        for said in self.said:
            if not said.internal:
                days[self.day_of(said)].append(said)
        return days

    def day_of(self, said: Said) -> date:
        """The report day on which something was said."""
        return said.at.astimezone(self.zone).date()

    def without(self, person: str) -> "World":
        """The world in which that person has never been."""
        return World(self.zone, self.days, [said for said in self.said if said.person != person])

    def only(self, days: Collection[date]) -> "World":
        """The world that has these days alone."""
        return World(self.zone, sorted(days), [said for said in self.said if self.day_of(said) in days])


def make_world(zone: str, first: date, days: int, people: int = 24, talks: int = 6, seed: int = 1) -> World:
    """`days` from `first` on in `zone`, with about `talks` conversations a day among `people` people.

    Some people stay away for weeks or for more than 90 days, some have one endless conversation, some talk over
    midnight; features and tools appear one after the other, and tastes change with the months.
    """
    own = [first + timedelta(days=n) for n in range(days)]
    maker = _Maker(ZoneInfo(zone), own, people, random.Random(f"{seed} {zone} {first}"))
    said = (said for number, day in enumerate(own) for said in maker.day(number, day, talks))
    return World(maker.zone, own, sorted(said, key=lambda said: (said.at, said.talk, said.id)))


class _Maker:
    """Makes what is said, day by day."""

    def __init__(self, zone: ZoneInfo, days: Sequence[date], people: int, chance: random.Random) -> None:
        self.zone = zone
        self._days = days
        self._chance = chance
        self._people = [f"person {n}" for n in range(people)]
        self._away = {person: self._absence(len(days)) for person in self._people}

    def _absence(self, days: int) -> range:
        start = self._chance.randrange(days)
        return range(start, start + self._chance.choice((0, 2, 10, 30, 92)))

    def day(self, number: int, day: date, talks: int) -> Iterator[Said]:
        """What was said on one day, the `number`th."""
        chance = self._chance
        for talk in range(0 if chance.random() < 0.05 else chance.randrange(talks // 2, talks + 3)):
            # In the first days nobody but the first few; later more and more: growth.
            reach = min(len(self._people), 6 + number * len(self._people) // max(len(self._days) - 1, 1))
            person = chance.choice(self._people[:reach])
            if number not in self._away[person]:
                yield from self._talk(number, day, person, f"{day} talk {talk}")

    def _talk(self, number: int, day: date, person: str, name: str) -> Iterator[Said]:
        chance = self._chance
        kind: Literal["user", "visitor"] = "visitor" if person.endswith("7") else "user"
        endless = person.endswith("3")
        who = None if chance.random() < 0.1 else person
        talk = f"endless talk of {person}" if endless and who else name
        english, internal = chance.random() < 0.9, chance.random() < 0.05
        local = datetime.combine(day, time(chance.choice((0, 1, 2, 3, 8, 12, 18, 19, 20, 22, 23)), 40), self.zone)
        at = local.astimezone(UTC) + chance.randrange(900_000) * MILLISECOND
        dishes = [chance.choice(MENU + ELSEWHERE) for _ in range(chance.choice((0, 1, 1, 2)))]
        if day.month == 3:
            dishes = [chance.choice((dish, ELSEWHERE[1])) for dish in dishes]
        for turn in range(chance.choice((1, 2, 3, 4, 6, 9))):
            # Half an hour of silence now and then, and a minute before one asks again: both ends of two minutes.
            at += chance.choice((20_017, 61_003, 125_009, 1_900_051)) * MILLISECOND
            role = chance.choice(("user", "assistant")) if turn else chance.choice(("user", "user", "assistant"))
            words = chance.choice(ASKED if role == "user" else ANSWERED)
            if not english:
                words = ASKED[0] if role == "user" else ANSWERED[0]
            about = chance.choice([*dishes, None]) if dishes else None
            if about is not None and about.number is None and chance.random() < 0.3:
                about = Dish(about.name.lower(), about.category)
            yield Said(
                at,
                talk,
                f"{name} {turn}",
                role,
                who,
                kind,
                words,
                about,
                tuple(self._calls(number, name)) if role == "assistant" else (),
                self._feature(number) if role == "user" and who else None,
                english=english,
                internal=internal,
            )
            if chance.random() < 0.1:
                yield Said(at + MILLISECOND, talk, f"{name} {turn} tool", "tool", who, kind, Words("42 grams"))
        for vote in range(chance.choice((0, 0, 1, 2))):
            at += 7_003 * MILLISECOND
            yield Said(
                at,
                talk,
                f"{name} vote {vote}",
                "user",
                who,
                kind,
                vote=self._vote(name),
                english=english,
                internal=internal,
            )

    def _calls(self, number: int, name: str) -> Iterator[Call]:
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            tool = self._chance.choice(TOOLS[: 1 + number // 20])
            ms = self._chance.choice((None, 0.0, 3.5, 120.0, 950.25, 4_000.0))
            again = self._chance.choice((None, f"{name} call {self._chance.randrange(2)}"))
            yield Call(tool, self._chance.choice((True, True, False, None)), ms, again)

    def _feature(self, number: int) -> str | None:
        return self._chance.choice((None, None, *FEATURES[: 1 + number // 17]))

    def _vote(self, name: str) -> Vote:
        about = self._chance.choice((None, f"{name} 0"))
        kinds = (
            Vote("thumb", "up", about),
            Vote("thumb", "down", about),
            Vote("rating", self._chance.randrange(1, 6), about),
            Vote("cooked", True, about),
        )
        return self._chance.choice(kinds)
