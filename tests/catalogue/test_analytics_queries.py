"""The questions asked of a whole catalogue: views, complexity, one snapshot, and rows that must not count."""

import threading

import pytest

import parcook
from parcook.catalogue.analytics import AnalyticsQueries, complexity_rows
from parcook.catalogue.store import Catalogue
from parcook.errors import Invalid, NotFound
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside

TREE = {"Spirits": {"Whiskey": {"Bourbon": {}, "Rye": {}, "Scotch": {}, "Unused": {}}, "Gin": {}}, "Water": {}}


@pytest.fixture
def ids(catalogue: Catalogue) -> dict[str, int]:
    made = grow(catalogue, TREE)
    mix(catalogue, "Manhattan", [made["Bourbon"], made["Rye"]])
    mix(catalogue, "Sazerac", [made["Rye"]])
    mix(catalogue, "Highball", [made["Whiskey"], made["Scotch"], made["Water"]])
    mix(catalogue, "Nothing")
    return made


def told(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(row["ingredient_name"], row["hierarchical_usage"], row["direct_usage"], row["uses"]) for row in rows]


def test_a_row_has_the_documented_fields_and_types(catalogue: Catalogue, ids: dict[str, int]) -> None:
    assert parcook.AnalyticsQueries(catalogue).get_ingredient_usage_stats(level=1)[0] == {
        "ingredient_id": ids["Whiskey"],
        "ingredient_name": "Whiskey",
        "parent_id": ids["Spirits"],
        "path": f"/{ids['Spirits']}/{ids['Whiskey']}/",
        "level": 1,
        "recipe_count": 3,
        "direct_usage": 1,
        "hierarchical_usage": 3,
        "uses": 5,
        "has_children": True,
        "children_preview": ["Rye", "Bourbon", "Scotch"],
    }


def test_views_go_by_level_by_parent_and_by_both(catalogue: Catalogue, ids: dict[str, int]) -> None:
    ask = AnalyticsQueries(catalogue).get_ingredient_usage_stats
    roots = [("Spirits", 3, 0, 5), ("Water", 1, 1, 1)]
    assert told(ask()) == told(ask(level=0)) == roots
    whiskeys = [("Rye", 2, 2, 2), ("Bourbon", 1, 1, 1), ("Scotch", 1, 1, 1), ("Unused", 0, 0, 0)]
    assert told(ask(parent_id=ids["Whiskey"])) == told(ask(level=2)) == whiskeys
    assert told(ask(level=2, parent_id=ids["Whiskey"])) == whiskeys
    assert ask(level=1, parent_id=ids["Whiskey"]) == ask(level=0, parent_id=ids["Whiskey"]) == []
    assert ask(parent_id=ids["Unused"]) == ask(level=3) == ask(level=10**30) == []


def test_a_negative_level_is_invalid_and_an_unknown_parent_not_found(catalogue: Catalogue, ids: dict[str, int]) -> None:
    ask = AnalyticsQueries(catalogue).get_ingredient_usage_stats
    for parent_id in (None, ids["Gin"]):
        with pytest.raises(Invalid, match="level must be 0 or more") as caught:
            ask(level=-1, parent_id=parent_id)
        assert caught.value.code == "invalid"
    for unknown in (0, -1, 99, 2**63, 10**30):
        with pytest.raises(NotFound) as missing:
            ask(parent_id=unknown)
        assert missing.value.code == "not_found"


def test_recipes_by_number_of_ingredients_sum_to_all_recipes(catalogue: Catalogue, ids: dict[str, int]) -> None:
    rows = AnalyticsQueries(catalogue).get_recipe_complexity_distribution()
    assert rows == [
        {"ingredient_count": 0, "recipe_count": 1},
        {"ingredient_count": 1, "recipe_count": 1},
        {"ingredient_count": 2, "recipe_count": 1},
        {"ingredient_count": 3, "recipe_count": 1},
    ]
    assert sum(row["recipe_count"] for row in rows) == catalogue.counts()["recipes"]
    catalogue.recipes.delete(4)
    assert AnalyticsQueries(catalogue).get_recipe_complexity_distribution() == rows[1:]


def test_an_empty_catalogue_has_no_rows(catalogue: Catalogue) -> None:
    queries = AnalyticsQueries(catalogue)
    assert queries.get_ingredient_usage_stats() == []
    assert queries.get_recipe_complexity_distribution() == []
    assert queries.measure()[1].total_recipes == 0


def test_many_lines_are_all_counted(catalogue: Catalogue) -> None:
    tree = [{"name": "root"}, *({"name": f"i{number}", "parent_name": "root"} for number in range(40))]
    made = [item.id for item in catalogue.bulk.create_ingredients(tree)]
    lines = [{"ingredient_id": own} for own in made]
    catalogue.bulk.create_recipes([{"name": f"r{number}", "ingredients": lines} for number in range(600)])
    assert told(AnalyticsQueries(catalogue).get_ingredient_usage_stats()) == [("root", 600, 600, 600 * 41)]


def test_lines_of_recipes_that_are_gone_do_not_count(sqlite_catalogue: Catalogue) -> None:
    made = grow(sqlite_catalogue, {"Gin": {"Sloe Gin": {}}})
    mix(sqlite_catalogue, "Martini", [made["Gin"]])
    careless = Outside(f"sqlite:///{sqlite_catalogue.database.path}", foreign_keys=False)
    careless.run_for_all("INSERT INTO recipe_ingredients (recipe_id, ingredient_id)", [(77, made["Sloe Gin"]), (1, 99)])
    careless.close()
    queries = AnalyticsQueries(sqlite_catalogue)
    assert told(queries.measure()[1].rows) == [("Gin", 1, 1, 1), ("Sloe Gin", 0, 0, 0)]
    assert queries.get_recipe_complexity_distribution() == [{"ingredient_count": 1, "recipe_count": 1}]


def test_a_write_during_a_measurement_is_not_half_seen(catalogue: Catalogue, outside: Outside) -> None:
    """Another connection adds a recipe and its line together, again and again, while we count."""
    ingredient_id = grow(catalogue, {"Gin": {}})["Gin"]
    stop = threading.Event()
    written = threading.Event()

    def write() -> None:
        for number in range(1, 10_000):
            outside.begin()
            outside.run("INSERT INTO recipes (id, name) VALUES (?, ?)", number, f"r{number}")
            outside.run("INSERT INTO recipe_ingredients VALUES (?, ?, NULL, NULL, 0)", number, ingredient_id)
            outside.commit()
            written.set()
            if stop.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(20)
    try:
        seen = [AnalyticsQueries(catalogue).measure() for _ in range(25)]
    finally:
        stop.set()
        writer.join()
    for _, usage in seen:
        assert usage.rows[0]["hierarchical_usage"] == usage.total_recipes
        assert complexity_rows(usage) == [{"ingredient_count": 1, "recipe_count": usage.total_recipes}]
    by_version = {state.stamp.version: usage.total_recipes for state, usage in seen}
    assert by_version == {state.stamp.version: usage.total_recipes for state, usage in reversed(seen)}
    assert len(by_version) > 1


def test_a_reader_keeps_its_state_however_long_it_takes(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}})
    with catalogue.database.read() as connection:
        before = connection.exec_driver_sql("SELECT version FROM catalogue_state").scalar()
        for name in ("a", "b", "c"):
            mix(catalogue, name)
        assert connection.exec_driver_sql("SELECT count(*) FROM recipes").scalar() == 0
        assert connection.exec_driver_sql("SELECT version FROM catalogue_state").scalar() == before
    assert catalogue.counts()["recipes"] == 3
