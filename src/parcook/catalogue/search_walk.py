"""A search in SQL: recipes are walked in their order, through an index that holds name, search key and category.

An ingredient stands for its whole branch; each recipe that is met is asked whether it has any of it, until the page
is full. Where few have, the walk would be long: then narrow branches are looked up first and become sets of recipes,
and the recipes of a very narrow one are not walked to at all, but looked up and sorted.
"""

from collections.abc import Collection, Sequence
from math import ceil
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

from parcook.catalogue.names import name_key, search_key
from parcook.catalogue.paging import page_query
from parcook.catalogue.search_terms import Wanted
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes

# In lines that a branch has in recipes.
VERY_NARROW = 500
NARROW = 12_000
# In pages: how many recipes are asked for a sample, and how many of them must have what is wanted to go on asking.
SAMPLE = 10
ENOUGH = 0.2
# What it costs to ask one recipe, in lines looked up.
ASKING = 3

Condition = ColumnElement[bool]


def walk(connection: Connection, wanted: Wanted, cursor: str | None, limit: int) -> Sequence[Any]:
    """`id` and `name` of the recipes of the page after `cursor`, and of one more if another page follows.

    Raises `Invalid` (`bad_cursor`).
    """
    steps = select(recipes.c.id, recipes.c.name).where(
        *_in_name(connection, wanted.text), *_in_category(connection, wanted.category)
    )
    sample = page_query(steps, recipes, cursor, limit * SAMPLE)
    included, excluded = _branches(wanted)
    steps = steps.where(
        *_included(connection, included, excluded, sample, limit * ENOUGH),
        *(not_(_has(recipes.c.id, branch)) for branch in excluded),
    )
    return connection.execute(page_query(steps, recipes, cursor, limit)).all()


def _in_name(connection: Connection, text: str) -> list[Condition]:
    if not text:
        return []
    condition = recipes.c.search_key.contains(text, autoescape=True)
    # The names that a shell wrote and a trigger could not fold.
    unfolded = select(recipes.c.id, recipes.c.name).where(recipes.c.search_key.is_(None))
    if found := [row.id for row in connection.execute(unfolded) if text in search_key(row.name)]:
        ids: BindParameter[int] = bindparam("unfolded", found, expanding=True, literal_execute=True)
        condition = or_(condition, recipes.c.id.in_(ids))
    return [condition]


def _in_category(connection: Connection, category: str) -> list[Condition]:
    if not category:
        return []
    # From one category to the next, by index: far fewer steps than there are recipes.
    found = select(func.min(recipes.c.category).label("category")).cte("found", recursive=True)
    following = select(func.min(recipes.c.category)).where(recipes.c.category > found.c.category).scalar_subquery()
    found = found.union_all(select(following).where(found.c.category.is_not(None)))
    stored = connection.execute(select(found.c.category).where(found.c.category.is_not(None))).scalars()
    return [recipes.c.category.in_([spelling for spelling in stored if name_key(spelling) == category]).is_(true())]


def _branches(wanted: Wanted) -> tuple[list[Condition], list[Condition]]:
    """Conditions on ingredients: of each of the first a recipe has something, of each of the second nothing."""
    # What has bourbon has whiskey: the deepest are enough. What has no whiskey has no bourbon: the highest are.
    deepest = _deepest(wanted.included)
    highest = _highest(wanted.excluded)
    # Whiskey without bourbon and rye is in few recipes, though whiskey is in many; bourbon without whiskey in none.
    included = [
        and_(_below(path), *(not_(_below(other)) for other in highest if other.startswith(path)))
        for path in deepest
        if not any(path.startswith(other) for other in highest)
    ]
    if len(included) < len(deepest):
        return [false()], []
    return included, [or_(*map(_below, highest))] if highest else []


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
