"""Finding recipes: by a part of the name, by what is in them or not, by category.

Recipes are walked in their order, through an index that holds name, search key and category, until the page is
full. An ingredient stands for its whole branch, and recipes are asked for it one by one as they are met. Where that
finds little, the walk starts again with narrow branches looked up first, each a set of recipes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from parcook.catalogue.database import Database
from parcook.catalogue.models import MAX_ID, Recipe
from parcook.catalogue.names import clean_text, name_key, search_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, page_query, split_page
from parcook.catalogue.recipes import recipes_by_id
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.errors import Invalid

STRETCH = 10  # pages of recipes that are asked first
LITTLE = 0.2  # pages found there, below which branches are looked up
NARROW = 12_000  # lines that a branch has in recipes
ASKING = 3  # what it costs to ask one recipe, in lines looked up

Condition = ColumnElement[bool]


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
        walk = select(recipes.c.id, recipes.c.name).where(
            *_in_name(connection, criteria), *_in_category(connection, criteria)
        )
        included, excluded = _branches(connection, criteria)
        rows: Sequence[Any] = []
        if included:
            stretch = page_query(walk, recipes, cursor, limit * STRETCH).subquery()
            rows = connection.execute(select(stretch).where(*_asked(stretch.c.id, included, excluded))).all()
            rows = sorted(rows, key=lambda row: (row.name, row.id))[: limit + 1]
        if len(rows) <= limit:
            if len(rows) < limit * LITTLE:
                walk = walk.where(*_met(connection, included), *_asked(recipes.c.id, [], excluded))
            else:
                walk = walk.where(*_asked(recipes.c.id, included, excluded))
            rows = connection.execute(page_query(walk, recipes, cursor, limit)).all()
        rows, next_cursor = split_page(rows, limit)
        return Page(items=recipes_by_id(connection, [row.id for row in rows]), next_cursor=next_cursor)


def _check(criteria: Criteria) -> None:
    for value in (criteria.text, criteria.category, *criteria.ingredients, *criteria.excluded):
        try:
            clean_text(value or "")
        except ValueError as error:
            raise Invalid(f"what is searched for {error}") from error


def _in_name(connection: Connection, criteria: Criteria) -> list[Condition]:
    wanted = search_key(criteria.text or "")
    if not wanted:
        return []
    condition = recipes.c.search_key.contains(wanted, autoescape=True)
    # The names that a shell wrote and a trigger could not fold.
    unfolded = select(recipes.c.id, recipes.c.name).where(recipes.c.search_key.is_(None))
    if found := [row.id for row in connection.execute(unfolded) if wanted in search_key(row.name)]:
        ids: BindParameter[int] = bindparam("unfolded", found, expanding=True, literal_execute=True)
        condition = or_(condition, recipes.c.id.in_(ids))
    return [condition]


def _in_category(connection: Connection, criteria: Criteria) -> list[Condition]:
    wanted = name_key(criteria.category or "")
    if not wanted:
        return []
    # From one category to the next, by index: far fewer steps than there are recipes.
    found = select(func.min(recipes.c.category).label("category")).cte("found", recursive=True)
    following = select(func.min(recipes.c.category)).where(recipes.c.category > found.c.category).scalar_subquery()
    found = found.union_all(select(following).where(found.c.category.is_not(None)))
    stored = connection.execute(select(found.c.category).where(found.c.category.is_not(None))).scalars()
    return [recipes.c.category.in_([spelling for spelling in stored if name_key(spelling) == wanted]).is_(true())]


def _branches(connection: Connection, criteria: Criteria) -> tuple[list[Condition], list[Condition]]:
    """Conditions on ingredients: of each of the first a recipe has something, of each of the second nothing."""
    paths = _paths(connection, {*criteria.ingredients, *criteria.excluded})
    # What has bourbon has whiskey: the deepest are enough. What has no whiskey has no bourbon: the highest are.
    wanted = _deepest({paths[reference] for reference in criteria.ingredients})
    unwanted = _highest({paths[reference] for reference in criteria.excluded})
    # Whiskey without bourbon and rye is in few recipes, though whiskey is in many; bourbon without whiskey in none.
    included = [
        and_(_below(path), *(not_(_below(other)) for other in unwanted if other.startswith(path)))
        for path in wanted
        if not any(path.startswith(other) for other in unwanted)
    ]
    if len(included) < len(wanted):
        return [false()], []
    return included, [or_(*map(_below, unwanted))] if unwanted else []


def _asked(recipe_id: ColumnElement[int], included: list[Condition], excluded: list[Condition]) -> list[Condition]:
    """Conditions that a recipe, looked at by itself, has something of each of `included` and nothing of `excluded`."""
    return [_has(recipe_id, branch) for branch in included] + [not_(_has(recipe_id, branch)) for branch in excluded]


def _met(connection: Connection, branches: list[Condition]) -> list[Condition]:
    """Conditions that a recipe has something of each of `branches`: narrow ones looked up, the narrowest first."""
    if not branches:
        return []
    counts = [select(func.count()).select_from(_lines(branch).subquery()).scalar_subquery() for branch in branches]
    about = select(func.max(recipes.c.id)).scalar_subquery()
    total, *lines = connection.execute(select(func.coalesce(about, 1), *counts)).one()
    if 0 in lines:
        return [false()]
    conditions = []
    left = total  # about how many recipes meet the conditions so far, were they independent of each other
    for count, branch in sorted(zip(lines, branches, strict=True), key=lambda pair: pair[0]):
        is_looked_up = count <= min(NARROW, ASKING * left)
        conditions.append(_looked_up(branch) if is_looked_up else _has(recipes.c.id, branch))
        left = left * min(count, total) // total
    return conditions


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


def _deepest(paths: Collection[str]) -> list[str]:
    return sorted(path for path in paths if not any(other != path and other.startswith(path) for other in paths))


def _highest(paths: Collection[str]) -> list[str]:
    return sorted(path for path in paths if not any(other != path and path.startswith(other) for other in paths))


def _below(path: str) -> Condition:
    # The range of paths from '/1/23/' up to '/1/230', since '0' follows '/'.
    return and_(ingredients.c.path >= path, ingredients.c.path < path[:-1] + "0")


# `IS TRUE` and limits keep both databases to this way. Else they would look up what they guess to be rare, and sort
# what they found; and their guesses are far off, since a few ingredients are in most recipes.


def _looked_up(branch: Condition) -> Condition:
    """A recipe is among those found in `branch`, which has at most `NARROW` lines."""
    return recipes.c.id.in_(_lines(branch)).is_(true())


def _lines(branch: Condition) -> Select[int]:
    """The recipe of each line with an ingredient in `branch`, for one more than `NARROW` at most."""
    return (
        select(recipe_ingredients.c.recipe_id)
        .join_from(ingredients, recipe_ingredients, recipe_ingredients.c.ingredient_id == ingredients.c.id)
        .where(branch)
        .limit(NARROW + 1)
    )


def _has(recipe_id: ColumnElement[int], branch: Condition) -> Condition:
    """A recipe, looked at by itself, has a line with an ingredient in `branch`."""
    of_branch = recipe_ingredients.c.ingredient_id.in_(select(ingredients.c.id).where(branch)).is_(true())
    line = select(literal(1)).where(recipe_ingredients.c.recipe_id == recipe_id, of_branch).limit(1)
    return line.correlate_except(recipe_ingredients).scalar_subquery().is_not(None)
