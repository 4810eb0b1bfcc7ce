"""Bulk JSON: `{"units": […], "ingredients": […], "recipes": […]}`, of items shaped as in HTTP requests.

As strict as HTTP: nothing is guessed or mended, every fault is reported. Unlike there a file may have any
number of items.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from parcook.catalogue.bulk import Faults, validated
from parcook.catalogue.importing.batch import (
    RECIPE_TEXTS,
    Batch,
    FileFaults,
    IngredientItem,
    LineItem,
    RecipeItem,
    UnitItem,
)
from parcook.catalogue.importing.json_text import parse_json
from parcook.catalogue.models import BulkIngredient, RecipeDraft, RecipeLineDraft, UnitDraft
from parcook.catalogue.names import clean_name, name_key
from parcook.errors import UnreadableFile

LISTS = ("units", "ingredients", "recipes")

_Draft = TypeVar("_Draft", BulkIngredient, RecipeDraft)


def read(path: Path) -> Batch:
    """The items of the file at `path`. Raises `UnreadableFile` unless it is JSON of this shape."""
    lists = _lists(path, parse_json(path, strict=True))
    faults = FileFaults()
    units = validated(UnitDraft, lists["units"], faults.units)
    _check_labels(units, faults.units)
    ingredients = _without_repeats(
        validated(BulkIngredient, lists["ingredients"], faults.ingredients), faults.ingredients
    )
    recipes = _without_repeats(validated(RecipeDraft, lists["recipes"], faults.recipes), faults.recipes)
    return Batch(
        format="bulk JSON",
        units=[
            UnitItem(place, draft.name, abbreviation=draft.abbreviation, conversion_to_ml=draft.conversion_to_ml)
            for place, draft in units.items()
        ]
        + [UnitItem(place, name) for place, name in _refused(lists["units"], units)],
        ingredients=[
            IngredientItem(
                place,
                draft.name,
                description=draft.description,
                parent_key=_key(draft.parent_name),
                parent_id=draft.parent_id,
            )
            for place, draft in ingredients.items()
        ]
        + [IngredientItem(place, name) for place, name in _refused(lists["ingredients"], ingredients)],
        recipes=[
            RecipeItem(
                place,
                draft.name,
                texts=draft.model_dump(include=set(RECIPE_TEXTS)),
                lines=tuple(_line(line) for line in draft.ingredients),
            )
            for place, draft in recipes.items()
        ],
        faults=faults,
    )


def _line(draft: RecipeLineDraft) -> LineItem:
    return LineItem(
        _key(draft.ingredient_name), draft.ingredient_id, _key(draft.unit_name), draft.unit_id, draft.amount
    )


def _key(name: str | None) -> str | None:
    return None if name is None else name_key(name)


def _lists(path: Path, document: Any) -> dict[str, list[Any]]:
    expected = 'expected is {"units": […], "ingredients": […], "recipes": […]}, each of them optional'
    if not isinstance(document, dict):
        raise UnreadableFile(f"{path}: this is not a JSON object; {expected}")
    if unknown := sorted(document.keys() - set(LISTS)):
        raise UnreadableFile(f"{path}: unknown {', '.join(map(repr, unknown))}; {expected}")
    if not document:
        raise UnreadableFile(f"{path}: the object is empty; {expected}")
    for name, items in document.items():
        if not isinstance(items, list):
            raise UnreadableFile(f"{path}: {name!r} is not a list; {expected}")
    return {name: document.get(name, []) for name in LISTS}


def _check_labels(drafts: dict[int, UnitDraft], faults: Faults) -> None:
    """Refuse a unit whose name or abbreviation means another one too: a line could not say which it wants."""
    meaning: dict[str, int] = {}
    for place, draft in drafts.items():
        for label in filter(None, (draft.name, draft.abbreviation)):
            if meaning.setdefault(name_key(label), place) != place:
                other = drafts[meaning[name_key(label)]]
                faults.add(place, draft.name, "duplicate_name", f"{label!r} already means {other.name!r} in this file")
                break


def _without_repeats(drafts: dict[int, _Draft], faults: Faults) -> dict[int, _Draft]:
    places: dict[str, int] = {}
    for place, draft in drafts.items():
        if places.setdefault(name_key(draft.name), place) != place:
            faults.add(place, draft.name, "duplicate_name", "the name stands twice in this file")
    return {place: drafts[place] for place in places.values()}


def _refused(items: list[Any], good: dict[int, Any]) -> Iterable[tuple[int, str]]:
    """Names of items that were refused: stand-ins, so that what refers to such an item is not at fault as well."""
    for place, item in enumerate(items):
        if place not in good and isinstance(item, dict) and isinstance(item.get("name"), str):
            try:
                yield place, clean_name(item["name"])
            except ValueError:
                continue
