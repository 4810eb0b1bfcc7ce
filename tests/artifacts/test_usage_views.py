"""Narrower views: slices of one tree, from storage while it is current, else computed."""

import json
import time

import pytest

from parcook.artifacts.answers import MAX_AGE_S, Answers
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.store import Catalogue
from parcook.errors import Invalid, NotFound
from tests.artifacts.catalogues import add_recipe, fill_random
from tests.artifacts.waiting import wait_until
from tests.artifacts.watched import Refusing, watch
from tests.artifacts.wholeness import stored_bytes, stored_manifest


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def answers(sqlite_catalogue: Catalogue, storage: AnalyticsStorage, told: list[str]) -> Answers:
    fill_random(sqlite_catalogue, seed=3)
    return make_answers(sqlite_catalogue, storage, told)


def make_answers(catalogue: Catalogue, storage: AnalyticsStorage, told: list[str]) -> Answers:
    return Answers(catalogue, storage, on_gap=lambda: told.append("gap"), on_degraded=lambda: told.append("degraded"))


def view(answers: Answers, level: int | None = None, parent_id: int | None = None) -> dict:
    return json.loads(answers.usage_view(level, parent_id).body)


def check_all_views(answers: Answers, catalogue: Catalogue, source: str) -> int:
    """Every level, every parent and both together are what the queries say; returns how many rows were seen."""
    queries, seen = AnalyticsQueries(catalogue), 0
    tree = queries.measure()[1].rows
    levels = [None, *range(max(row["level"] for row in tree) + 3)]
    for parent_id in [None, *(row["ingredient_id"] for row in tree)]:
        for level in levels:
            answered = view(answers, level, parent_id)
            assert answered["data"] == queries.get_ingredient_usage_stats(level, parent_id), (level, parent_id)
            assert answered["metadata"]["source"] == source
            seen += len(answered["data"])
    return seen


def test_live_views_are_what_the_queries_say(catalogue, storage):
    fill_random(catalogue, seed=4, ingredients=25)
    assert check_all_views(make_answers(catalogue, storage, []), catalogue, "live") > 50


def test_stored_views_are_what_the_queries_say(catalogue, storage, refresher):
    fill_random(catalogue, seed=5, ingredients=25)
    refresher.refresh()
    assert check_all_views(make_answers(catalogue, storage, []), catalogue, "stored") > 50


def test_a_level_below_the_tree_is_empty_and_says_so(answers, sqlite_refresher):
    sqlite_refresher.refresh()
    for empty in (view(answers, level=99), view(answers, 0, 1), view(answers, 10**12)):
        assert empty["data"] == []
        assert empty["metadata"]["summary"] == "There are no ingredients here."


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "live"])
def test_views_that_cannot_be_are_refused(answers, sqlite_refresher, is_stored):
    if is_stored:
        sqlite_refresher.refresh()
    for level, parent_id in ((-1, None), (-1, 1), (-1, 10**6)):
        with pytest.raises(Invalid):
            answers.usage_view(level, parent_id)
    for level, parent_id in ((None, 10**6), (0, 0), (99, -1), (None, 2**70)):
        with pytest.raises(NotFound):
            answers.usage_view(level, parent_id)


def test_a_view_has_the_same_envelope_as_the_root(answers, sqlite_refresher):
    sqlite_refresher.refresh()
    root = json.loads(answers.answer("ingredient-usage").body)
    assert view(answers, level=0) == root
    assert view(answers, level=1)["metadata"].keys() == root["metadata"].keys()


def test_root_and_drill_down_agree(answers, sqlite_refresher):
    sqlite_refresher.refresh()
    root = json.loads(answers.answer("ingredient-usage").body)
    for row in root["data"]:
        below = view(answers, parent_id=row["ingredient_id"])
        assert below["metadata"]["catalogue_version"] == root["metadata"]["catalogue_version"]
        assert below["metadata"]["generated_at"] == root["metadata"]["generated_at"]
        assert [child["ingredient_name"] for child in below["data"]][:3] == row["children_preview"]
        assert bool(below["data"]) is row["has_children"]
        assert sum(child["uses"] for child in below["data"]) + row["direct_usage"] == row["uses"]
        assert all(child["hierarchical_usage"] <= row["hierarchical_usage"] for child in below["data"])


def test_right_after_a_write_a_view_is_fresh_and_after_a_refresh_it_is_stored(
    answers, sqlite_catalogue, storage, sqlite_refresher, told
):
    sqlite_refresher.refresh()
    assert view(answers, level=1)["metadata"]["source"] == "stored"
    add_recipe(sqlite_catalogue, "New", "Ingredient 1", "Ingredient 2")
    fresh = view(answers, level=1)
    assert fresh["metadata"]["source"] == "live"
    assert fresh["metadata"]["catalogue_version"] == sqlite_catalogue.state().stamp.version
    assert fresh["data"] == AnalyticsQueries(sqlite_catalogue).get_ingredient_usage_stats(1)
    assert view(make_answers(sqlite_catalogue, storage, told), level=1)["data"] == fresh["data"]
    sqlite_refresher.refresh()
    assert wait_until(lambda: view(answers, level=1)["metadata"]["source"] == "stored") < MAX_AGE_S + 0.5
    assert view(answers, level=1)["data"] == fresh["data"]
    assert told == []


def test_storage_that_refuses_makes_a_view_live_and_degraded(
    sqlite_catalogue, storage, sqlite_refresher, answers, told, caplog
):
    sqlite_refresher.refresh()
    refusing = Refusing("get")
    degraded = make_answers(sqlite_catalogue, watch(storage, refusing), told)
    for _ in range(3):
        assert view(degraded, level=1)["metadata"]["degraded"] is True
        assert view(degraded, level=1)["metadata"]["source"] == "live"
    assert (told.count("degraded"), "gap" in told) == (1, True)
    assert "stored artifact unusable" in caplog.text
    refusing.verbs.clear()
    assert wait_until(lambda: view(degraded, level=1)["metadata"]["source"] == "stored") < MAX_AGE_S + 0.5
    assert "degraded" not in view(degraded, level=1)["metadata"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: None,
        lambda body: body[:-5],
        lambda body: b"[]",
        lambda body: body.replace(b'"data":[{', b'"data":[1,{'),
        lambda body: body.replace(b'"parent_id":', b'"parent":'),
        lambda body: body.replace(b'"total_recipes":', b'"recipes":'),
        lambda body: body.replace(b'"hierarchical_usage":', b'"hierarchical_usage":1'),
    ],
    ids=["gone", "truncated", "a list", "a row that is none", "rows without a key", "without a total", "other numbers"],
)
def test_a_tree_file_that_is_not_what_the_manifest_names_is_never_served(
    answers, sqlite_catalogue, storage, sqlite_refresher, told, spoil
):
    sqlite_refresher.refresh()
    key = storage.key(stored_manifest(storage)["views"]["ingredient-tree"]["path"])
    spoilt = spoil(storage.objects.get(key).body)
    storage.objects.delete(key)
    if spoilt is not None:
        storage.objects.put(key, spoilt)
    answered = view(answers, level=1)
    assert answered["data"] == AnalyticsQueries(sqlite_catalogue).get_ingredient_usage_stats(1)
    assert (answered["metadata"]["source"], answered["metadata"]["degraded"]) == ("live", True)
    assert sorted(told) == ["degraded", "gap"]
    sqlite_refresher.refresh(force=True)
    assert view(make_answers(sqlite_catalogue, storage, told), level=1)["metadata"]["source"] == "stored"


def test_a_corrupt_manifest_makes_a_view_live_and_degraded(answers, storage, sqlite_refresher, told):
    sqlite_refresher.refresh()
    storage.objects.put(storage.key("manifest.json"), stored_bytes(storage, "manifest.json")[:-1])
    assert view(answers, level=1)["metadata"]["degraded"] is True
    assert sorted(told) == ["degraded", "gap"]


def test_a_view_of_a_known_tree_is_a_look_up(answers, sqlite_refresher):
    sqlite_refresher.refresh()
    view(answers, level=1)
    began = time.perf_counter()
    for parent_id in range(1, 41):
        answers.usage_view(None, parent_id)
    assert (time.perf_counter() - began) / 40 < 0.02
