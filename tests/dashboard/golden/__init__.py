"""Golden artifacts: thirteen months of a kitchen and bar, counted from one small world, the same bytes in every run.

`golden_site` writes them as the product writes them. The clock of all of it stands at `world.NOW`.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS, Cooked, encode
from parcook.artifacts.models import INSIGHT_SHAPES, SHAPES
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.store import Stamp
from parcook.clock import format_time
from tests.dashboard.golden import catalogue, demand, numbers, people, talk
from tests.dashboard.golden.world import FIRST, LAST, MIN_PEOPLE, NOW, TODAY

TITLE = "Demo Kitchen & Bar"
ABOUT = {"timezone": "Europe/Madrid", "week_start": 1, "site": {"title": TITLE}}
STAMP = Stamp(412, "golden")
_MADE: dict[str, tuple[Callable[[], Any], str]] = {
    "activity-daily": (people.activity, "active_users"),
    "top-recipes": (demand.top, "recipe_popularity"),
    "recipe-categories": (demand.categories, "recipe_categories"),
    "peak-hours": (talk.hours, "peak_hours"),
    "retention": (people.retention, "retention"),
    "growth": (people.growth, "growth"),
    "conversation-length": (talk.length, "conversation_length"),
    "outcomes": (talk.outcomes, "completion"),
    "tool-usage": (talk.tools, "tool_usage"),
    "feature-adoption": (people.features, "feature_adoption"),
    "seasonality": (demand.seasons, "seasonality"),
    "catalogue-gaps": (demand.gaps, "catalogue_gaps"),
    "ingredient-demand": (demand.demand, "ingredient_demand"),
    "annotations": (numbers.annotations, "active_users"),
    "key-numbers": (numbers.key_numbers, "daily_totals"),
}
_SUMMARIES = {
    "retention": "Of people who came for the first time, about a third are back a week later.",
    "growth": "More people every week, but for two.",
    "seasonality": "Soups peak in January, salads in July.",
}


def golden_site(folder: Path) -> None:
    """Write `analytics/v1/` and `insights/v1/` with their manifests into `folder`, as a server's storage holds them."""
    cooked = Cooked(STAMP, catalogue.usage(), NOW)
    public = {definition.name: cooked.envelope(definition.name, "stored") for definition in DEFINITIONS}
    AnalyticsStorage(f"file://{folder}", clock=lambda: NOW).put_generation(public, STAMP, NOW, ABOUT, None)
    write_insights(folder, golden_insights())


@cache
def golden_insights() -> dict[str, dict[str, Any]]:
    """The envelope of every artifact about conversations, each of its shape."""
    told = {name: _envelope(name, make(), metric) for name, (make, metric) in _MADE.items()}
    for name, envelope in told.items():
        INSIGHT_SHAPES[name].model_validate(envelope)
    return told


def write_insights(
    folder: Path, envelopes: Mapping[str, Mapping[str, Any]], generation: int = 1, title: str = TITLE
) -> None:
    """Write these artifacts and a manifest that names them."""
    place = folder / "insights/v1"
    place.mkdir(parents=True, exist_ok=True)
    views = {}
    for name, envelope in envelopes.items():
        body = encode(envelope)
        sha256 = hashlib.sha256(body).hexdigest()
        path = f"{name}.{sha256[:12]}.json"
        for file_name in (path, f"{name}.json"):
            (place / file_name).write_bytes(body)
        views[name] = {
            "path": path,
            "sha256": sha256,
            "bytes": len(body),
            "generated_at": format_time(NOW),
            "audience": "internal",
        }
    manifest = {
        "storage_version": "v1",
        "generated_at": format_time(NOW),
        "generation": generation,
        "storage_version_since": format_time(NOW),
        "data_through": LAST.isoformat(),
        "incomplete_from": TODAY.isoformat(),
        "first_day": FIRST.isoformat(),
        **ABOUT,
        "site": {"title": title},
        "min_people": MIN_PEOPLE,
        "views": views,
    }
    SHAPES["manifest"].model_validate(manifest)
    (place / "manifest.json").write_bytes(encode(manifest))


def _envelope(name: str, data: Any, metric: str) -> dict[str, Any]:
    return {
        "data": data,
        "metadata": {
            "analytics_type": name,
            "storage_version": "v1",
            "generated_at": format_time(NOW),
            "data_through": LAST.isoformat(),
            "incomplete_from": TODAY.isoformat(),
            "timezone": ABOUT["timezone"],
            "definition": [f"{metric} 1"],
            "estimate": name == "outcomes",
            "formula": numbers.ESTIMATES["got_to_cook"] if name == "outcomes" else None,
            "min_people": MIN_PEOPLE,
            "summary": _SUMMARIES.get(name),
        },
    }
