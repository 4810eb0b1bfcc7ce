"""The shapes of artifacts that count people."""

from typing import Literal

from pydantic import Field

from parcook.artifacts.shapes.base import Count, Day, Shape, Share
from parcook.artifacts.shapes.periods import ByPeriod


class ActivityDay(Shape):
    """One day; the last may be unfinished."""

    date: Day = Field(description="the day")
    dau: Count | None = Field(description="people active that day")
    wau: Count | None = Field(description="people active in the 7 days to it")
    mau: Count | None = Field(description="people active in the 28 days to it")
    visitors: Count | None = Field(description="visitors without an account, counted apart")
    conversations: Count = Field(description="conversations")
    messages: Count = Field(description="messages")
    complete: bool = Field(description="it is over and exported")


class ActivitySummary(Shape):
    """Active people of a period, beside those of the period before."""

    series: Literal["dau", "wau", "mau", "stickiness"] = Field(description="dau is the mean of its days")
    value: float | None = Field(description="wau and mau at its last day; stickiness is mean dau of 28 days over mau")
    previous: float | None = Field(description="the same, one period earlier")


class Activity(ByPeriod[ActivitySummary]):
    """activity-daily: all days there are, up to two years."""

    days: list[ActivityDay] = Field(description="in order, no day left out")


class CohortCell(Shape):
    """A cohort in a later week."""

    people: Count | None = Field(description="how many were active; null unless complete or partial")
    share: Share | None = Field(description="of the cohort")
    state: Literal["complete", "partial", "future", "withheld"] = Field(description="what kind of number this is")


class Cohort(Shape):
    """Who came for the first time in one ISO week."""

    cohort: Day = Field(description="its Monday")
    people: Count | None = Field(description="how many; null if withheld")
    cells: list[CohortCell] = Field(description="weeks 0 to 12")


class Retention(Shape):
    """retention: the last 14 cohorts."""

    cohorts: list[Cohort] = Field(description="oldest first")
    average: list[Share | None] = Field(
        description="weeks 0 to 12 of all complete cells, weighted by people; null if withheld"
    )
    people: Count | None = Field(description="people in all cohorts; each is in one")
    measurable: bool = Field(description="false where people cannot be known again")
    suppressed: Count = Field(description="cells and averages withheld")


class GrowthWeek(Shape):
    """One ISO week; the last may be unfinished."""

    week_start: Day = Field(description="its Monday")
    people: Count | None = Field(description="people active")
    new_people: Count | None = Field(description="of them for the first time")
    returning_people: Count | None = Field(description="of them active in the four weeks before too")
    growth: float | None = Field(description="per cent more people than the week before; null unless both are complete")
    complete: bool = Field(description="it is over and exported")


class Growth(Shape):
    """growth: up to 53 weeks."""

    weeks: list[GrowthWeek] = Field(description="in order, no week left out")


class FeatureUse(Shape):
    """A feature of the product."""

    feature: str = Field(description="its name")
    share: Share | None = Field(description="mean over whole weeks of people who used it, of people active")
    share_before: Share | None = Field(description="in the previous period, if the feature was there")
    people: Count | None = Field(description="people in its best week; null if withheld")
    weeks: Count = Field(description="whole weeks counted")
