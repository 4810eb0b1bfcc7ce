"""Many items in one request: every item is checked first, then all are written, or none.

A refused request names every fault as `{index, name, code, message}`, so that one round of corrections
is enough.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select

from parcook.catalogue.database import Database
from parcook.catalogue.ingredients import ingredients_by_id, level_of
from parcook.catalogue.models import MAX_LEVELS, BulkIngredient, Draft, Ingredient, Recipe, RecipeDraft, explain
from parcook.catalogue.names import MAX_NAME, name_key
from parcook.catalogue.recipes import LineResolver, recipe_keys, recipe_values, recipes_by_id
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.errors import Invalid

MAX_ITEMS = 1_000

Item = TypeVar("Item", bound=Draft)


class Faults:
    """The faults found so far, in the order of the items they belong to."""

    def __init__(self) -> None:
        self._found: list[dict[str, Any]] = []

    def add(self, index: int, name: object, code: str, message: str) -> None:
        """Note a fault of item `index`; `name` is what the item calls itself, sayable or not."""
        self._found.append({"index": index, "name": _sayable(name), "code": code, "message": message})

    def found(self) -> list[dict[str, Any]]:
        """All faults so far, by index."""
        return sorted(self._found, key=lambda fault: fault["index"])

    def raise_if_any(self, what: str) -> None:
        """Raise `Invalid` (`bulk_invalid`) with all faults, if there are any."""
        if self._found:
            count = len({fault["index"] for fault in self._found})
            raise Invalid(
                f"{count} {what} cannot be stored; nothing was written",
                code="bulk_invalid",
                errors=self.found(),
            )


class Bulk:
    """Bulk creation in one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_ingredients(self, items: Sequence[object]) -> list[Ingredient]:
        """Create all `items` (shaped like `BulkIngredient`), parents among them in any order.

        Returns them in the order given. Raises `Invalid` (`bulk_invalid`; codes `invalid`, `duplicate_name`,
        `parent_not_found`).
        """
        faults = Faults()
        drafts = validated(BulkIngredient, items, faults)
        with self._database.write() as connection:
            existing = connection.execute(select(ingredients.c.name_key, ingredients.c.id, ingredients.c.path)).all()
            ids_by_key = {row.name_key: row.id for row in existing}
            by_key = _without_duplicates(drafts, ids_by_key, faults)
            levels = {row.id: level_of(row.path) for row in existing}
            for index, draft in drafts.items():
                unknown_name = draft.parent_name is not None and not (
                    name_key(draft.parent_name) in by_key or name_key(draft.parent_name) in ids_by_key
                )
                if unknown_name or (draft.parent_id is not None and draft.parent_id not in levels):
                    faults.add(index, draft.name, "parent_not_found", "there is no such parent")
            parents = {key: _parent_key(draft) for key, draft in by_key.items()}
            generations, circular = order_by_depth(parents)
            levels_by_key: dict[str, int] = {}
            for key in itertools.chain.from_iterable(generations):
                parent = parents[key] or ""
                parent_id = by_key[key].parent_id or ids_by_key.get(parent, 0)
                levels_by_key[key] = levels_by_key.get(parent, levels.get(parent_id, -1)) + 1
            for index, draft in drafts.items():
                if name_key(draft.name) in circular:
                    faults.add(index, draft.name, "invalid", "its ancestors lead back to itself")
                elif levels_by_key.get(name_key(draft.name), 0) >= MAX_LEVELS:
                    faults.add(index, draft.name, "invalid", f"the tree has at most {MAX_LEVELS} levels")
            faults.raise_if_any("ingredient(s)")

            for generation in generations:
                rows = [
                    {
                        "name": by_key[key].name,
                        "name_key": key,
                        "description": by_key[key].description,
                        "parent_id": by_key[key].parent_id or ids_by_key.get(parents[key] or ""),
                    }
                    for key in generation
                ]
                new_ids = connection.execute(
                    insert(ingredients).returning(ingredients.c.id, sort_by_parameter_order=True), rows
                ).scalars()
                ids_by_key.update(zip(generation, new_ids, strict=True))
            return ingredients_by_id(connection, [ids_by_key[name_key(draft.name)] for draft in drafts.values()])

    def create_recipes(self, items: Sequence[object], created_by: str | None = None) -> list[Recipe]:
        """Create all `items` (shaped like `RecipeDraft`).

        Returns them in the order given. Raises `Invalid` (`bulk_invalid`; codes `invalid`, `duplicate_name`,
        `ingredient_not_found`, `unit_not_found`, `duplicate_ingredient`).
        """
        faults = Faults()
        drafts = validated(RecipeDraft, items, faults)
        with self._database.write() as connection:
            keys = [name_key(draft.name) for draft in drafts.values()]
            same_names = select(recipes.c.name_key, recipes.c.id).where(recipes.c.name_key.in_(keys))
            taken = dict(connection.execute(same_names).all())
            _without_duplicates(drafts, taken, faults)
            resolver = LineResolver(connection)
            lines: list[list[dict[str, Any]]] = []
            for index, draft in drafts.items():
                try:
                    lines.append(resolver.resolve(draft.ingredients))
                except Invalid as fault:
                    faults.add(index, draft.name, fault.code, fault.detail)
            faults.raise_if_any("recipe(s)")

            rows = [
                recipe_values(draft) | recipe_keys(draft.name) | {"created_by": created_by} for draft in drafts.values()
            ]
            return recipes_by_id(connection, insert_recipes(connection, rows, lines))


def insert_recipes(
    connection: Connection, rows: Sequence[dict[str, Any]], lines: Iterable[Sequence[dict[str, Any]]]
) -> list[int]:
    """Insert recipe `rows` and, beside each, its ingredient `lines`; returns the ids in order."""
    if not rows:  # to the driver, no values are the default values
        return []
    new_ids = connection.execute(insert(recipes).returning(recipes.c.id, sort_by_parameter_order=True), rows).scalars()
    ids = list(new_ids)
    flat = [
        {"recipe_id": recipe_id, **line}
        for recipe_id, recipe_lines in zip(ids, lines, strict=True)
        for line in recipe_lines
    ]
    if flat:
        # RETURNING has many rows sent in one statement to PostgreSQL too, where each statement makes a version.
        connection.execute(insert(recipe_ingredients).returning(recipe_ingredients.c.recipe_id), flat)
    return ids


def order_by_depth(parents: dict[str, str | None]) -> tuple[list[list[str]], set[str]]:
    """The keys of `parents` (key → parent's key, or None) in generations, parents first.

    A parent that is not a key counts as none. Returns the generations and the keys that no root leads to.
    """
    children: dict[str | None, list[str]] = {}
    for key, parent in parents.items():
        children.setdefault(parent if parent in parents else None, []).append(key)
    generations: list[list[str]] = []
    current = children.get(None, [])
    while current:
        generations.append(current)
        current = [child for key in current for child in children.get(key, ())]
    return generations, parents.keys() - {key for generation in generations for key in generation}


def validated(model: type[Item], items: Sequence[object], faults: Faults) -> dict[int, Item]:
    """The `items` that are shaped like `model`, by index; what is wrong with the others goes into `faults`."""
    drafts = {}
    for index, item in enumerate(items):
        try:
            drafts[index] = model.model_validate(item)
        except ValidationError as error:
            faults.add(index, item.get("name") if isinstance(item, dict) else None, "invalid", explain(error))
    return drafts


def _without_duplicates(drafts: dict[int, Any], taken: dict[str, int], faults: Faults) -> dict[str, Any]:
    by_key: dict[str, Any] = {}
    for index, draft in drafts.items():
        key = name_key(draft.name)
        if key in taken:
            faults.add(index, draft.name, "duplicate_name", f"the name is taken by {taken[key]}")
        elif key in by_key:
            faults.add(index, draft.name, "duplicate_name", "the name stands twice in this request")
        else:
            by_key[key] = draft
    return by_key


def _parent_key(draft: BulkIngredient) -> str | None:
    return None if draft.parent_name is None else name_key(draft.parent_name)


def _sayable(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return name.encode("utf-8", "replace").decode()[:MAX_NAME]
