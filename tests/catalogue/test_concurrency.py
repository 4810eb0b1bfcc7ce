"""Many writers at once: no exception, nothing lost, and a version for every write."""

import threading
from collections.abc import Callable

import pytest

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.etags import item_etag
from parcook.catalogue.models import IngredientDraft, RecipeDraft
from parcook.catalogue.order import find_disorder
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict, Invalid, NotFound, PreconditionFailed
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside

THREADS = 8
ROUNDS = 5


def in_threads(work: Callable[[int], None]) -> None:
    """Run `work` with 0 … 7 at once; what any of them raises is raised here."""
    start, failures = threading.Barrier(THREADS, timeout=20), list[BaseException]()

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise ExceptionGroup("failed in threads", failures)  # type: ignore[type-var]


def assert_in_order(catalogue: Catalogue) -> None:
    _, usage = AnalyticsQueries(catalogue).measure()
    assert find_disorder(catalogue.database, {row["ingredient_id"]: row["path"] for row in usage.rows}) == []


def test_mixed_writes_from_many_threads_all_take_effect(catalogue: Catalogue) -> None:
    roots = list(grow(catalogue, {"left": {}, "right": {}}).values())
    before = catalogue.state()

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            name = f"{number}-{turn}"
            made = catalogue.ingredients.create(IngredientDraft(name=name, parent_id=roots[0]))
            catalogue.bulk.create_ingredients([{"name": f"{name} below", "parent_name": name}])
            recipe_id = mix(catalogue, name, [made.id])
            catalogue.ingredients.patch(made.id, {"parent_id": roots[1]})
            catalogue.recipes.patch(recipe_id, {"category": name})
            catalogue.recipes.delete(mix(catalogue, f"{name} short-lived", [made.id]))
            AnalyticsQueries(catalogue).get_ingredient_usage_stats()

    in_threads(write)
    count = THREADS * ROUNDS
    assert catalogue.counts() == {"recipes": count, "ingredients": 2 + 2 * count}
    assert catalogue.state().stamp.version >= before.stamp.version + 7 * count
    used = AnalyticsQueries(catalogue).get_ingredient_usage_stats()
    assert [(row["ingredient_name"], row["hierarchical_usage"]) for row in used] == [("right", count), ("left", 0)]
    recipes = catalogue.recipes.list(limit=200).items
    assert [recipe.category for recipe in recipes] == [recipe.name for recipe in recipes]
    assert_in_order(catalogue)


def test_no_update_is_lost_between_reading_and_writing(catalogue: Catalogue) -> None:
    counter = catalogue.recipes.create(RecipeDraft(name="Counter", description="0")).id

    def count_on(_: int) -> None:
        done = 0
        while done < ROUNDS:
            read = catalogue.recipes.get(counter)
            following = str(int(read.description or 0) + 1)
            try:
                catalogue.recipes.patch(counter, {"description": following}, if_match=item_etag(read))
                done += 1
            except PreconditionFailed:
                continue

    in_threads(count_on)
    assert catalogue.recipes.get(counter).description == str(THREADS * ROUNDS)


def test_one_of_many_gets_a_name_and_the_others_are_told(catalogue: Catalogue) -> None:
    won: list[str] = []
    refusals: set[str] = set()

    def take(number: int) -> None:
        for turn in range(ROUNDS):
            name = f"name {turn}"
            try:
                catalogue.ingredients.create(IngredientDraft(name=(name, name.upper())[number % 2]))
                won.append(name)
            except Conflict as error:
                refusals.add(error.code)

    in_threads(take)
    assert refusals == {"duplicate_name"}
    assert sorted(won) == [f"name {turn}" for turn in range(ROUNDS)]


def test_moves_across_each_other_never_make_a_cycle(catalogue: Catalogue) -> None:
    ids = list(grow(catalogue, {name: {} for name in "abcd"}).values())
    refusals: set[str] = set()

    def move(number: int) -> None:
        for turn in range(ROUNDS * 2):
            own, parent = ids[(number + turn) % 4], ids[(number * 3 + turn * 2 + 1) % 4]
            try:
                catalogue.ingredients.patch(own, {"parent_id": None if own == parent else parent})
            except Conflict as error:
                refusals.add(error.code)

    in_threads(move)
    assert refusals <= {"cycle"}
    assert_in_order(catalogue)


def test_an_ingredient_is_not_deleted_while_a_recipe_takes_it_up(catalogue: Catalogue) -> None:
    ids = list(grow(catalogue, {f"i{number}": {} for number in range(THREADS * ROUNDS)}).values())

    refusals: set[str] = set()

    def use_or_delete(number: int) -> None:
        for ingredient_id in ids:
            try:
                if number % 2:
                    catalogue.ingredients.delete(ingredient_id)
                else:
                    mix(catalogue, f"{number} uses {ingredient_id}", [ingredient_id])
            except (Conflict, Invalid, NotFound) as error:
                refusals.add(error.code)

    in_threads(use_or_delete)
    assert refusals <= {"in_use", "ingredient_not_found", "not_found"}
    _, usage = AnalyticsQueries(catalogue).measure()
    assert set(usage.recipes_by_size) <= {1}
    assert sum(row["uses"] for row in usage.rows) == usage.total_recipes


def test_many_may_settle_the_same_at_the_first_start(catalogue: Catalogue, outside: Outside) -> None:
    for turn in range(10):
        in_threads(lambda _, turn=turn: catalogue.settle(f"key {turn}", "value"))
    assert outside.rows("SELECT count(*) FROM installation") == [(10,)]


@pytest.mark.parametrize("outside_first", [True, False])
def test_a_shell_in_the_middle_of_a_transaction_is_waited_for(
    catalogue: Catalogue, outside: Outside, outside_first: bool
) -> None:
    """Whoever comes second sees what the first has written, and no name is given twice."""
    outside.begin()
    outside.run("INSERT INTO ingredients (name) VALUES ('Gin')")
    outcome: list[str] = []

    def create() -> None:
        try:
            outcome.append(catalogue.ingredients.create(IngredientDraft(name="gin")).name)
        except Conflict as error:
            outcome.append(error.code)

    waiting = threading.Thread(target=create)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    (outside.commit if outside_first else outside.rollback)()
    waiting.join(20)
    assert outcome == ["duplicate_name" if outside_first else "gin"]
