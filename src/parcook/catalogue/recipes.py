"""Recipes and what is in them: create, read, edit, delete."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from parcook.catalogue.database import Database
from parcook.catalogue.etags import require_match
from parcook.catalogue.models import Recipe, RecipeDraft, RecipeLine, RecipeLineDraft
from parcook.catalogue.names import name_key, search_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, page_query, split_page
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes, units
from parcook.catalogue.units import unit_ids
from parcook.errors import Conflict, Invalid, NotFound

_FIELDS = ("name", "category", "description", "instructions", "source", "source_url", "image_url")
_COLUMNS = (recipes.c.id, *(recipes.c[field] for field in _FIELDS))
_LINE = tuple(RecipeLine.model_fields)
_RECIPES = TypeAdapter(list[Recipe])  # checks a page at once, which is quicker than one line of a recipe after another


class Recipes:
    """The recipes of one catalogue. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> Page[Recipe]:
        """A page of recipes by name then id."""
        with self._database.read() as connection:
            rows = connection.execute(page_query(select(*_COLUMNS), recipes, cursor, limit)).all()
            rows, next_cursor = split_page(rows, limit)
            return Page(items=_records(connection, rows), next_cursor=next_cursor)

    def get(self, recipe_id: int) -> Recipe:
        """One recipe. Raises `NotFound`."""
        with self._database.read() as connection:
            return _get(connection, recipe_id)

    def create(self, draft: RecipeDraft, created_by: str | None = None) -> Recipe:
        """Add a recipe.

        Raises `Conflict` (`duplicate_name`), `Invalid` (`ingredient_not_found`, `unit_not_found`,
        `duplicate_ingredient`).
        """
        with self._database.write() as connection:
            _check_name(connection, draft.name, None)
            lines = _resolve_lines(connection, draft.ingredients)
            values = recipe_values(draft) | recipe_keys(draft.name) | {"created_by": created_by}
            recipe_id: int = connection.execute(insert(recipes).values(values).returning(recipes.c.id)).scalar_one()
            _insert_lines(connection, recipe_id, lines)
            return _get(connection, recipe_id)

    def replace(self, recipe_id: int, draft: RecipeDraft, if_match: str | None = None) -> Recipe:
        """Make the recipe what `draft` says. Raises `NotFound`, `PreconditionFailed`, and as `create` does."""
        with self._database.write() as connection:
            return _replace(connection, _get(connection, recipe_id), recipe_values(draft), draft.ingredients, if_match)

    def patch(self, recipe_id: int, changes: Mapping[str, Any], if_match: str | None = None) -> Recipe:
        """Change the fields named in `changes`, leave the others; raises as `replace` does.

        `changes["ingredients"]`, if there, is a list of `RecipeLineDraft`.
        """
        with self._database.write() as connection:
            current = _get(connection, recipe_id)
            fields = {field: changes.get(field, getattr(current, field)) for field in _FIELDS}
            return _replace(connection, current, fields, changes.get("ingredients"), if_match)

    def delete(self, recipe_id: int, if_match: str | None = None) -> None:
        """Remove a recipe. Raises `NotFound`, `PreconditionFailed`."""
        with self._database.write() as connection:
            require_match(_get(connection, recipe_id), if_match)
            connection.execute(delete(recipes).where(recipes.c.id == recipe_id))


def recipe_values(draft: RecipeDraft) -> dict[str, Any]:
    """The columns of a recipe that `draft` fills."""
    return {field: getattr(draft, field) for field in _FIELDS}


def recipe_keys(name: str) -> dict[str, str]:
    """The columns by which a recipe of this name is found: as itself, and in a search."""
    return {"name_key": name_key(name), "search_key": search_key(name)}


def _get(connection: Connection, recipe_id: int) -> Recipe:
    row = connection.execute(select(*_COLUMNS).where(recipes.c.id == recipe_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no recipe {recipe_id}")
    return _records(connection, [row])[0]


def recipes_by_id(connection: Connection, ids: Sequence[int]) -> list[Recipe]:
    """The recipes with these ids, in the order of `ids`; all must be there."""
    rows = connection.execute(select(*_COLUMNS).where(recipes.c.id.in_(ids))).all()
    by_id = {recipe.id: recipe for recipe in _records(connection, rows)}
    return [by_id[recipe_id] for recipe_id in ids]


def _records(connection: Connection, rows: Sequence[Any]) -> list[Recipe]:
    query = (
        select(
            recipe_ingredients.c.recipe_id,
            recipe_ingredients.c.ingredient_id,
            ingredients.c.name.label("ingredient_name"),
            recipe_ingredients.c.amount,
            recipe_ingredients.c.unit_id,
            units.c.name.label("unit_name"),
        )
        .join_from(recipe_ingredients, ingredients, recipe_ingredients.c.ingredient_id == ingredients.c.id)
        .outerjoin(units, recipe_ingredients.c.unit_id == units.c.id)
        .where(recipe_ingredients.c.recipe_id.in_([row.id for row in rows]))
        .order_by(recipe_ingredients.c.recipe_id, recipe_ingredients.c.position, recipe_ingredients.c.ingredient_id)
    )
    lines: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for recipe_id, *line in connection.execute(query).all():
        lines[recipe_id].append(dict(zip(_LINE, line, strict=True)))  # selected in this order
    return _RECIPES.validate_python([{**row._mapping, "ingredients": lines[row.id]} for row in rows])


def _replace(
    connection: Connection,
    current: Recipe,
    fields: Mapping[str, Any],
    drafts: Sequence[RecipeLineDraft] | None,
    if_match: str | None,
) -> Recipe:
    require_match(current, if_match)
    _check_name(connection, fields["name"], current.id)
    own = recipes.c.id == current.id
    connection.execute(update(recipes).where(own).values(**fields, name_key=None, updated_at=func.current_timestamp()))
    # In a statement of its own, as in ingredients.py.
    connection.execute(update(recipes).where(own).values(recipe_keys(fields["name"])))
    if drafts is not None:
        lines = _resolve_lines(connection, drafts)
        connection.execute(delete(recipe_ingredients).where(recipe_ingredients.c.recipe_id == current.id))
        _insert_lines(connection, current.id, lines)
    return _get(connection, current.id)


def _check_name(connection: Connection, name: str, own_id: int | None) -> None:
    taken = connection.execute(
        select(recipes.c.id, recipes.c.name).where(recipes.c.name_key == name_key(name), recipes.c.id != (own_id or 0))
    ).first()
    if taken:
        raise Conflict(f"the name {name!r} is taken by recipe {taken.id}, {taken.name!r}", code="duplicate_name")


def _resolve_lines(connection: Connection, drafts: Iterable[RecipeLineDraft]) -> list[dict[str, Any]]:
    drafts = list(drafts)
    wanted_ids = {draft.ingredient_id for draft in drafts if draft.ingredient_id is not None}
    wanted_keys = {name_key(draft.ingredient_name) for draft in drafts if draft.ingredient_name is not None}
    wanted = ingredients.c.id.in_(wanted_ids) | ingredients.c.name_key.in_(wanted_keys)
    return LineResolver(connection, wanted).resolve(drafts)


class LineResolver:
    """Turns the lines of recipe drafts into rows, given the ingredients that exist (those that are `wanted`)."""

    def __init__(self, connection: Connection, wanted: ColumnElement[bool] | None = None) -> None:
        query = select(ingredients.c.id, ingredients.c.name_key)
        known = connection.execute(query if wanted is None else query.where(wanted)).all()
        self._ids_by_key: dict[str, int] = {row.name_key: row.id for row in known}
        self._known_ids: set[int] = {row.id for row in known}
        self._unit_ids = unit_ids(connection)
        self._known_unit_ids = set(self._unit_ids.values())

    def resolve(self, drafts: Sequence[RecipeLineDraft]) -> list[dict[str, Any]]:
        """One row per draft, `position` its place.

        Raises `Invalid` (`ingredient_not_found`, `unit_not_found`, `duplicate_ingredient`).
        """
        lines: list[dict[str, Any]] = []
        seen: set[int] = set()
        for position, draft in enumerate(drafts):
            ingredient_id = self._ingredient(draft)
            if ingredient_id in seen:
                raise Invalid(
                    f"ingredients[{position}]: {draft.ingredient_name or ingredient_id!r} stands twice; "
                    "a recipe lists an ingredient once",
                    code="duplicate_ingredient",
                )
            seen.add(ingredient_id)
            lines.append(
                {
                    "ingredient_id": ingredient_id,
                    "unit_id": self._unit(draft),
                    "amount": draft.amount,
                    "position": position,
                }
            )
        return lines

    def _ingredient(self, draft: RecipeLineDraft) -> int:
        named = self._ids_by_key.get(name_key(draft.ingredient_name)) if draft.ingredient_name else None
        if draft.ingredient_name is not None and named is None:
            raise Invalid(f"there is no ingredient {draft.ingredient_name!r}", code="ingredient_not_found")
        if draft.ingredient_id is None:
            assert named is not None  # the draft names one of the two
            return named
        if draft.ingredient_id not in self._known_ids:
            raise Invalid(f"there is no ingredient {draft.ingredient_id}", code="ingredient_not_found")
        if named not in (None, draft.ingredient_id):
            raise Invalid(
                f"ingredient_id {draft.ingredient_id} is not {draft.ingredient_name!r}; send one of the two",
                code="ingredient_not_found",
            )
        return draft.ingredient_id

    def _unit(self, draft: RecipeLineDraft) -> int | None:
        named = self._unit_ids.get(name_key(draft.unit_name)) if draft.unit_name else None
        if draft.unit_name is not None and named is None:
            raise Invalid(f"there is no unit {draft.unit_name!r}", code="unit_not_found")
        if draft.unit_id is None:
            return named
        if draft.unit_id not in self._known_unit_ids:
            raise Invalid(f"there is no unit {draft.unit_id}", code="unit_not_found")
        if named not in (None, draft.unit_id):
            raise Invalid(
                f"unit_id {draft.unit_id} is not {draft.unit_name!r}; send one of the two", code="unit_not_found"
            )
        return draft.unit_id


def _insert_lines(connection: Connection, recipe_id: int, lines: Sequence[Mapping[str, Any]]) -> None:
    if lines:
        connection.execute(insert(recipe_ingredients), [{"recipe_id": recipe_id, **line} for line in lines])
