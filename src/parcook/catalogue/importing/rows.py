"""A batch from rows that no rule was kept for: what is the same is merged, what leads nowhere is cut off.

Whatever was changed is noted, once for each row it was done to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from parcook.catalogue.importing.batch import Batch, IngredientItem, LineItem, RecipeItem, UnitItem
from parcook.catalogue.importing.tree import cut_tree
from parcook.catalogue.importing.values import MAX_AMOUNT, MAX_LINE, MAX_PROSE, Values, plain_id, say, shorten
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
    ingredients, ingredient_keys = _ingredients(rows.ingredients, values)
    recipes, recipe_keys = _recipes(rows.recipes, values)
    lines = _lines(rows.recipe_ingredients, _Keys(recipe_keys, ingredient_keys, unit_keys), values)
    return Batch(
        format=format,
        units=list(units.values()),
        ingredients=list(ingredients.values()),
        recipes=[replace(item, lines=tuple(lines.get(key, {}).values())) for key, item in recipes.items()],
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
            _whole(row_id),
            values.label(abbreviation, f"{where}: abbreviation"),
            values.number(conversion, f"{where}: conversion_to_ml", positive=True),
        )
    return units, keys


def _ingredients(rows: Iterable[tuple[Any, ...]], values: Values) -> tuple[dict[str, IngredientItem], dict[Any, str]]:
    ingredients: dict[str, IngredientItem] = {}
    keys: dict[Any, str] = {}
    raw_parents: dict[str, Any] = {}
    for place, (row_id, raw_name, description, parent_id) in enumerate(rows):
        where = f"ingredient {say(row_id)}"
        if (name := values.name(raw_name, where)) is None:
            continue
        key = name_key(name)
        _remember(keys, row_id, key)
        if key in ingredients:
            first = ingredients[key]
            values.note("merged_ingredient", f"{where}: {say(name)} is the same as {say(first.name)}; merged into it")
            continue
        raw_parents[key] = parent_id
        ingredients[key] = IngredientItem(
            place, name, _whole(row_id), values.text(description, MAX_PROSE, f"{where}: description")
        )
    parents: dict[str, str | None] = {}
    for key, parent_id in raw_parents.items():
        parents[key] = keys.get(plain_id(parent_id))
        if parent_id is not None and parents[key] is None:
            said = f"{say(ingredients[key].name)}: its parent {say(parent_id)} is not there"
            values.note("missing_parent", f"ingredient {said}; made a root")
    for key, code, reason in cut_tree(parents, ingredients):
        values.note(code, f"ingredient {say(ingredients[key].name)}: {reason}; made a root")
    return {key: replace(item, parent_key=parents[key]) for key, item in ingredients.items()}, keys


def _recipes(rows: Iterable[tuple[Any, ...]], values: Values) -> tuple[dict[str, RecipeItem], dict[Any, str]]:
    named = []
    for place, (row_id, raw_name, *texts) in enumerate(rows):
        where = f"recipe {say(row_id)}"
        if (name := values.name(raw_name, where)) is not None:
            named.append((place, row_id, name, texts, where))
    # Taken from the start, so that a recipe that was called "Sour (2)" all along keeps that name.
    original_keys = {name_key(name) for _, _, name, _, _ in named}
    recipes: dict[str, RecipeItem] = {}
    keys: dict[Any, str] = {}
    next_number: dict[str, int] = {}
    for place, row_id, name, texts, where in named:
        key = original_key = name_key(name)
        if key in recipes:
            number = next_number.get(original_key, 2)
            while (key := name_key(shorten(name, f" ({number})"))) in recipes or key in original_keys:
                number += 1
            next_number[original_key] = number + 1
            values.note(
                "renamed_recipe", f'{where}: there is another {say(name)}; this one is now called "… ({number})"'
            )
            name = shorten(name, f" ({number})")
        _remember(keys, row_id, key)
        recipes[key] = RecipeItem(
            place,
            name,
            _whole(row_id),
            {
                column: values.label(value, f"{where}: {column}")
                if column == "category"
                else values.text(value, _LIMITS.get(column, MAX_LINE), f"{where}: {column}")
                for column, value in zip(COLUMNS["recipes"][2:], texts, strict=True)
            },
        )
    return recipes, keys


def _lines(rows: Iterable[tuple[Any, ...]], keys: _Keys, values: Values) -> dict[str, dict[str, LineItem]]:
    lines: dict[str, dict[str, LineItem]] = {}
    times: dict[tuple[str, str], tuple[int, str]] = {}
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
        of_recipe = lines.setdefault(recipe, {})
        if ingredient in of_recipe:
            line = _merged(of_recipe[ingredient], line)
            times[recipe, ingredient] = (times.get((recipe, ingredient), (1, ""))[0] + 1, where)
        of_recipe[ingredient] = line
    for (recipe, ingredient), (number, where) in times.items():
        total = lines[recipe][ingredient].amount
        said = "without an amount" if total is None else f"with the amount {total:g}"
        values.note("merged_line", f"{where}: listed {number} times; now one line {said}")
    return lines


def _merged(first: LineItem, second: LineItem) -> LineItem:
    if first.amount is None or second.amount is None or first.unit_key != second.unit_key:
        return first
    total = first.amount + second.amount
    return replace(first, amount=total) if total <= MAX_AMOUNT else first


def _remember(keys: dict[Any, str], row_id: Any, key: str) -> None:
    if row_id is not None:
        keys.setdefault(plain_id(row_id), key)


def _whole(row_id: Any) -> int | None:
    row_id = plain_id(row_id)
    return row_id if isinstance(row_id, int) else None
