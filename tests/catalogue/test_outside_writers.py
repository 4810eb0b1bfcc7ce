"""What the triggers promise to a shell: paths that restate parents, keys of names, no cycles, no id twice."""

import pytest

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.models import IngredientDraft, RecipeDraft, UnitDraft
from parcook.catalogue.order import find_disorder
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict
from tests.catalogue.making import grow, mix, refused
from tests.catalogue.outside import Outside, OutsideError

INSERT = "INSERT INTO ingredients (id, name, parent_id)"


def assert_in_order(catalogue: Catalogue) -> None:
    """Every path is the one that follows from the parents."""
    _, usage = AnalyticsQueries(catalogue).measure()
    assert find_disorder(catalogue.database, {row["ingredient_id"]: row["path"] for row in usage.rows}) == []


def test_an_insert_gets_its_path_and_its_key(catalogue: Catalogue, outside: Outside) -> None:
    outside.run("INSERT INTO ingredients (name) VALUES (' Gin ')")
    outside.run("INSERT INTO ingredients (name, parent_id) SELECT 'Sloe', id FROM ingredients")
    assert outside.rows("SELECT name, name_key, path FROM ingredients ORDER BY id") == [
        (" Gin ", "gin", "/1/"),
        ("Sloe", "sloe", "/1/2/"),
    ]
    for attempt in (
        lambda: catalogue.ingredients.create(IngredientDraft(name="GIN")),
        lambda: catalogue.ingredients.patch(2, {"name": "gin"}),
    ):
        with refused(catalogue, Conflict, "duplicate_name"):
            attempt()


def test_a_rename_gets_a_new_key_unless_one_was_given(catalogue: Catalogue, outside: Outside) -> None:
    grow(catalogue, {"Gin": {}, "Rum": {}})
    outside.run("UPDATE ingredients SET name = 'Vodka' WHERE id = 1")
    outside.run("UPDATE ingredients SET name = 'Aguardiente', name_key = 'aguardiente!' WHERE id = 2")
    assert outside.rows("SELECT name_key FROM ingredients ORDER BY id") == [("vodka",), ("aguardiente!",)]
    grow(catalogue, {"Gin": {}})


@pytest.mark.parametrize("table", ["ingredients", "recipes", "units"])
def test_a_name_taken_is_refused(catalogue: Catalogue, outside: Outside, table: str) -> None:
    catalogue.ingredients.create(IngredientDraft(name="Gin"))
    catalogue.recipes.create(RecipeDraft(name="Gin"))
    catalogue.units.create(UnitDraft(name="Gin"))
    outside.run(f"INSERT INTO {table} (name) VALUES ('Rum')")
    before = catalogue.state()
    for statement in (
        f"INSERT INTO {table} (name) VALUES (' GIN')",
        f"UPDATE {table} SET name = 'gin' WHERE name = 'Rum'",
    ):
        with pytest.raises(OutsideError, match=r"(?i)unique"):
            outside.run(statement)
    assert catalogue.state() == before


def test_a_move_rewrites_the_paths_below(catalogue: Catalogue, outside: Outside) -> None:
    outside.run_for_all(INSERT, [(1, "a", None), (10, "b", 1), (100, "c", 10), (2, "d", None), (11, "e", None)])
    outside.run("UPDATE ingredients SET parent_id = 2 WHERE id = 10")
    assert outside.paths() == {1: "/1/", 2: "/2/", 10: "/2/10/", 100: "/2/10/100/", 11: "/11/"}
    outside.run("UPDATE ingredients SET parent_id = NULL WHERE id = 10")
    assert outside.paths() == {1: "/1/", 2: "/2/", 10: "/10/", 100: "/10/100/", 11: "/11/"}
    assert catalogue.ingredients.get(100).level == 1


def test_one_statement_may_insert_a_child_before_its_parent(catalogue: Catalogue, outside: Outside) -> None:
    outside.run_for_all(INSERT, [(3, "c", 5), (5, "b", 9), (4, "d", 5), (9, "a", None)])
    assert outside.paths() == {9: "/9/", 5: "/9/5/", 3: "/9/5/3/", 4: "/9/5/4/"}
    assert_in_order(catalogue)


def test_one_statement_may_move_a_branch_and_a_part_of_it(catalogue: Catalogue, outside: Outside) -> None:
    outside.run_for_all(INSERT, [(1, "a", None), (2, "b", None), (4, "d", 1), (5, "e", 4), (3, "c", None)])
    outside.run("UPDATE ingredients SET parent_id = CASE id WHEN 1 THEN 2 WHEN 2 THEN 3 END WHERE id IN (1, 2, 4)")
    assert outside.paths() == {1: "/3/2/1/", 2: "/3/2/", 3: "/3/", 4: "/4/", 5: "/4/5/"}
    assert_in_order(catalogue)


def test_a_path_cannot_be_written_and_follows_a_changed_id(catalogue: Catalogue, outside: Outside) -> None:
    outside.run_for_all(INSERT, [(1, "a", None), (2, "b", 1), (3, "c", 2)])
    outside.run("UPDATE ingredients SET path = '/7/' WHERE id = 2")
    outside.run("UPDATE ingredients SET path = ''")
    assert outside.paths() == {1: "/1/", 2: "/1/2/", 3: "/1/2/3/"}
    outside.run("UPDATE ingredients SET id = 30 WHERE id = 3")
    assert outside.paths() == {1: "/1/", 2: "/1/2/", 30: "/1/2/30/"}
    outside.run("INSERT INTO ingredients (id, name, path) VALUES (4, 'd', '/1/2/4/')")
    assert outside.paths()[4] == "/4/"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ingredients SET parent_id = 1 WHERE id = 1",
        "UPDATE ingredients SET parent_id = 4 WHERE id = 1",
        "UPDATE ingredients SET parent_id = 5 WHERE id = 1",
        "UPDATE ingredients SET parent_id = 5, path = '/2/1/' WHERE id = 1",
        # 2 is put below 4, which is below 1, which the same statement has put below 2.
        "UPDATE ingredients SET parent_id = CASE id WHEN 1 THEN 2 ELSE 4 END WHERE id IN (1, 2)",
        "INSERT INTO ingredients (id, name, parent_id) VALUES (8, 'x', 9), (9, 'y', 8)",
        "INSERT INTO ingredients (id, name, parent_id) VALUES (8, 'x', 8)",
        "INSERT INTO ingredients (name, parent_id) VALUES ('x', 99)",
        "DELETE FROM ingredients WHERE id = 1",
    ],
)
def test_a_cycle_or_a_missing_parent_is_refused(catalogue: Catalogue, outside: Outside, statement: str) -> None:
    outside.run_for_all(INSERT, [(1, "a", None), (2, "b", None), (4, "d", 1), (5, "e", 4)])
    before = catalogue.state()
    with pytest.raises(OutsideError):
        outside.run(statement)
    assert catalogue.state() == before
    assert outside.paths() == {1: "/1/", 2: "/2/", 4: "/1/4/", 5: "/1/4/5/"}


def test_an_id_that_was_given_is_not_given_again(catalogue: Catalogue, outside: Outside) -> None:
    for table in ("ingredients", "recipes", "units"):
        outside.run(f"INSERT INTO {table} (id, name) VALUES (1, 'a'), (7, 'b')")
    assert catalogue.ingredients.create(IngredientDraft(name="c")).id == 8
    assert catalogue.recipes.create(RecipeDraft(name="c")).id == 8
    assert catalogue.units.create(UnitDraft(name="c")).id == 8
    outside.run("INSERT INTO ingredients (id, name) VALUES (3, 'd')")
    assert catalogue.bulk.create_ingredients([{"name": "e"}])[0].id == 9


def test_what_a_careless_writer_leaves_behind_is_found(sqlite_catalogue: Catalogue) -> None:
    ids = grow(sqlite_catalogue, {"Gin": {}, "Rum": {}})
    mix(sqlite_catalogue, "Martini", [ids["Gin"]])
    careless = Outside(f"sqlite:///{sqlite_catalogue.database.path}", foreign_keys=False)
    careless.run_for_all("INSERT INTO recipe_ingredients (recipe_id, ingredient_id)", [(1, 99), (77, 1)])
    careless.run("UPDATE recipes SET name = 'Éclair'")
    careless.close()
    found = find_disorder(sqlite_catalogue.database, {ids["Gin"]: "/1/", ids["Rum"]: "/1/2/"})
    assert [fault["code"] for fault in found] == ["wrong_path", "orphan", "orphan", "rough_name_key"]


def test_replacing_a_row_in_sqlite_moves_what_is_below_it(sqlite_catalogue: Catalogue) -> None:
    outside = Outside(f"sqlite:///{sqlite_catalogue.database.path}")
    outside.run_for_all(INSERT, [(1, "a", None), (2, "b", None), (4, "d", 1), (5, "e", 4)])
    before = sqlite_catalogue.state()
    outside.run("INSERT OR REPLACE INTO ingredients (id, name, parent_id) VALUES (1, 'a', 2)")
    assert outside.paths() == {1: "/2/1/", 2: "/2/", 4: "/2/1/4/", 5: "/2/1/4/5/"}
    assert sqlite_catalogue.state().stamp.version > before.stamp.version
    with pytest.raises(OutsideError, match="below itself"):
        outside.run("INSERT OR REPLACE INTO ingredients (id, name, parent_id) VALUES (1, 'a', 5)")
    outside.close()


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_paths_hold_in_sqlite_without_foreign_keys_and_with_recursive_triggers(
    sqlite_catalogue: Catalogue, recursive: str
) -> None:
    outside = Outside(f"sqlite:///{sqlite_catalogue.database.path}", foreign_keys=False)
    outside.run(f"PRAGMA recursive_triggers = {recursive}")
    for row in ((3, "c", 5), (5, "b", 9), (4, "d", 5), (9, "a", None)):
        outside.run_for_all(INSERT, [row])
    assert outside.paths() == {9: "/9/", 5: "/9/5/", 3: "/9/5/3/", 4: "/9/5/4/"}
    outside.run("INSERT INTO ingredients (id, name) VALUES (1, 'root')")
    outside.run("UPDATE ingredients SET parent_id = 1 WHERE id = 5")
    assert outside.paths() == {9: "/9/", 1: "/1/", 5: "/1/5/", 3: "/1/5/3/", 4: "/1/5/4/"}
    with pytest.raises(OutsideError, match="below itself"):
        outside.run("UPDATE ingredients SET parent_id = 3 WHERE id = 5")
    assert_in_order(sqlite_catalogue)
    outside.close()
