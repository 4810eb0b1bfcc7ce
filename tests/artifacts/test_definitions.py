"""What artifacts say: one builder for stored and live answers, its sentences and medians, and golden files."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parcook.artifacts.answers import Answers
from parcook.artifacts.definitions import DEFINITIONS_BY_NAME, Cooked, build_usage_view, encode
from parcook.artifacts.refresh import Refresher
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.hierarchy import measure_usage
from parcook.catalogue.store import Stamp
from tests.artifacts.catalogues import fill_random, fill_tiny, set_stamp
from tests.artifacts.conftest import ABOUT
from tests.artifacts.wholeness import NAMES

GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)


def cook(sizes: list[int]) -> Cooked:
    """A catalogue of one recipe per entry of `sizes`, with that many ingredients, of ten there are."""
    tree = [(number, f"Ingredient {number}", None) for number in range(10)]
    pairs = [(recipe, ingredient) for recipe, size in enumerate(sizes) for ingredient in range(size)]
    return Cooked(Stamp(7, "token"), measure_usage(tree, pairs, len(sizes)), NOON)


def complexity(sizes: list[int]) -> dict:
    return cook(sizes).envelope("recipe-complexity", "stored")


@pytest.mark.parametrize("name", NAMES)
def test_an_artifact_is_what_its_golden_file_says(catalogue, storage, name):
    fill_tiny(catalogue)
    set_stamp(catalogue, 7, "token")
    Refresher(catalogue, storage, ABOUT, clock=lambda: NOON).refresh()
    cooked = json.dumps(storage.get_analytics(name), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert cooked == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_every_artifact_has_a_golden_file_and_every_golden_file_an_artifact():
    assert {path.stem for path in GOLDEN.glob("*.json")} == DEFINITIONS_BY_NAME.keys()


@pytest.mark.parametrize("name", NAMES)
def test_live_and_stored_answers_differ_in_source_and_time_alone(catalogue, storage, name):
    fill_random(catalogue, seed=1)
    answers = Answers(catalogue, storage, on_gap=lambda: None)
    live = json.loads(answers.answer(name).body)
    Refresher(catalogue, storage, ABOUT).refresh()
    stored = storage.get_analytics(name)
    assert (live["metadata"].pop("source"), stored["metadata"].pop("source")) == ("live", "stored")
    assert live["metadata"].pop("generated_at") <= stored["metadata"].pop("generated_at")
    assert live == stored
    assert list(live["metadata"]) == list(stored["metadata"])


@pytest.mark.parametrize("name", NAMES)
def test_every_artifact_says_the_same_of_its_making(name):
    envelope = cook([1, 2]).envelope(name, "stored")
    assert envelope.keys() == {"data", "metadata"}
    assert isinstance(envelope["data"], list)
    assert isinstance(envelope["metadata"].pop("summary"), str)
    own = {key: envelope["metadata"].pop(key) for key in envelope["metadata"].keys() & {"median"}}
    assert bool(own) is (name == "recipe-complexity")
    assert envelope["metadata"] == {
        "analytics_type": name,
        "generated_at": "2025-01-15T12:00:00Z",
        "storage_version": "v1",
        "total_recipes": 2,
        "catalogue_version": 7,
        "source": "stored",
    }


def test_a_usage_row_has_the_documented_keys_and_types(sqlite_catalogue, storage):
    fill_tiny(sqlite_catalogue)
    Refresher(sqlite_catalogue, storage, ABOUT).refresh()
    for row in storage.get_analytics("ingredient-tree")["data"]:
        assert {key: type(value) for key, value in row.items() if key != "parent_id"} == {
            "ingredient_id": int,
            "ingredient_name": str,
            "path": str,
            "level": int,
            "recipe_count": int,
            "direct_usage": int,
            "hierarchical_usage": int,
            "uses": int,
            "has_children": bool,
            "children_preview": list,
        }
        assert row["recipe_count"] == row["hierarchical_usage"]
        assert (row["parent_id"] is None) is (row["level"] == 0)


def test_the_root_artifact_is_the_answer_of_the_queries(catalogue, storage):
    fill_random(catalogue, seed=2)
    Refresher(catalogue, storage, ABOUT).refresh()
    queries = AnalyticsQueries(catalogue)
    assert storage.get_analytics("ingredient-usage")["data"] == queries.get_ingredient_usage_stats()
    assert storage.get_analytics("recipe-complexity")["data"] == queries.get_recipe_complexity_distribution()


@pytest.mark.parametrize(
    ("sizes", "median"),
    [
        ([], None),
        ([0], 0),
        ([3], 3),
        ([1, 2, 9], 2),
        ([1, 2, 3, 9], 2.5),
        ([2, 4], 3),
        ([0, 0, 0, 5], 0),
        ([0, 1], 0.5),
    ],
)
def test_the_median_is_the_middle_recipe_or_the_mean_of_the_two_middle_ones(sizes, median):
    assert json.loads(encode(complexity(sizes)))["metadata"]["median"] == median


def test_a_whole_median_is_written_as_a_whole_number():
    assert b'"median":3,' in encode(complexity([2, 4]))


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ([], "There are no recipes yet."),
        ([3], "A typical recipe has 3 ingredients; 1 of 1 recipe has 3."),
        ([2, 3, 3], "A typical recipe has 3 ingredients; 2 of 3 recipes have 3."),
        ([2, 3], "A typical recipe has 2.5 ingredients; 1 of 2 recipes has 2."),
        ([4] * 1_500, "A typical recipe has 4 ingredients; 1,500 of 1,500 recipes have 4."),
    ],
)
def test_the_complexity_sentence_can_be_read_aloud(sizes, sentence):
    assert complexity(sizes)["metadata"]["summary"] == sentence


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ([], "Ingredient 0 is in 0 of 0 recipes."),
        ([1], "Ingredient 0 is in 1 of 1 recipe."),
        ([0, 1, 2], "Ingredient 0 is in 2 of 3 recipes."),
        ([1] * 1_500, "Ingredient 0 is in 1,500 of 1,500 recipes."),
    ],
)
def test_the_usage_sentence_names_the_most_used(sizes, sentence):
    assert cook(sizes).envelope("ingredient-usage", "live")["metadata"]["summary"] == sentence


def test_a_view_without_rows_says_so():
    assert build_usage_view([], 5).metadata == {"summary": "There are no ingredients here."}


def test_a_number_that_json_does_not_have_is_never_written():
    with pytest.raises(ValueError, match="JSON"):
        encode({"data": [float("nan")]})
