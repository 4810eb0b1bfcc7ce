"""The version of the catalogue: every change by any writer gives a new one, and nothing else does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from parcook.access import Access, Role
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.leases import Lease
from parcook.catalogue.models import IngredientDraft, RecipeDraft, RecipeLineDraft, UnitDraft
from parcook.catalogue.store import Catalogue, CatalogueState
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside

ROWS = [
    "INSERT INTO ingredients (id, name, parent_id) VALUES (1, 'Spirits', NULL), (2, 'Gin', 1), (3, 'Rum', 1)",
    "INSERT INTO units (id, name) VALUES (1, 'ounce'), (2, 'barrel')",
    "INSERT INTO recipes (id, name) VALUES (1, 'Martini'), (2, 'Daiquiri'), (3, 'Punch')",
    "INSERT INTO recipe_ingredients (recipe_id, ingredient_id, unit_id, amount) VALUES (1, 2, 1, 2.5), (3, 2, 1, 1)",
]
OUTSIDE_WRITES = [
    "INSERT INTO ingredients (id, name) VALUES (4, 'Vodka')",
    "UPDATE ingredients SET name = 'Dry Gin' WHERE id = 2",
    "UPDATE ingredients SET description = 'Juniper' WHERE id = 2",
    "UPDATE ingredients SET parent_id = NULL WHERE id = 2",
    "DELETE FROM ingredients WHERE id = 4",
    "INSERT INTO recipes (name) VALUES ('Gimlet')",
    "UPDATE recipes SET category = 'Sour' WHERE id = 2",
    "DELETE FROM recipes WHERE id = 3",
    "INSERT INTO recipe_ingredients (recipe_id, ingredient_id) VALUES (2, 3)",
    "UPDATE recipe_ingredients SET amount = 3 WHERE recipe_id = 1",
    "UPDATE recipe_ingredients SET ingredient_id = 3 WHERE recipe_id = 1",
    "DELETE FROM recipe_ingredients",
    "INSERT INTO units (name) VALUES ('dash')",
    "UPDATE units SET conversion_to_ml = 30 WHERE id = 1",
    "DELETE FROM units WHERE id = 2",
]


@pytest.fixture
def filled(outside: Outside) -> Outside:
    for statement in ROWS:
        outside.run(statement)
    return outside


def assert_is_newer(after: CatalogueState, before: CatalogueState) -> None:
    assert after.stamp.version > before.stamp.version
    assert after.stamp.token != before.stamp.token
    assert after.changed_at >= before.changed_at


def test_a_new_catalogue_has_never_changed(catalogue: Catalogue) -> None:
    state = catalogue.state()
    assert (state.stamp.version, state.stamp.token, state.changed_at) == (0, "", 0.0)


def test_every_write_of_the_store_gives_a_new_version(catalogue: Catalogue) -> None:
    def line(ingredient_id: int) -> RecipeLineDraft:
        return RecipeLineDraft(ingredient_id=ingredient_id)

    writes: list[Callable[[], object]] = [
        lambda: catalogue.ingredients.create(IngredientDraft(name="Gin")),
        lambda: catalogue.ingredients.create(IngredientDraft(name="Sloe Gin", parent_id=1)),
        lambda: catalogue.ingredients.replace(2, IngredientDraft(name="Old Tom", parent_id=1)),
        lambda: catalogue.ingredients.patch(2, {"description": "Sweet."}),
        lambda: catalogue.ingredients.patch(2, {"parent_id": None}),
        lambda: catalogue.ingredients.delete(2),
        lambda: catalogue.units.create(UnitDraft(name="ounce")),
        lambda: catalogue.recipes.create(RecipeDraft(name="Martini", ingredients=[line(1)])),
        lambda: catalogue.recipes.replace(1, RecipeDraft(name="Vesper", ingredients=[line(1)])),
        lambda: catalogue.recipes.patch(1, {"category": "Short"}),
        lambda: catalogue.recipes.patch(1, {"ingredients": []}),
        lambda: catalogue.recipes.delete(1),
        lambda: catalogue.bulk.create_ingredients([{"name": "Rum"}]),
        lambda: catalogue.bulk.create_recipes([{"name": "Daiquiri"}]),
    ]
    tokens = {catalogue.state().stamp.token}
    for write in writes:
        before = catalogue.state()
        write()
        assert_is_newer(catalogue.state(), before)
        tokens.add(catalogue.state().stamp.token)
    assert len(tokens) == len(writes) + 1


def test_every_write_from_outside_gives_a_new_version_and_a_rolled_back_one_does_not(
    catalogue: Catalogue, filled: Outside
) -> None:
    for statement in OUTSIDE_WRITES:
        before = catalogue.state()
        filled.begin()
        filled.run(statement)
        filled.rollback()
        assert catalogue.state() == before, statement
        filled.run(statement)
        assert_is_newer(catalogue.state(), before)


def test_a_version_is_seen_together_with_its_change_and_not_before(catalogue: Catalogue, filled: Outside) -> None:
    before = catalogue.state()
    filled.begin()
    filled.run("UPDATE ingredients SET name = 'Genever' WHERE id = 2")
    assert catalogue.state() == before
    assert catalogue.ingredients.get(2).name == "Gin"
    filled.commit()
    assert_is_newer(catalogue.state(), before)
    assert catalogue.ingredients.get(2).name == "Genever"


def test_the_time_of_a_change_is_the_databases(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}})
    assert abs(catalogue.state().changed_at - datetime.now(UTC).timestamp()) < 60


def test_what_stands_beside_the_catalogue_does_not_change_its_version(catalogue: Catalogue, outside: Outside) -> None:
    grow(catalogue, {"Gin": {}})
    mix(catalogue, "Martini", [1])
    before = catalogue.state()
    access = Access(Credentials(catalogue.database))
    access.create_token(Role.VIEWER)
    session = access.open_session(access.create_link(Role.ADMIN))
    access.identify(None, session)
    access.close_session(session)
    outside.run("UPDATE access_tokens SET revoked_at = CURRENT_TIMESTAMP")
    lease = Lease(catalogue.database, "refresh")
    assert lease.acquire()
    lease.release()
    catalogue.settle("timezone", "UTC")
    catalogue.ingredients.list()
    catalogue.counts()
    assert catalogue.state() == before


def test_reading_twice_sees_one_state(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}})
    assert catalogue.state() == catalogue.state()
