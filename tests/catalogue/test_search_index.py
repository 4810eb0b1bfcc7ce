"""When a search is answered from memory, and that it never is after somebody has changed the catalogue."""

import gc
import shutil
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest

from parcook.catalogue import search_index
from parcook.catalogue.database import Database
from parcook.catalogue.models import RecipeDraft
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.search_index import PATIENCE, SearchIndex, current_index
from parcook.catalogue.store import Catalogue, open_catalogue
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside
from tests.catalogue.searching import FROM_MEMORY, going


def met(database: Database) -> SearchIndex | None:
    """The index that a search would go by."""
    with database.read() as connection:
        return current_index(database, connection)


def names(database: Database, **criteria: Any) -> list[str]:
    return [recipe.name for recipe in search_recipes(database, Criteria(**criteria)).items]


def test_a_version_has_an_index_once_it_has_been_searched_a_few_times(catalogue: Catalogue) -> None:
    for name in ("first", "second"):
        mix(catalogue, name)
        assert [met(catalogue.database) for _ in range(PATIENCE)] == [None] * PATIENCE
        index = met(catalogue.database)
        assert index is not None
        assert met(catalogue.database) is index


def test_a_catalogue_that_is_edited_between_any_two_searches_gets_no_index(catalogue: Catalogue) -> None:
    for number in range(2 * PATIENCE):
        mix(catalogue, f"{number:02}")
        assert met(catalogue.database) is None
        assert len(names(catalogue.database)) == number + 1


def test_more_recipes_than_are_kept_in_memory_are_walked(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MOST_RECIPES", 2)
    for name in ("a", "b", "c"):
        mix(catalogue, name)
    with going(FROM_MEMORY):
        assert [met(catalogue.database) for _ in range(3)] == [None] * 3
        assert names(catalogue.database) == ["a", "b", "c"]
        catalogue.recipes.delete(1)
        assert met(catalogue.database) is not None


def test_what_a_shell_changes_is_found_changed_at_once(catalogue: Catalogue, outside: Outside) -> None:
    ids = grow(catalogue, {"Spirits": {"Gin": {}}, "Juice": {"Lime": {}}})
    mix(catalogue, "Gimlet", [ids["Gin"]])

    def found() -> list[str]:
        return names(catalogue.database, ingredients=["Spirits"])

    with going(FROM_MEMORY):
        assert found() == ["Gimlet"]
        outside.run("UPDATE recipes SET name = 'Gin and It'")
        assert found() == ["Gin and It"]
        outside.run("INSERT INTO recipes (id, name) VALUES (7, 'Rickey')")
        outside.run("INSERT INTO recipe_ingredients (recipe_id, ingredient_id) VALUES (7, ?)", ids["Lime"])
        assert found() == ["Gin and It"]
        outside.run("UPDATE ingredients SET parent_id = ? WHERE id = ?", ids["Spirits"], ids["Juice"])
        assert found() == ["Gin and It", "Rickey"]
        outside.run("UPDATE recipe_ingredients SET ingredient_id = ? WHERE recipe_id = 1", ids["Juice"])
        outside.run("UPDATE ingredients SET parent_id = NULL WHERE id = ?", ids["Lime"])
        assert found() == ["Gin and It"]
        outside.run("DELETE FROM recipe_ingredients")
        assert found() == []


def test_a_search_sees_one_state_of_the_catalogue_while_it_is_edited(catalogue: Catalogue) -> None:
    """The one recipe is renamed again and again, always forward: no search finds none, or an older name."""
    recipe = mix(catalogue, "Number 0000")
    done = threading.Event()
    seen: list[list[list[str]]] = [[], []]

    def look(into: list[list[str]]) -> None:
        while not done.is_set():
            into.append(names(catalogue.database, text="number"))

    threads = [threading.Thread(target=look, args=(into,)) for into in seen]
    with going(FROM_MEMORY):
        for thread in threads:
            thread.start()
        for number in range(1, 60):
            catalogue.recipes.patch(recipe, {"name": f"Number {number:04}"})
            assert names(catalogue.database, text="number") == [f"Number {number:04}"]
        done.set()
        for thread in threads:
            thread.join()
    for found in seen:
        assert {len(page) for page in found} == {1}
        assert found == sorted(found)


def test_while_one_search_makes_an_index_others_walk(catalogue: Catalogue) -> None:
    for number in range(300):
        mix(catalogue, f"Recipe {number:03}")
    start = threading.Barrier(6)
    found: list[list[str]] = []

    def look() -> None:
        start.wait()
        found.extend(names(catalogue.database, text="Recipe 29") for _ in range(20))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[f"Recipe 29{digit}" for digit in range(10)]] * 120


def test_lines_that_a_shell_left_of_a_recipe_that_is_gone_are_nobodys(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    catalogue = open_catalogue(url)
    gin = grow(catalogue, {"Gin": {}})["Gin"]
    gone, kept = mix(catalogue, "Gone", [gin]), mix(catalogue, "Kept", [gin])
    outside = Outside(url, foreign_keys=False)
    outside.run("DELETE FROM recipes WHERE id = ?", gone)
    outside.close()
    with going(FROM_MEMORY):
        assert [recipe.id for recipe in search_recipes(catalogue.database, Criteria(ingredients=["Gin"])).items] == [
            kept
        ]
    catalogue.close()


def test_a_restored_backup_of_the_same_count_of_edits_is_another_version(tmp_path: Path) -> None:
    file, backup = tmp_path / "catalogue.db", tmp_path / "backup.db"
    catalogue = open_catalogue(f"sqlite:///{file}")
    catalogue.recipes.create(RecipeDraft(name="Before"))
    catalogue.close()
    shutil.copyfile(file, backup)
    with going(FROM_MEMORY):
        catalogue.recipes.patch(1, {"name": "After"})
        assert names(catalogue.database) == ["After"]
        after = catalogue.state().stamp
        catalogue.close()
        backup.replace(file)
        catalogue.recipes.patch(1, {"name": "Otherwise"})
        assert catalogue.state().stamp.version == after.version
        assert names(catalogue.database) == ["Otherwise"]
    catalogue.close()


def test_an_index_goes_with_its_database(tmp_path: Path) -> None:
    catalogue = open_catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    with going(FROM_MEMORY):
        index = weakref.ref(met(catalogue.database))
        assert index() is not None
        catalogue.close()
        del catalogue
        gc.collect()
        assert index() is None
