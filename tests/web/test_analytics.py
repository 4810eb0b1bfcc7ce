"""What catalogue analytics say over HTTP: stored and live alike, every number counted by hand."""

import re

import pytest

from tests.web.problems import expect_problem
from tests.web.stocking import COMPLEXITY, usage_rows

ANALYTICS = "/api/v1/analytics"
USAGE = f"{ANALYTICS}/ingredient-usage"
COMMON = ["analytics_type", "generated_at", "storage_version", "total_recipes", "catalogue_version", "source"]


def ask(client, path=USAGE, **params):
    response = client.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


VIEWS = [
    ({}, ["Spirits", "Juice"]),
    ({"level": 0}, ["Spirits", "Juice"]),
    ({"level": 1}, ["Gin", "Lime", "Rum"]),
    ({"level": 2}, ["Dry gin"]),
    ({"level": 3}, []),
    ({"level": 10**30}, []),
    ({"parent_id": "Spirits"}, ["Gin", "Rum"]),
    ({"parent_id": "Gin"}, ["Dry gin"]),
    ({"parent_id": "Lime"}, []),
    ({"parent_id": "Spirits", "level": 1}, ["Gin", "Rum"]),
    ({"parent_id": "Spirits", "level": 0}, []),
    ({"parent_id": "Spirits", "level": 2}, []),
    ({"parent_id": "Gin", "level": 2}, ["Dry gin"]),
]


@pytest.mark.parametrize(("view", "names"), VIEWS, ids=str)
def test_a_view_has_exactly_these_rows_in_this_order(reader, answering, ids, source, view, names):
    params = {key: ids.get(value, value) for key, value in view.items()}
    answer = ask(reader, **params)
    assert answer["data"] == usage_rows(ids, *names)
    assert list(answer["metadata"]) == [*COMMON, "summary"]
    assert answer["metadata"] | {"generated_at": 0, "summary": 0} == {
        "analytics_type": "ingredient-usage",
        "generated_at": 0,
        "storage_version": "v1",
        "total_recipes": 6,
        "catalogue_version": answering.services.catalogue.state().stamp.version,
        "source": source,
        "summary": 0,
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer["metadata"]["generated_at"])


def test_the_summary_is_a_sentence_about_the_first_row(reader, ids):
    assert ask(reader)["metadata"]["summary"] == "Spirits is in 5 of 6 recipes."
    assert ask(reader, parent_id=ids["Spirits"])["metadata"]["summary"] == "Gin is in 4 of 6 recipes."
    assert ask(reader, level=9)["metadata"]["summary"] == "There are no ingredients here."


def test_complexity_counts_recipes_by_distinct_ingredients(reader, ids, source):
    answer = ask(reader, f"{ANALYTICS}/recipe-complexity")
    assert answer["data"] == [{"ingredient_count": size, "recipe_count": n} for size, n in COMPLEXITY.items()]
    assert list(answer["metadata"]) == [*COMMON, "median", "summary"]
    assert (answer["metadata"]["median"], answer["metadata"]["source"]) == (2, source)
    assert answer["metadata"]["total_recipes"] == sum(COMPLEXITY.values())


def test_the_tree_holds_every_ingredient_flat(reader, ids):
    rows = ask(reader, f"{ANALYTICS}/ingredient-tree")["data"]
    expected = usage_rows(ids, "Spirits", "Gin", "Juice", "Lime", "Dry gin", "Rum")
    assert rows == expected


def test_an_empty_catalogue_has_empty_answers(client):
    for name in ("ingredient-usage", "ingredient-tree", "recipe-complexity"):
        answer = ask(client, f"{ANALYTICS}/{name}")
        assert (answer["data"], answer["metadata"]["total_recipes"]) == ([], 0)
    assert answer["metadata"]["median"] is None


def test_an_unknown_artifact_is_not_found(reader, ids):
    for name in ("nothing", "ingredient-usage.json", "Ingredient-Usage", "manifest", "%00", "..%2fmanifest"):
        expect_problem(reader.get(f"{ANALYTICS}/{name}"), 404, "not_found")
