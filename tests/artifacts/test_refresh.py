"""Refresh: after any change, by whomever, wherever the version went, what is stored is what the catalogue says."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parcook.artifacts.definitions import Cooked
from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.verify import find_faults
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.importing import import_file
from parcook.catalogue.models import IngredientDraft, RecipeDraft, RecipeLineDraft, UnitDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import Unavailable
from tests.artifacts.catalogues import add_recipe, fill_tiny, run_outside, set_stamp
from tests.artifacts.conftest import ABOUT
from tests.artifacts.watched import Refusing, watch
from tests.artifacts.wholeness import NAMES, check_settled, stored_manifest

LEMON_LINE = [{"ingredient_name": "Lemon"}]
NEW_ITEMS = {
    "ingredients": [{"name": "Grapefruit", "parent_name": "Citrus"}],
    "recipes": [{"name": "Greyhound", "ingredients": [{"ingredient_name": "Grapefruit"}]}],
}

WRITES: dict[str, Callable[[Catalogue], object]] = {
    "an ingredient is created": lambda c: c.ingredients.create(IngredientDraft(name="Rum", parent_id=1)),
    "an ingredient is renamed": lambda c: c.ingredients.patch(7, {"name": "Bourbon whiskey"}),
    "an ingredient is replaced": lambda c: c.ingredients.replace(3, IngredientDraft(name="Mezcal")),
    "an ingredient is moved": lambda c: c.ingredients.patch(4, {"parent_id": 2}),
    "an ingredient is made a root": lambda c: c.ingredients.patch(4, {"parent_id": None}),
    "an ingredient is deleted": lambda c: c.ingredients.delete(3),
    "a unit is created": lambda c: c.units.create(UnitDraft(name="ounce", abbreviation="oz")),
    "a recipe is created": lambda c: add_recipe(c, "Gin Sour", "Gin", "Lemon"),
    "a recipe is replaced": lambda c: c.recipes.replace(
        4, RecipeDraft.model_validate({"name": "Neat", "ingredients": LEMON_LINE})
    ),
    "a recipe's ingredients are patched": lambda c: c.recipes.patch(
        5, {"ingredients": [RecipeLineDraft(ingredient_id=3)]}
    ),
    "a recipe is deleted": lambda c: c.recipes.delete(1),
    "ingredients are created in bulk": lambda c: c.bulk.create_ingredients(NEW_ITEMS["ingredients"]),
    "recipes are created in bulk": lambda c: c.bulk.create_recipes([{"name": "Lemonade", "ingredients": LEMON_LINE}]),
}
OUTSIDE = {
    "an ingredient is inserted": "INSERT INTO ingredients (name, parent_id) VALUES ('Grapefruit', 2)",
    "an ingredient is renamed": "UPDATE ingredients SET name = 'Zitrone' WHERE id = 6",
    "an ingredient is moved": "UPDATE ingredients SET parent_id = 2 WHERE id = 4",
    "an ingredient is deleted": "DELETE FROM ingredients WHERE id = 3",
    "a recipe is inserted": "INSERT INTO recipes (name) VALUES ('Water')",
    "a recipe is deleted with its lines": "DELETE FROM recipes WHERE id = 1",
    "a line is inserted": "INSERT INTO recipe_ingredients (recipe_id, ingredient_id) VALUES (5, 3)",
    "a line is changed": "UPDATE recipe_ingredients SET ingredient_id = 3 WHERE recipe_id = 4",
    "all lines are deleted": "DELETE FROM recipe_ingredients",
    "a unit is inserted": "INSERT INTO units (name) VALUES ('drop')",
}


@pytest.fixture
def cooked(catalogue: Catalogue, refresher: Refresher) -> Catalogue:
    """The tiny catalogue, with its artifacts stored."""
    fill_tiny(catalogue)
    assert refresher.refresh() is True
    return catalogue


def check_current(catalogue: Catalogue, storage: AnalyticsStorage) -> None:
    """What is stored is whole, and equal to what is computed now."""
    assert find_faults(catalogue, storage) == []
    check_settled(storage)
    state, usage = AnalyticsQueries(catalogue).measure()
    for name in NAMES:
        stored = storage.get_analytics(name)
        cooked_at = datetime.fromisoformat(stored["metadata"]["generated_at"])
        assert stored == json.loads(json.dumps(Cooked(state.stamp, usage, cooked_at).envelope(name, "stored")))
    assert stored_manifest(storage)["catalogue"] == {"version": state.stamp.version, "token": state.stamp.token}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_after_a_write_refresh_cooks_once_and_right(cooked, storage, refresher, write):
    write(cooked)
    assert refresher.freshness().current is False
    assert refresher.refresh() is True
    check_current(cooked, storage)
    assert refresher.refresh() is False


@pytest.mark.parametrize("statement", OUTSIDE.values(), ids=OUTSIDE)
def test_after_plain_sql_from_outside_refresh_cooks_once_and_right(
    cooked, catalogue_url, storage, refresher, statement
):
    run_outside(catalogue_url, statement)
    assert refresher.refresh() is True
    check_current(cooked, storage)
    assert refresher.refresh() is False


def test_after_an_import_refresh_cooks_once_and_right(cooked, storage, refresher, tmp_path):
    (tmp_path / "more.json").write_text(json.dumps(NEW_ITEMS))
    import_file(cooked, tmp_path / "more.json")
    assert refresher.refresh() is True
    check_current(cooked, storage)
    assert "Grapefruit" in {row["ingredient_name"] for row in storage.get_analytics("ingredient-tree")["data"]}


def test_an_empty_catalogue_has_artifacts_too(catalogue, storage, refresher):
    assert refresher.refresh() is True
    check_current(catalogue, storage)
    assert refresher.refresh() is False


def test_a_refused_write_asks_for_no_refresh(cooked, refresher):
    with pytest.raises(Exception, match="below"):
        cooked.ingredients.delete(1)
    assert refresher.refresh() is False


def test_on_every_kind_of_storage_what_is_stored_is_current(sqlite_catalogue, storage_url):
    storage = AnalyticsStorage(storage_url)
    refresher = Refresher(sqlite_catalogue, storage, ABOUT)
    for round_number in range(3):
        fill = (fill_tiny, lambda c: add_recipe(c, "Rickey", "Gin"), lambda c: c.recipes.delete(1))[round_number]
        fill(sqlite_catalogue)
        assert refresher.refresh() is True
        check_current(sqlite_catalogue, storage)
    assert stored_manifest(storage)["generation"] == 3


def test_force_cooks_what_is_current(cooked, storage, refresher):
    assert refresher.refresh(force=True) is True
    assert stored_manifest(storage)["generation"] == 2
    check_current(cooked, storage)


def test_a_restored_older_database_is_recooked(sqlite_catalogue, sqlite_refresher, storage, tmp_path):
    fill_tiny(sqlite_catalogue)
    path = sqlite_catalogue.database.path
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        source.backup(backup)
    older = sqlite_catalogue.state().stamp
    add_recipe(sqlite_catalogue, "Bourbon Smash", "Bourbon", "Lemon")
    sqlite_refresher.refresh()

    shutil.copy(tmp_path / "backup.db", tmp_path / "restored.db")
    for journal in ("-wal", "-shm"):
        Path(f"{path}{journal}").unlink(missing_ok=True)
    os.replace(tmp_path / "restored.db", path)
    assert sqlite_catalogue.state().stamp == older
    assert storage.manifest().stamp.version > older.version
    assert sqlite_refresher.refresh() is True
    check_current(sqlite_catalogue, storage)


@pytest.mark.parametrize(("version_change", "token"), [(-3, "of then"), (0, "of another history"), (3, "of later")])
def test_a_stamp_that_differs_in_any_way_is_recooked(cooked, storage, refresher, version_change, token):
    set_stamp(cooked, cooked.state().stamp.version + version_change, token)
    assert refresher.refresh() is True
    check_current(cooked, storage)
    assert refresher.refresh() is False


@pytest.mark.parametrize("manifest", [None, b"", b"{}", b"<html>", b'{"views": ', b"[]", b"\xff"])
def test_without_a_usable_manifest_everything_is_recooked(cooked, storage, refresher, manifest):
    key = storage.key("manifest.json")
    storage.objects.delete(key)
    if manifest is not None:
        storage.objects.put(key, manifest)
    assert refresher.refresh() is True
    check_current(cooked, storage)
    assert refresher.refresh() is False


def test_a_manifest_that_lacks_an_artifact_is_recooked(cooked, storage, refresher):
    manifest = stored_manifest(storage)
    del manifest["views"]["ingredient-tree"]
    storage.objects.put(storage.key("manifest.json"), json.dumps(manifest).encode())
    assert refresher.refresh() is True
    check_current(cooked, storage)


@pytest.mark.parametrize("verb", ["get", "put", "list", "delete"])
def test_storage_that_refuses_fails_the_refresh_and_the_next_one_heals(cooked, storage, verb):
    for number in range(2):
        add_recipe(cooked, f"Highball {number}", "Rye")
        Refresher(cooked, storage, ABOUT, clock=lambda: datetime.now(UTC) + timedelta(hours=1)).refresh()
    add_recipe(cooked, "Manhattan", "Rye")
    refusing = Refusing(verb)
    refresher = Refresher(cooked, watch(storage, refusing), ABOUT)
    with pytest.raises(Unavailable):
        refresher.refresh()
    refusing.verbs.clear()
    refresher.refresh()
    check_current(cooked, storage)


def test_freshness_tells_how_far_behind_the_artifacts_are(cooked, storage):
    changed_at = datetime.fromtimestamp(cooked.state().changed_at, UTC)
    later = Refresher(cooked, storage, ABOUT, clock=lambda: changed_at + timedelta(seconds=90))
    assert (later.freshness().current, later.freshness().lag_s) == (True, 0.0)
    assert 88 <= later.freshness().age_s <= 90 + 1
    set_stamp(cooked, 1_000, "another")
    behind = later.freshness()
    assert (behind.current, behind.catalogue_version, behind.error) == (False, 1_000, None)
    assert behind.lag_s == pytest.approx(90)
    storage.objects.delete(storage.key("manifest.json"))
    assert (later.freshness().current, later.freshness().age_s, later.freshness().lag_s) == (False, None, None)
    refusing = Refresher(cooked, watch(storage, Refusing("get")), ABOUT)
    assert refusing.freshness().error == "storage refuses to get"
