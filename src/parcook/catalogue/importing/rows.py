"""A batch from rows that no rule was kept for: what is the same is merged, what leads nowhere is cut off.

Whatever was changed is noted, once for each row it was done to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from parcook.catalogue.importing.batch import Batch, IngredientItem, LineItem, RecipeItem, UnitItem
from parcook.catalogue.importing.repeats import Lines, number_repeats
from parcook.catalogue.importing.tree import cut_tree
from parcook.catalogue.importing.values import MAX_LINE, MAX_PROSE, Values, plain_id, say, whole_id
from parcook.catalogue.names import name_key

COLUMNS = {
    "units": ("id", "name", "abbreviation", "conversion_to_ml"),
    "ingredients": ("id", "name", "description", "parent_id"),
    "recipes": (
        "id", "name", "category", "description", "instructions", "source", "source_url", "image_url", "created_by"
    ),
    "recipe_ingredients": ("recipe_id", "ingredient_id", "unit_id", "amount"),
}  # fmt: skip

_LIMITS = {"description": MAX_PROSE, "instructions": MAX_PROSE}


@dataclass(frozen=True)
class Rows:
    """The rows of each table in their order, with the columns of `COLUMNS`; null where a table lacks a column."""

    units: Iterable[tuple[Any, ...]]
    ingredients: Iterable[tuple[Any, ...]]
    recipes: Iterable[tuple[Any, ...]]
    recipe_ingredients: Iterable[tuple[Any, ...]]


def assemble(format: str, rows: Rows) -> Batch:
    """Everything in `rows` that can be used, with a warning for everything that was changed or left out."""
    values = Values()
    units, unit_keys = _units(rows.units, values)
    ingredients, ingredient_keys = mend_ingredients(
        ((f"ingredient {say(row[0])}", *row) for row in rows.ingredients), values
    )
    recipes, recipe_keys = _recipes(rows.recipes, values)
    lines = _lines(rows.recipe_ingredients, _Keys(recipe_keys, ingredient_keys, unit_keys), values)
    return Batch(
        format=format,
        units=list(units.values()),
        ingredients=list(ingredients.values()),
        recipes=[
            replace(item, lines=tuple(lines[key].merged.values()) if key in lines else ())
            for key, item in recipes.items()
        ],
        warnings=values.notices,
    )


class _Keys(NamedTuple):
    """The key of the name that each id of the source means."""

    recipes: dict[Any, str]
    ingredients: dict[Any, str]
    units: dict[Any, str]


def _units(rows: Iterable[tuple[Any, ...]], values: Values) -> tuple[dict[str, UnitItem], dict[Any, str]]:
    units: dict[str, UnitItem] = {}
    keys: dict[Any, str] = {}
    for place, (row_id, raw_name, abbreviation, conversion) in enumerate(rows):
        where = f"unit {say(row_id)}"
        if (name := values.name(raw_name, where)) is None:
            continue
        key = name_key(name)
        _remember(keys, row_id, key)
        if key in units:
            values.note("merged_unit", f"{where}: {say(name)} is the same unit as {say(units[key].name)}; merged")
            continue
        units[key] = UnitItem(
            place,
            name,
            whole_id(row_id),
            abbreviation=values.label(abbreviation, f"{where}: abbreviation"),
            conversion_to_ml=values.number(conversion, f"{where}: conversion_to_ml", positive=True),
        )
    return units, keys


def mend_ingredients(
    rows: Iterable[tuple[str, Any, Any, Any, Any]], values: Values
) -> tuple[dict[str, IngredientItem], dict[Any, str]]:
    """Ingredients in a tree out of rows of where, id, name, description, parent's id.

    Returns them by the key of the name, and the key that each id means.
    """
    ingredients: dict[str, IngredientItem] = {}
    keys: dict[Any, str] = {}
    raw_parents: dict[str, Any] = {}
    places: dict[str, str] = {}
    for place, (where, row_id, raw_name, description, parent_id) in enumerate(rows):
        if (name := values.name(raw_name, where)) is None:
            continue
        key = name_key(name)
        _remember(keys, row_id, key)
        if key in ingredients:
            first = ingredients[key]
            values.note("merged_ingredient", f"{where}: {say(name)} is the same as {say(first.name)}; merged into it")
            continue
        raw_parents[key] = parent_id
        places[key] = f"{where}, {say(name)}"
        ingredients[key] = IngredientItem(
            place, name, whole_id(row_id), description=values.text(description, MAX_PROSE, f"{where}: description")
        )
    parents: dict[str, str | None] = {}
    for key, parent_id in raw_parents.items():
        parents[key] = keys.get(plain_id(parent_id))
        if parent_id is not None and parents[key] is None:
            message = f"{places[key]}: its parent {say(parent_id)} is not there; made a root"
            values.note("missing_parent", message)
    for key, code, reason in cut_tree(parents, ingredients):
        values.note(code, f"{places[key]}: {reason}; made a root")
    return {key: replace(item, parent_key=parents[key]) for key, item in ingredients.items()}, keys


def _recipes(rows: Iterable[tuple[Any, ...]], values: Values) -> tuple[dict[str, RecipeItem], dict[Any, str]]:
    named = []
    for place, (row_id, raw_name, *texts) in enumerate(rows):
        where = f"recipe {say(row_id)}"
        if (name := values.name(raw_name, where)) is not None:
            named.append((place, row_id, name, texts, where))
    names = number_repeats([(name, where) for _, _, name, _, where in named], values)
    recipes: dict[str, RecipeItem] = {}
    keys: dict[Any, str] = {}
    for name, (place, row_id, _, texts, where) in zip(names, named, strict=True):
        key = name_key(name)
        _remember(keys, row_id, key)
        recipes[key] = RecipeItem(
            place,
            name,
            whole_id(row_id),
            texts={
                column: values.label(value, f"{where}: {column}")
                if column == "category"
                else values.text(value, _LIMITS.get(column, MAX_LINE), f"{where}: {column}")
                for column, value in zip(COLUMNS["recipes"][2:], texts, strict=True)
            },
        )
    return recipes, keys


def _lines(rows: Iterable[tuple[Any, ...]], keys: _Keys, values: Values) -> dict[str, Lines]:
    lines: dict[str, Lines] = {}
    for recipe_id, ingredient_id, unit_id, amount in rows:
        where = f"recipe {say(recipe_id)}, ingredient {say(ingredient_id)}"
        recipe = keys.recipes.get(plain_id(recipe_id))
        ingredient = keys.ingredients.get(plain_id(ingredient_id))
        if recipe is None or ingredient is None:
            values.note("orphan", f"{where}: there is no such {'recipe' if recipe is None else 'ingredient'}; dropped")
            continue
        unit = keys.units.get(plain_id(unit_id))
        if unit is None and unit_id is not None:
            values.note("unknown_unit", f"{where}: there is no unit {say(unit_id)}; left empty")
        line = LineItem(ingredient, unit_key=unit, amount=values.number(amount, f"{where}: amount"))
        lines.setdefault(recipe, Lines()).add(ingredient, line, where)
    for of_recipe in lines.values():
        of_recipe.note_merged(values)
    return lines


def _remember(keys: dict[Any, str], row_id: Any, key: str) -> None:
    if row_id is not None:
        keys.setdefault(plain_id(row_id), key)
