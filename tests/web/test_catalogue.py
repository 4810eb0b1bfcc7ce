"""Ingredients, recipes and units over HTTP, as somebody who edits a catalogue meets them."""

import pytest

from tests.web.problems import expect_problem

INGREDIENTS = "/api/v1/ingredients"
RECIPES = "/api/v1/recipes"
UNITS = "/api/v1/units"

NEGRONI = {
    "name": "Negroni",
    "category": "Aperitivo",
    "description": "Bitter.",
    "instructions": "Stir.",
    "source": "Florence",
    "source_url": "https://example.com/negroni",
    "image_url": "https://example.com/negroni.jpg",
}


def made(response):
    assert response.status_code == 201, response.text
    return response.json()


def changed(response):
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def gin(admin):
    return made(admin.post(INGREDIENTS, json={"name": "Gin", "description": "Juniper."}))


@pytest.fixture
def ounce(admin):
    return made(admin.post(UNITS, json={"name": "ounce", "abbreviation": "oz", "conversion_to_ml": 29.5735}))


@pytest.fixture
def negroni(admin, gin, ounce):
    lines = [{"ingredient_id": gin["id"], "amount": 1.5, "unit_id": ounce["id"]}]
    return made(admin.post(RECIPES, json=NEGRONI | {"ingredients": lines}))


def test_a_new_ingredient_is_found_where_the_answer_says(admin):
    response = admin.post(INGREDIENTS, json={"name": "  Old\u00a0 Tom  "})
    ingredient = made(response)
    path = f"/{ingredient['id']}/"
    expected = {"name": "Old Tom", "description": None, "parent_id": None, "path": path, "level": 0}
    assert ingredient == {"id": ingredient["id"], **expected}
    found = admin.get(response.headers["location"])
    assert (found.status_code, found.json()) == (200, ingredient)
    assert found.headers["etag"] == response.headers["etag"]


def test_a_new_recipe_is_found_where_the_answer_says(admin, gin, ounce):
    lines = [{"ingredient_name": "GIN", "amount": 2, "unit_name": "Oz"}]
    response = admin.post(RECIPES, json=NEGRONI | {"ingredients": lines})
    recipe = made(response)
    line = {"ingredient_id": gin["id"], "ingredient_name": "Gin", "amount": 2.0}
    line |= {"unit_id": ounce["id"], "unit_name": "ounce"}
    assert recipe == {"id": recipe["id"], **NEGRONI, "ingredients": [line]}
    found = admin.get(response.headers["location"])
    assert (found.json(), found.headers["etag"]) == (recipe, response.headers["etag"])


def test_a_unit_goes_by_name_or_abbreviation_in_any_case(admin, gin, ounce):
    spellings = ["ounce", "OUNCE", " Ounce ", "oz", "OZ"]
    found = []
    for number, spelling in enumerate(spellings):
        lines = [{"ingredient_id": gin["id"], "unit_name": spelling}]
        found += made(admin.post(RECIPES, json={"name": f"Martini {number}", "ingredients": lines}))["ingredients"]
    assert [line["unit_id"] for line in found] == [ounce["id"]] * len(spellings)


def test_the_lines_of_a_recipe_keep_their_order(admin):
    names = ["Vermouth", "Gin", "Absinthe", "Bitters"]
    for name in sorted(names):
        made(admin.post(INGREDIENTS, json={"name": name}))
    recipe = made(admin.post(RECIPES, json={"name": "Mix", "ingredients": [{"ingredient_name": n} for n in names]}))
    assert [line["ingredient_name"] for line in recipe["ingredients"]] == names
    swapped = admin.patch(f"{RECIPES}/{recipe['id']}", json={"ingredients": recipe["ingredients"][::-1]})
    assert [line["ingredient_name"] for line in changed(swapped)["ingredients"]] == names[::-1]


def test_put_replaces_the_whole_and_forgets_what_is_not_sent(admin, gin, negroni):
    assert changed(admin.put(f"{INGREDIENTS}/{gin['id']}", json={"name": "Genever"})) == gin | {
        "name": "Genever",
        "description": None,
    }
    nothing = dict.fromkeys(NEGRONI)
    replaced = changed(admin.put(f"{RECIPES}/{negroni['id']}", json={"name": "Empty"}))
    assert replaced == {"id": negroni["id"], **nothing, "name": "Empty", "ingredients": []}


def test_patch_changes_the_field_that_is_sent_and_no_other(admin, negroni):
    address = f"{RECIPES}/{negroni['id']}"
    for field, new in {**{name: f"New {name}" for name in NEGRONI}, "ingredients": []}.items():
        negroni = negroni | {field: new}
        assert changed(admin.patch(address, json={field: new})) == negroni
        assert admin.get(address).json() == negroni


def test_patching_with_null_clears_a_field(admin, negroni):
    for field in sorted(NEGRONI.keys() - {"name"}):
        negroni = negroni | {field: None}
        assert changed(admin.patch(f"{RECIPES}/{negroni['id']}", json={field: None})) == negroni


def test_patching_nothing_changes_nothing(admin, negroni, gin):
    assert changed(admin.patch(f"{RECIPES}/{negroni['id']}", json={})) == negroni
    assert changed(admin.patch(f"{INGREDIENTS}/{gin['id']}", json={})) == gin


def test_what_was_read_can_be_put_back_as_it_is(admin, negroni, gin):
    for address in (f"{RECIPES}/{negroni['id']}", f"{INGREDIENTS}/{gin['id']}"):
        read = admin.get(address)
        put = admin.put(address, json=read.json())
        assert changed(put) == read.json()
        assert put.headers["etag"] == read.headers["etag"]


def test_a_branch_moves_with_all_below_it_and_to_the_root_by_null(admin, gin):
    spirits = made(admin.post(INGREDIENTS, json={"name": "Spirits"}))
    dry = made(admin.post(INGREDIENTS, json={"name": "Dry gin", "parent_id": gin["id"]}))
    moved = changed(admin.patch(f"{INGREDIENTS}/{gin['id']}", json={"parent_id": spirits["id"]}))
    assert (moved["path"], moved["level"]) == (f"/{spirits['id']}/{gin['id']}/", 1)
    below = admin.get(f"{INGREDIENTS}/{dry['id']}").json()
    assert (below["path"], below["level"]) == (f"/{spirits['id']}/{gin['id']}/{dry['id']}/", 2)
    renamed = changed(admin.patch(f"{INGREDIENTS}/{gin['id']}", json={"name": "Genever"}))
    assert renamed["parent_id"] == spirits["id"]
    back = changed(admin.patch(f"{INGREDIENTS}/{gin['id']}", json={"parent_id": None}))
    assert (back["path"], back["level"]) == (f"/{gin['id']}/", 0)
    assert admin.get(f"{INGREDIENTS}/{dry['id']}").json()["path"] == f"/{gin['id']}/{dry['id']}/"


def test_deleting_answers_without_a_body_and_once(admin, gin, negroni):
    for address in (f"{RECIPES}/{negroni['id']}", f"{INGREDIENTS}/{gin['id']}"):
        response = admin.delete(address)
        assert (response.status_code, response.content) == (204, b"")
        expect_problem(admin.delete(address), 404, "not_found")
        expect_problem(admin.get(address), 404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_edit_of_what_has_changed_meanwhile_is_refused(admin, gin, negroni, method):
    body = {} if method == "DELETE" else {"json": {"name": "Mine"}}
    for address in (f"{RECIPES}/{negroni['id']}", f"{INGREDIENTS}/{gin['id']}"):
        read = admin.get(address).headers["etag"]
        changed(admin.patch(address, json={"description": "Somebody else was here."}))
        for stale in (read, '"nonsense"', f"W/{admin.get(address).headers['etag']}", ""):
            refused = admin.request(method, address, headers={"If-Match": stale}, **body)
            expect_problem(refused, 412, "precondition_failed")
        assert admin.get(address).json()["description"] == "Somebody else was here."


@pytest.mark.parametrize("condition", ["{}", "*", '"other", {}', '{} , "other"'])
def test_an_edit_of_what_was_read_goes_through(admin, gin, negroni, condition):
    for address in (f"{RECIPES}/{negroni['id']}", f"{INGREDIENTS}/{gin['id']}"):
        header = {"If-Match": condition.format(admin.get(address).headers["etag"])}
        edited = admin.patch(address, json={"description": "New."}, headers=header)
        assert changed(edited)["description"] == "New."
        assert edited.headers["etag"] == admin.get(address).headers["etag"]


def test_the_tag_of_a_recipe_covers_the_names_it_shows(admin, gin, negroni):
    before = admin.get(f"{RECIPES}/{negroni['id']}").headers["etag"]
    changed(admin.patch(f"{INGREDIENTS}/{gin['id']}", json={"name": "Genever"}))
    assert admin.get(f"{RECIPES}/{negroni['id']}").headers["etag"] != before


def test_units_are_listed_by_name(admin, ounce):
    dash = made(admin.post(UNITS, json={"name": "dash"}))
    assert dash == {"id": dash["id"], "name": "dash", "abbreviation": None, "conversion_to_ml": None}
    assert admin.get(UNITS).json() == {"items": [dash, ounce], "next_cursor": None}


@pytest.mark.parametrize(("address", "limit"), [(INGREDIENTS, 1), (INGREDIENTS, 3), (UNITS, 4), (RECIPES, 9)])
def test_the_pages_of_a_list_hold_everything_once_in_order(admin, address, limit):
    names = ["Äpfel", "Zimt", "apple", "Apple pie", "Öl", "zest", "日本", "9 Up", "e\u0301clair"]
    made_ids = {made(admin.post(address, json={"name": name}))["name"] for name in names}
    items, cursor = [], {}
    while cursor is not None:
        page = admin.get(address, params={"limit": limit, **cursor}).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    listed = [item["name"] for item in items]
    assert listed == sorted(made_ids)


def test_a_page_is_not_moved_by_what_is_added_and_removed_before_it(admin):
    ids = {name: made(admin.post(INGREDIENTS, json={"name": name}))["id"] for name in "BCDEF"}
    page = admin.get(INGREDIENTS, params={"limit": 2}).json()
    made(admin.post(INGREDIENTS, json={"name": "A"}))
    assert admin.delete(f"{INGREDIENTS}/{ids['C']}").status_code == 204
    rest = admin.get(INGREDIENTS, params={"cursor": page["next_cursor"]}).json()
    assert [item["name"] for item in rest["items"]] == ["D", "E", "F"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/healthz"), ("DELETE", INGREDIENTS), ("PATCH", UNITS), ("POST", f"{RECIPES}/1"), ("BREW", RECIPES)],
)
def test_a_method_that_an_address_does_not_take_is_a_problem(admin, method, path):
    response = admin.request(method, path)
    expect_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"]


@pytest.mark.parametrize("path", ["/nothing", "/api/v1", "/api/v2/recipes", "/api/v1/recipes/1/ingredients", "/%2e%2e"])
def test_an_address_that_nothing_answers_is_a_problem(admin, path):
    expect_problem(admin.get(path), 404, "not_found")
