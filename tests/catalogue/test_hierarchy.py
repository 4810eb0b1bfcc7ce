"""Usage over the tree against a naive count in plain Python: sets, and nothing clever."""

from dataclasses import dataclass, field
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.hierarchy import UsageRow, measure_usage, slice_rows
from parcook.catalogue.store import Catalogue
from tests.catalogue.outside import Outside

# Ids of which one begins with another: a path compared as a prefix would catch the wrong branch.
SIDE_BY_SIDE = [1, 2, 3, 10, 11, 12, 21, 100, 101, 110, 111, 1000, 1001, 1010]


@dataclass
class Forest:
    """Ingredients and recipes as people think of them."""

    parents: dict[int, int | None]
    names: dict[int, str]
    recipes: list[set[int]] = field(default_factory=list)

    def line(self, own: int) -> list[int]:
        """The ids from the root down to `own`."""
        parent = self.parents[own]
        return [own] if parent is None else [*self.line(parent), own]

    def branch(self, own: int) -> set[int]:
        return {other for other in self.parents if own in self.line(other)}

    def rows(self) -> list[UsageRow]:
        """What `measure_usage` should say."""

        def used(own: int) -> int:
            return sum(1 for recipe in self.recipes if recipe & self.branch(own))

        def by_usage(ids: list[int]) -> list[int]:
            return sorted(ids, key=lambda own: (-used(own), self.names[own], own))

        def row(own: int) -> UsageRow:
            children = by_usage([child for child, parent in self.parents.items() if parent == own])
            return {
                "ingredient_id": own,
                "ingredient_name": self.names[own],
                "parent_id": self.parents[own],
                "path": "/" + "".join(f"{ancestor}/" for ancestor in self.line(own)),
                "level": len(self.line(own)) - 1,
                "recipe_count": used(own),
                "direct_usage": sum(1 for recipe in self.recipes if own in recipe),
                "hierarchical_usage": used(own),
                "uses": sum(len(recipe & self.branch(own)) for recipe in self.recipes),
                "has_children": bool(children),
                "children_preview": [self.names[child] for child in children[:3]],
            }

        return [row(own) for own in by_usage(list(self.parents))]

    def sizes(self) -> dict[int, int]:
        counts = [len(recipe & self.parents.keys()) for recipe in self.recipes]
        return {size: counts.count(size) for size in sorted(set(counts))}

    def pairs(self) -> list[tuple[int, int]]:
        return [(number, own) for number, recipe in enumerate(self.recipes, 1) for own in recipe]


@st.composite
def forests(draw: st.DrawFn, unique_names: bool = False) -> Forest:
    ids = draw(st.lists(st.sampled_from(SIDE_BY_SIDE), unique=True, max_size=12))
    parents = {own: draw(st.sampled_from([None, *ids[:place]])) for place, own in enumerate(ids)}
    letters = st.text("abÉz😀 ", min_size=1, max_size=2)
    names = {own: f"{own} x" if unique_names else draw(letters) for own in ids}
    recipe = st.sets(st.sampled_from(ids), max_size=5) if ids else st.just(set[int]())
    return Forest(parents, names, draw(st.lists(recipe, max_size=8)))


def measured(forest: Forest, extra: tuple[tuple[int, int], ...] = ()) -> list[UsageRow]:
    tree = [(own, forest.names[own], parent) for own, parent in forest.parents.items()]
    usage = measure_usage(tree, [*forest.pairs(), *extra], len(forest.recipes))
    assert usage.total_recipes == len(forest.recipes)
    assert usage.recipes_by_size == forest.sizes()
    return usage.rows


@given(forests())
@settings(max_examples=300, deadline=None)
def test_usage_is_what_sets_count(forest: Forest) -> None:
    assert measured(forest) == forest.rows()


@given(forests(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_ingredients_and_of_recipes_does_not_matter(forest: Forest, random: Random) -> None:
    expected = measured(forest)
    ids = list(forest.parents)
    random.shuffle(ids)
    random.shuffle(forest.recipes)
    shuffled = Forest({own: forest.parents[own] for own in ids}, forest.names, forest.recipes)
    assert measured(shuffled) == expected


@given(forests())
@settings(max_examples=100, deadline=None)
def test_uses_add_up_where_hierarchical_usage_does_not(forest: Forest) -> None:
    rows = measured(forest)
    for row in rows:
        below = [child for child in rows if child["parent_id"] == row["ingredient_id"]]
        assert row["uses"] == row["direct_usage"] + sum(child["uses"] for child in below)
        assert row["hierarchical_usage"] <= row["direct_usage"] + sum(child["hierarchical_usage"] for child in below)
        assert row["hierarchical_usage"] >= max([row["direct_usage"], *(c["hierarchical_usage"] for c in below)])
    assert sum(row["uses"] for row in slice_rows(rows)) == len(forest.pairs())


@given(forests(), st.sampled_from([None, 0, 1, 2, 3, 50]), st.sampled_from([None, 999, *SIDE_BY_SIDE]))
@settings(max_examples=200, deadline=None)
def test_a_view_is_a_slice_of_all_rows_in_their_order(forest: Forest, level: int | None, parent_id: int | None) -> None:
    wanted_level = 0 if level is None and parent_id is None else level
    expected = [
        row for row in forest.rows() if wanted_level in (None, row["level"]) and parent_id in (None, row["parent_id"])
    ]
    assert slice_rows(measured(forest), level, parent_id) == expected


@given(forests(), st.sets(st.integers(2000, 2005), min_size=1))
@settings(max_examples=100, deadline=None)
def test_an_ingredient_that_is_not_there_is_not_counted(forest: Forest, unknown: set[int]) -> None:
    expected = measured(forest)
    for recipe in forest.recipes:
        recipe |= unknown
    assert measured(forest) == expected


@given(forests(), st.sampled_from([0, -1, 5, 2000]))
@settings(max_examples=100, deadline=None)
def test_an_ingredient_whose_parent_is_not_there_is_a_root(forest: Forest, missing: int) -> None:
    roots = [own for own, parent in forest.parents.items() if parent is None]
    tree = [(own, forest.names[own], missing if own in roots else forest.parents[own]) for own in forest.parents]
    assert measure_usage(tree, forest.pairs(), len(forest.recipes)).rows == forest.rows()


def test_two_ingredients_under_one_root_count_one_recipe() -> None:
    tree = [(1, "Whiskey", None), (10, "Bourbon", 1), (100, "Rye", 1), (2, "Water", None)]
    usage = measure_usage(tree, [(1, 10), (1, 100), (2, 10), (2, 2), (3, 1), (3, 10), (3, 100)], 5)
    told = [(row["ingredient_name"], row["hierarchical_usage"], row["direct_usage"], row["uses"]) for row in usage.rows]
    assert told == [
        ("Bourbon", 3, 3, 3),
        ("Whiskey", 3, 1, 6),
        ("Rye", 2, 2, 2),
        ("Water", 1, 1, 1),
    ]
    assert usage.recipes_by_size == {0: 2, 2: 2, 3: 1}


def test_a_chain_deeper_than_pythons_stack_is_counted() -> None:
    depth = 3_000
    tree = [(own, "x", own - 1 or None) for own in range(depth, 0, -1)]
    usage = measure_usage(tree, [(1, depth)], 1)
    assert {row["hierarchical_usage"] for row in usage.rows} == {1}
    assert max(row["level"] for row in usage.rows) == depth - 1


@given(forest=forests(unique_names=True), moves=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_answers_what_sets_count_whatever_was_moved(
    catalogue: Catalogue, outside: Outside, forest: Forest, moves: st.DataObject
) -> None:
    store(forest, outside)
    for number in range(moves.draw(st.integers(0, 4)) if forest.parents else 0):
        own = moves.draw(st.sampled_from(list(forest.parents)))
        elsewhere = [None, *(other for other in forest.parents if other not in forest.branch(own))]
        forest.parents[own] = moves.draw(st.sampled_from(elsewhere))
        move_by = (move_through_the_store, move_from_outside)[number % 2]
        move_by(catalogue, outside, own, forest.parents[own])

    queries, rows = AnalyticsQueries(catalogue), forest.rows()
    assert queries.measure()[1].rows == rows
    assert outside.paths() == {row["ingredient_id"]: row["path"] for row in rows}
    assert queries.get_ingredient_usage_stats() == slice_rows(rows, level=0)
    assert queries.get_ingredient_usage_stats(level=1) == slice_rows(rows, level=1)
    for own in forest.parents:
        assert queries.get_ingredient_usage_stats(parent_id=own) == slice_rows(rows, parent_id=own)


def store(forest: Forest, outside: Outside) -> None:
    outside.begin()
    outside.run("DELETE FROM recipes")
    outside.run("UPDATE ingredients SET parent_id = NULL")
    outside.run("DELETE FROM ingredients")
    tables = (
        ("INSERT INTO ingredients (id, name, parent_id)", [(o, forest.names[o], p) for o, p in forest.parents.items()]),
        ("INSERT INTO recipes (id, name)", [(number, f"r{number}") for number, _ in enumerate(forest.recipes, 1)]),
        ("INSERT INTO recipe_ingredients (recipe_id, ingredient_id)", forest.pairs()),
    )
    for statement, rows in tables:
        outside.run_for_all(statement, rows)
    outside.commit()


def move_through_the_store(catalogue: Catalogue, _: Outside, own: int, parent_id: int | None) -> None:
    catalogue.ingredients.patch(own, {"parent_id": parent_id})


def move_from_outside(_: Catalogue, outside: Outside, own: int, parent_id: int | None) -> None:
    outside.run("UPDATE ingredients SET parent_id = ? WHERE id = ?", parent_id, own)
