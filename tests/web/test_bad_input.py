"""Well-formed requests that cannot be right: a stable code for each, and a catalogue that stays as it was."""

import base64
import json

import pytest

from parcook.catalogue.models import IngredientDraft, RecipeDraft, UnitDraft
from tests.web.problems import expect_problem

BASE = "/api/v1"
NO_ID = [0, -1, 999_999, 2**63, 10**30]
NO_NAME = ["", " ", "\u00a0\u2003", "x" * 201, "x" * 1_001, "a\x00b", "a\x1bb", "a\x85\x85\x7fb", "\ud800", "a\udfff"]
NO_TEXT = ["a\x00b", "\ud800", "x" * 50_001]
NO_AMOUNT = [-1, -1e-300, "NaN", "Infinity", "-Infinity", "1e999", "9" * 501, 1e13, '"1"', "true", "[]", "{}"]


@pytest.fixture(scope="module")
def stocked(standing):
    """Ingredient 1 `Gin` above 2 `Crème de Violette`, unit 1 `ounce` (`oz`), recipe 1 `Aviation`; asked as admin."""
    catalogue = standing.services.catalogue
    catalogue.ingredients.create(IngredientDraft(name="Gin"))
    catalogue.ingredients.create(IngredientDraft(name="Crème de Violette", parent_id=1))
    catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
    catalogue.recipes.create(RecipeDraft(name="Straße", ingredients=[{"ingredient_id": 2}]))
    catalogue.recipes.create(RecipeDraft(name="Aviation", ingredients=[{"ingredient_id": 1}]))
    standing.client.headers.update(standing.token("admin"))
    return standing


def refused(stocked, method, path, body, status, code):
    """What the problem says; `body` is JSON text, or a value to make it of."""
    before = stocked.services.catalogue.state().stamp
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    problem = expect_problem(stocked.client.request(method, BASE + path, content=text, headers=headers), status, code)
    assert stocked.services.catalogue.state().stamp == before
    return problem


def recipe(**line):
    return {"name": "New", "ingredients": [{"ingredient_id": 1, **line}]}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/ingredients/{}", {}),
        ("PUT", "/ingredients/{}", {"name": "New"}),
        ("PATCH", "/ingredients/{}", {"name": "New"}),
        ("DELETE", "/ingredients/{}", {}),
        ("GET", "/recipes/{}", {}),
        ("PUT", "/recipes/{}", {"name": "New"}),
        ("PATCH", "/recipes/{}", {"name": "New"}),
        ("DELETE", "/recipes/{}", {}),
    ],
)
@pytest.mark.parametrize("item_id", NO_ID)
def test_an_unknown_id_in_the_address_is_not_found(stocked, method, path, body, item_id):
    refused(stocked, method, path.format(item_id), body, 404, "not_found")


@pytest.mark.parametrize("item_id", ["abc", "1.5", "1e3", "0x1", "%00", "%ff", "%20", "null", "9" * 5_000], ids=str)
@pytest.mark.parametrize("kind", ["ingredients", "recipes"])
def test_an_address_without_an_id_is_invalid(stocked, kind, item_id):
    refused(stocked, "PATCH", f"/{kind}/{item_id}", {"name": "New"}, 422, "invalid")


@pytest.mark.parametrize("parent_id", [999_999, 2**63 - 1])
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/2"), ("PATCH", "/2")])
def test_an_unknown_parent_in_the_body_is_named(stocked, method, path, parent_id):
    body = {"name": "New", "parent_id": parent_id}
    refused(stocked, method, f"/ingredients{path}", body, 422, "parent_not_found")


@pytest.mark.parametrize("parent_id", [0, -1, 2**63, "9" * 501, 1.0, '"1"', "true", "1e999", "NaN", "[1]"], ids=str)
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/2"), ("PATCH", "/2")])
def test_a_parent_that_can_be_no_id_is_invalid(stocked, method, path, parent_id):
    refused(stocked, method, f"/ingredients{path}", f'{{"name": "New", "parent_id": {parent_id}}}', 422, "invalid")


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/2"), ("PATCH", "/2")])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"ingredient_id": 999_999}, "ingredient_not_found"),
        ({"ingredient_id": None, "ingredient_name": "Nothing"}, "ingredient_not_found"),
        ({"ingredient_name": "Crème de Violette"}, "ingredient_not_found"),
        ({"unit_id": 999_999}, "unit_not_found"),
        ({"unit_name": "nothing"}, "unit_not_found"),
        ({"unit_id": 999_999, "unit_name": "ounce"}, "unit_not_found"),
        ({"ingredient_id": None}, "invalid"),
        ({"ingredient_id": 0}, "invalid"),
        ({"ingredient_id": 2**63}, "invalid"),
        ({"unit_id": -1}, "invalid"),
        ({"unit_name": ""}, "invalid"),
    ],
    ids=str,
)
def test_a_line_that_leads_nowhere_is_refused(stocked, method, path, line, code):
    refused(stocked, method, f"/recipes{path}", recipe(**line), 422, code)


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/2"), ("PATCH", "/2")])
@pytest.mark.parametrize("amount", NO_AMOUNT, ids=str)
def test_an_amount_is_a_finite_number_not_below_zero(stocked, method, path, amount):
    body = f'{{"name": "New", "ingredients": [{{"ingredient_id": 1, "amount": {amount}}}]}}'
    refused(stocked, method, f"/recipes{path}", body, 422, "invalid")


@pytest.mark.parametrize("size", [*NO_AMOUNT, 0], ids=str)
def test_the_size_of_a_unit_is_a_finite_number_above_zero(stocked, size):
    refused(stocked, "POST", "/units", f'{{"name": "new", "conversion_to_ml": {size}}}', 422, "invalid")


@pytest.mark.parametrize(
    "second", [{"ingredient_id": 1}, {"ingredient_name": "Gin"}, {"ingredient_name": " gIN "}], ids=str
)
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/2"), ("PATCH", "/2")])
def test_a_recipe_lists_an_ingredient_once(stocked, method, path, second):
    body = {"name": "New", "ingredients": [{"ingredient_id": 1}, second]}
    refused(stocked, method, f"/recipes{path}", body, 422, "duplicate_ingredient")


def test_a_recipe_has_at_most_two_hundred_lines(stocked):
    lines = [{"ingredient_id": 1}] * 201
    refused(stocked, "POST", "/recipes", {"name": "New", "ingredients": lines}, 422, "invalid")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/ingredients"),
        ("PUT", "/ingredients/1"),
        ("PATCH", "/ingredients/1"),
        ("POST", "/recipes"),
        ("PUT", "/recipes/1"),
        ("PATCH", "/recipes/1"),
        ("POST", "/units"),
    ],
)
@pytest.mark.parametrize("name", [*NO_NAME, None, 1, True, ["x"], {"x": 1}], ids=lambda name: ascii(name)[:20])
def test_what_can_be_no_name_is_refused(stocked, method, path, name):
    refused(stocked, method, path, {"name": name}, 422, "invalid")


@pytest.mark.parametrize(
    ("path", "field"),
    [("/ingredients/1", "description"), ("/recipes/1", "instructions"), ("/recipes/1", "source_url")],
)
@pytest.mark.parametrize("text", [*NO_TEXT, 1, False, ["x"]], ids=lambda text: ascii(text)[:20])
def test_what_can_be_no_text_is_refused(stocked, path, field, text):
    refused(stocked, "PATCH", path, {field: text}, 422, "invalid")


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/ingredients", "Gin"),
        ("POST", "/ingredients", "gIN"),
        ("POST", "/ingredients", " \u00a0Gin\t"),
        ("POST", "/ingredients", "CRÈME DE VIOLETTE"),
        ("POST", "/ingredients", "Cre\u0300me  de\u00a0Violette"),
        ("POST", "/ingredients", "Ｇin".replace("Ｇ", "G")),
        ("PUT", "/ingredients/1", "crème de violette"),
        ("PATCH", "/ingredients/2", "GIN"),
        ("POST", "/recipes", "AVIATION"),
        ("POST", "/recipes", "STRASSE"),
        ("POST", "/recipes", "strasse"),
        ("PUT", "/recipes/2", "Strasse"),
        ("PATCH", "/recipes/1", "aviation"),
        ("POST", "/units", "OUNCE"),
        ("POST", "/units", "Oz"),
    ],
    ids=ascii,
)
def test_a_name_that_is_taken_in_another_spelling_is_a_conflict(stocked, method, path, name):
    refused(stocked, method, path, {"name": name}, 409, "duplicate_name")


def test_a_unit_may_not_take_an_abbreviation_that_means_another(stocked):
    refused(stocked, "POST", "/units", {"name": "new", "abbreviation": "OZ"}, 409, "duplicate_name")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("parent_id", [1, 2])
def test_an_ingredient_cannot_be_below_itself_or_its_own_branch(stocked, method, parent_id):
    refused(stocked, method, "/ingredients/1", {"name": "Gin", "parent_id": parent_id}, 409, "cycle")


@pytest.mark.parametrize(("item_id", "code"), [(1, "has_children"), (2, "in_use")])
def test_an_ingredient_that_is_needed_cannot_be_deleted(stocked, item_id, code):
    refused(stocked, "DELETE", f"/ingredients/{item_id}", {}, 409, code)


@pytest.mark.parametrize(
    "query", ["level=-1", "level=abc", "level=", "level=1.5", "level=NaN", "parent_id=abc", "parent_id=" + "9" * 5_000]
)
def test_a_view_by_what_is_no_number_is_invalid(stocked, query):
    refused(stocked, "GET", f"/analytics/ingredient-usage?{query}", {}, 422, "invalid")


@pytest.mark.parametrize("parent_id", [*NO_ID, "9" * 501], ids=str)
def test_a_view_below_an_unknown_ingredient_is_not_found(stocked, parent_id):
    refused(stocked, "GET", f"/analytics/ingredient-usage?parent_id={parent_id}", {}, 404, "not_found")


def encoded(position):
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


FORGED = [["a", 1.5], ["a", 2**63], ["a", True], ["a", 0], ["\x00", 1], ["\ud800", 1], [1, 1], ["a"], "ab", {"a": 1}, 7]
NO_CURSOR = ["", "zebra", "W10", "bnVsbA", "////", "%ff", "%00", "W" * 2_000, *map(encoded, FORGED)]


@pytest.mark.parametrize("kind", ["ingredients", "recipes", "units"])
@pytest.mark.parametrize("cursor", NO_CURSOR, ids=lambda cursor: cursor[:20])
def test_a_cursor_that_no_page_gave_out_is_refused(stocked, kind, cursor):
    refused(stocked, "GET", f"/{kind}?cursor={cursor}", {}, 422, "bad_cursor")


@pytest.mark.parametrize("kind", ["ingredients", "recipes", "units"])
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=-1", "limit=abc", "limit=1e1", "cursor=" + "W" * 2_001]
)
def test_a_page_of_an_absurd_size_is_refused(stocked, kind, query):
    refused(stocked, "GET", f"/{kind}?{query}", {}, 422, "invalid")
