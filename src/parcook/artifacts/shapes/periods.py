"""What the artifacts about conversations have in common: how they came about, and the four fixed periods."""

from typing import Generic, Literal, TypeVar

from pydantic import Field

from parcook.artifacts.shapes.base import Count, Day, Shape, Time

R = TypeVar("R")
PeriodDays = Literal[7, 28, 91, 364]


class InsightMetadata(Shape):
    """How an artifact about conversations came about."""

    analytics_type: str = Field(description="the artifact's name")
    storage_version: str = Field(description="the version of these shapes")
    generated_at: Time = Field(description="when it was cooked")
    data_through: Day | None = Field(description="the last complete day; null before there is one")
    incomplete_from: Day | None = Field(description="the first day that is not over and exported")
    timezone: str = Field(description="the report zone, an IANA name")
    definition: list[str] = Field(description="the metrics it rests on, each with its version: `growth 1`")
    estimate: bool = Field(False, description="its numbers are estimates")
    formula: str | None = Field(None, description="how an estimate is made, in one sentence")
    min_people: Count = Field(description="breakdowns count at least so many people, or they are withheld")
    summary: str | None = Field(description="the sentence that heads it where no period has its own")


class Period(Shape, Generic[R]):
    """A fixed period up to the last complete day, and what it holds."""

    days: PeriodDays = Field(description="its length; the previous period is as long and ends where this begins")
    first: Day = Field(description="its first day")
    last: Day = Field(description="its last day")
    n: Count = Field(description="how many things its numbers rest on, in the metric's unit")
    complete: bool = Field(description="every one of its days is over and exported")
    suppressed: Count = Field(description="how many cells or rows were withheld")
    summary: str | None = Field(description="the sentence that heads the card for it")
    rows: list[R] = Field(description="what it holds, in the order it is shown")


class ByPeriod(Shape, Generic[R]):
    """A card that follows the period."""

    periods: list[Period[R]] = Field(description="the periods there is an answer for, shortest first")
