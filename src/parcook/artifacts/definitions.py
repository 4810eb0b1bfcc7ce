"""The list of artifacts about the catalogue, and the one builder of their content, for stored and live answers alike.

A newcomer adds an artifact by one entry in `DEFINITIONS`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from parcook.catalogue.analytics import complexity_rows
from parcook.catalogue.hierarchy import Usage, UsageRow, slice_rows
from parcook.catalogue.store import Stamp
from parcook.clock import format_time

STORAGE_VERSION = "v1"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """What an artifact says: its rows, and metadata of its own beside that which all artifacts have."""

    rows: Sequence[Row]
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Definition:
    """One artifact: its name, and how it is made from the usage of a catalogue."""

    name: str
    build: Callable[[Usage], Content]


def build_usage_view(rows: Sequence[UsageRow], total_recipes: int) -> Content:
    """A view of usage rows with the sentence that heads it: the root artifact and every narrower view."""
    return Content(rows, {"summary": _usage_sentence(rows, total_recipes)})


def _usage_sentence(rows: Sequence[UsageRow], total_recipes: int) -> str:
    if not rows:
        return "There are no ingredients here."
    top = rows[0]
    return f"{top['ingredient_name']} is in {top['hierarchical_usage']:,} of {_recipes(total_recipes)}."


def _build_complexity(usage: Usage) -> Content:
    rows = complexity_rows(usage)
    if not usage.total_recipes:
        return Content(rows, {"median": None, "summary": "There are no recipes yet."})
    median = _median(usage.recipes_by_size, usage.total_recipes)
    common = max(rows, key=lambda row: (row["recipe_count"], -row["ingredient_count"]))
    sentence = (
        f"A typical recipe has {_number(median)} ingredients; {common['recipe_count']:,} of "
        f"{_recipes(usage.total_recipes)} {'has' if common['recipe_count'] == 1 else 'have'} "
        f"{common['ingredient_count']}."
    )
    return Content(rows, {"median": median, "summary": sentence})


def _median(recipes_by_size: Mapping[int, int], total: int) -> float:
    """The median number of ingredients: the mean of the two middle recipes when `total` is even."""

    def size_at(place: int) -> int:
        for size in sorted(recipes_by_size):
            place -= recipes_by_size[size]
            if place < 0:
                return size
        raise IndexError(place)

    middle = (size_at((total - 1) // 2) + size_at(total // 2)) / 2
    return int(middle) if middle.is_integer() else middle


def _number(value: float) -> str:
    return f"{value:g}"


def _recipes(count: int) -> str:
    return f"{count:,} recipe" if count == 1 else f"{count:,} recipes"


DEFINITIONS: tuple[Definition, ...] = (
    Definition("ingredient-usage", lambda usage: build_usage_view(slice_rows(usage.rows), usage.total_recipes)),
    Definition("ingredient-tree", lambda usage: build_usage_view(usage.rows, usage.total_recipes)),
    Definition("recipe-complexity", _build_complexity),
)
DEFINITIONS_BY_NAME = {definition.name: definition for definition in DEFINITIONS}


@dataclass(frozen=True)
class Cooked:
    """The usage of one state of the catalogue, ready to be told: as stored artifacts or as live answers."""

    stamp: Stamp
    usage: Usage
    generated_at: datetime

    def envelope(self, name: str, source: Literal["stored", "live"]) -> dict[str, Any]:
        """The whole answer for artifact `name`."""
        content = DEFINITIONS_BY_NAME[name].build(self.usage)
        return make_envelope(
            name,
            content,
            generated_at=format_time(self.generated_at),
            total_recipes=self.usage.total_recipes,
            catalogue_version=self.stamp.version,
            source=source,
        )


def make_envelope(name: str, content: Content, *, generated_at: str, **metadata: Any) -> dict[str, Any]:
    """`{"data", "metadata"}` as it is served and stored; `metadata` is what the caller knows of its making."""
    return {
        "data": content.rows,
        "metadata": {
            "analytics_type": name,
            "generated_at": generated_at,
            "storage_version": STORAGE_VERSION,
            **metadata,
            **content.metadata,
        },
    }


def encode(document: Mapping[str, Any]) -> bytes:
    """`document` as compact UTF-8 JSON. Raises `ValueError` for NaN or infinity."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
