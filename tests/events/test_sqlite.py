"""What is SQLite's alone: the file, what is left in it of what was removed, and what happens while it cannot be had."""

import sqlite3
import threading
from pathlib import Path

import pytest

from parcook.errors import SchemaRefused, Unavailable
from parcook.events.opening import open_events
from parcook.events.sqlite import SCHEMA_VERSION, SqliteEvents
from tests.events.making import NOON, make_event

DAY = NOON.date()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "events.db"


@pytest.fixture
def store(file: Path) -> SqliteEvents:
    opened = SqliteEvents(file)
    yield opened
    opened.close()


def everything(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


def test_the_file_is_its_owners_alone_and_is_made_with_its_folder(store: SqliteEvents, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    store = open_events(f"sqlite:///{tmp_path}/a%20b%3F/%23c.db")
    store.append([make_event()])
    store.close()
    assert (tmp_path / "a b?" / "#c.db").exists()


def test_what_is_removed_is_in_no_file_any_more(store: SqliteEvents, file: Path) -> None:
    events = [make_event(f"m-{number}", text=f"planted-{number:03d} " + "x" * 300, user="u") for number in range(200)]
    store.append(events)
    store.records.put("day_key", "2025-01-15", {"key": "planted-key"})
    assert everything(file).count(b"planted-") >= 201
    assert store.delete(events[:100]) == 100
    assert store.records.delete("day_key", "2025-01-15")
    left = everything(file)
    assert b"planted-key" not in left
    assert [n for n in range(100) if f"planted-{n:03d}".encode() in left] == []
    assert [n for n in range(100, 200) if f"planted-{n:03d}".encode() not in left] == []


def test_a_sweep_overwrites_too(store: SqliteEvents, file: Path) -> None:
    store.append([make_event(text="planted", expires_at=100)])
    assert store.sweep(NOON) == 1
    assert b"planted" not in everything(file)


def test_a_database_of_something_else_is_refused_and_left_as_it_was(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE events (id)")
    before = file.read_bytes()
    with pytest.raises(SchemaRefused, match="database of something else"):
        SqliteEvents(file)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_an_outage(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"nonsense" * 1_000)
    with pytest.raises(Unavailable, match="refused"):
        SqliteEvents(file)


def test_a_newer_schema_is_refused_by_name(store: SqliteEvents, file: Path) -> None:
    with sqlite3.connect(file) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(SchemaRefused, match=f"schema {SCHEMA_VERSION + 1}"):
        SqliteEvents(file)


def test_a_locked_store_is_an_outage_after_a_while_and_loses_nothing(
    store: SqliteEvents, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr("parcook.events.sqlite.BUSY_TIMEOUT_S", 0.1)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            store.append([make_event()])
        assert list(store.day(DAY, NOON)) == []
        other.execute("ROLLBACK")
    assert store.append([make_event()]) == [True]


def test_a_full_disk_is_an_outage_and_what_was_answered_stays(store: SqliteEvents, file: Path) -> None:
    assert store.append([make_event("before")]) == [True]
    with store._file.writing(), store._file.transaction() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    store._file._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="full"):
        store.append([make_event(f"m-{number}", text="x" * 3_000) for number in range(50)])
    assert len(list(store.day(DAY, NOON))) == 1
    store._file._writer.execute("PRAGMA max_page_count = 1000000")
    assert store.append([make_event("after")]) == [True]


def test_a_fault_is_told_to_all_that_waited_and_to_none_after(store: SqliteEvents, file: Path) -> None:
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("ALTER TABLE events RENAME TO hidden")
        outcomes: list[str] = []

        def append(number: int) -> None:
            try:
                store.append([make_event(f"m-{number}")])
            except Unavailable:
                outcomes.append("outage")

        threads = [threading.Thread(target=append, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == ["outage"] * 6
        other.execute("ALTER TABLE hidden RENAME TO events")
    assert store.append([make_event()]) == [True]


def test_a_file_put_in_its_place_is_the_store_from_then_on(store: SqliteEvents, file: Path, tmp_path: Path) -> None:
    store.append([make_event("old")])
    another = SqliteEvents(tmp_path / "other.db")
    another.append([make_event("new")])
    another.close()
    store.close()
    for path in file.parent.iterdir():
        path.unlink()
    (tmp_path / "other.db").rename(file)
    assert [event.message_id for event in store.day(DAY, NOON)] == [make_event("new").message_id]
