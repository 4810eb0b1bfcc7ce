"""What each key number is, over any window: its value, what it rests on, and why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from parcook.artifacts.insights.days import Window, quantile, sum_up
from parcook.artifacts.insights.people import active_at
from parcook.artifacts.insights.questions import WEEK, Questions, Row
from parcook.artifacts.insights.talk import mean_length
from parcook.metrics.threshold import LEAST_BASE

Reason = Literal["not_measurable", "too_few", "not_yet"]
LONGEST_MEMORY = 91  # of people: a year of them cannot be told apart


@dataclass(frozen=True)
class Reading:
    """A number over a window; `n` is how many things it rests on."""

    value: float | None
    n: int = 0
    reason: Reason | None = None
    low: float | None = None
    high: float | None = None
    suppressed: int = 0


def people(questions: Questions, window: Window) -> Reading:
    """Distinct people of the window."""
    row = _people_row(questions, window)
    if not row["measurable"]:
        return Reading(None, reason="not_measurable")
    return Reading(row["people"], row["people"] or 0, "not_yet" if row["people"] is None else None)


def _people_row(questions: Questions, window: Window) -> Row:
    rows = questions.ask("people_windows", window).rows
    return next(row for row in rows if row["days"] == window.length)


def people_at(questions: Questions, window: Window) -> float | None:
    """The course of people: of a day those of the day, else those of the 7 days to its end."""
    count: float | None = active_at(questions, window.last, "dau" if window.length == 1 else "wau")
    return count


def growth(questions: Questions, window: Window) -> Reading:
    """How many per cent more people than in the time before."""
    row = _people_row(questions, window)
    if not row["measurable"]:
        return Reading(None, reason="not_measurable")
    if questions.known(window.before) is None or not row["people_before"] or row["people"] is None:
        return Reading(None, row["people"] or 0, "not_yet")
    return Reading((row["people"] / row["people_before"] - 1) * 100, row["people"])


def growth_at(questions: Questions, window: Window) -> float | None:
    """The course of growth: people of 7 days against those of the 7 days before."""
    now, before = (active_at(questions, day, "wau") for day in (window.last, window.last - WEEK))
    return (now / before - 1) * 100 if now is not None and before else None


def stickiness(questions: Questions, window: Window) -> Reading:
    """Mean people a day of 28 days over the people of those days, at the end of the window."""
    value, base = (active_at(questions, window.last, name) for name in ("stickiness", "mau"))
    if value is not None:
        return Reading(value, base)
    return Reading(None, base or 0, "too_few" if base is not None and base < LEAST_BASE else "not_yet")


def weeks_of(questions: Questions, window: Window) -> list[Row]:
    """New and returning people of the whole weeks to the end of the window, as many as it has."""
    sunday = window.last - timedelta(days=(window.last.weekday() + 1) % 7)
    weeks = Window.ending(sunday, window.length)
    return [row for row in questions.ask("new_and_returning", weeks).rows if row["complete"]]


def new_people(questions: Questions, window: Window) -> Reading:
    """People who came for the first time; a person is new in one week, so that weeks add up."""
    if window.length > LONGEST_MEMORY:
        return Reading(None, reason="not_measurable")
    rows = weeks_of(questions, window)
    known = [row["new_people"] for row in rows if row["new_people"] is not None]
    if len(known) < window.length // 7:
        return Reading(None, len(known), "not_yet")
    return Reading(sum(known), len(known))


def returning_people(questions: Questions, window: Window) -> Reading:
    """The share of a week's people who were active in the four weeks before; the mean of the weeks."""
    rows = weeks_of(questions, window)
    shares = [row["returning_share"] for row in rows if row["returning_share"] is not None]
    if shares:
        return Reading(sum(shares) / len(shares), len(shares))
    return Reading(None, 0, "too_few" if any(row["returning_people"] is not None for row in rows) else "not_yet")


def conversations(questions: Questions, window: Window) -> Reading:
    """Conversations."""
    count = sum(day.conversations for day in questions.within(window))
    return Reading(count, count)


def messages_each(questions: Questions, window: Window) -> Reading:
    """Messages per conversation."""
    days = questions.within(window)
    mean = mean_length(days)
    return Reading(mean, sum(day.conversations for day in days), "too_few" if mean is None else None)


def got_to_cook(questions: Questions, window: Window) -> Reading:
    """The share of recipe conversations that got to cook."""
    return _estimate(questions.ask("completion", window).rows, "cooked_share", "conversations")


def satisfied(questions: Questions, window: Window) -> Reading:
    """The share of votes that are up."""
    return _estimate(questions.ask("satisfaction", window).rows, "up_share", "votes")


def _estimate(rows: Sequence[Row], share: str, base: str) -> Reading:
    if not rows or rows[0][share] is None:
        return Reading(None, (rows[0][base] or 0) if rows else 0, "too_few")
    row = rows[0]
    return Reading(row[share], row[base], None, row[f"{share}_low"], row[f"{share}_high"])


def tool_failures(questions: Questions, window: Window) -> Reading:
    """The share of calls of tools that failed."""
    days = questions.within(window)
    return _share(sum(day.failures for day in days), sum(day.calls for day in days))


def median_tool_time(questions: Questions, window: Window) -> Reading:
    """What half of the calls took at most, in milliseconds."""
    times = sum_up(day.tool_times for day in questions.within(window))
    median = quantile(times, 0.5)
    return Reading(median, sum(times.values()), "too_few" if median is None else None)


def recipe_mentions(questions: Questions, window: Window) -> Reading:
    """Messages that name a recipe, once for each."""
    mentions = _mentions(questions, window)
    return Reading(mentions, mentions)


def distinct_recipes(questions: Questions, window: Window) -> Reading:
    """Different recipes named; names that too few people named are not counted."""
    answer = questions.ask("recipe_popularity", window)
    return Reading(len(answer.rows), answer.metadata["n"], suppressed=answer.metadata["suppressed"])


def distinct_recipes_at(questions: Questions, window: Window) -> float | None:
    """The course of different recipes: the mean of the days."""
    counts = [row["unique_recipes"] for row in _diversity(questions, window)]
    return sum(counts) / len(counts) if counts else None


def unmet_requests(questions: Questions, window: Window) -> Reading:
    """Requests for what matches nothing here, or was refused."""
    count = sum(sum(day.requests.values()) for day in questions.within(window))
    return Reading(count, count, suppressed=questions.ask("catalogue_gaps", window).metadata["suppressed"])


def unmet_requests_at(questions: Questions, window: Window) -> float | None:
    """The course of unmet requests."""
    return sum(sum(day.requests.values()) for day in questions.within(window))


def matched_share(questions: Questions, window: Window) -> Reading:
    """The share of mentions whose recipe is in the catalogue."""
    return _share(sum(day.matched for day in questions.within(window)), _mentions(questions, window))


def _mentions(questions: Questions, window: Window) -> int:
    return sum(row["total_recipe_mentions"] for row in _diversity(questions, window))


def _diversity(questions: Questions, window: Window) -> list[Row]:
    rows = questions.by_day("recipe_diversity", "date")
    return [rows[day] for day in window.dates() if day in rows]


def _share(part: int, base: int) -> Reading:
    return Reading(part / base, base) if base >= LEAST_BASE else Reading(None, base, "too_few")
