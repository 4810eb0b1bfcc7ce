"""Finding recipes over HTTP: by part of the name, by what is in them or not, by category."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.problems import expect_problem

SEARCH = "/api/v1/recipes/search"
TREE = {"Spirits": None, "Gin": "Spirits", "Dry Gin": "Gin", "Rum": "Spirits", "Crème": None, "Lime": None, "7": None}
RECIPES = {
    "Martini": ("Short", ["Dry Gin"]),
    "Gimlet": ("Short", ["Gin", "Lime"]),
    "Daiquiri": ("Short", ["Rum", "Lime"]),
    "Crème Brûlée": ("Dessert", ["Crème"]),
    "creme caramel": ("dessert", ["Crème", "Rum"]),
    "50% Punch": (None, ["Rum", "Gin", "Lime"]),
    "500 Punch": (None, ["Rum"]),
    "Snake_Bite": ("Long", []),
    "SnakeXBite": ("Long", ["7"]),
    "Straße": ("Long", ["Lime"]),
}


@pytest.fixture(scope="module")
def ids(standing):
    client = standing.client
    client.headers.update(standing.token("admin"))
    ids = {}
    for name, parent in TREE.items():
        ids[name] = client.post("/api/v1/ingredients", json={"name": name, "parent_id": ids.get(parent)}).json()["id"]
    for name, (category, contents) in RECIPES.items():
        lines = [{"ingredient_id": ids[ingredient]} for ingredient in contents]
        body = {"name": name, "category": category, "ingredients": lines}
        assert client.post("/api/v1/recipes", json=body).status_code == 201
    return ids


@pytest.fixture
def find(standing, ids):
    def names(**params):
        response = standing.client.get(SEARCH, params=params)
        assert response.status_code == 200, response.text
        return [recipe["name"] for recipe in response.json()["items"]]

    return names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gim", ["Gimlet"]),
        ("GIM", ["Gimlet"]),
        ("creme", ["Crème Brûlée", "creme caramel"]),
        ("CRÈME", ["Crème Brûlée", "creme caramel"]),
        ("bru\u0302le\u0301e", ["Crème Brûlée"]),
        ("0%", ["50% Punch"]),
        ("e_b", ["Snake_Bite"]),
        ("strasse", ["Straße"]),
        ("\\", []),
        ("nothing", []),
        ("' OR 1=1 --", []),
        ("", sorted(RECIPES)),
        ("  ", sorted(RECIPES)),
        (" punch ", ["50% Punch", "500 Punch"]),
    ],
)
def test_part_of_the_name_is_found_case_and_accents_aside(find, text, names):
    assert find(q=text) == names


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"ingredient": ["Gin"]}, ["50% Punch", "Gimlet", "Martini"]),
        ({"ingredient": ["gIN"]}, ["50% Punch", "Gimlet", "Martini"]),
        ({"ingredient": ["Spirits"]}, ["50% Punch", "500 Punch", "Daiquiri", "Gimlet", "Martini", "creme caramel"]),
        ({"ingredient": ["Dry Gin"]}, ["Martini"]),
        ({"ingredient": ["Gin", "Lime"]}, ["50% Punch", "Gimlet"]),
        ({"ingredient": ["Gin", "Rum"]}, ["50% Punch"]),
        ({"exclude": ["Spirits"]}, ["Crème Brûlée", "SnakeXBite", "Snake_Bite", "Straße"]),
        ({"ingredient": ["Lime"], "exclude": ["Gin"]}, ["Daiquiri", "Straße"]),
        ({"ingredient": ["Lime"], "exclude": ["Gin", "Rum"]}, ["Straße"]),
        ({"ingredient": ["Gin"], "exclude": ["Gin"]}, []),
        ({"category": "Dessert"}, ["Crème Brûlée", "creme caramel"]),
        ({"category": "SHORT"}, ["Daiquiri", "Gimlet", "Martini"]),
        ({"category": "Shor"}, []),
        ({"category": ""}, sorted(RECIPES)),
        ({"category": "Short", "ingredient": ["Lime"], "q": "i"}, ["Daiquiri", "Gimlet"]),
    ],
    ids=str,
)
def test_ingredients_mean_all_below_them_and_all_conditions_hold(find, params, names):
    assert find(**params) == names


def test_an_ingredient_goes_by_id_as_well_and_a_name_of_digits_is_a_name(find, ids):
    assert find(ingredient=[str(ids["Gin"])]) == find(ingredient=["Gin"])
    assert ids["7"] == 7
    assert find(ingredient=["7"]) == ["SnakeXBite"]


def test_the_items_are_whole_recipes(standing, ids):
    (found,) = standing.client.get(SEARCH, params={"q": "gimlet"}).json()["items"]
    assert found == standing.client.get(f"/api/v1/recipes/{found['id']}").json()
    assert [line["ingredient_name"] for line in found["ingredients"]] == ["Gin", "Lime"]


def test_the_pages_hold_every_match_once(standing, ids):
    found, cursor = [], {}
    while cursor is not None:
        page = standing.client.get(SEARCH, params={"exclude": "Crème", "limit": 3, **cursor}).json()
        found += [recipe["name"] for recipe in page["items"]]
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    assert found == [name for name in sorted(RECIPES) if "Crème" not in RECIPES[name][1]]


@pytest.mark.parametrize("condition", ["ingredient", "exclude"])
@pytest.mark.parametrize("value", ["Nothing", "0", "999999", "-1", "9" * 30, "", "x" * 1_000, "%", "Gi"])
def test_an_unknown_ingredient_is_refused(standing, ids, condition, value):
    expect_problem(standing.client.get(SEARCH, params={condition: value}), 422, "ingredient_not_found")


@pytest.mark.parametrize("parameter", ["q", "ingredient", "exclude", "category"])
@pytest.mark.parametrize("value", ["%00", "a%00b", "%ed%a0%80", "%ff", "%1b"])
def test_odd_bytes_are_no_outage(standing, ids, parameter, value):
    response = standing.client.get(f"{SEARCH}?{parameter}={value}")
    assert response.status_code in (200, 422), response.text
    assert response.json().get("items", []) == []


@pytest.mark.parametrize("parameter", ["q", "ingredient", "exclude", "category"])
def test_nul_which_no_database_can_hold_is_invalid(standing, ids, parameter):
    expect_problem(standing.client.get(f"{SEARCH}?{parameter}=a%00b"), 422, "invalid")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q", "ingredient", "exclude", "category", "cursor", "limit"]), st.binary(max_size=8)
        ),
        max_size=4,
    )
)
def test_any_bytes_in_any_parameter_get_an_answer(standing, ids, parameters):
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters)
    response = standing.client.get(f"{SEARCH}?{query}")
    assert response.status_code in (200, 422), response.text


@pytest.mark.parametrize(
    "query",
    [
        *("q=" + "x" * 201, "category=" + "x" * 201, "cursor=" + "x" * 2_001),
        *("limit=0", "limit=201", "limit=-1", "limit=many", "limit=1.5", "limit="),
        *("&".join(["ingredient=Gin"] * 21), "&".join(["exclude=Gin"] * 21)),
    ],
)
def test_an_absurd_search_is_refused(standing, ids, query):
    expect_problem(standing.client.get(f"{SEARCH}?{query}"), 422, "invalid")


def cursor_of(payload):
    return base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("zebra", "", "=", "%", "é", "\x00", cursor_of("ab"), cursor_of(None), cursor_of({"a": 1, "b": 2})),
        *(cursor_of([]), cursor_of(["a"]), cursor_of(["a", "1"]), cursor_of([1, 1]), cursor_of(["a", 1, 1])),
        *(cursor_of(["a", 0]), cursor_of(["a", 2**63]), cursor_of(["a", 1.0]), cursor_of(["a", True])),
        *(cursor_of(["a\x00", 1]), cursor_of(["\ud800", 1])),
    ],
)
def test_a_cursor_that_no_page_gave_out_is_refused(standing, ids, cursor):
    expect_problem(standing.client.get(SEARCH, params={"cursor": cursor}), 422, "bad_cursor")


def test_a_cursor_goes_on_behind_its_recipe_even_if_that_is_gone(standing, ids, find):
    assert find(cursor=cursor_of(["Gimlet", 10**6])) == [name for name in sorted(RECIPES) if name > "Gimlet"]
