"""A catalogue of 397 real recipes whose numbers were counted by walking parents in Python: all come back over HTTP."""

import json
from pathlib import Path

import pytest

from parcook.catalogue.importing import import_file
from tests.servers.missing import lacking
from tests.web.conftest import stand_up

FOLDER = Path(__file__).parents[3] / "shared/data/catalogue"
ANALYTICS = "/api/v1/analytics"


@pytest.fixture(scope="module")
def expected():
    if not FOLDER.is_dir():
        lacking("the development catalogue", f"put dev_catalogue.db and its expected numbers into {FOLDER}")
    return json.loads((FOLDER / "dev_catalogue_expected.json").read_text())


@pytest.fixture(scope="module")
def rows(expected):
    """Every usage row as the API must tell it, most used first."""
    counted = sorted(expected["ingredients"], key=lambda row: (-row["hierarchical_usage"], row["name"], row["id"]))
    return [
        {
            "ingredient_id": row["id"],
            "ingredient_name": row["name"],
            "parent_id": row["parent_id"],
            "path": row["path"],
            "level": row["level"],
            "recipe_count": row["hierarchical_usage"],
            "direct_usage": row["direct_usage"],
            "hierarchical_usage": row["hierarchical_usage"],
            "uses": sum(other["direct_usage"] for other in counted if other["path"].startswith(row["path"])),
            "has_children": row["has_children"],
            "children_preview": [other["name"] for other in counted if other["parent_id"] == row["id"]][:3],
        }
        for row in counted
    ]


@pytest.fixture(scope="module")
def ask(new_url, source, expected, tmp_path_factory):
    with stand_up(tmp_path_factory.mktemp("home"), new_url()) as opened:
        report = import_file(opened.services.catalogue, FOLDER / "dev_catalogue.db")
        assert report.ids_kept
        {"live": lambda: None, "stored": opened.services.refresher.refresh}[source]()

        def answer(name="ingredient-usage", **params):
            response = opened.client.get(f"{ANALYTICS}/{name}", params=params)
            assert response.status_code == 200, response.text
            metadata = response.json()["metadata"]
            assert (metadata["source"], metadata["total_recipes"]) == (source, expected["total_recipes"])
            return response.json()["data"]

        yield answer


def test_the_numbers_are_those_of_the_whole_file(expected, rows):
    assert (len(rows), expected["total_recipes"], expected["max_level"]) == (511, 397, 8)


def test_the_roots(ask, rows):
    assert ask() == [row for row in rows if row["parent_id"] is None]


def test_every_level(ask, rows, expected):
    for level in range(expected["max_level"] + 2):
        assert ask(level=level) == [row for row in rows if row["level"] == level]


def test_the_children_of_every_ingredient(ask, rows):
    for parent in rows:
        children = ask(parent_id=parent["ingredient_id"])
        assert children == [row for row in rows if row["parent_id"] == parent["ingredient_id"]]
        assert bool(children) == parent["has_children"]


def test_the_children_of_an_ingredient_at_a_level(ask, rows):
    for parent in [row for row in rows if row["has_children"]]:
        at_level = ask(parent_id=parent["ingredient_id"], level=parent["level"] + 1)
        assert at_level == ask(parent_id=parent["ingredient_id"])
        assert ask(parent_id=parent["ingredient_id"], level=parent["level"]) == []


def test_the_whole_tree(ask, rows):
    assert ask("ingredient-tree") == rows


def test_the_complexity_of_recipes(ask, expected):
    counted = {row["ingredient_count"]: row["recipe_count"] for row in ask("recipe-complexity")}
    assert counted == {int(size): recipes for size, recipes in expected["complexity"].items()}
    assert counted.get(0, 0) == expected["recipes_without_ingredients"]
