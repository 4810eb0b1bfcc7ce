"""Finding recipes: by a part of the name, by what is in them or not, by category.

There are two ways to the same page. A catalogue that has just been edited, or is very large, is walked in its order
by the database (`search_walk`). One that is searched again and again is answered from memory (`search_index`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from parcook.catalogue.database import Database
from parcook.catalogue.models import Recipe
from parcook.catalogue.names import clean_text, name_key, search_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, split_page
from parcook.catalogue.recipes import recipes_by_id
from parcook.catalogue.search_index import current_index
from parcook.catalogue.search_terms import Wanted, read_known
from parcook.catalogue.search_walk import walk
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
        references = [*criteria.ingredients, *criteria.excluded]
        known = index.known if index else read_known(connection, references)
        wanted = Wanted(
            text=search_key(criteria.text or ""),
            category=name_key(criteria.category or ""),
            included=frozenset(map(known.path, criteria.ingredients)),
            excluded=frozenset(map(known.path, criteria.excluded)),
        )
        find = index.find if index else walk
        rows, next_cursor = split_page(find(connection, wanted, cursor, limit), limit)
        return Page(items=recipes_by_id(connection, [row.id for row in rows]), next_cursor=next_cursor)


def _check(criteria: Criteria) -> None:
    for value in (criteria.text, criteria.category, *criteria.ingredients, *criteria.excluded):
        try:
            clean_text(value or "")
        except ValueError as error:
            raise Invalid(f"what is searched for {error}") from error
