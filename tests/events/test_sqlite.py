"""What is SQLite's alone: the file, whose it is, and what happens while it cannot be had."""

import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
def store(file: Path) -> Iterator[SqliteEvents]:
    opened = SqliteEvents(file)
    yield opened
    opened.close()


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Meanwhile no file of this process may grow beyond `size` bytes; Python ignores the signal that says so."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_file_is_its_owners_alone_and_is_made_with_its_folder(store: SqliteEvents, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    store = open_events(f"sqlite:///{tmp_path}/a%20b%3F/%23c.db")
    store.append([make_event()])
    store.close()
    assert (tmp_path / "a b?" / "#c.db").exists()


def test_a_database_of_something_else_is_refused_and_left_as_it_was(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE events (id)")
    before = file.read_bytes()
    with pytest.raises(SchemaRefused, match="database of something else"):
        SqliteEvents(file)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"nonsense" * 1_000)
    with pytest.raises(SchemaRefused, match="is no database"):
        SqliteEvents(file)
    assert file.read_bytes() == b"nonsense" * 1_000


def test_a_newer_schema_is_refused_by_name(store: SqliteEvents, file: Path) -> None:
    with sqlite3.connect(file) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(SchemaRefused, match=f"schema {SCHEMA_VERSION + 1}"):
        SqliteEvents(file)


def test_a_file_that_is_gone_is_an_outage_for_whatever_is_asked_and_never_an_empty_store(
    store: SqliteEvents, file: Path
) -> None:
    store.append([make_event()])
    store.close()
    file.rename(file.with_name("aside.db"))
    for ask in (
        lambda: store.append([make_event("another")]),
        lambda: list(store.day(DAY, NOON)),
        lambda: store.delete([make_event()]),
        lambda: store.sweep(NOON),
        lambda: store.oldest_day(),
        lambda: store.ping(),
        lambda: store.records.get("kind", "key"),
        lambda: store.records.put("kind", "key", {}),
        lambda: list(store.records.list("kind")),
        lambda: store.records.delete("kind", "key"),
    ):
        with pytest.raises(Unavailable, match="refused"):
            ask()
    assert not file.exists()
    file.with_name("aside.db").rename(file)
    assert list(store.day(DAY, NOON)) == [make_event()]


def test_a_locked_store_is_an_outage_after_a_while_and_loses_nothing(
    store: SqliteEvents, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr("parcook.events.sqlite_file.BUSY_TIMEOUT_S", 0.1)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            store.append([make_event()])
        assert list(store.day(DAY, NOON)) == []
        other.execute("ROLLBACK")
    assert store.append([make_event()]) == [True]


def test_a_full_disk_is_an_outage_and_what_was_answered_stays(store: SqliteEvents, file: Path) -> None:
    assert store.append([make_event("before")]) == [True]
    with no_file_beyond(file.stat().st_size + 100_000), pytest.raises(Unavailable, match=r"full|I/O"):
        store.append([make_event(f"m-{number}", text="x" * 3_000) for number in range(500)])
    assert [event.message_id for event in store.day(DAY, NOON)] == [make_event("before").message_id]
    assert store.append([make_event("after")]) == [True]


def test_opening_waits_for_no_writer(store: SqliteEvents, file: Path) -> None:
    store.append([make_event()])
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        second = SqliteEvents(file)
        assert len(list(second.day(DAY, NOON))) == 1
        second.close()
        other.execute("ROLLBACK")


def test_many_that_open_a_new_file_at_once_make_one_store(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(SqliteEvents, [file] * 8))
        answers = list(pool.map(lambda store: store.append([make_event()]), stores))
    assert sorted(answers) == [[False]] * 7 + [[True]]
    for store in stores:
        store.close()


def test_threads_that_end_leave_no_open_files(store: SqliteEvents) -> None:
    store.append([make_event()])
    for _ in range(40):
        thread = threading.Thread(target=lambda: list(store.day(DAY, NOON)))
        thread.start()
        thread.join()
    opened = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    assert len([path for path in opened if path.startswith(str(file))]) <= 6


def test_text_that_is_no_unicode_harms_nothing_that_is_stored_with_it(store: SqliteEvents) -> None:
    with pytest.raises(UnicodeEncodeError):
        store.append([make_event("lone surrogate", text="\ud800")])
    assert store.append([make_event("good")]) == [True]


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
