"""Many items in one request: all of them, or none and every fault."""

from typing import Any

from parcook.catalogue.models import UnitDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import Invalid
from tests.catalogue.making import grow, mix, paths, refused


def faults(caught: Any) -> list[tuple[int, str | None, str]]:
    return [(error["index"], error["name"], error["code"]) for error in caught.value.errors]


def test_parents_may_stand_in_the_same_request_in_any_order(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Spirits": {}})
    created = catalogue.bulk.create_ingredients(
        [
            {"name": "Small Batch", "parent_name": "BOURBON"},
            {"name": "Bourbon", "parent_name": " whiskey "},
            {"name": "Sloe Gin", "parent_name": "Gin", "description": "Red."},
            {"name": "Gin", "parent_id": ids["Spirits"]},
            {"name": "Whiskey", "parent_name": "spirits"},
            {"name": "Water"},
        ]
    )
    assert [item.name for item in created] == ["Small Batch", "Bourbon", "Sloe Gin", "Gin", "Whiskey", "Water"]
    by_name = {item.name: item for item in created}
    spirits, whiskey, bourbon = ids["Spirits"], by_name["Whiskey"].id, by_name["Bourbon"].id
    assert by_name["Small Batch"].path == f"/{spirits}/{whiskey}/{bourbon}/{by_name['Small Batch'].id}/"
    assert (by_name["Small Batch"].level, by_name["Water"].level) == (3, 0)
    assert by_name["Sloe Gin"].description == "Red."
    assert paths(catalogue) == {"Spirits": f"/{spirits}/"} | {item.name: item.path for item in created}


def test_every_faulty_ingredient_is_named_and_none_is_written(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}})
    with refused(catalogue, Invalid, "bulk_invalid") as caught:
        catalogue.bulk.create_ingredients(
            [
                {"name": "Fine"},
                {"name": "gin"},
                {"name": "Rum", "parent_name": "Nowhere"},
                {"name": "Rum"},
                {"name": "Vodka", "parent_id": 99},
                {"name": ""},
                {"description": "nameless"},
                "not an object",
                None,
                {"name": "Both", "parent_id": 1, "parent_name": "Gin"},
                {"name": "Snake", "parent_name": "Tail"},
                {"name": "Tail", "parent_name": "Snake"},
                {"name": "Below Snake", "parent_name": "Tail"},
                {"name": "Self", "parent_name": "self"},
                {"name": "sur\ud800rogate"},
                {"name": 7},
            ]
        )
    assert faults(caught) == [
        (1, "gin", "duplicate_name"),
        (2, "Rum", "parent_not_found"),
        (3, "Rum", "duplicate_name"),
        (4, "Vodka", "parent_not_found"),
        (5, "", "invalid"),
        (6, None, "invalid"),
        (7, None, "invalid"),
        (8, None, "invalid"),
        (9, "Both", "invalid"),
        (10, "Snake", "invalid"),
        (11, "Tail", "invalid"),
        (12, "Below Snake", "invalid"),
        (13, "Self", "invalid"),
        (14, "sur?rogate", "invalid"),
        (15, None, "invalid"),
    ]
    assert all(error["message"] for error in caught.value.errors)
    assert "15 ingredient(s)" in caught.value.detail


def test_every_faulty_recipe_is_named_and_none_is_written(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}})
    mix(catalogue, "Martini")
    gin = {"ingredient_id": ids["Gin"]}
    with refused(catalogue, Invalid, "bulk_invalid") as caught:
        catalogue.bulk.create_recipes(
            [
                {"name": "Fine", "ingredients": [gin]},
                {"name": "MARTINI"},
                {"name": "Gimlet"},
                {"name": "gimlet"},
                {"name": "a", "ingredients": [{"ingredient_name": "Vodka"}]},
                {"name": "b", "ingredients": [gin | {"unit_name": "barrel"}]},
                {"name": "c", "ingredients": [gin, {"ingredient_name": "GIN"}]},
                {"name": "d", "ingredients": [gin | {"amount": -1}]},
                {"name": "e", "ingredients": [gin | {"amount": float("nan")}]},
                {"name": "f", "ingredients": [{"ingredient_id": 99}]},
                {"name": "g", "ingredients": "gin"},
                {"name": "martini", "ingredients": [{"ingredient_id": 99}]},
                [],
            ]
        )
    assert faults(caught) == [
        (1, "MARTINI", "duplicate_name"),
        (3, "gimlet", "duplicate_name"),
        (4, "a", "ingredient_not_found"),
        (5, "b", "unit_not_found"),
        (6, "c", "duplicate_ingredient"),
        (7, "d", "invalid"),
        (8, "e", "invalid"),
        (9, "f", "ingredient_not_found"),
        (10, "g", "invalid"),
        (11, "martini", "duplicate_name"),
        (11, "martini", "ingredient_not_found"),
        (12, None, "invalid"),
    ]
    assert catalogue.counts()["recipes"] == 1


def test_bulk_recipes_come_back_in_their_order_with_their_lines(catalogue: Catalogue) -> None:
    grow(catalogue, {"Gin": {}, "Campari": {}})
    catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
    created = catalogue.bulk.create_recipes(
        [
            {"name": "Z", "ingredients": [{"ingredient_name": "campari"}, {"ingredient_name": "GIN", "amount": 2}]},
            {"name": "A", "ingredients": [{"ingredient_id": 1, "unit_name": "OZ"}], "category": "Aperitivo"},
            {"name": "M"},
        ]
    )
    assert [recipe.name for recipe in created] == ["Z", "A", "M"]
    assert [line.ingredient_name for line in created[0].ingredients] == ["Campari", "Gin"]
    assert (created[1].ingredients[0].unit_name, created[1].category) == ("ounce", "Aperitivo")
    assert [recipe.name for recipe in catalogue.recipes.list().items] == ["A", "M", "Z"]
    assert [catalogue.recipes.get(recipe.id) for recipe in created] == created


def test_a_thousand_items_go_in_at_once(catalogue: Catalogue) -> None:
    tree = [{"name": f"i{number}", "parent_name": f"i{number // 10}"} for number in range(1_000, 0, -1)]
    tree[-1].pop("parent_name")
    tree[-9:-1] = [{"name": item["name"], "parent_name": "i1"} for item in tree[-9:-1]]
    made = catalogue.bulk.create_ingredients(tree)
    assert len({item.id for item in made}) == 1_000
    assert made[0].level == 3
    ids = [item.id for item in made]
    lines = [[{"ingredient_id": ids[(number * 7 + step) % 1_000]} for step in range(6)] for number in range(1_000)]
    recipes = [{"name": f"r{number}", "ingredients": lines[number]} for number in range(1_000)]
    created = catalogue.bulk.create_recipes(recipes)
    assert [recipe.name for recipe in created] == [f"r{number}" for number in range(1_000)]
    assert [line.ingredient_id for line in created[999].ingredients] == [line["ingredient_id"] for line in lines[999]]
    assert catalogue.counts() == {"recipes": 1_000, "ingredients": 1_000}


def test_nothing_at_all_is_created_from_an_empty_request(catalogue: Catalogue) -> None:
    before = catalogue.state()
    assert catalogue.bulk.create_ingredients([]) == []
    assert catalogue.bulk.create_recipes([]) == []
    assert catalogue.counts() == {"recipes": 0, "ingredients": 0}
    assert catalogue.state() == before


def test_items_too_deep_in_the_tree_are_named(catalogue: Catalogue) -> None:
    grow(catalogue, {"0": {"1": {}}})
    chain = [{"name": str(level), "parent_name": str(level - 1)} for level in range(2, 102)]
    with refused(catalogue, Invalid, "bulk_invalid") as caught:
        catalogue.bulk.create_ingredients(chain)
    assert faults(caught) == [(98, "100", "invalid"), (99, "101", "invalid")]
    assert catalogue.bulk.create_ingredients(chain[:98])[-1].level == 99
