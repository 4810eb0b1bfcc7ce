"""Keys of the store and of days: one that stays, and many that are gone after three days."""

import base64
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.conversations.pseudonyms import DayKeys, Pseudonyms, StoreKey, load_secret
from parcook.errors import SettingsError
from parcook.events.sqlite import SqliteEvents
from parcook.settings import Settings
from tests.lake.making import at

SECRET = b"s" * 32
UTC_ZONE = ZoneInfo("UTC")
DAY = date(2025, 1, 15)
NOON = at("2025-01-15 12:00")
DUE = at("2025-01-19 00:00")


@pytest.fixture
def store(tmp_path: Path):
    opened = SqliteEvents(tmp_path / "events.db")
    yield opened
    opened.close()


@pytest.fixture
def keys(store: SqliteEvents) -> DayKeys:
    return DayKeys(store.records, UTC_ZONE)


def test_references_of_different_kinds_never_meet() -> None:
    key = StoreKey(SECRET)
    references = [
        key.user_ref("x", "user"),
        key.user_ref("x", "visitor"),
        key.conversation_id("x"),
        key.message_id("x", "x"),
        key.call_id("x", "x"),
    ]
    assert len(set(references)) == 5
    assert all(len(reference) == 32 and int(reference, 16) >= 0 for reference in references)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "bc"), ("ab", "c")), (("a|", "b"), ("a", "|b")), (("1:a", "b"), ("1", ":ab")), (("", "a"), ("a", ""))],
)
def test_two_messages_are_never_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    key = StoreKey(SECRET)
    assert key.message_id(*one) != key.message_id(*other)


def test_another_key_names_everything_otherwise() -> None:
    assert StoreKey(SECRET).user_ref("x", "user") != StoreKey(b"t" * 32).user_ref("x", "user")


def test_a_changed_key_refuses_to_start(store: SqliteEvents) -> None:
    StoreKey.settled(SECRET, store.records)
    StoreKey.settled(SECRET, store.records)
    with pytest.raises(SettingsError, match="PARCOOK_SECRET_KEY is not the key"):
        StoreKey.settled(b"t" * 32, store.records)


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(load_secret, [settings] * 16))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32
    path = tmp_path / "home" / "secret.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["secret.key"]


def test_a_given_secret_counts_and_a_short_one_is_refused(tmp_path: Path) -> None:
    given = base64.b64encode(b"g" * 40).decode()
    assert load_secret(Settings(home=tmp_path, secret_key=given)) == b"g" * 40
    for bad in (base64.b64encode(b"g" * 31).decode(), "not base64!"):
        with pytest.raises(SettingsError, match="at least 32 random bytes") as refused:
            load_secret(Settings(home=tmp_path, secret_key=bad))
        assert bad not in refused.value.detail
    assert not (tmp_path / "secret.key").exists()


def test_all_workers_agree_on_the_key_of_a_day(tmp_path: Path) -> None:
    def ask(_: int) -> bytes | None:
        own = SqliteEvents(tmp_path / "events.db")
        try:
            return DayKeys(own.records, UTC_ZONE).key_for(DAY, NOON)
        finally:
            own.close()

    SqliteEvents(tmp_path / "events.db").close()
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(ask, range(16)))
    assert len(made) == 1


def test_a_day_keeps_its_key_over_a_restart_until_72_hours_after_it(tmp_path: Path) -> None:
    asked = []
    for now in (NOON, DUE - timedelta(seconds=1)):
        store = SqliteEvents(tmp_path / "events.db")
        asked.append(DayKeys(store.records, UTC_ZONE).key_for(DAY, now))
        store.close()
    assert asked[0] is not None
    assert asked[0] == asked[1]


def test_a_destroyed_key_never_comes_back(keys: DayKeys) -> None:
    keys.key_for(DAY, NOON)
    assert keys.destroy_due(DUE - timedelta(seconds=1)) == []
    assert keys.overdue(DUE) == [DAY]
    assert keys.destroy_due(DUE) == [DAY]
    assert keys.overdue(DUE) == []
    assert keys.key_for(DAY, DUE) is None
    assert keys.key_for(DAY, NOON) is None  # a clock that goes back does not help


def test_a_destroyed_key_is_in_no_file_any_more(tmp_path: Path, store: SqliteEvents, keys: DayKeys) -> None:
    key = keys.key_for(DAY, NOON)
    traces = (key, base64.b64encode(key)[:20], key.hex().encode())
    assert any(trace in body for trace in traces for body in bodies(tmp_path))
    keys.destroy_due(DUE)
    assert not any(trace in body for trace in traces for body in bodies(tmp_path))


def test_the_ledger_tells_of_a_key_without_the_key(keys: DayKeys, store: SqliteEvents) -> None:
    key = keys.key_for(DAY, NOON)
    entry = keys.entry(DAY)
    assert (entry.key_id, entry.created_at, entry.destroyed_at) == (keys.id_of(key), NOON, None)
    keys.destroy_due(DUE)
    assert keys.entry(DAY).destroyed_at == DUE
    assert base64.b64encode(key).decode() not in str(list(store.records.list("day_key_ledger")))


def test_the_ledger_is_mended_after_a_crash_between_key_and_entry(keys: DayKeys, store: SqliteEvents) -> None:
    keys.key_for(DAY, NOON)
    store.records.delete("day_key_ledger", DAY.isoformat())
    keys.key_for(DAY, NOON)
    assert keys.entry(DAY) is not None
    store.records.delete("day_key", DAY.isoformat())
    keys.destroy_due(DUE)
    assert keys.entry(DAY).destroyed_at == DUE


def test_a_key_that_was_lost_is_replaced_while_its_day_lives(keys: DayKeys, store: SqliteEvents) -> None:
    first = keys.key_for(DAY, NOON)
    store.records.delete("day_key", DAY.isoformat())
    second = keys.key_for(DAY, NOON)
    assert second != first
    assert keys.entry(DAY).key_id == keys.id_of(second)


def test_a_passing_key_is_shared_and_gone_at_the_end(keys: DayKeys, store: SqliteEvents) -> None:
    key = keys.passing_key(DAY, DUE)
    assert keys.passing_key(DAY, DUE) == key
    keys.destroy_passing(DAY, DUE)
    assert list(store.records.list("passing_day_key")) == []
    told = [record.document for record in store.records.list("day_key_ledger")]
    assert [entry["destroyed_at"] is not None for entry in told] == [True]
    assert keys.passing_key(DAY, DUE) != key


def test_a_passing_key_that_a_crash_left_is_destroyed_a_day_later(keys: DayKeys) -> None:
    keys.passing_key(DAY, DUE)
    assert keys.destroy_due(DUE + timedelta(hours=23)) == []
    assert keys.destroy_due(DUE + timedelta(hours=24)) == [DAY]


def test_days_share_no_pseudonym() -> None:
    one, other = b"a" * 32, b"b" * 32
    assert Pseudonyms(one).of("u", "ff") != Pseudonyms(other).of("u", "ff")
    assert len({Pseudonyms(one).of(prefix, "ff") for prefix in "ucm"}) == 3


@given(st.binary(max_size=200), st.text())
def test_a_pseudonym_is_the_hmac_that_everybody_else_computes(key: bytes, reference: str) -> None:
    reference = reference.encode(errors="replace").decode()
    digest = hmac.new(key, b"c|" + reference.encode(), "sha256").digest()
    assert Pseudonyms(key).of("c", reference) == digest[:16].hex()


def test_a_key_lives_for_72_hours_after_its_own_days_end(store: SqliteEvents) -> None:
    keys = DayKeys(store.records, ZoneInfo("Pacific/Auckland"))
    assert keys.due(DAY) == at("2025-01-18 11:00")


def bodies(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("events.db*")]
