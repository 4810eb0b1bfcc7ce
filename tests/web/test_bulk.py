"""Bulk requests over HTTP: all or nothing, and every fault told at once."""

import pytest

from tests.web.problems import expect_problem

INGREDIENTS = "/api/v1/ingredients/bulk"
RECIPES = "/api/v1/recipes/bulk"


def put_in(client):
    """`Gin`, the unit `ounce` (`oz`) and the recipe `Martini`."""
    gin = client.post("/api/v1/ingredients", json={"name": "Gin"}).json()
    client.post("/api/v1/units", json={"name": "ounce", "abbreviation": "oz"})
    client.post("/api/v1/recipes", json={"name": "Martini", "ingredients": [{"ingredient_id": gin["id"]}]})
    return client


@pytest.fixture
def stocked(admin):
    return put_in(admin)


@pytest.fixture(scope="module")
def refusing(standing):
    """The same catalogue for requests that leave it as it is."""
    standing.client.headers.update(standing.token("admin"))
    put_in(standing.client)
    return standing


def faults(response):
    errors = expect_problem(response, 422, "bulk_invalid")["errors"]
    assert all(error.keys() == {"index", "name", "code", "message"} for error in errors)
    return [(error["index"], error["name"], error["code"]) for error in errors]


def test_parents_may_stand_in_the_same_request_in_any_order(stocked):
    items = [
        {"name": "Dry gin", "parent_name": "GIN", "description": "Dry."},
        {"name": "Islay", "parent_name": "Scotch"},
        {"name": "Scotch", "parent_name": "whisky"},
        {"name": "Whisky"},
        {"name": "Old Tom", "parent_id": 1},
    ]
    response = stocked.post(INGREDIENTS, json={"ingredients": items})
    assert response.status_code == 201, response.text
    created = response.json()["created"]
    by_name = {item["name"]: item["id"] for item in created} | {"Gin": 1}
    assert [item["name"] for item in created] == [item["name"] for item in items]
    parents = [by_name["Gin"], by_name["Scotch"], by_name["Whisky"], None, by_name["Gin"]]
    assert [item["parent_id"] for item in created] == parents
    assert [item["level"] for item in created] == [1, 2, 1, 0, 1]
    assert created[0]["description"] == "Dry."
    assert stocked.get(f"/api/v1/ingredients/{created[1]['id']}").json() == created[1]


def test_recipes_name_ingredients_and_units_in_any_case_or_by_id(stocked):
    items = [
        {"name": "A", "category": "x", "ingredients": [{"ingredient_name": "gIN", "amount": 0.5, "unit_name": "OZ"}]},
        {"name": "B", "ingredients": [{"ingredient_id": 1, "unit_id": 1}]},
        {"name": "C"},
    ]
    response = stocked.post(RECIPES, json={"recipes": items})
    assert response.status_code == 201, response.text
    created = response.json()["created"]
    line = {"ingredient_id": 1, "ingredient_name": "Gin", "amount": None, "unit_id": 1, "unit_name": "ounce"}
    assert [item["ingredients"] for item in created] == [[line | {"amount": 0.5}], [line], []]
    assert [stocked.get(f"/api/v1/recipes/{item['id']}").json() for item in created] == created


def test_every_faulty_ingredient_is_named_and_none_is_written(refusing):
    before = refusing.services.catalogue.state().stamp
    items = [
        {"name": "Good"},
        {"name": " gIN "},
        {"name": "Twice"},
        {"name": "TWICE"},
        {"name": "Lost", "parent_name": "Nowhere"},
        {"name": "Lost too", "parent_id": 999_999},
        {"name": "Hen", "parent_name": "Egg"},
        {"name": "Egg", "parent_name": "Hen"},
        {"name": "Own", "parent_name": "own"},
        {"name": ""},
        {"name": 7},
        {"name": "Odd", "colour": "green"},
        {"name": "Both", "parent_id": 1, "parent_name": "Gin"},
        "no object",
    ]
    assert faults(refusing.client.post(INGREDIENTS, json={"ingredients": items})) == [
        (1, "gIN", "duplicate_name"),
        (3, "TWICE", "duplicate_name"),
        (4, "Lost", "parent_not_found"),
        (5, "Lost too", "parent_not_found"),
        (6, "Hen", "invalid"),
        (7, "Egg", "invalid"),
        (8, "Own", "invalid"),
        (9, "", "invalid"),
        (10, None, "invalid"),
        (11, "Odd", "invalid"),
        (12, "Both", "invalid"),
        (13, None, "invalid"),
    ]
    assert refusing.services.catalogue.state().stamp == before


def test_every_faulty_recipe_is_named_and_none_is_written(refusing):
    before = refusing.services.catalogue.state().stamp
    gin = {"ingredient_id": 1}
    items = [
        {"name": "Good", "ingredients": [gin]},
        {"name": "MARTINI"},
        {"name": "Good "},
        {"name": "A", "ingredients": [{"ingredient_name": "Nothing"}]},
        {"name": "B", "ingredients": [gin, {"ingredient_id": 999_999}]},
        {"name": "C", "ingredients": [gin | {"unit_name": "nothing"}]},
        {"name": "D", "ingredients": [gin | {"unit_id": 999_999}]},
        {"name": "E", "ingredients": [gin, {"ingredient_name": "gin"}]},
        {"name": "F", "ingredients": [gin | {"amount": -1}]},
        {"name": "G", "ingredients": [{}]},
        {"name": "H", "ingredients": [gin] * 201},
    ]
    assert faults(refusing.client.post(RECIPES, json={"recipes": items})) == [
        (1, "MARTINI", "duplicate_name"),
        (2, "Good", "duplicate_name"),
        (3, "A", "ingredient_not_found"),
        (4, "B", "ingredient_not_found"),
        (5, "C", "unit_not_found"),
        (6, "D", "unit_not_found"),
        (7, "E", "duplicate_ingredient"),
        (8, "F", "invalid"),
        (9, "G", "invalid"),
        (10, "H", "invalid"),
    ]
    assert refusing.services.catalogue.state().stamp == before


HOSTILE = {
    "a lone surrogate": r'{"name": "\ud800"}',
    "half a character in a field": r'{"name": "x", "\ud800": 1}',
    "NUL": r'{"name": "a\u0000b"}',
    "not a number": '{"name": NaN}',
    "a name of two megabytes": '{"name": "' + "x" * 2_000_000 + '"}',
    "a field of two megabytes": '{"name": "x", "' + "y" * 2_000_000 + '": 1}',
    "an integer of 501 digits": '{"name": ' + "9" * 501 + "}",
    "100 brackets": "[" * 100 + "]" * 100,
}


@pytest.mark.parametrize("kind", ["ingredients", "recipes"])
@pytest.mark.parametrize("item", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_item_is_one_short_fault(refusing, kind, item):
    before = refusing.services.catalogue.state().stamp
    response = refusing.client.post(
        f"/api/v1/{kind}/bulk", content=f'{{"{kind}": [{item}]}}', headers={"Content-Type": "application/json"}
    )
    assert [(index, code) for index, _, code in faults(response)] == [(0, "invalid")]
    assert len(response.content) < 2_000
    assert refusing.services.catalogue.state().stamp == before


@pytest.mark.parametrize("kind", ["ingredients", "recipes"])
@pytest.mark.parametrize("items", [[], [{"name": "x"}] * 1_001, None, {}, "x"], ids=lambda items: repr(items)[:20])
def test_a_request_has_one_to_a_thousand_items(refusing, kind, items):
    before = refusing.services.catalogue.state().stamp
    expect_problem(refusing.client.post(f"/api/v1/{kind}/bulk", json={kind: items}), 422, "invalid")
    expect_problem(refusing.client.post(f"/api/v1/{kind}/bulk", json={}), 422, "invalid")
    assert refusing.services.catalogue.state().stamp == before


def test_a_thousand_items_are_taken_in_one_request(stocked):
    names = [f"Item {number}" for number in range(1_000)]
    chain = [{"name": name, "parent_name": "Gin"} for name in names]
    created = stocked.post(INGREDIENTS, json={"ingredients": chain}).json()["created"]
    assert [item["name"] for item in created] == names
    recipes = [{"name": name, "ingredients": [{"ingredient_name": name}]} for name in names]
    assert stocked.post(RECIPES, json={"recipes": recipes}).status_code == 201
    rows = stocked.get("/api/v1/analytics/ingredient-usage").json()["data"]
    assert [(row["ingredient_name"], row["hierarchical_usage"]) for row in rows] == [("Gin", 1_001)]
