"""The words of tables and mails, and how numbers are written in them; the page in the browser says the same ones."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from parcook.clock import WEEKDAYS

CATEGORIES: Mapping[str, str] = {
    "cocktail": "Cocktails", "drink": "Drinks", "dessert": "Desserts", "bread": "Bread", "breakfast": "Breakfast",
    "soup_stew": "Soups & stews", "salad": "Salads", "sandwich": "Sandwiches", "pasta_noodle": "Pasta & noodles",
    "sauce_condiment": "Sauces", "side_snack": "Sides & snacks", "main": "Mains", "uncategorised": "Uncategorised",
    "other": "Others",
}  # fmt: skip
NUMBERS: Mapping[str, str] = {
    "people": "People", "conversations": "Conversations", "messages_each": "Messages each",
    "got_to_cook": "Got to cook", "satisfied": "Satisfied", "new_people": "New people",
    "returning_people": "Returning", "stickiness": "Stickiness", "growth": "Growth", "tool_failures": "Tool failures",
    "median_tool_time": "Median tool time",
    "recipe_mentions": "Recipe mentions", "distinct_recipes": "Distinct recipes", "unmet_requests": "Unmet requests",
    "matched_share": "Matched",
}  # fmt: skip
REASONS: Mapping[str, str] = {"no_match": "No recipe", "refused": "Refused"}
SERIES: Mapping[str, str] = {"dau": "Daily, mean", "wau": "Weekly", "mau": "Monthly", "stickiness": "Stickiness"}
NOTHING = "–"


def humanise(name: str) -> str:
    """A key as people read it: `web_search` is "Web search"."""
    words = " ".join(name.replace("_", " ").replace(".", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"


def _day(value: str) -> str:
    return f"{date.fromisoformat(value):%-d %b %Y}"


_FORMS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "key": humanise,
    "category": lambda value: CATEGORIES.get(value) or humanise(value),
    "reason": lambda value: REASONS.get(value) or humanise(value),
    "series": lambda value: SERIES.get(value) or humanise(value),
    "weekday": lambda value: WEEKDAYS[value - 1],
    "day": _day,
    "yes": lambda value: "yes" if value else "no",
    "count": lambda value: f"{value:,.0f}",
    "mean": lambda value: f"{value:,.1f}",
    "share": lambda value: f"{value:.1%}",
    "percent": lambda value: f"{value:+.1f}%".replace("-", "−"),
    "times": lambda value: f"{value:.1f}×",
    "ms": _milliseconds,
}
NUMERIC = frozenset({"count", "mean", "share", "percent", "times", "ms"})


def written(form: str, value: Any) -> str:
    """`value` as people read it; a dash for what is withheld, not known yet or not measurable."""
    return NOTHING if value is None else _FORMS[form](value)
