"""The shape of every artifact by its name: what pages may rest on, and what those who cook must deliver.

JSON Schemas are generated from them; the page's tests and the cooks' tests hold on to the same. In all of them days
are ISO dates in the report zone, times RFC 3339 in UTC, and shares 0 to 1. In artifacts about conversations `data`
is an object of named parts: `days`, `weeks` and `months` are series, `periods` the four fixed periods, each with its
own sentence. Their columns have the names of the metric's columns, so that a card draws the rows of
`GET /metrics/<name>` as well. `null` stands where a number is withheld, not yet known or not measurable, never 0.
Floats are rounded to four places.
"""

from typing import Any

from pydantic import BaseModel

from parcook.artifacts.shapes.base import Artifact
from parcook.artifacts.shapes.catalogue import CatalogueMetadata, ComplexityMetadata, ComplexityShape, UsageShape
from parcook.artifacts.shapes.demand import Categories, Demand, Gap, Seasons, TopRecipe
from parcook.artifacts.shapes.manifest import Manifest
from parcook.artifacts.shapes.numbers import Annotation, KeyNumbers
from parcook.artifacts.shapes.people import Activity, FeatureUse, Growth, Retention
from parcook.artifacts.shapes.periods import ByPeriod, InsightMetadata
from parcook.artifacts.shapes.talk import HourCell, Length, Outcomes, ToolUse

PUBLIC_SHAPES: dict[str, type[BaseModel]] = {
    "ingredient-usage": Artifact[list[UsageShape], CatalogueMetadata],
    "ingredient-tree": Artifact[list[UsageShape], CatalogueMetadata],
    "recipe-complexity": Artifact[list[ComplexityShape], ComplexityMetadata],
}
INSIGHT_SHAPES: dict[str, type[BaseModel]] = {
    "activity-daily": Artifact[Activity, InsightMetadata],
    "top-recipes": Artifact[ByPeriod[TopRecipe], InsightMetadata],
    "recipe-categories": Artifact[Categories, InsightMetadata],
    "peak-hours": Artifact[ByPeriod[HourCell], InsightMetadata],
    "retention": Artifact[Retention, InsightMetadata],
    "growth": Artifact[Growth, InsightMetadata],
    "conversation-length": Artifact[Length, InsightMetadata],
    "outcomes": Artifact[Outcomes, InsightMetadata],
    "tool-usage": Artifact[ByPeriod[ToolUse], InsightMetadata],
    "feature-adoption": Artifact[ByPeriod[FeatureUse], InsightMetadata],
    "seasonality": Artifact[Seasons, InsightMetadata],
    "catalogue-gaps": Artifact[ByPeriod[Gap], InsightMetadata],
    "ingredient-demand": Artifact[Demand, InsightMetadata],
    "annotations": Artifact[list[Annotation], InsightMetadata],
    "key-numbers": Artifact[KeyNumbers, InsightMetadata],
}
SHAPES: dict[str, type[BaseModel]] = {"manifest": Manifest, **PUBLIC_SHAPES, **INSIGHT_SHAPES}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of the artifact `name`, or of `manifest`."""
    return SHAPES[name].model_json_schema(mode="serialization")
