"""Answers: stored bytes as they are, live where there are none, degraded where storage fails."""

import gzip
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from parcook.artifacts.answers import MAX_AGE_S, Answers
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.store import Catalogue
from parcook.errors import NotFound, Unavailable
from tests.artifacts.catalogues import add_recipe, fill_tiny
from tests.artifacts.waiting import wait_until
from tests.artifacts.watched import Refusing, watch
from tests.artifacts.wholeness import NAMES, stored_bytes

Told = list[str]


@pytest.fixture
def told() -> Told:
    """What the answers told the rest of the product: "gap" and "degraded"."""
    return []


@pytest.fixture
def make_answers(sqlite_catalogue: Catalogue, told: Told) -> Callable[[AnalyticsStorage], Answers]:
    fill_tiny(sqlite_catalogue)
    return lambda storage: Answers(
        sqlite_catalogue, storage, on_gap=lambda: told.append("gap"), on_degraded=lambda: told.append("degraded")
    )


@pytest.fixture
def answers(make_answers: Callable[[AnalyticsStorage], Answers], storage: AnalyticsStorage) -> Answers:
    return make_answers(storage)


def metadata(answers: Answers, name: str = "ingredient-usage") -> dict:
    return json.loads(answers.answer(name).body)["metadata"]


@pytest.mark.parametrize("name", NAMES)
def test_stored_bytes_are_served_as_they_are_stored(answers, storage, sqlite_refresher, told, name):
    sqlite_refresher.refresh()
    odd = json.dumps(json.loads(stored_bytes(storage, f"{name}.json")), indent=3).encode() + b"\n\n"
    storage.objects.put(storage.key(f"{name}.json"), odd)
    answer = answers.answer(name)
    assert answer.body == odd
    assert gzip.decompress(answer.gzipped) == odd
    assert told == []


def test_equal_bytes_have_equal_tags_and_other_bytes_others(make_answers, storage, sqlite_refresher):
    sqlite_refresher.refresh()
    answer, same = (make_answers(storage).answer("ingredient-usage") for _ in range(2))
    other = make_answers(storage).answer("ingredient-tree")
    assert (answer.etag, answer.gzip_etag, answer.gzipped) == (same.etag, same.gzip_etag, same.gzipped)
    assert len({answer.etag, answer.gzip_etag, other.etag, other.gzip_etag}) == 4


def test_where_nothing_is_stored_the_answer_is_live_and_asks_to_be_cooked(answers, sqlite_catalogue, told):
    document = json.loads(answers.answer("ingredient-usage").body)
    assert document["data"] == AnalyticsQueries(sqlite_catalogue).get_ingredient_usage_stats()
    assert document["metadata"]["source"] == "live"
    assert "degraded" not in document["metadata"]
    assert told == ["gap"]


def test_an_artifact_that_does_not_exist_is_not_found(answers):
    for name in ("ingredient-usage-None-None", "manifest", "../secret", ""):
        with pytest.raises(NotFound):
            answers.answer(name)


@pytest.mark.parametrize("name", NAMES)
def test_storage_that_refuses_is_answered_live_logged_and_counted(
    make_answers, storage, sqlite_refresher, told, caplog, name
):
    answers = make_answers(watch(storage, Refusing("get")))
    sqlite_refresher.refresh()
    assert metadata(answers, name)["source"] == "live"
    assert metadata(answers, name)["degraded"] is True
    assert told.count("degraded") == 1
    assert "gap" in told
    assert [record.artifact for record in caplog.records if record.levelname == "WARNING"] == [name]


@pytest.mark.parametrize("spoil", [lambda body: body[:-1], lambda body: b"<html>", lambda body: b"\xff" + body])
def test_a_corrupt_artifact_is_answered_live_logged_and_counted(
    answers, storage, sqlite_refresher, told, caplog, spoil
):
    sqlite_refresher.refresh()
    key = storage.key("ingredient-usage.json")
    storage.objects.put(key, spoil(stored_bytes(storage, "ingredient-usage.json")))
    assert metadata(answers)["degraded"] is True
    assert sorted(told) == ["degraded", "gap"]
    assert "stored artifact unusable" in caplog.text
    assert metadata(answers, "recipe-complexity")["source"] == "stored"


def test_an_artifact_of_another_storage_version_is_missing_and_not_broken(answers, storage, sqlite_refresher, told):
    sqlite_refresher.refresh()
    key = storage.key("ingredient-usage.json")
    storage.objects.put(key, stored_bytes(storage, "ingredient-usage.json").replace(b'"v1"', b'"v0"'))
    assert metadata(answers)["source"] == "live"
    assert "degraded" not in metadata(answers)
    assert set(told) == {"gap"}


def test_storage_that_recovers_is_served_from_again(make_answers, storage, sqlite_refresher):
    refusing = Refusing("get")
    answers = make_answers(watch(storage, refusing))
    sqlite_refresher.refresh()
    assert metadata(answers)["degraded"] is True
    refusing.verbs.clear()
    assert wait_until(lambda: metadata(answers)["source"] == "stored") < 2 * MAX_AGE_S
    assert "degraded" not in metadata(answers)


def test_a_new_artifact_is_seen_within_a_second_or_so(answers, sqlite_catalogue, sqlite_refresher):
    sqlite_refresher.refresh()
    assert metadata(answers)["total_recipes"] == 5
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    sqlite_refresher.refresh()
    assert wait_until(lambda: metadata(answers)["total_recipes"] == 6) < MAX_AGE_S + 0.5


def test_an_artifact_that_is_deleted_is_not_served_for_long(answers, storage, sqlite_refresher, told):
    sqlite_refresher.refresh()
    assert metadata(answers)["source"] == "stored"
    storage.objects.delete(storage.key("ingredient-usage.json"))
    assert wait_until(lambda: metadata(answers)["source"] == "live") < MAX_AGE_S + 0.5
    assert told == ["gap"]


def test_what_is_held_is_given_without_asking_and_only_while_fresh(make_answers, storage, sqlite_refresher):
    refusing = Refusing()
    answers = make_answers(watch(storage, refusing))
    sqlite_refresher.refresh()
    assert answers.held("ingredient-usage") is None
    answer = answers.answer("ingredient-usage")
    asked = refusing.asked
    assert answers.held("ingredient-usage") is answer
    wait_until(lambda: answers.held("ingredient-usage") is None, 2 * MAX_AGE_S)
    assert refusing.asked == asked


@pytest.mark.parametrize("verbs", [(), ("get",)], ids=["working", "refusing"])
@pytest.mark.parametrize(
    "ask",
    [lambda answers: answers.answer("ingredient-usage"), lambda answers: answers.usage_view(1, None)],
    ids=["root", "drill-down"],
)
def test_however_many_ask_storage_is_asked_about_once_a_second(make_answers, storage, sqlite_refresher, verbs, ask):
    asked = Refusing(*verbs)
    answers = make_answers(watch(storage, asked))
    sqlite_refresher.refresh()
    together = Barrier(50)

    def call(_: int) -> None:
        together.wait()
        for _ in range(10):
            ask(answers)

    began = time.monotonic()
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(call, range(50)))
    seconds = time.monotonic() - began
    assert asked.asked <= 2 * (1 + seconds / MAX_AGE_S)  # a drill-down asks for manifest and tree


def test_with_the_database_gone_stored_answers_are_still_served(answers, sqlite_catalogue, sqlite_refresher):
    sqlite_refresher.refresh()
    path = sqlite_catalogue.database.path
    path.rename(path.with_suffix(".gone"))
    assert all(metadata(answers, name)["source"] == "stored" for name in NAMES)
    with pytest.raises(Unavailable):
        answers.usage_view(1, None)


def test_with_both_gone_the_answer_is_an_outage(make_answers, storage, sqlite_catalogue):
    answers = make_answers(watch(storage, Refusing("get")))
    path = sqlite_catalogue.database.path
    path.rename(path.with_suffix(".gone"))
    with pytest.raises(Unavailable):
        answers.answer("ingredient-usage")


def test_live_answers_follow_every_edit_and_are_computed_once_for_each_state(answers, sqlite_catalogue):
    first = answers.answer("recipe-complexity").body
    assert answers.answer("recipe-complexity").body == first
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    assert metadata(answers, "recipe-complexity")["total_recipes"] == 6
