"""The golden year: who talked when, about what, with which end. All golden numbers of people are counted from it."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from tests.dashboard.golden.catalogue import COCKTAILS

NOW = datetime(2026, 1, 18, 13, 20, 4, tzinfo=UTC)
TODAY = date(2026, 1, 18)
LAST = TODAY - timedelta(days=1)
FIRST = date(2024, 11, 25)
PERIODS = (7, 28, 91, 364)
MIN_PEOPLE = 10

DISHES = {
    "French onion soup": "soup_stew", "Caldo gallego": "soup_stew", "Shakshuka": "breakfast", "Porridge": "breakfast",
    "Sourdough loaf": "bread", "Focaccia": "bread", "Tiramisù": "dessert", "Lemon tart": "dessert",
    "Greek salad": "salad", "Panzanella": "salad", "Club sandwich": "sandwich", "Pasta e ceci": "pasta_noodle",
    "Dan dan noodles": "pasta_noodle", "Salsa verde": "sauce_condiment", "Patatas bravas": "side_snack",
    "Chicken tikka masala": "main", "Mapo tofu": "main", "Iced tea": "drink", "Grandma’s special": "uncategorised",
}  # fmt: skip
CATEGORY_OF = dict.fromkeys(COCKTAILS, "cocktail") | DISHES
# The month each category is wanted most in, and how much more than half a year away.
SEASONS = {"soup_stew": (1, 0.6), "salad": (7, 0.6), "cocktail": (6, 0.25), "bread": (12, 0.3), "drink": (8, 0.5)}
GAPS = ("Zero-proof negroni", "Gluten-free sourdough", "Air-fryer wings", "Clarified milk punch", "Pandan flip")
TOOLS = ("catalogue_search", "ingredient_substitution", "unit_conversion", "web_search", "cookware_check")
FEATURES = {
    "saved_recipe": (0.30, FIRST), "shopping_list": (0.22, FIRST), "scaled_servings": (0.2, FIRST),
    "step_timer": (0.12, date(2025, 3, 3)), "voice_mode": (0.16, date(2025, 12, 2)),
}  # fmt: skip
HOURS = (2, 1, 1, 1, 1, 1, 3, 6, 8, 10, 12, 18, 22, 16, 10, 9, 11, 20, 36, 44, 36, 22, 13, 6)
WEEKDAYS = (0.85, 0.85, 0.9, 0.95, 1.2, 1.35, 1.1)
LADDER = ("confirmed", "likely", "engaged", "browsed", "abandoned")


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation."""

    day: date
    person: int
    hour: int
    messages: int
    recipe: str | None
    gap: str | None
    tools: tuple[str, ...]
    failed: tuple[str, ...]
    features: tuple[str, ...]
    outcome: str


@cache
def talks() -> tuple[Talk, ...]:
    """Every conversation from `FIRST` to `TODAY`, which is half over."""
    chance = random.Random(420)
    told: list[Talk] = []
    joined: list[tuple[int, date, float]] = []
    for number in range((TODAY - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        newcomers = round(chance.gauss(3 + number / 90, 1.5)) if number else 90
        joined += [(len(joined) + i, day, chance.betavariate(0.5, 3)) for i in range(max(0, newcomers))]
        for person, since, liking in joined:
            often = 1.0 if since == day and number else liking * 0.6 ** min(5, (day - since).days / 28) * 1.6
            if chance.random() >= often * WEEKDAYS[day.weekday()]:
                continue
            told += [_talk(chance, day, person) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))]
    return tuple(talk for talk in told if talk.day < TODAY or talk.hour < 14)


def _talk(chance: random.Random, day: date, person: int) -> Talk:
    recipe = chance.choices(list(CATEGORY_OF), _weights(day.month))[0] if chance.random() < 0.62 else None
    gap = chance.choices(GAPS, (9, 7, 5, 3, 1))[0] if recipe is None and chance.random() < 0.09 else None
    tools = tuple(tool for place, tool in enumerate(TOOLS) if chance.random() < 0.6 / (place + 1))
    return Talk(
        day=day,
        person=person,
        hour=chance.choices(range(24), HOURS)[0],
        messages=2 + min(28, int(chance.expovariate(0.28))),
        recipe=recipe,
        gap=gap,
        tools=tools,
        failed=tuple(tool for tool in tools if chance.random() < (0.06 if tool == "web_search" else 0.008)),
        features=tuple(name for name, (often, since) in FEATURES.items() if day >= since and chance.random() < often),
        outcome=chance.choices(LADDER, (12, 27, 30, 22, 9))[0],
    )


@cache
def _weights(month: int) -> list[float]:
    """How much each recipe is wanted in a month."""
    weights = []
    for place, category in enumerate(CATEGORY_OF.values()):
        best, swing = SEASONS.get(category, (1, 0.0))
        away = min((month - best) % 12, (best - month) % 12)
        weights.append((1 + swing * (3 - away) / 3) / (place % len(COCKTAILS) + 3))
    return weights


@cache
def by_day() -> dict[date, list[Talk]]:
    """The conversations of each day, none left out."""
    days: dict[date, list[Talk]] = {day: [] for day in every_day(FIRST, TODAY)}
    for talk in talks():
        days[talk.day].append(talk)
    return days


def every_day(first: date, last: date) -> list[date]:
    """The days from `first` to `last`."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def between(first: date, last: date) -> list[Talk]:
    """The conversations from `first` to `last`; none for days before all."""
    return [talk for day in every_day(max(first, FIRST), last) for talk in by_day()[day]]


def window(days: int, back: int = 0) -> tuple[date, date]:
    """First and last day of the period of `days`, `back` periods before the current one."""
    last = LAST - timedelta(days=days * back)
    return last - timedelta(days=days - 1), last


def earlier(days: int) -> list[Talk] | None:
    """The conversations of the period before; None if it is not all known."""
    first, last = window(days, back=1)
    return between(first, last) if first >= FIRST else None


@cache
def weeks() -> tuple[date, ...]:
    """The Mondays of the last 53 weeks; the last one is unfinished."""
    monday = TODAY - timedelta(days=TODAY.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(52, -1, -1))


def of_week(monday: date) -> list[Talk]:
    """The conversations of one week."""
    return between(monday, min(monday + timedelta(days=6), TODAY))


def is_over(monday: date) -> bool:
    """Whether all days of a week are complete."""
    return monday + timedelta(days=6) <= LAST


def people(found: Iterable[Talk]) -> set[int]:
    """Who is in these conversations."""
    return {talk.person for talk in found}
