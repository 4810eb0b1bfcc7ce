"""The list of artifacts about conversations. A newcomer adds one by an entry here, a builder, and its shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parcook.artifacts.insights import people
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


INSIGHTS: Sequence[Insight] = (
    Insight("activity-daily", ("active_users", "daily_totals"), people.activity),
    Insight("retention", ("retention",), people.retention, summary=people.retention_summary),
    Insight("growth", ("growth", "new_and_returning"), people.growth, summary=people.growth_summary),
    Insight("feature-adoption", ("feature_adoption",), people.features),
)
