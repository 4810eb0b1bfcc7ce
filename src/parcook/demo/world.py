"""A believable year of conversations, made from a seed: the same seed and days, the same events to the letter."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import format_instant
from parcook.demo import rhythm, talk
from parcook.demo.people import CHANNEL_WEIGHTS, CHANNELS, Person, active_on, make_people

FAMOUS = (
    "Margarita",
    "Negroni",
    "Old Fashioned",
    "Mojito",
    "Espresso Martini",
    "Daiquiri",
    "Whiskey Sour",
    "Moscow Mule",
    "Aperol Spritz",
    "Piña Colada",
    "Manhattan",
    "Dry Martini",
    "Paloma",
    "Gin and Tonic",
    "Mai Tai",
    "Cosmopolitan",
    "French 75",
    "Tom Collins",
    "Mint Julep",
    "Eggnog",
)
RISING = "Espresso Martini"
BAD_DAYS = range(212, 217)  # the days on which the web search was often down
SHARE_OF_VISITORS, SHARE_OF_NOBODY, SHARE_OF_STAFF = 0.24, 0.12, 0.015


@dataclass(frozen=True)
class Recipe:
    """A recipe of the catalogue, as far as conversations need it."""

    name: str
    category: str | None
    ingredients: Sequence[str]


class World:
    """`people` people talking about `recipes` from `first` to `last`, both included, by the clocks of `zone`."""

    def __init__(
        self, recipes: Sequence[Recipe], first: date, last: date, people: int, zone: ZoneInfo, seed: int = 2025
    ) -> None:
        chance = random.Random(seed)
        self._first, self._last, self._zone, self._seed = first, last, zone, seed
        self._people = make_people(chance, people, (last - first).days + 1)
        fame = {name: place for place, name in enumerate(FAMOUS)}
        others = [recipe for recipe in recipes if recipe.name not in fame]
        chance.shuffle(others)
        known = sorted((recipe for recipe in recipes if recipe.name in fame), key=lambda recipe: fame[recipe.name])
        self._recipes = [*known, *others]
        names = {recipe.name.casefold() for recipe in recipes}
        self._gaps = [(name, weight) for name, weight in talk.GAPS if name.casefold() not in names]

    def days(self) -> Iterator[tuple[date, list[dict[str, Any]]]]:
        """Each day with its events as the API takes them, in the order of their time."""
        for number in range((self._last - self._first).days + 1):
            day = self._first + timedelta(days=number)
            yield day, _Day(self, day, number).events()


class _Day:
    """One day of a world."""

    def __init__(self, world: World, day: date, number: int) -> None:
        self._world, self._day, self._number = world, day, number
        # By its number, so that a day does not depend on how many come before it.
        self._chance = random.Random(f"{world._seed}/{number}")
        self._wanted = list(accumulate(self._weight(place, recipe) for place, recipe in enumerate(world._recipes)))
        self._trouble = 0.34 if number in BAD_DAYS else 0.028
        self._conversations = 0

    def events(self) -> list[dict[str, Any]]:
        """The day's events."""
        busy = rhythm.WEEKDAYS[self._day.weekday()]
        events: list[dict[str, Any]] = []
        active = list(active_on(self._world._people, self._chance, self._number, busy))
        for person in active:
            for _ in range(1 + int(self._chance.expovariate(2.2))):
                who: dict[str, Any] = {"user_id": person.name}
                if self._chance.random() < SHARE_OF_STAFF:
                    who["internal"] = True
                events += self._conversation(who, person)
        for number in range(self._some(len(active) * SHARE_OF_VISITORS)):
            events += self._conversation({"anonymous_id": f"visitor-{self._number}-{number}"}, None)
        for _ in range(self._some(len(active) * SHARE_OF_NOBODY)):
            events += self._conversation({}, None)
        return sorted(events, key=lambda event: (event["timestamp"], event["message_id"]))

    def _some(self, expected: float) -> int:
        return int(expected) + (self._chance.random() < expected % 1)

    def _weight(self, place: int, recipe: Recipe) -> float:
        weight = rhythm.wanted(recipe.category, self._day) / (place + 5)
        return weight * (0.4 + self._number / 130) if recipe.name == RISING else weight

    def _pick(self) -> talk.Dish:
        (recipe,) = self._chance.choices(self._world._recipes, cum_weights=self._wanted)
        return talk.Dish(recipe.name, recipe.ingredients)

    def _talk(self) -> Iterator[talk.Turn]:
        kind = self._chance.random()
        if kind < 0.09 and self._world._gaps:
            names, weights = zip(*self._world._gaps, strict=True)
            return talk.talk_about_what_is_lacking(self._chance, self._chance.choices(names, weights)[0])
        if kind < 0.22:
            dishes = {dish.name: dish for dish in (self._pick() for _ in range(3))}
            return talk.talk_about_ideas(self._chance, list(dishes.values()))
        return talk.talk_about(self._chance, self._pick(), self._trouble)

    def _conversation(self, who: Mapping[str, Any], person: Person | None) -> Iterator[dict[str, Any]]:
        own_id = f"{self._day:%Y%m%d}-{self._conversations:05d}"
        self._conversations += 1
        moment = self._moment()
        channel = person.channel if person else self._chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        context = {"channel": channel, "locale": person.locale if person else "en-US"}
        features = [name for name in rhythm.FEATURES if self._uses(name)]
        for number, turn in enumerate(self._talk()):
            moment += timedelta(seconds=turn.after_s if number else 0)
            event: dict[str, Any] = {
                "message_id": f"{own_id}-{number:02d}",
                "conversation_id": own_id,
                "role": turn.role,
                "timestamp": format_instant(moment),
                "context": context,
                **who,
                **turn.fields,
            }
            if turn.text is not None:
                event["text"] = turn.text
            if turn.role == "user" and features:
                event["feature"] = features.pop()
            yield event

    def _uses(self, feature: str) -> bool:
        return self._chance.random() < rhythm.feature_share(feature, self._number)

    def _moment(self) -> datetime:
        (hour,) = self._chance.choices(range(24), rhythm.hours_of(self._day))
        minute, second = self._chance.randrange(60), self._chance.uniform(0, 60)
        local = datetime(self._day.year, self._day.month, self._day.day, hour, minute, tzinfo=self._world._zone)
        return local + timedelta(seconds=second)
