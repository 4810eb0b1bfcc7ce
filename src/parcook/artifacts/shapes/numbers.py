"""The shapes of the key numbers at the head of each page, and of the marks on lines of time."""

from typing import Literal

from pydantic import Field

from parcook.artifacts.shapes.base import Count, Day, Shape
from parcook.artifacts.shapes.periods import PeriodDays

KeyName = Literal[
    "people", "conversations", "messages_each", "got_to_cook", "satisfied", "new_people", "returning_people",
    "stickiness", "growth", "tool_failures", "median_tool_time", "recipe_mentions", "distinct_recipes",
    "unmet_requests", "matched_share",
]  # fmt: skip


class KeyNumber(Shape):
    """A number at the head of a page."""

    key: KeyName = Field(description="which; the page has its label")
    unit: Literal["count", "share", "mean", "percent", "ms"] = Field(description="how it is written; percent is signed")
    better: Literal["up", "down", "neither"] = Field(description="which way is good")
    value: float | None = Field(description="the number; null with a reason")
    reason: Literal["not_measurable", "too_few", "not_yet"] | None = Field(description="why there is none")
    previous: float | None = Field(description="in the previous period")
    low: float | None = Field(None, description="lower end of the 95 % interval of an estimated share")
    high: float | None = Field(None, description="upper end")
    n: Count = Field(description="how many things it rests on")
    complete: bool = Field(description="every day of the period is over and exported")
    suppressed: Count = Field(description="how many cells behind it were withheld")
    estimate: bool = Field(description="it is an estimate")
    formula: str | None = Field(description="how an estimate is made, in one sentence")
    definition: str = Field(description="the metric it rests on, with its version")
    spark: list[float | None] = Field(max_length=32, description="its course through the period, oldest first")
    sentence: str = Field(description="the number, said")


class PageNumbers(Shape):
    """The five numbers of a page for a period."""

    page: Literal["overview", "audience", "conversations", "demand"] = Field(description="the page")
    days: PeriodDays = Field(description="the period's length")
    first: Day = Field(description="its first day")
    last: Day = Field(description="its last day")
    numbers: list[KeyNumber] = Field(min_length=1, max_length=5, description="in the order they are shown")


class KeyNumbers(Shape):
    """key-numbers: every page and period."""

    pages: list[PageNumbers] = Field(description="none before the first complete day")


class Annotation(Shape):
    """A mark on every line of time."""

    date: Day = Field(description="its day")
    text: str = Field(max_length=80, description="what happened")
