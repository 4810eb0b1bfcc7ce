"""The ingredient tree: create, read, edit, move, delete.

Paths, and the refusal of cycles, are kept by the database's triggers (`migrations/`); here a cycle is
only found earlier, so that it can be explained.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from parcook.catalogue.database import Database
from parcook.catalogue.etags import require_match
from parcook.catalogue.models import MAX_LEVELS, Ingredient, IngredientDraft
from parcook.catalogue.names import name_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, page_query, split_page
from parcook.catalogue.tables import ingredients, recipe_ingredients
from parcook.errors import Conflict, Invalid, NotFound

_COLUMNS = (
    ingredients.c.id,
    ingredients.c.name,
    ingredients.c.description,
    ingredients.c.parent_id,
    ingredients.c.path,
)


class Ingredients:
    """The ingredients of one catalogue. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> Page[Ingredient]:
        """A page of ingredients by name then id."""
        with self._database.read() as connection:
            rows = connection.execute(page_query(select(*_COLUMNS), ingredients, cursor, limit)).all()
        rows, next_cursor = split_page(rows, limit)
        return Page(items=[_record(row) for row in rows], next_cursor=next_cursor)

    def get(self, ingredient_id: int) -> Ingredient:
        """One ingredient. Raises `NotFound`."""
        with self._database.read() as connection:
            return _get(connection, ingredient_id)

    def create(self, draft: IngredientDraft) -> Ingredient:
        """Add an ingredient. Raises `Conflict` (`duplicate_name`), `Invalid` (`parent_not_found`, `too_deep`)."""
        with self._database.write() as connection:
            _check(connection, draft, None)
            values = draft.model_dump() | {"name_key": name_key(draft.name)}
            ingredient_id = connection.execute(
                insert(ingredients).values(values).returning(ingredients.c.id)
            ).scalar_one()
            return _get(connection, ingredient_id)

    def replace(self, ingredient_id: int, draft: IngredientDraft, if_match: str | None = None) -> Ingredient:
        """Make the ingredient what `draft` says; a new parent moves it with its whole branch.

        Raises `NotFound`, `PreconditionFailed`, `Conflict` (`duplicate_name`, `cycle`), `Invalid`
        (`parent_not_found`, `too_deep`).
        """
        with self._database.write() as connection:
            return _replace(connection, _get(connection, ingredient_id), draft, if_match)

    def patch(self, ingredient_id: int, changes: Mapping[str, Any], if_match: str | None = None) -> Ingredient:
        """Change the fields named in `changes`, leave the others; raises as `replace` does."""
        with self._database.write() as connection:
            current = _get(connection, ingredient_id)
            fields: dict[str, Any] = {
                "name": current.name,
                "description": current.description,
                "parent_id": current.parent_id,
            }
            return _replace(connection, current, IngredientDraft.model_construct(**{**fields, **changes}), if_match)

    def delete(self, ingredient_id: int, if_match: str | None = None) -> None:
        """Remove an ingredient that nothing needs.

        Raises `NotFound`, `PreconditionFailed`, `Conflict` (`has_children`, `in_use`).
        """
        with self._database.write() as connection:
            current = _get(connection, ingredient_id)
            require_match(current, if_match)
            if children := _count(connection, ingredients.c.parent_id == ingredient_id):
                raise Conflict(
                    f"{current.name!r} has {children} ingredient(s) below it; move or delete them first",
                    code="has_children",
                )
            if uses := _count(connection, recipe_ingredients.c.ingredient_id == ingredient_id):
                raise Conflict(f"{current.name!r} is used by {uses} recipe(s); change them first", code="in_use")
            connection.execute(delete(ingredients).where(ingredients.c.id == ingredient_id))


def level_of(path: str) -> int:
    """How many ancestors the ingredient with this path has."""
    return path.count("/") - 2


def _record(row: Any) -> Ingredient:
    return Ingredient(**row._mapping, level=level_of(row.path))


def _get(connection: Connection, ingredient_id: int) -> Ingredient:
    row = connection.execute(select(*_COLUMNS).where(ingredients.c.id == ingredient_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no ingredient {ingredient_id}")
    return _record(row)


def ingredients_by_id(connection: Connection, ids: Sequence[int]) -> list[Ingredient]:
    """The ingredients with these ids, in the order of `ids`; all must be there."""
    rows = connection.execute(select(*_COLUMNS).where(ingredients.c.id.in_(ids))).all()
    by_id = {row.id: _record(row) for row in rows}
    return [by_id[ingredient_id] for ingredient_id in ids]


def _replace(connection: Connection, current: Ingredient, draft: IngredientDraft, if_match: str | None) -> Ingredient:
    require_match(current, if_match)
    _check(connection, draft, current)
    own = ingredients.c.id == current.id
    if draft.parent_id != current.parent_id:
        connection.execute(update(ingredients).where(own).values(parent_id=draft.parent_id))
    # The key follows in a statement of its own: the trigger for names written without a key cannot
    # tell a key that was kept from one that was not thought of. Meanwhile it is null, which is nobody's key.
    connection.execute(
        update(ingredients)
        .where(own)
        .values(name=draft.name, name_key=None, description=draft.description, updated_at=func.current_timestamp())
    )
    connection.execute(update(ingredients).where(own).values(name_key=name_key(draft.name)))
    return _get(connection, current.id)


def _check(connection: Connection, draft: IngredientDraft, current: Ingredient | None) -> None:
    same_name = select(ingredients.c.id, ingredients.c.name).where(ingredients.c.name_key == name_key(draft.name))
    if current is not None:
        same_name = same_name.where(ingredients.c.id != current.id)
    if taken := connection.execute(same_name).first():
        raise Conflict(
            f"the name {draft.name!r} is taken by ingredient {taken.id}, {taken.name!r}", code="duplicate_name"
        )
    if draft.parent_id is None:
        return
    path = connection.execute(select(ingredients.c.path).where(ingredients.c.id == draft.parent_id)).scalar()
    if path is None:
        raise Invalid(f"parent_id: there is no ingredient {draft.parent_id}", code="parent_not_found")
    if current is not None and path.startswith(current.path):
        raise Conflict(
            f"{current.name!r} cannot be put below itself or below an ingredient of its own branch", code="cycle"
        )
    if level_of(path) + 1 + _height(connection, current) >= MAX_LEVELS:
        raise Invalid(f"the tree of ingredients has at most {MAX_LEVELS} levels", code="too_deep")


def _height(connection: Connection, current: Ingredient | None) -> int:
    """How many levels there are below `current`; none below an ingredient that is yet to be."""
    if current is None:
        return 0
    # The range of paths from '/1/23/' up to '/1/230', since '0' follows '/'.
    branch = (ingredients.c.path >= current.path) & (ingredients.c.path < current.path[:-1] + "0")
    paths = connection.execute(select(ingredients.c.path).where(branch)).scalars()
    return max(map(level_of, paths)) - current.level


def _count(connection: Connection, condition: Any) -> int:
    return connection.execute(select(func.count()).where(condition)).scalar_one()
