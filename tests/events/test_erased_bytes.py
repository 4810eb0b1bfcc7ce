"""What is removed from SQLite is in no file any more: in no page, no unused part of a page, and not in the journal."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from parcook.errors import Unavailable
from parcook.events.contract import Event
from parcook.events.sqlite import SqliteEvents
from tests.events.making import MS, NOON, identifier, make_event

PEOPLE = 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqliteEvents]:
    opened = SqliteEvents(file)
    yield opened
    opened.close()


def everything(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


def traces(file: Path, events: list[Event]) -> list[bytes]:
    """What is still to be found of `events`: ids of messages and of people, and texts."""
    found = everything(file)
    planted = {text.encode() for event in events for text in (event.message_id, event.user_ref, event.text) if text}
    return [text for text in planted if text in found]


def crowd(seed: int) -> list[Event]:
    """Events in no order, so that SQLite moves many from page to page while they come in."""
    chance = random.Random(seed)
    return [
        make_event(
            f"m-{number}",
            ts=NOON - timedelta(days=chance.choice((0, 1, 95))) + chance.randrange(10**6) * MS,
            conversation=f"c-{number % 50}",
            user=f"u-{number % PEOPLE}",
            text=f"said {number} by {number % PEOPLE} " + "x" * chance.randrange(500),
        )
        for number in range(4_000)
    ]


def store_all(store: SqliteEvents, events: list[Event]) -> None:
    for at in range(0, len(events), 100):
        assert all(store.append(events[at : at + 100]))


@pytest.mark.parametrize("seed", [1, 2])
def test_of_one_person_among_many_nothing_is_left(store: SqliteEvents, file: Path, seed: int) -> None:
    events = crowd(seed)
    store_all(store, events)
    person = [event for event in events if event.user_ref == identifier("u-7")]
    assert len(traces(file, person)) == 2 * len(person) + 1
    assert store.delete(person) == len(person) == 100
    assert traces(file, person) == []
    others = [event for event in events if event not in person][:50]
    assert len(traces(file, others)) > 100


def test_of_what_has_expired_nothing_is_left(store: SqliteEvents, file: Path) -> None:
    events = crowd(3)
    store_all(store, events)
    expired = [event for event in events if event.expires_at <= NOON.timestamp()]
    assert store.sweep(NOON) == len(expired) > 1_000
    own = [event.message_id.encode() for event in expired]
    assert [text for text in own if text in everything(file)] == []


def test_of_a_destroyed_key_nothing_is_left_wherever_it_was_moved(store: SqliteEvents, file: Path) -> None:
    chance = random.Random(4)
    keys = [f"{chance.getrandbits(60):015x}" for _ in range(600)]
    for key in keys:
        store.records.put("key", key, {"secret": f"planted-{key}", "more": "x" * chance.randrange(200)})
    for key in keys[:30]:
        assert store.records.delete("key", key)
    left = everything(file)
    assert [key for key in keys[:30] if f"planted-{key}".encode() in left] == []
    assert [record.key for record in store.records.list("key")] == sorted(keys[30:])


def test_while_others_read_erasing_is_an_outage_and_the_next_call_completes_it(
    store: SqliteEvents, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [make_event(f"m-{number}", text=f"planted-{number}") for number in range(50)]
    store.append(events)
    store.close()
    monkeypatch.setattr("parcook.events.sqlite_file.BUSY_TIMEOUT_S", 0.1)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(Unavailable, match="read by others"):
            store.delete(events)
        other.execute("ROLLBACK")
    other.close()
    assert b"planted" in everything(file)
    assert store.delete(events) == 0
    assert b"planted" not in everything(file)


def test_processes_that_erase_at_once_wait_for_each_other(store: SqliteEvents, file: Path) -> None:
    store.ping()
    spawning = get_context("spawn")
    processes = [spawning.Process(target=_come_and_go, args=(file, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert b"planted" not in everything(file)


def _come_and_go(file: Path, number: int) -> None:
    store = SqliteEvents(file)
    for turn in range(40):
        store.records.put("key", f"{number} {turn}", {"secret": "planted"})
        store.records.delete("key", f"{number} {turn}")
    store.close()


def test_a_reader_that_takes_its_time_keeps_nobody_from_erasing(store: SqliteEvents, file: Path) -> None:
    events = [make_event(f"m-{number:04d}", ts=NOON + number * MS, text=f"planted-{number}") for number in range(1_200)]
    store_all(store, events)
    reading = store.day(NOON.date(), NOON)
    assert next(reading) == events[0]
    assert store.delete(events[600:]) == 600
    assert b"planted-900" not in everything(file)
    assert list(reading) == events[1:600]
