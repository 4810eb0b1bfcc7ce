"""The neutral shape that every reader produces, whatever its format, and the report on what came of it.

Inside a batch things refer to each other by the key of a name (`names.name_key`), because a name is also
what a thing in the catalogue is found by. Ids that a file speaks of are those of the catalogue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from parcook.catalogue.bulk import Faults
from parcook.catalogue.names import name_key
from parcook.errors import Invalid

Progress = Callable[[str, int, int], None]
"""Told how far an import is: the phase (`reading`, `checking`, `writing`), how much is done, how much there is."""


@dataclass(frozen=True, slots=True)
class Named:
    """What units, ingredients and recipes have in common.

    `place` counts from 0 in the list of the source and is what a fault is reported under. `source_id` is the
    source's own id, null where it has none or not a whole number. What is only mentioned in the source, as an
    ingredient is in a line of text, is no record of it: nobody misses its id.
    """

    place: int
    name: str
    source_id: int | None = None
    is_record: bool = field(default=True, kw_only=True)

    @property
    def key(self) -> str:
        """What the name is unique under."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class UnitItem(Named):
    """A unit of measure."""

    abbreviation: str | None = None
    conversion_to_ml: float | None = None


@dataclass(frozen=True, slots=True)
class IngredientItem(Named):
    """An ingredient; its parent is named, or is the ingredient `parent_id` of the catalogue, or it is a root."""

    description: str | None = None
    parent_key: str | None = None
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One ingredient of a recipe, by the key of its name, by its id in the catalogue, or by both if they agree."""

    ingredient_key: str | None = None
    ingredient_id: int | None = None
    unit_key: str | None = None
    unit_id: int | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class RecipeItem(Named):
    """A recipe with its lines in order; `texts` holds the columns of `RECIPE_TEXTS` that the source fills."""

    texts: dict[str, str | None] = field(default_factory=dict)
    lines: tuple[LineItem, ...] = ()


RECIPE_TEXTS = ("category", "description", "instructions", "source", "source_url", "image_url", "created_by")


@dataclass(frozen=True, slots=True)
class ImportNotice:
    """Something that was not taken over as it stands in the file, and what was done instead."""

    code: str
    message: str


class FileFaults:
    """The faults of a strict format so far, by list of the file."""

    def __init__(self) -> None:
        self.units = Faults()
        self.ingredients = Faults()
        self.recipes = Faults()

    def raise_if_any(self) -> None:
        """Raise `Invalid` (`bulk_invalid`) with all faults, `{list, index, name, code, message}`, if there are any."""
        errors = [{"list": name, **fault} for name, faults in vars(self).items() for fault in faults.found()]
        if errors:
            count = len({(error["list"], error["index"]) for error in errors})
            raise Invalid(
                f"{count} item(s) of the file cannot be stored; nothing was written", code="bulk_invalid", errors=errors
            )


@dataclass(frozen=True)
class Batch:
    """All that a file holds: clean names and values, each name once in its list.

    A reader of a lenient format has mended everything and says so in `warnings`; one of a strict format has
    put what is wrong into `faults`, and loading adds the names and ids that lead nowhere.
    """

    format: str
    units: Sequence[UnitItem]
    ingredients: Sequence[IngredientItem]
    recipes: Sequence[RecipeItem]
    warnings: Sequence[ImportNotice] = ()
    faults: FileFaults = field(default_factory=FileFaults)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with `dry_run` would do. *Reused* and *kept* things were there and are unchanged."""

    format: str
    dry_run: bool
    ids_kept: bool
    units_created: int
    units_reused: int
    ingredients_created: int
    ingredients_reused: int
    recipes_created: int
    recipes_kept: int
    lines_created: int
    notes: Sequence[str]
    warnings: Sequence[ImportNotice]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return vars(self) | {
            "notes": list(self.notes),
            "warnings": [{"code": warning.code, "message": warning.message} for warning in self.warnings],
        }
