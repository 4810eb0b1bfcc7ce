"""The list of artifacts about conversations. A newcomer adds one by an entry here, a builder, and its shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parcook.artifacts.insights import demand, gaps, numbers, people, talk, wishes
from parcook.artifacts.insights.questions import Questions


@dataclass(frozen=True)
class Insight:
    """One artifact: its name, the metrics it rests on, how its data are built, and the sentence that heads it.

    `formula` says in one sentence how an estimate is made; None for what is counted. `summary` is for artifacts
    without periods: the others have a sentence for each.
    """

    name: str
    metrics: Sequence[str]
    build: Callable[[Questions], Any]
    formula: str | None = None
    summary: Callable[[Questions, Any], str] | None = None


def _marks(questions: Questions) -> list[dict[str, Any]]:
    return [{"date": mark.date.isoformat(), "text": mark.text} for mark in questions.marks]


INSIGHTS: Sequence[Insight] = (
    Insight("activity-daily", ("active_users", "daily_totals"), people.activity),
    Insight("top-recipes", ("recipe_popularity",), wishes.top),
    Insight("recipe-categories", ("recipe_categories",), wishes.categories),
    Insight("peak-hours", ("peak_hours",), talk.hours),
    Insight("retention", ("retention",), people.retention, summary=people.retention_summary),
    Insight("growth", ("growth", "new_and_returning"), people.growth, summary=people.growth_summary),
    Insight("conversation-length", ("conversation_length",), talk.length),
    Insight("outcomes", ("completion",), talk.outcomes, formula=talk.GOT_TO_COOK),
    Insight("tool-usage", ("tool_usage",), talk.tools),
    Insight("feature-adoption", ("feature_adoption",), people.features),
    Insight("seasonality", ("seasonality",), wishes.seasons, summary=wishes.seasons_summary),
    Insight("catalogue-gaps", ("catalogue_gaps",), gaps.gaps),
    Insight("ingredient-demand", ("ingredient_demand",), demand.demand),
    Insight("annotations", (), _marks),
    Insight("key-numbers", numbers.METRICS, numbers.key_numbers),
)
