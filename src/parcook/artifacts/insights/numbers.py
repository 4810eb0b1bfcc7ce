"""key-numbers: the five numbers at the head of each page, for each period, with their courses and sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from parcook.artifacts.insights import readings
from parcook.artifacts.insights.days import Window
from parcook.artifacts.insights.questions import Questions, Row, Span, head
from parcook.artifacts.insights.readings import Reading
from parcook.artifacts.insights.talk import GOT_TO_COOK
from parcook.artifacts.insights.words import compared, moved
from parcook.metrics.library import find_metric

POINTS: Mapping[int, int] = {7: 7, 28: 28, 91: 13, 364: 26}
"""How many points the course of a period has."""

SATISFIED = "Votes up, of all votes up or down: the last of each person on each message. Few people vote."

Course = Callable[[Questions, Window], float | None]


@dataclass(frozen=True)
class Key:
    """A key number: how it is written, which way is good, the metric it rests on, and how it is said.

    `course` gives the points of its line, where that is not the number itself over a part of the period.
    """

    unit: Literal["count", "share", "mean", "percent", "ms"]
    better: Literal["up", "down", "neither"]
    metric: str
    read: Callable[[Questions, Window], Reading]
    says: str
    course: Course | None = None
    formula: str | None = None


def _of_weeks(column: str) -> Course:
    """The course of a number that is counted by week: one point for the last whole week of a part."""

    def at(questions: Questions, window: Window) -> float | None:
        rows = readings.weeks_of(questions, Window.ending(window.last, 7))
        return rows[-1][column] if rows else None

    return at


KEYS: Mapping[str, Key] = {
    "people": Key("count", "up", "people_windows", readings.people, "{value:,.0f} people", readings.people_at),
    "conversations": Key("count", "up", "daily_totals", readings.conversations, "{value:,.0f} conversations"),
    "messages_each": Key(
        "mean", "neither", "daily_totals", readings.messages_each, "{value:.1f} messages in a conversation"
    ),
    "got_to_cook": Key(
        "share",
        "up",
        "completion",
        readings.got_to_cook,
        "An estimated {value:.0%} of recipe conversations got to cook",
        formula=GOT_TO_COOK,
    ),
    "satisfied": Key(
        "share", "up", "satisfaction", readings.satisfied, "{value:.0%} of votes were up", formula=SATISFIED
    ),
    "new_people": Key(
        "count",
        "up",
        "new_and_returning",
        readings.new_people,
        "{value:,.0f} new people in the whole weeks of the period",
        _of_weeks("new_people"),
    ),
    "returning_people": Key(
        "share",
        "up",
        "new_and_returning",
        readings.returning_people,
        "{value:.0%} of a week's people had been here in the four weeks before",
        _of_weeks("returning_share"),
    ),
    "stickiness": Key(
        "share", "up", "active_users", readings.stickiness, "{value:.0%} of the people of 28 days come on a mean day"
    ),
    "growth": Key(
        "percent",
        "up",
        "people_windows",
        readings.growth,
        "{value:+.0f} % people on the time before",
        readings.growth_at,
    ),
    "tool_failures": Key("share", "down", "tool_usage", readings.tool_failures, "{value:.1%} of calls of tools failed"),
    "median_tool_time": Key(
        "ms", "down", "tool_usage", readings.median_tool_time, "Half of the calls of tools took up to {value:,.0f} ms"
    ),
    "recipe_mentions": Key(
        "count", "up", "recipe_diversity", readings.recipe_mentions, "{value:,.0f} mentions of recipes"
    ),
    "distinct_recipes": Key(
        "count",
        "up",
        "recipe_popularity",
        readings.distinct_recipes,
        "{value:,.0f} different recipes",
        readings.distinct_recipes_at,
    ),
    "unmet_requests": Key(
        "count",
        "down",
        "catalogue_gaps",
        readings.unmet_requests,
        "{value:,.0f} requests in vain",
        readings.unmet_requests_at,
    ),
    "matched_share": Key(
        "share", "up", "recipe_diversity", readings.matched_share, "{value:.0%} of mentions are of recipes we have"
    ),
}
PAGES: Mapping[str, Sequence[str]] = {
    "overview": ("people", "conversations", "messages_each", "got_to_cook", "satisfied"),
    "audience": ("people", "new_people", "returning_people", "stickiness", "growth"),
    "conversations": ("messages_each", "got_to_cook", "satisfied", "tool_failures", "median_tool_time"),
    "demand": ("recipe_mentions", "distinct_recipes", "unmet_requests", "matched_share"),
}
METRICS = tuple(dict.fromkeys(key.metric for key in KEYS.values()))
_NO_NUMBER = {
    "not_measurable": "This cannot be measured over {days} days: people are known again for 95 days.",
    "too_few": "There is too little in the last {days} days to say.",
    "not_yet": "It is too early to say: the data do not reach back far enough.",
}


def key_numbers(questions: Questions) -> Row:
    """key-numbers."""
    spans = questions.spans()
    told = {(name, span.days): _number(questions, name, span) for name in KEYS for span in spans}
    pages = [
        {"page": page, **head(span), "numbers": [told[name, span.days] for name in names]}
        for page, names in PAGES.items()
        for span in spans
    ]
    return {"pages": pages}


def _number(questions: Questions, name: str, span: Span) -> Row:
    key = KEYS[name]
    now = key.read(questions, span.now)
    previous = key.read(questions, span.before).value if span.before else None
    parts = span.now.split(POINTS[span.days])
    return {
        "key": name,
        "unit": key.unit,
        "better": key.better,
        "value": now.value,
        "reason": now.reason,
        "previous": previous,
        "low": now.low,
        "high": now.high,
        "n": now.n,
        "complete": all(day in questions.days and questions.days[day].complete for day in span.now.dates()),
        "suppressed": now.suppressed,
        "estimate": key.formula is not None,
        "formula": key.formula,
        "definition": f"{key.metric} {find_metric(key.metric).header.definition}",
        "spark": [_point(questions, key, part) for part in parts],
        "sentence": _sentence(key, now, previous, span.days),
    }


def _point(questions: Questions, key: Key, part: Window) -> float | None:
    if questions.known(part) is None:
        return None
    return key.course(questions, part) if key.course is not None else key.read(questions, part).value


def _sentence(key: Key, now: Reading, previous: float | None, days: int) -> str:
    if now.value is None:
        return _NO_NUMBER[now.reason or "too_few"].format(days=days)
    said = key.says.format(value=now.value)
    if key.unit == "percent":
        return f"{said}."
    if key.unit == "share":
        return f"{said}{moved(now.value, previous, days)}."
    change = compared(now.value, previous, days, "less" if key.unit == "ms" else "fewer")
    return f"{said}{change}."
