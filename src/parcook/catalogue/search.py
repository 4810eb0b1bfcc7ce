"""Finding recipes: by a part of the name, by what is in them or not, by category.

Recipes are walked in their order, through an index that holds name, search key and category, until the page is full.
An ingredient stands for its whole branch; each recipe that is met is asked whether it has any of it. Where few have,
the walk would be long: then narrow branches are looked up first and become sets of recipes, and the recipes of a very
narrow one are not walked to at all, but looked up and sorted.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

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

# In lines that a branch has in recipes.
VERY_NARROW = 500
NARROW = 12_000
# In pages: how many recipes are asked for a sample, and how many of them must have what is wanted to go on asking.
SAMPLE = 10
ENOUGH = 0.2
# What it costs to ask one recipe, in lines looked up.
ASKING = 3

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
        sample = page_query(walk, recipes, cursor, int(limit * SAMPLE))
        included, excluded = _branches(connection, criteria)
        walk = walk.where(
            *_included(connection, included, excluded, sample, limit * ENOUGH),
            *(not_(_has(recipes.c.id, branch)) for branch in excluded),
        )
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


def _included(
    connection: Connection,
    included: list[Condition],
    excluded: list[Condition],
    sample: Select[int, str],
    enough: float,
) -> list[Condition]:
    """Conditions that a recipe has something of each of `included`, in the form that costs least.

    `sample` are the recipes to be asked for how common those wanted are.
    """
    if not included:
        return []
    asked = [_has(recipes.c.id, branch) for branch in included]
    counts = _count_lines(connection, included, VERY_NARROW)
    if min(counts) <= VERY_NARROW:
        narrowest = included[counts.index(min(counts))]
        return [recipes.c.id.in_(_lines(narrowest, VERY_NARROW)), *asked]
    met = sample.subquery()
    is_wanted = [_has(met.c.id, branch) for branch in included]
    is_wanted += [not_(_has(met.c.id, branch)) for branch in excluded]
    found = select(met.c.id).where(*is_wanted).limit(ceil(enough)).subquery()
    if connection.execute(select(func.count()).select_from(found)).scalar_one() >= enough:
        return asked
    return _looked_up(connection, included)


def _looked_up(connection: Connection, branches: list[Condition]) -> list[Condition]:
    """As `_included`, for few recipes: the narrowest of `branches` first, as sets if that is less than asking."""
    counts = _count_lines(connection, branches, NARROW)
    total = connection.execute(select(func.max(recipes.c.id))).scalar() or 1
    conditions = []
    left = total  # about how many recipes meet the conditions so far, were they independent of each other
    for count, branch in sorted(zip(counts, branches, strict=True), key=lambda pair: pair[0]):
        is_set = count <= min(NARROW, ASKING * left)
        conditions.append(_among(_lines(branch, NARROW)) if is_set else _has(recipes.c.id, branch))
        left = left * min(count, total) // total
    return conditions


def _count_lines(connection: Connection, branches: list[Condition], enough: int) -> list[int]:
    """How many lines in recipes each of `branches` has; more than `enough` are not counted further."""
    some = [_lines(branch, enough).subquery() for branch in branches]
    counts = [select(func.count()).select_from(lines).scalar_subquery() for lines in some]
    return list(connection.execute(select(*counts)).one())


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


def _lines(branch: Condition, at_most: int) -> Select[int]:
    """The recipe of each line with an ingredient in `branch`; one more than `at_most` if there are more."""
    return (
        select(recipe_ingredients.c.recipe_id)
        .join_from(ingredients, recipe_ingredients, recipe_ingredients.c.ingredient_id == ingredients.c.id)
        .where(branch)
        .limit(at_most + 1)
    )


def _among(found: Select[int]) -> Condition:
    """A recipe is among those of `found`, which is read once."""
    return recipes.c.id.in_(found).is_(true())


def _has(recipe_id: ColumnElement[int], branch: Condition) -> Condition:
    """A recipe, looked at by itself, has a line with an ingredient in `branch`."""
    of_branch = recipe_ingredients.c.ingredient_id.in_(select(ingredients.c.id).where(branch)).is_(true())
    line = select(literal(1)).where(recipe_ingredients.c.recipe_id == recipe_id, of_branch).limit(1)
    return line.correlate_except(recipe_ingredients).scalar_subquery().is_not(None)
