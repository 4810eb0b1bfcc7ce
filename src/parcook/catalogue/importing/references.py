"""Do the names and ids in a batch lead anywhere: to another item of the batch, or into the catalogue?

A lenient reader leaves none that do not; here those of a strict format become faults.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Connection, select

from parcook.catalogue.bulk import order_by_depth
from parcook.catalogue.importing.batch import Batch, LineItem
from parcook.catalogue.ingredients import level_of
from parcook.catalogue.models import MAX_LEVELS
from parcook.catalogue.names import name_key
from parcook.catalogue.tables import ingredients, recipes, units
from parcook.catalogue.units import unit_ids

_TREE = (ingredients.c.id, ingredients.c.name_key, ingredients.c.parent_id, ingredients.c.path)


@dataclass(frozen=True)
class Known:
    """What the catalogue holds before the import: ids by the key of a name, for units also of an abbreviation."""

    ingredient_ids: dict[str, int]
    parent_ids: dict[int, int | None]
    levels: dict[int, int]
    unit_ids: dict[str, int]
    unit_names: set[str]
    recipe_names: set[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever put in, or all was taken out."""
        return not (self.ingredient_ids or self.unit_names or self.recipe_names)


def read_known(connection: Connection) -> Known:
    """What is there now."""
    tree = connection.execute(select(*_TREE)).all()
    return Known(
        ingredient_ids={row.name_key: row.id for row in tree},
        parent_ids={row.id: row.parent_id for row in tree},
        levels={row.id: level_of(row.path) for row in tree},
        unit_ids=unit_ids(connection),
        unit_names=set(connection.execute(select(units.c.name_key)).scalars()),
        recipe_names=set(connection.execute(select(recipes.c.name_key)).scalars()),
    )


def check_references(batch: Batch, known: Known) -> None:
    """Put into the faults of `batch` what leads nowhere, back to itself, or twice to the same."""
    parents = {item.key: item.parent_key for item in batch.ingredients}
    generations, circular = order_by_depth(parents)
    levels = _levels(chain.from_iterable(generations), batch, known)
    for item in batch.ingredients:
        unknown_name = item.parent_key is not None and not (
            item.parent_key in parents or item.parent_key in known.ingredient_ids
        )
        if unknown_name or (item.parent_id is not None and item.parent_id not in known.parent_ids):
            batch.faults.ingredients.add(item.place, item.name, "parent_not_found", "there is no such parent")
        if item.key in circular:
            batch.faults.ingredients.add(item.place, item.name, "invalid", "its ancestors lead back to itself")
        elif levels[item.key] >= MAX_LEVELS:
            message = f"the tree has at most {MAX_LEVELS} levels"
            batch.faults.ingredients.add(item.place, item.name, "invalid", message)
    check = _LineCheck(batch, known, parents.keys() | known.ingredient_ids.keys())
    for recipe in batch.recipes:
        seen: set[str] = set()
        for position, line in enumerate(recipe.lines):
            for code, message in check.faults(line, seen):
                batch.faults.recipes.add(recipe.place, recipe.name, code, f"ingredients[{position}]: {message}")


def _levels(top_down: Iterable[str], batch: Batch, known: Known) -> dict[str, int]:
    """How many ancestors the ingredients of the batch will have, by key; those that are there stay where they are."""
    items = {item.key: item for item in batch.ingredients}
    levels: dict[str, int] = {}
    for key in top_down:
        if key in known.ingredient_ids:
            levels[key] = known.levels[known.ingredient_ids[key]]
        else:
            parent_key = items[key].parent_key or ""
            parent_id = items[key].parent_id or known.ingredient_ids.get(parent_key, 0)
            levels[key] = levels.get(parent_key, known.levels.get(parent_id, -1)) + 1
    return levels


class _LineCheck:
    def __init__(self, batch: Batch, known: Known, ingredient_keys: set[str]) -> None:
        self._known = known
        self._ingredient_keys = ingredient_keys
        self._keys_by_id = {ingredient_id: key for key, ingredient_id in known.ingredient_ids.items()}
        self._unit_ids = set(known.unit_ids.values())
        self._unit_keys = known.unit_ids.keys() | {
            name_key(label) for unit in batch.units for label in (unit.name, unit.abbreviation) if label
        }

    def faults(self, line: LineItem, seen: set[str]) -> list[tuple[str, str]]:
        """What is wrong with `line`, as code and message; `seen` are the ingredients of the recipe so far."""
        found = []
        by_id = None if line.ingredient_id is None else self._keys_by_id.get(line.ingredient_id)
        if line.ingredient_id is not None and by_id is None:
            found.append(("ingredient_not_found", f"there is no ingredient {line.ingredient_id} in the catalogue"))
        elif line.ingredient_key is not None and line.ingredient_key not in self._ingredient_keys:
            found.append(("ingredient_not_found", f"there is no ingredient {line.ingredient_key!r}"))
        elif by_id is not None and line.ingredient_key not in (None, by_id):
            message = f"ingredient_id {line.ingredient_id} is not {line.ingredient_key!r}; write one of the two"
            found.append(("ingredient_not_found", message))
        elif (key := line.ingredient_key or by_id) is not None:
            if key in seen:
                found.append(("duplicate_ingredient", f"{key!r} stands twice; a recipe lists an ingredient once"))
            seen.add(key)
        if line.unit_id is not None and line.unit_id not in self._unit_ids:
            found.append(("unit_not_found", f"there is no unit {line.unit_id} in the catalogue"))
        elif line.unit_key is not None and line.unit_key not in self._unit_keys:
            found.append(("unit_not_found", f"there is no unit {line.unit_key!r}"))
        elif (
            None not in (line.unit_id, line.unit_key) and self._known.unit_ids.get(line.unit_key or "") != line.unit_id
        ):
            found.append(("unit_not_found", f"unit_id {line.unit_id} is not {line.unit_key!r}; write one of the two"))
        return found
