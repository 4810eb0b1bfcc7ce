"""Who talks: people who join, come back for a while at their own pace, and drift away."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

CHANNELS = ("web", "ios", "android", "kitchen_display")
CHANNEL_WEIGHTS = (48, 26, 20, 6)
LOCALES = ("en-US", "en-GB", "en-AU", "es", "de")
LOCALE_WEIGHTS = (55, 22, 8, 9, 6)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in: active from `joined` to `left` (days since the first) on a share of the days."""

    name: str
    joined: int
    left: int
    pace: float
    channel: str
    locale: str
    taste: int


def make_people(chance: random.Random, count: int, days: int) -> list[Person]:
    """`count` people over `days` days: they join ever faster; most leave soon, some stay, some come daily."""
    return sorted((_person(chance, number, days) for number in range(count)), key=lambda person: person.joined)


def _person(chance: random.Random, number: int, days: int) -> Person:
    # The density of joining grows about threefold over the time: the inverse of its distribution at a random place.
    place = chance.random()
    joined = int(days * (math.sqrt(1 + 8 * place) - 1) / 2)
    if chance.random() < 0.12:  # they were there before the first day
        joined = -1 - int(chance.expovariate(1 / 40))
    kind = chance.random()
    if kind < 0.46:
        stays, pace = chance.expovariate(1 / 12), 0.16
    elif kind < 0.86:
        stays, pace = chance.expovariate(1 / 75), 0.10
    else:
        stays, pace = chance.expovariate(1 / 420), 0.24
    return Person(
        name=f"person-{number:05d}",
        joined=joined,
        left=joined + 1 + int(stays),
        pace=pace * chance.lognormvariate(0, 0.35),
        channel=chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
        locale=chance.choices(LOCALES, LOCALE_WEIGHTS)[0],
        taste=chance.randrange(1_000_000),
    )


def active_on(people: list[Person], chance: random.Random, day_number: int, busy: float) -> Iterator[Person]:
    """Those who talk on a day: everybody on the first of theirs, then each at their pace, more on busy days."""
    for person in people:
        if person.joined > day_number:
            return
        if day_number == person.joined or (day_number <= person.left and chance.random() < person.pace * busy):
            yield person
