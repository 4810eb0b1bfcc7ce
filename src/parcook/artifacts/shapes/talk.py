"""The shapes of artifacts about how conversations go."""

from typing import Annotated

from pydantic import Field

from parcook.artifacts.shapes.base import Count, Day, Shape, Share
from parcook.artifacts.shapes.periods import ByPeriod


class LengthDay(Shape):
    """Messages per conversation in the 7 days to a complete day; null without conversations."""

    day: Day = Field(description="the last of the 7 days")
    conversations: Count = Field(description="conversations of the 7 days")
    mean: float | None = Field(description="messages per conversation")
    lower_quartile: float | None = Field(description="a quarter have at most so many")
    median: float | None = Field(description="half have at most so many")
    upper_quartile: float | None = Field(description="three quarters have at most so many")
    p90: float | None = Field(description="nine of ten have at most so many")


class LengthSummary(Shape):
    """Messages per conversation in a period."""

    mean: float | None = Field(description="messages per conversation")
    mean_before: float | None = Field(description="in the previous period")
    median: float | None = Field(description="half have at most so many")


class Length(ByPeriod[LengthSummary]):
    """conversation-length: periods, and a line of up to two years."""

    days: list[LengthDay] = Field(description="complete days in order, no day left out")


class Outcome(Shape):
    """How far recipe conversations of a period got; shares with 95 % intervals."""

    confirmed_share: Share | None = Field(description="people said that they cooked it")
    confirmed_share_low: Share | None = Field(description="lower end")
    confirmed_share_high: Share | None = Field(description="upper end")
    cooked_share: Share | None = Field(description="confirmed or likely")
    cooked_share_low: Share | None = Field(description="lower end")
    cooked_share_high: Share | None = Field(description="upper end")
    cooked_share_before: Share | None = Field(description="in the previous period")
    conversations: Count = Field(description="with a recipe")


class OutcomeWeek(Shape):
    """Outcomes of the recipe conversations of one ISO week; the last may be unfinished."""

    week_start: Day = Field(description="its Monday")
    confirmed: Count = Field(description="people said that they cooked it")
    likely: Count = Field(description="they went on to its steps, a timer or an end")
    engaged: Count = Field(description="they asked on")
    browsed: Count = Field(description="they did not")
    abandoned: Count = Field(description="the last turn was a question without an answer, or an error")
    complete: bool = Field(description="it is over and exported")


class Outcomes(ByPeriod[Outcome]):
    """outcomes: periods, and up to 53 weeks."""

    weeks: list[OutcomeWeek] = Field(description="in order, no week left out")
    calibrated: bool = Field(description="whether the estimate was checked against 100 labelled conversations")


class ToolUse(Shape):
    """A tool of the assistant."""

    tool: str = Field(description="its name")
    conversations: Count = Field(description="conversations with at least one call")
    conversation_share: Share | None = Field(description="of all conversations")
    conversation_share_before: Share | None = Field(description="in the previous period")
    calls: Count = Field(description="calls, repeated reports taken out")
    failures: Count = Field(description="calls that failed")
    failure_share: Share | None = Field(description="of the calls")
    p50_ms: Count | None = Field(description="half of the calls took at most so many milliseconds")
    p95_ms: Count | None = Field(description="19 of 20 took at most so many")


class HourCell(Shape):
    """An hour of a weekday."""

    weekday: Annotated[int, Field(ge=1, le=7)] = Field(description="1 is Monday")
    hour: Annotated[int, Field(ge=0, le=23)] = Field(description="it begins then")
    conversations: Count = Field(description="conversations begun")
    hours: float = Field(ge=0, description="how often the hour was there; not whole weeks where clocks change")
    per_hour: float | None = Field(description="conversations an hour")
