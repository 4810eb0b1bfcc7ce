"""`AnalyticsQueries`: the questions that are asked of a whole catalogue, each answered from one snapshot."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select

from parcook.catalogue.hierarchy import Usage, UsageRow, measure_usage, slice_rows
from parcook.catalogue.store import Catalogue, CatalogueState, read_state
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.errors import Invalid, NotFound

_FETCH = 1_000


class AnalyticsQueries:
    """Usage and complexity of the recipes in `catalogue`, computed now."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def get_ingredient_usage_stats(
        self, level: int | None = None, parent_id: int | None = None
    ) -> list[dict[str, Any]]:
        """Usage rows, most used first: the roots, or those at `level`, the children of `parent_id`, or both.

        A level deeper than the tree has no rows. Raises `Invalid` for a negative level, `NotFound` for an
        unknown parent.
        """
        return select_view(self.measure()[1].rows, level, parent_id)

    def get_recipe_complexity_distribution(self) -> list[dict[str, int]]:
        """`{ingredient_count, recipe_count}` by number of distinct ingredients; 0 only where there are such recipes."""
        return complexity_rows(self.measure()[1])

    def measure(self) -> tuple[CatalogueState, Usage]:
        """The state of the catalogue and the usage of every ingredient in exactly that state."""
        with self._catalogue.database.read() as connection:
            state = read_state(connection)
            total_recipes = connection.execute(select(func.count()).select_from(recipes)).scalar_one()
            tree = connection.execute(select(ingredients.c.id, ingredients.c.name, ingredients.c.parent_id))
            return state, measure_usage((tuple(row) for row in tree), _pairs(connection), total_recipes)

    def measure_with_pairs(self) -> tuple[Usage, list[tuple[int, int]]]:
        """The usage of every ingredient, and the (recipe id, ingredient id) pairs that it was measured from."""
        with self._catalogue.database.read() as connection:
            total_recipes = connection.execute(select(func.count()).select_from(recipes)).scalar_one()
            tree = connection.execute(select(ingredients.c.id, ingredients.c.name, ingredients.c.parent_id))
            pairs = list(_pairs(connection))
            return measure_usage((tuple(row) for row in tree), pairs, total_recipes), pairs


def select_view(rows: list[UsageRow], level: int | None, parent_id: int | None) -> list[UsageRow]:
    """`slice_rows`, after the checks that need the whole tree."""
    if level is not None and level < 0:
        raise Invalid(f"level must be 0 or more, got {level}")
    if parent_id is not None and not any(row["ingredient_id"] == parent_id for row in rows):
        raise NotFound(f"there is no ingredient {parent_id}")
    return slice_rows(rows, level, parent_id)


def complexity_rows(usage: Usage) -> list[dict[str, int]]:
    """How many recipes have how many ingredients, by rising number."""
    return [{"ingredient_count": size, "recipe_count": count} for size, count in usage.recipes_by_size.items()]


def _pairs(connection: Connection) -> Iterator[tuple[int, int]]:
    # Joined to recipes, because a shell with foreign keys off can leave lines of deleted ones behind. A row per
    # recipe, because a row per line costs more time in SQLAlchemy than splitting does.
    listed = func.aggregate_strings(cast(recipe_ingredients.c.ingredient_id, Text), " ")
    query = (
        select(recipe_ingredients.c.recipe_id, listed)
        .join_from(recipe_ingredients, recipes, recipe_ingredients.c.recipe_id == recipes.c.id)
        .group_by(recipe_ingredients.c.recipe_id)
    )
    for recipe_id, ingredient_ids in connection.execute(query, execution_options={"yield_per": _FETCH}):
        for ingredient_id in map(int, ingredient_ids.split()):
            yield recipe_id, ingredient_id
