"""Finding recipes: by a part of the name, by what is in them or not, by category.

There are two ways to the same page. A catalogue that has just been edited, or is very large, is walked in its order
by the database (`search_walk`). One that is searched again and again is answered from memory (`search_index`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from parcook.catalogue.database import Database
from parcook.catalogue.models import MAX_ID, Recipe
from parcook.catalogue.names import clean_text, name_key, search_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, split_page
from parcook.catalogue.recipes import recipes_by_id
from parcook.catalogue.search_index import current_index
from parcook.catalogue.search_walk import Wanted, walk
from parcook.catalogue.tables import ingredients
from parcook.errors import Invalid


@dataclass(frozen=True)
class Criteria:
    """What to find; everything given must hold.

    `text` is part of the name, case and accents aside; `ingredients` and `excluded` are ids or exact names,
    each meaning itself and all below it (a name goes before an id); `category` is a whole category, case aside.
    """

    text: str | None = None
    ingredients: Sequence[str] = ()
    excluded: Sequence[str] = ()
    category: str | None = None


def search_recipes(
    database: Database, criteria: Criteria, cursor: str | None = None, limit: int = DEFAULT_PAGE
) -> Page[Recipe]:
    """A page of the recipes that meet `criteria`, by name then id.

    Raises `Invalid` (`ingredient_not_found`, `bad_cursor`; `invalid` for texts that no database can hold).
    """
    _check(criteria)
    with database.read() as connection:
        index = current_index(database, connection)
        wanted = _wanted(connection, criteria)
        find = index.find if index else walk
        rows, next_cursor = split_page(find(connection, wanted, cursor, limit), limit)
        return Page(items=recipes_by_id(connection, [row.id for row in rows]), next_cursor=next_cursor)


def _check(criteria: Criteria) -> None:
    for value in (criteria.text, criteria.category, *criteria.ingredients, *criteria.excluded):
        try:
            clean_text(value or "")
        except ValueError as error:
            raise Invalid(f"what is searched for {error}") from error


def _wanted(connection: Connection, criteria: Criteria) -> Wanted:
    paths = _paths(connection, [*criteria.ingredients, *criteria.excluded])
    return Wanted(
        text=search_key(criteria.text or ""),
        category=name_key(criteria.category or ""),
        included=frozenset(paths[reference] for reference in criteria.ingredients),
        excluded=frozenset(paths[reference] for reference in criteria.excluded),
    )


def _paths(connection: Connection, references: Collection[str]) -> dict[str, str]:
    """The path of each ingredient that `references` name, by name or else by id."""
    if not references:
        return {}
    keys = {reference: name_key(reference) for reference in references}
    ids = {reference: _as_id(reference) for reference in references}
    named = ingredients.c.name_key.in_(set(keys.values()))
    numbered = ingredients.c.id.in_({own_id for own_id in ids.values() if own_id})
    rows = connection.execute(
        select(ingredients.c.id, ingredients.c.name_key, ingredients.c.path).where(or_(named, numbered))
    ).all()
    by_key = {row.name_key: row.path for row in rows}
    by_id = {row.id: row.path for row in rows}
    paths = {}
    for reference in references:
        path = by_key.get(keys[reference]) or by_id.get(ids[reference])
        if path is None:
            raise Invalid(f"there is no ingredient {reference!r}", code="ingredient_not_found")
        paths[reference] = path
    return paths


def _as_id(reference: str) -> int:
    """The id that `reference` may be; 0 if none."""
    could_be = reference.isascii() and reference.isdigit() and len(reference) < 20 and int(reference) <= MAX_ID
    return int(reference) if could_be else 0
