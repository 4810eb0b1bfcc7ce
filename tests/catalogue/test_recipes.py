"""Recipes: create, read, replace, patch, delete, and the lines in them."""

import math
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from parcook.catalogue.etags import item_etag
from parcook.catalogue.models import MAX_ID, Recipe, RecipeDraft, RecipeLine, RecipeLineDraft, UnitDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict, Invalid, NotFound, PreconditionFailed
from tests.catalogue.making import grow, mix, refused

NEGRONI = {
    "name": "Negroni",
    "category": "Aperitivo",
    "description": "Bitter.",
    "instructions": "Stir.\n\tStrain.",
    "source": "Caffè Casoni",
    "source_url": "https://example.org/negroni",
    "image_url": "https://example.org/negroni.jpg",
}


def draft(**fields: object) -> RecipeDraft:
    return RecipeDraft.model_validate(NEGRONI | fields)


def test_a_recipe_comes_out_as_it_went_in(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}, "Campari": {}})
    ounce = catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
    lines = [
        {"ingredient_id": ids["Gin"], "amount": 0.1, "unit_id": ounce.id},
        {"ingredient_name": " CAMPARI ", "unit_name": "Oz"},
    ]
    created = catalogue.recipes.create(draft(ingredients=lines))
    assert created == Recipe(
        id=1,
        **NEGRONI,
        ingredients=[
            RecipeLine(ingredient_id=1, ingredient_name="Gin", amount=0.1, unit_id=1, unit_name="ounce"),
            RecipeLine(ingredient_id=2, ingredient_name="Campari", amount=None, unit_id=1, unit_name="ounce"),
        ],
    )
    assert catalogue.recipes.get(1) == created
    assert catalogue.recipes.list().items == [created]


def test_what_was_read_can_be_put_back(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    catalogue.units.create(UnitDraft(name="ounce"))
    lines = [{"ingredient_id": ids["Gin"], "amount": 1.5, "unit_name": "ounce"}]
    created = catalogue.recipes.create(draft(ingredients=lines))
    assert catalogue.recipes.replace(created.id, RecipeDraft.model_validate(created.model_dump())) == created


def test_the_order_of_the_lines_is_kept_whatever_the_ids(catalogue: Catalogue) -> None:
    ids = list(grow(catalogue, {name: {} for name in "abcdefg"}).values())
    order = [ids[place] for place in (3, 6, 0, 5, 1, 4, 2)]
    recipe_id = mix(catalogue, "Punch", order)
    assert [line.ingredient_id for line in catalogue.recipes.get(recipe_id).ingredients] == order
    reordered = [{"ingredient_id": ingredient_id} for ingredient_id in reversed(order)]
    catalogue.recipes.replace(recipe_id, draft(ingredients=reordered))
    assert [line.ingredient_id for line in catalogue.recipes.list().items[0].ingredients] == order[::-1]


def test_patching_keeps_the_lines_unless_they_are_sent(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}, "Campari": {}})
    recipe_id = catalogue.recipes.create(draft(ingredients=[{"ingredient_id": ids["Gin"]}])).id
    patched = catalogue.recipes.patch(recipe_id, {"category": None, "source": "Elsewhere"})
    assert (patched.category, patched.source, patched.description) == (None, "Elsewhere", "Bitter.")
    assert [line.ingredient_name for line in patched.ingredients] == ["Gin"]
    patched = catalogue.recipes.patch(recipe_id, {"ingredients": [RecipeLineDraft(ingredient_id=ids["Campari"])]})
    assert [line.ingredient_name for line in patched.ingredients] == ["Campari"]
    assert catalogue.recipes.patch(recipe_id, {"ingredients": []}).ingredients == []


def test_replacing_clears_what_is_not_sent(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    recipe_id = catalogue.recipes.create(draft(ingredients=[{"ingredient_id": ids["Gin"]}])).id
    replaced = catalogue.recipes.replace(recipe_id, RecipeDraft(name="Negroni"))
    assert replaced == Recipe(id=recipe_id, name="Negroni", ingredients=[], **dict.fromkeys([*NEGRONI][1:]))


def test_deleting_a_recipe_leaves_its_ingredients_and_frees_them(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    recipe_id = mix(catalogue, "Martini", [ids["Gin"]])
    catalogue.recipes.delete(recipe_id)
    with refused(catalogue, NotFound, "not_found"):
        catalogue.recipes.get(recipe_id)
    catalogue.ingredients.delete(ids["Gin"])


def test_an_unknown_recipe_is_not_found(catalogue: Catalogue) -> None:
    for attempt in (
        lambda: catalogue.recipes.get(MAX_ID),
        lambda: catalogue.recipes.replace(99, draft()),
        lambda: catalogue.recipes.patch(99, {"name": "Negroni"}),
        lambda: catalogue.recipes.delete(99),
    ):
        with refused(catalogue, NotFound, "not_found"):
            attempt()


def test_lines_that_cannot_be_are_refused_by_every_kind_of_write(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}, "Rum": {}})
    catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
    dash = catalogue.units.create(UnitDraft(name="dash"))
    recipe_id = mix(catalogue, "Martini", [ids["Gin"]])
    gin = {"ingredient_id": ids["Gin"]}
    for code, lines in (
        ("ingredient_not_found", [gin, {"ingredient_id": 99}]),
        ("ingredient_not_found", [{"ingredient_id": MAX_ID}]),
        ("ingredient_not_found", [{"ingredient_name": "Vodka"}]),
        ("ingredient_not_found", [{"ingredient_id": ids["Rum"], "ingredient_name": "Gin"}]),
        ("ingredient_not_found", [{"ingredient_id": 99, "ingredient_name": "Gin"}]),
        ("unit_not_found", [gin | {"unit_id": 99}]),
        ("unit_not_found", [gin | {"unit_name": "barrel"}]),
        ("unit_not_found", [gin | {"unit_name": "oz", "unit_id": dash.id}]),
        ("duplicate_ingredient", [gin, gin]),
        ("duplicate_ingredient", [gin, {"ingredient_id": ids["Rum"]}, {"ingredient_name": "GIN"}]),
    ):
        new = draft(ingredients=lines)
        attempts: list[Callable[[], object]] = [
            lambda new=new: catalogue.recipes.create(new),
            lambda new=new: catalogue.recipes.replace(recipe_id, new),
            lambda new=new: catalogue.recipes.patch(recipe_id, {"ingredients": new.ingredients}),
        ]
        for attempt in attempts:
            with refused(catalogue, Invalid, code):
                attempt()
    assert [line.ingredient_id for line in catalogue.recipes.get(recipe_id).ingredients] == [ids["Gin"]]


def test_a_duplicate_name_is_refused_before_anything_is_written(catalogue: Catalogue) -> None:
    mix(catalogue, "Negroni")
    martini = mix(catalogue, "Martini")
    for attempt in (
        lambda: catalogue.recipes.create(draft(name="NEGRONI")),
        lambda: catalogue.recipes.replace(martini, draft(name="negroni")),
        lambda: catalogue.recipes.patch(martini, {"name": "negroni", "category": "x"}),
    ):
        with refused(catalogue, Conflict, "duplicate_name"):
            attempt()
    assert catalogue.recipes.get(martini).category is None


def test_a_change_is_refused_when_the_recipe_or_a_name_in_it_changed_since(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    recipe_id = mix(catalogue, "Martini", [ids["Gin"]])
    read = item_etag(catalogue.recipes.get(recipe_id))
    catalogue.ingredients.patch(ids["Gin"], {"name": "Dry Gin"})
    for attempt in (
        lambda: catalogue.recipes.replace(recipe_id, draft(), if_match=read),
        lambda: catalogue.recipes.patch(recipe_id, {"name": "Vesper"}, if_match=read),
        lambda: catalogue.recipes.delete(recipe_id, if_match=read),
    ):
        with refused(catalogue, PreconditionFailed, "precondition_failed"):
            attempt()
    catalogue.recipes.delete(recipe_id, if_match=item_etag(catalogue.recipes.get(recipe_id)))


def test_an_amount_is_kept_exactly(catalogue: Catalogue) -> None:
    amounts = [0.0, 1, 0.1, 1 / 3, 5e-324, 1e12]
    ids = grow(catalogue, {str(amount): {} for amount in amounts})
    lines = [{"ingredient_id": ids[str(amount)], "amount": amount} for amount in amounts]
    recipe_id = catalogue.recipes.create(draft(ingredients=lines)).id
    assert [line.amount for line in catalogue.recipes.get(recipe_id).ingredients] == amounts


@pytest.mark.parametrize("amount", [-1, -5e-324, math.nan, math.inf, -math.inf, 1e13, "1", "", True, [1]])
def test_an_amount_that_is_not_a_plain_positive_number_is_no_draft(amount: object) -> None:
    with pytest.raises(ValidationError):
        RecipeLineDraft.model_validate({"ingredient_id": 1, "amount": amount})


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x" * 201},
        {"name": "\ud800"},
        {"category": ""},
        {"category": "x" * 101},
        {"instructions": "a\x00b"},
        {"instructions": "x" * 50_001},
        {"source_url": "x" * 2_001},
        {"image_url": "\udc00"},
        {"ingredients": None},
        {"ingredients": [{}]},
        {"ingredients": [{"amount": 1}]},
        {"ingredients": [{"ingredient_id": 0}]},
        {"ingredients": [{"ingredient_id": MAX_ID + 1}]},
        {"ingredients": [{"ingredient_id": 1, "unit_id": "1"}]},
        {"ingredients": [{"ingredient_id": 1, "garnish": True}]},
        {"ingredients": [{"ingredient_id": number} for number in range(1, 202)]},
        {"colour": "red"},
    ],
)
def test_a_recipe_that_cannot_be_right_is_no_draft(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        draft(**fields)
