"""The golden key numbers of each page and period, and the marks on lines of time."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from tests.dashboard.golden.demand import named
from tests.dashboard.golden.parts import Row, share, wilson
from tests.dashboard.golden.people import active, first_days, stickiness
from tests.dashboard.golden.talk import TOOL_TIMES, cooked, mean_length, with_recipe
from tests.dashboard.golden.world import PERIODS, Talk, between, earlier, people, window

Measure = Callable[[list[Talk], int, int], float | None]  # of conversations, in a period of days, so many back


def _satisfied(found: list[Talk]) -> tuple[int, int]:
    voted = [talk for talk in found if talk.person % 7 == 0]
    return sum(talk.outcome not in ("abandoned", "browsed") for talk in voted), len(voted)


def _people(found: list[Talk], days: int, _: int) -> float | None:
    return len(people(found)) if days <= 91 else None


def _new(found: list[Talk], days: int, back: int) -> float | None:
    first = window(days, back)[0]
    return sum(first_days()[person] >= first for person in people(found)) if days <= 91 else None


def _returning(found: list[Talk], days: int, back: int) -> float | None:
    if days > 28:
        return None
    first = window(days, back)[0]
    lately = people(between(first - timedelta(days=28), first - timedelta(days=1)))
    return share(len(people(found) & lately), len(people(found)))


def _growth(found: list[Talk], days: int, back: int) -> float | None:
    first, last = window(days, back + 1)
    past = people(between(first, last))
    return round((len(people(found)) / len(past) - 1) * 100, 1) if days <= 28 and past else None


def _failures(found: list[Talk], *_: int) -> float | None:
    return share(sum(len(talk.failed) for talk in found), sum(len(talk.tools) * 4 // 3 for talk in found))


MEASURES: dict[str, tuple[str, str, Measure]] = {
    "people": ("count", "up", _people),
    "conversations": ("count", "up", lambda found, *_: len(found)),
    "messages_each": ("mean", "neither", lambda found, *_: mean_length(found)),
    "got_to_cook": (
        "share",
        "up",
        lambda found, *_: share(cooked(found, "confirmed", "likely"), len(with_recipe(found))),
    ),
    "satisfied": ("share", "up", lambda found, *_: share(*_satisfied(found))),
    "new_people": ("count", "up", _new),
    "returning_people": ("share", "up", _returning),
    "stickiness": ("share", "up", lambda _, days, back: stickiness(window(days, back)[1])),
    "growth": ("percent", "up", _growth),
    "tool_failures": ("share", "down", _failures),
    "median_tool_time": (
        "ms",
        "down",
        lambda found, *_: median(TOOL_TIMES[t][0] for talk in found for t in talk.tools),
    ),
    "recipe_mentions": ("count", "up", lambda found, *_: sum(1 + t.messages // 4 for t in with_recipe(found))),
    "distinct_recipes": ("count", "up", lambda found, *_: len(named(found))),
    "unmet_requests": ("count", "down", lambda found, *_: sum(talk.gap is not None for talk in found)),
    "matched_share": ("share", "up", lambda found, *_: share(len(with_recipe(found)), len(found))),
}
PAGES = {
    "overview": ("people", "conversations", "messages_each", "got_to_cook", "satisfied"),
    "audience": ("people", "new_people", "returning_people", "stickiness", "growth"),
    "conversations": ("messages_each", "got_to_cook", "satisfied", "tool_failures", "median_tool_time"),
    "demand": ("recipe_mentions", "distinct_recipes", "unmet_requests", "matched_share"),
}
ESTIMATES = {
    "got_to_cook": "Recipe conversations that went on to steps, a timer or an end, or said that they cooked it.",
    "satisfied": "Thumbs up of all thumbs, the last vote of each person and message.",
}
SPARKS = {7: 7, 28: 28, 91: 13, 364: 26}


def key_numbers() -> Row:
    """key-numbers."""
    return {"pages": [_page(page, keys, days) for page, keys in PAGES.items() for days in PERIODS]}


def _page(page: str, keys: tuple[str, ...], days: int) -> Row:
    first, last = window(days)
    numbers = [_number(key, days) for key in keys]
    return {"page": page, "days": days, "first": first.isoformat(), "last": last.isoformat(), "numbers": numbers}


def _number(key: str, days: int) -> Row:
    unit, better, measure = MEASURES[key]
    found, before = between(*window(days)), earlier(days)
    value = measure(found, days, 0)
    low = high = None
    if key in ESTIMATES:
        good = (
            (cooked(found, "confirmed", "likely"), len(with_recipe(found)))
            if key == "got_to_cook"
            else _satisfied(found)
        )
        low, high = wilson(*good)
    return {
        "key": key,
        "unit": unit,
        "better": better,
        "value": value,
        "reason": "not_measurable" if value is None else None,
        "previous": measure(before, days, 1) if before is not None else None,
        "low": low,
        "high": high,
        "n": len(found),
        "complete": True,
        "suppressed": 0,
        "estimate": key in ESTIMATES,
        "formula": ESTIMATES.get(key),
        "definition": f"{key} 1",
        "spark": _spark(key, days),
        "sentence": _sentence(key, value, days),
    }


def _spark(key: str, days: int) -> list[float | None]:
    first, last = window(days)
    step = days // SPARKS[days]
    ends = [first + timedelta(days=step * (number + 1) - 1) for number in range(SPARKS[days])]
    if key in ("people", "new_people", "returning_people", "growth"):
        return [active(end, 1) for end in ends]
    if key == "stickiness":
        return [stickiness(end) for end in ends]
    measure = MEASURES[key][2]
    return [measure(between(end - timedelta(days=step - 1), min(end, last)), step, 0) for end in ends]


def _sentence(key: str, value: Any, days: int) -> str:
    words = key.replace("_", " ").capitalize()
    if value is None:
        return f"{words} cannot be measured over {days} days."
    told = f"{value:.0%}" if MEASURES[key][0] == "share" else f"{value:,.4g}"
    return f"{words}: {told} in the last {days} days."


def annotations() -> list[Row]:
    """annotations."""
    return [
        {"date": "2025-10-20", "text": "412-recipe import"},
        {"date": "2025-12-02", "text": "Voice mode released"},
        {"date": "2026-01-06", "text": "Newsletter"},
    ]
