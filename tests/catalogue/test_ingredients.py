"""Ingredients: create, read, replace, patch, delete; what is refused, and that nothing is written then."""

import pytest
from pydantic import ValidationError

from parcook.catalogue.etags import item_etag
from parcook.catalogue.models import MAX_ID, MAX_LEVELS, Ingredient, IngredientDraft, IngredientPatch
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict, Invalid, NotFound, PreconditionFailed
from tests.catalogue.making import grow, mix, refused

STALE = '"0123456789abcdef0123"'


def test_a_new_ingredient_is_a_root_unless_it_names_a_parent(catalogue: Catalogue) -> None:
    gin = catalogue.ingredients.create(IngredientDraft(name="Gin", description="Juniper."))
    assert gin == Ingredient(id=1, name="Gin", description="Juniper.", parent_id=None, path="/1/", level=0)
    sloe = catalogue.ingredients.create(IngredientDraft(name="Sloe Gin", parent_id=gin.id))
    assert sloe == Ingredient(id=2, name="Sloe Gin", description=None, parent_id=1, path="/1/2/", level=1)
    assert catalogue.ingredients.get(sloe.id) == sloe
    assert catalogue.counts() == {"recipes": 0, "ingredients": 2}


def test_replacing_writes_every_field_and_patching_only_those_sent(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {"Sloe Gin": {}}})
    catalogue.ingredients.patch(ids["Sloe Gin"], {"description": "Red."})
    patched = catalogue.ingredients.patch(ids["Sloe Gin"], {"name": "Plymouth Sloe Gin"})
    assert (patched.description, patched.parent_id) == ("Red.", ids["Gin"])
    replaced = catalogue.ingredients.replace(ids["Sloe Gin"], IngredientDraft(name="Plymouth Sloe Gin"))
    assert (replaced.description, replaced.parent_id, replaced.path) == (None, None, f"/{ids['Sloe Gin']}/")


def test_an_empty_patch_changes_nothing_that_can_be_read(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {"Sloe Gin": {}}})
    before = catalogue.ingredients.get(ids["Sloe Gin"])
    assert catalogue.ingredients.patch(ids["Sloe Gin"], {}) == before


def test_what_was_read_can_be_edited_and_put_back(catalogue: Catalogue) -> None:
    gin = catalogue.ingredients.create(IngredientDraft(name="Gin"))
    edited = gin.model_dump() | {"description": "Juniper."}
    assert catalogue.ingredients.replace(gin.id, IngredientDraft(**edited)).description == "Juniper."


def test_a_deleted_ingredient_is_gone_and_its_id_is_not_given_again(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}, "Rum": {}})
    catalogue.ingredients.delete(ids["Rum"])
    with refused(catalogue, NotFound, "not_found"):
        catalogue.ingredients.get(ids["Rum"])
    assert catalogue.ingredients.create(IngredientDraft(name="Rum")).id == ids["Rum"] + 1


def test_an_unknown_id_in_the_address_is_not_found(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}})
    for attempt in (
        lambda: catalogue.ingredients.get(99),
        lambda: catalogue.ingredients.get(MAX_ID),
        lambda: catalogue.ingredients.replace(99, IngredientDraft(name="Rum")),
        lambda: catalogue.ingredients.patch(99, {"name": "Rum"}),
        lambda: catalogue.ingredients.delete(99),
    ):
        with refused(catalogue, NotFound, "not_found"):
            attempt()


def test_an_unknown_parent_in_the_body_is_invalid(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    for attempt in (
        lambda: catalogue.ingredients.create(IngredientDraft(name="Rum", parent_id=99)),
        lambda: catalogue.ingredients.create(IngredientDraft(name="Rum", parent_id=MAX_ID)),
        lambda: catalogue.ingredients.replace(ids["Gin"], IngredientDraft(name="Rum", parent_id=99)),
        lambda: catalogue.ingredients.patch(ids["Gin"], {"parent_id": 99}),
    ):
        with refused(catalogue, Invalid, "parent_not_found"):
            attempt()


def test_an_ingredient_with_children_is_not_deleted(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {"Sloe Gin": {}, "Old Tom": {}}})
    with refused(catalogue, Conflict, "has_children") as caught:
        catalogue.ingredients.delete(ids["Gin"])
    assert "'Gin' has 2 ingredient(s) below it" in caught.value.detail


def test_an_ingredient_in_use_is_not_deleted_until_the_recipe_is_gone(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    martini = mix(catalogue, "Martini", [ids["Gin"]])
    with refused(catalogue, Conflict, "in_use") as caught:
        catalogue.ingredients.delete(ids["Gin"])
    assert "'Gin' is used by 1 recipe(s)" in caught.value.detail
    catalogue.recipes.delete(martini)
    catalogue.ingredients.delete(ids["Gin"])
    assert catalogue.counts() == {"recipes": 0, "ingredients": 0}


def test_a_change_is_refused_when_the_item_changed_since_it_was_read(catalogue: Catalogue) -> None:
    gin = catalogue.ingredients.create(IngredientDraft(name="Gin"))
    read = item_etag(gin)
    changed = catalogue.ingredients.patch(gin.id, {"description": "Juniper."}, if_match=read)
    for attempt in (
        lambda: catalogue.ingredients.replace(gin.id, IngredientDraft(name="Gin"), if_match=read),
        lambda: catalogue.ingredients.patch(gin.id, {"name": "Genever"}, if_match=read),
        lambda: catalogue.ingredients.delete(gin.id, if_match=read),
        lambda: catalogue.ingredients.delete(gin.id, if_match=f"W/{item_etag(changed)}"),
        lambda: catalogue.ingredients.delete(gin.id, if_match=""),
    ):
        with refused(catalogue, PreconditionFailed, "precondition_failed"):
            attempt()
    catalogue.ingredients.patch(gin.id, {"name": "Genever"}, if_match="*")
    renamed = catalogue.ingredients.get(gin.id)
    catalogue.ingredients.delete(gin.id, if_match=f"{STALE}, {item_etag(renamed)}")


def test_moving_an_ancestor_changes_what_was_read_of_the_ingredients_below(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Spirits": {}, "Gin": {"Sloe Gin": {}}})
    read = item_etag(catalogue.ingredients.get(ids["Sloe Gin"]))
    catalogue.ingredients.patch(ids["Gin"], {"parent_id": ids["Spirits"]})
    with refused(catalogue, PreconditionFailed, "precondition_failed"):
        catalogue.ingredients.delete(ids["Sloe Gin"], if_match=read)


def test_the_tree_takes_as_many_levels_as_promised_and_no_more(catalogue: Catalogue) -> None:
    chain = [{"name": "0"}, *({"name": str(level), "parent_name": str(level - 1)} for level in range(1, MAX_LEVELS))]
    deepest = catalogue.bulk.create_ingredients(chain)[-1]
    assert deepest.level == MAX_LEVELS - 1
    ids = grow(catalogue, {"Other": {"Below": {}}})
    for attempt in (
        lambda: catalogue.ingredients.create(IngredientDraft(name="Too deep", parent_id=deepest.id)),
        lambda: catalogue.ingredients.patch(ids["Other"], {"parent_id": deepest.parent_id}),
    ):
        with refused(catalogue, Invalid, "too_deep"):
            attempt()
    assert catalogue.ingredients.patch(ids["Below"], {"parent_id": deepest.parent_id}).level == MAX_LEVELS - 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": None},
        {"name": 7},
        {"name": ""},
        {"name": " \t\u00a0"},
        {"name": "x" * 201},
        {"name": "x" * 100_000},
        {"name": "Gin\x00"},
        {"name": "Gin\ud800"},
        {"name": "Gin\x07Tonic"},
        {"name": "Gin", "description": "x" * 50_001},
        {"name": "Gin", "description": "a\x00b"},
        {"name": "Gin", "description": "\udfff"},
        {"name": "Gin", "description": 1},
        {"name": "Gin", "parent_id": 0},
        {"name": "Gin", "parent_id": -1},
        {"name": "Gin", "parent_id": MAX_ID + 1},
        {"name": "Gin", "parent_id": "1"},
        {"name": "Gin", "parent_id": 1.0},
        {"name": "Gin", "parent_id": True},
        {"name": "Gin", "colour": "red"},
    ],
)
def test_an_ingredient_that_cannot_be_right_is_no_draft(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IngredientDraft.model_validate(fields)


def test_a_patch_may_leave_out_the_name_but_not_clear_it() -> None:
    assert IngredientPatch.model_validate({"parent_id": None}).model_fields_set == {"parent_id"}
    for name in (None, "", " "):
        with pytest.raises(ValidationError):
            IngredientPatch.model_validate({"name": name})
