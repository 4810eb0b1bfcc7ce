"""From a reported event to a stored one: the steps, their order, and what must not get through."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.conversations.features import MAX_FEATURES
from parcook.conversations.outcome import Outcome
from parcook.conversations.pseudonyms import StoreKey
from parcook.conversations.timing import Arrival
from parcook.conversations.tombstones import bury
from parcook.conversations.tracker import Intake, NamedRecipes, Observed
from parcook.errors import Unavailable
from parcook.events.contract import Event, EventStore
from parcook.events.opening import open_events

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
KEY = StoreKey(bytes(range(32)))
RECIPES = [(1, "Negroni", "Aperitivo"), (2, "Old Fashioned", "Spirit-forward"), (3, "Corn Chowder", None)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    opened = open_events(f"sqlite:///{tmp_path / 'events.db'}")
    yield opened
    opened.close()


def intake_of(store: EventStore, **changes: Any) -> Intake:
    known = {"named_recipes": lambda: NamedRecipes(1, lambda: RECIPES), "zone": ZoneInfo("UTC"), "learn_every_s": 0.0}
    return Intake(store, KEY, **(known | changes))


def take(intake: Intake, *events: dict[str, Any], **arrival: Any) -> Outcome:
    plain = {"conversation_id": "c-1", "role": "user"}
    numbered = [{"message_id": f"m-{n}"} | plain | event for n, event in enumerate(events)]
    return intake.take(numbered, Arrival(NOW, **arrival))


def stored(store: EventStore) -> list[Event]:
    return [event for offset in range(-91, 2) for event in store.day(NOW.date() + timedelta(days=offset), NOW)]


def only(store: EventStore) -> Event:
    (event,) = stored(store)
    return event


def test_text_is_redacted_before_it_is_cut(store: EventStore) -> None:
    address = "jo.smith@example.com"
    for length in range(470, 505):
        take(
            intake_of(store), {"message_id": f"cut-{length}", "text": "x" * (length - 1) + " " + address + " and more"}
        )
    texts = [event.text or "" for event in stored(store)]
    assert len(texts) == 35
    for text in texts:
        assert len(text) <= 500
        assert "jo" not in text
        assert "[" not in text.replace("[EMAIL]", "")


def test_the_length_is_that_of_what_was_sent(store: EventStore) -> None:
    take(intake_of(store), {"text": "jo@example.com " + "x" * 1000})
    event = only(store)
    assert event.message_length == 1015
    assert len(event.text or "") == 500


def test_a_name_is_looked_for_in_what_is_left_after_redaction(store: EventStore) -> None:
    take(intake_of(store), {"text": "Here is a recipe for jo@example.com.", "role": "assistant"})
    assert only(store).recipe_name is None


def test_a_name_beyond_the_cut_is_found(store: EventStore) -> None:
    take(intake_of(store), {"text": "x " * 300 + "\n## Negroni\n", "role": "assistant"})
    event = only(store)
    assert (event.recipe_name, event.recipe_id, event.match_method, event.category) == (
        "Negroni",
        1,
        "catalogue",
        "Aperitivo",
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"recipe": {"id": 2}}, ("Old Fashioned", 2, "id", "Spirit-forward")),
        ({"recipe": {"id": 2, "name": "Negroni"}}, ("Old Fashioned", 2, "id", "Spirit-forward")),
        ({"recipe": {"name": "négroni"}}, ("Negroni", 1, "name", "Aperitivo")),
        (
            {"recipe": {"name": "Beef Stew"}, "text": "how do I make a negroni?"},
            ("Beef Stew", None, "name", "soup_stew"),
        ),
        ({"recipe": {"id": 99}, "text": "how do I make a negroni?"}, ("Negroni", 1, "catalogue", "Aperitivo")),
        ({"recipe": {"id": 99, "name": "negroni"}}, ("Negroni", 1, "name", "Aperitivo")),
        ({"recipe": {"id": 3}}, ("Corn Chowder", 3, "id", "soup_stew")),
        ({"text": "how do I make a beef stew?"}, ("beef stew", None, "pattern", "soup_stew")),
        ({"text": "good morning"}, (None, None, None, None)),
    ],
)
def test_a_recipe_is_named_by_the_most_trusted_source(
    store: EventStore, fields: dict[str, Any], found: tuple[Any, ...]
) -> None:
    take(intake_of(store), fields)
    event = only(store)
    assert (event.recipe_name, event.recipe_id, event.match_method, event.category) == found
    assert event.has_recipe is (found[0] is not None)


def test_the_names_of_a_changed_catalogue_are_learned(store: EventStore) -> None:
    state = {"stamp": 1, "rows": RECIPES}
    intake = intake_of(store, named_recipes=lambda: NamedRecipes(state["stamp"], lambda: state["rows"]))
    take(intake, {"text": "how do I make a Smoky Rosita?"})
    state |= {"stamp": 2, "rows": [(9, "Smoky Rosita", "Sour")]}
    take(intake, {"message_id": "later", "text": "how do I make a Smoky Rosita?"})
    assert {event.recipe_id for event in stored(store)} == {None, 9}


def test_a_catalogue_that_does_not_answer_keeps_no_message_from_being_stored(store: EventStore) -> None:
    def broken() -> NamedRecipes:
        raise Unavailable("the catalogue is away")

    intake = intake_of(store)
    take(intake, {"message_id": "before", "text": "how do I make a negroni?"})
    intake.named_recipes = broken
    assert take(intake, {"text": "how do I make a negroni?"}).count("accepted") == 1
    assert {event.recipe_id for event in stored(store)} == {1}
    assert take(intake_of(store, named_recipes=broken), {"message_id": "new", "text": "hello"}).count("accepted") == 1


def test_system_text_is_never_stored(store: EventStore) -> None:
    outcome = take(intake_of(store), {"role": "system", "text": "You are a barkeeper. The negroni is secret."})
    assert outcome.results[0].warnings == ("text_dropped",)
    assert (only(store).text, only(store).recipe_name) == (None, None)


@pytest.mark.parametrize("where", ["recipe", "metadata"])
def test_what_is_redacted_is_not_only_the_text(store: EventStore, where: str) -> None:
    intake = intake_of(store, metadata_keys=frozenset({"note"}))
    value = {"name": "Stew by jo@example.com"} if where == "recipe" else {"note": "from jo@example.com"}
    take(intake, {where: value})
    event = only(store)
    assert event.recipe_name is None
    assert event.metadata == ({"note": "from [EMAIL]"} if where == "metadata" else {})


@pytest.mark.parametrize("fields", [{"feature": "4111111111111111"}, {"tools": ["4111-1111-1111-1111"]}])
def test_no_name_hides_a_number(store: EventStore, fields: dict[str, Any]) -> None:
    assert take(intake_of(store), fields).results[0].code == "bad_name"
    assert stored(store) == []


def test_metadata_is_cut_down_to_named_keys_and_single_values(store: EventStore) -> None:
    intake = intake_of(store, metadata_keys=frozenset({"theme", "turns", "ratio", "deep", "nothing"}))
    given = {"theme": "dark", "turns": 3, "ratio": 0.25, "deep": {"a": 1}, "nothing": None, "secret": "x"}
    outcome = take(intake, {"metadata": given})
    assert outcome.results[0].warnings == ("unknown_field",)
    assert only(store).metadata == {"theme": "dark", "turns": 3, "ratio": 0.25, "nothing": None}


@pytest.mark.parametrize(("size", "code"), [(4_096, None), (4_097, "metadata_too_large")])
def test_metadata_takes_up_to_4_kib(store: EventStore, size: int, code: str | None) -> None:
    intake = intake_of(store, metadata_keys=frozenset({"note"}))
    assert take(intake, {"metadata": {"note": "x" * (size - len('{"note":""}'))}}).results[0].code == code


def test_metadata_as_deep_as_json_gets_is_dropped(store: EventStore) -> None:
    deep: dict[str, Any] = json.loads('{"a":' * 600 + "1" + "}" * 600)
    intake = intake_of(store, metadata_keys=frozenset({"a"}))
    assert take(intake, {"metadata": deep}).results[0].warnings == ("unknown_field",)
    assert only(store).metadata == {}


def test_numbers_in_metadata_must_be_finite(store: EventStore) -> None:
    intake = intake_of(store, metadata_keys=frozenset({"ratio"}))
    assert take(intake, {"metadata": {"ratio": float("nan")}}).results[0].code == "bad_number"


def test_features_are_a_bounded_list(store: EventStore) -> None:
    intake = intake_of(store)
    events = [{"feature": f"feature-{n}"} for n in range(MAX_FEATURES + 1)]
    outcome = take(intake, *events)
    assert [result.code for result in outcome.results] == [None] * MAX_FEATURES + ["too_many_features"]
    again = take(intake_of(store), {"message_id": "again", "feature": "feature-0"})
    assert again.count("accepted") == 1


def test_what_was_erased_stays_erased_and_what_comes_after_is_new(store: EventStore) -> None:
    take(intake_of(store), {"user_id": "u-1"})
    (event,) = stored(store)
    assert event.user_ref is not None
    bury(store.records, event.user_ref, NOW - timedelta(hours=1))
    intake = intake_of(store)
    before, after = NOW - timedelta(hours=1), NOW - timedelta(minutes=59)
    outcome = take(
        intake,
        {"message_id": "old", "user_id": "u-1", "timestamp": before.isoformat()},
        {"message_id": "new", "user_id": "u-1", "timestamp": after.isoformat()},
        {"message_id": "other", "user_id": "u-2", "timestamp": before.isoformat()},
    )
    assert [result.code for result in outcome.results] == ["erased", None, None]


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "2025-01-14T23:59:59.999Z", date(2025, 1, 14)),
        ("UTC", "2025-01-15T00:00:00Z", date(2025, 1, 15)),
        ("Europe/Madrid", "2025-01-14T22:59:59.999Z", date(2025, 1, 14)),
        ("Europe/Madrid", "2025-01-14T23:00:00Z", date(2025, 1, 15)),
        ("Asia/Kolkata", "2025-01-14T18:29:59.999Z", date(2025, 1, 14)),
        ("Asia/Kolkata", "2025-01-14T18:30:00Z", date(2025, 1, 15)),
    ],
)
def test_the_day_and_the_end_of_an_event_are_those_of_the_report_zone(
    store: EventStore, zone: str, moment: str, day: date
) -> None:
    take(intake_of(store, zone=ZoneInfo(zone)), {"timestamp": moment})
    event = only(store)
    assert event.day == day
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    assert event.expires_at == int(midnight.timestamp()) + 90 * 24 * 3600


def test_a_redactor_that_fails_costs_the_text_and_is_counted(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[None] = []
    intake = intake_of(store, observed=Observed(unredactable=lambda: failures.append(None)))
    monkeypatch.setattr("parcook.conversations.tracker.redact_counted", lambda text: ("[UNREDACTABLE]", {}))
    outcome = take(intake, {"text": "call me at 555 0100"})
    assert outcome.results[0].warnings == ("text_dropped",)
    assert (only(store).text, only(store).message_length, len(failures)) == (None, 19, 1)


CANARIES = [
    value
    for n in range(25)
    for value in (
        f"canary{n}@example.org",
        f"+1 415 555 {1000 + n}",
        f"(020) 7946 0{n:03d}",
        f"4111 1111 1111 {1111 + n * 0}",
        f"192.0.2.{n + 1}",
        f"123-45-{6700 + n}",
        f"Canary{n}.Person@mail.example.co.uk",
        f"secret-user-{n:04d}",
    )
]


def test_of_200_planted_values_none_reaches_the_store_its_journal_or_the_log(
    store: EventStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert len(CANARIES) == 200
    caplog.set_level(logging.DEBUG)
    intake = intake_of(store, metadata_keys=frozenset({"note"}))
    for number, planted in enumerate(CANARIES):
        as_text = planted if not planted.startswith("secret-user") else "hello"
        take(
            intake,
            {
                "message_id": f"{planted}/a",
                "conversation_id": f"{planted}/c",
                "user_id": planted,
                "text": f"please write to {as_text} or call {as_text}, thanks",
                "recipe": {"name": f"Stew of {as_text}"} if number % 2 else None,
                "metadata": {"note": as_text, planted: "x"},
                "tools": [{"name": "web_search", "call_id": planted}],
                "feedback": {"kind": "thumb", "value": "up", "target_message_id": planted},
                "context": {"timezone": planted, planted: planted},
                planted: planted,
            },
            {
                "message_id": f"{planted}/b",
                "anonymous_id": planted,
                "role": "assistant",
                "text": f"recipe for {as_text}",
            },
            {"message_id": f"{planted}/d", "role": planted},
            {"message_id": f"{planted}/e", "feature": as_text},
            {"message_id": f"{planted}/f", "timestamp": planted, "text": as_text},
        )
    assert len(stored(store)) >= 2 * len(CANARIES) - len(CANARIES) // 8
    bytes_kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"SQLite format 3" in bytes_kept
    hits = [planted for planted in CANARIES if planted.encode() in bytes_kept or planted in caplog.text]
    assert hits == []


def test_many_senders_of_the_same_events_store_each_once(store: EventStore) -> None:
    intake = intake_of(store)
    events = [{"message_id": f"m-{n}", "conversation_id": "c", "role": "user", "text": "hi"} for n in range(50)]
    accepted: list[int] = []

    def send(order: int) -> None:
        shuffled = events[order:] + events[:order]
        accepted.append(intake.take(shuffled, Arrival(NOW)).count("accepted"))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(accepted) == 50
    assert len(stored(store)) == 50


def test_a_store_that_does_not_answer_is_an_outage_and_nothing_is_told_to_be_stored(
    store: EventStore, tmp_path: Path
) -> None:
    intake = intake_of(store)
    with sqlite3.connect(tmp_path / "events.db", isolation_level=None) as other:
        tables = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in tables:
            if "event" in name:
                other.execute(f"ALTER TABLE {name} RENAME TO gone_{name}")
    with pytest.raises(Unavailable):
        take(intake, {"text": "hello"})
