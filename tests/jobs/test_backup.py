"""A backup is everything but the keys of days; restored, nothing that was erased or is too old comes back."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parcook.artifacts.annotations import annotate, marks
from parcook.clock import format_instant
from parcook.conversations.timing import Arrival
from parcook.demo.run import make_demo
from parcook.errors import SettingsError, Unavailable, UnreadableFile
from parcook.jobs.backup import KINDS, back_up, restore
from parcook.jobs.subjects import held_of, person_ref
from parcook.lake.erasure import Eraser
from parcook.lake.retention import prove
from parcook.lake.rounds import Rounds
from parcook.settings import Settings
from parcook.wiring import Services, open_services
from tests.lake.making import at, files_of, numbers_of

NOW = at("2025-01-18 12:30")
DAYS = [date(2025, 1, 14) + timedelta(days=n) for n in range(4)]


@contextmanager
def installation(home: Path, now: datetime = NOW, **settings: Any) -> Iterator[Services]:
    services = open_services(Settings(home=home, refresh_url="none://", min_people=1, **settings), clock=lambda: now)
    try:
        yield services
    finally:
        services.close()


@pytest.fixture
def stocked(tmp_path: Path) -> Iterator[Services]:
    """Four days of Ann's and Bob's."""
    with installation(tmp_path / "home") as services:
        for day in DAYS:
            told = [message(who, day) for who in ("ann", "bob")]
            services.intake.take(told, Arrival(NOW, is_historical=True))
        with Rounds(services.lake) as rounds:
            rounds.run(NOW)
        yield services


def message(who: str, day: date) -> dict[str, Any]:
    return {
        "message_id": f"{who} {day}",
        "conversation_id": f"{who} {day}",
        "user_id": who,
        "role": "user",
        "text": "a negroni?",
        "feature": "search",
        "timestamp": format_instant(at(f"{day} 10:00")),
    }


def erase(services: Services, who: str, now: datetime) -> None:
    with Eraser(services.lake) as eraser:
        eraser.erase("user", services.key.user_ref(who, "user"), now)


def wau(services: Services) -> list[int]:
    return [numbers_of(services.lake, day)["wau"] for day in DAYS]


def texts(services: Services, who: str) -> list[str]:
    ref = person_ref(services.key, who, "user")
    return [event["text"] for event in held_of(services.lake, ref, NOW)["events"]]


def test_another_installation_goes_on_where_the_backup_ends(stocked: Services, tmp_path: Path) -> None:
    annotate(stocked.lake.records, DAYS[1], "Newsletter")
    told = back_up(stocked, tmp_path / "backup")["conversations"]
    assert (told["events"], told["has_secret_key"]) == (8, True)
    with installation(tmp_path / "other") as other:
        other.intake.take([message("eve", DAYS[3])], Arrival(NOW))
        restore(other, tmp_path / "backup")
    with installation(tmp_path / "other") as other:  # under the key that came along
        assert wau(other) == wau(stocked) == [2, 2, 2, 2]
        assert texts(other, "ann") == ["a negroni?"] * 4
        assert texts(other, "eve") == []
        assert files_of(other.lake) == files_of(stocked.lake)
        assert marks(other.lake.records) == marks(stocked.lake.records) != []
        assert other.intake.take([message("ann", DAYS[3])], Arrival(NOW)).count("duplicate") == 1
        with Rounds(other.lake) as rounds:
            rounds.run(NOW)
        assert wau(other) == [2, 2, 2, 2]


def test_no_key_of_a_day_is_in_a_backup(stocked: Services, tmp_path: Path) -> None:
    back_up(stocked, tmp_path / "backup")
    keys = [str(record.document["key"]) for record in stocked.lake.records.list("day_key")]
    written = b"".join(path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())
    assert keys
    assert [key for key in keys if key.encode() in written] == []


def test_every_kind_of_record_is_in_a_backup_but_the_keys_of_days(tmp_path: Path) -> None:
    with installation(tmp_path / "home", at("2025-08-20 09:30")) as services:
        make_demo(services, 10, 1)
        erase(services, "person-00001", at("2025-08-20 09:30"))
    with closing(sqlite3.connect(tmp_path / "home/events.db")) as store:
        kinds = {kind for (kind,) in store.execute("SELECT DISTINCT kind FROM records")}
    assert kinds - set(KINDS) == {"day_key"}


def test_what_was_erased_after_the_backup_is_erased_again(stocked: Services, tmp_path: Path) -> None:
    back_up(stocked, tmp_path / "backup")
    erase(stocked, "ann", NOW + timedelta(minutes=1))
    assert wau(stocked) == [1, 1, 1, 1]
    told = restore(stocked, tmp_path / "backup")["conversations"]
    assert told["erased_again"] == 1
    assert (texts(stocked, "ann"), texts(stocked, "bob")) == ([], ["a negroni?"] * 4)
    assert wau(stocked) == [1, 1, 1, 1]
    refused = stocked.intake.take([message("ann", DAYS[3])], Arrival(NOW + timedelta(minutes=2)))
    assert [result.code for result in refused.results] == ["erased"]


def test_what_has_become_too_old_does_not_come_back(stocked: Services, tmp_path: Path) -> None:
    back_up(stocked, tmp_path / "backup")
    later = at("2025-04-16 12:00")  # 90 days after the second of the four
    with installation(tmp_path / "home", later) as services:
        restore(services, tmp_path / "backup")
        assert prove(services.lake, later)["holds"] is True
        assert {event.day for event in services.events.person(services.key.user_ref("ann", "user"), later)} == set(
            DAYS[2:]
        )


def test_a_key_of_the_environment_stays_there_and_has_to_be_the_same(tmp_path: Path) -> None:
    own, another = "A" * 43 + "=", "B" * 43 + "="
    with installation(tmp_path / "home", secret_key=own) as services:
        assert back_up(services, tmp_path / "backup")["conversations"]["has_secret_key"] is False
    assert not (tmp_path / "backup/secret.key").exists()
    with (
        installation(tmp_path / "other", secret_key=another) as other,
        pytest.raises(SettingsError, match="SECRET_KEY"),
    ):
        restore(other, tmp_path / "backup")
    with installation(tmp_path / "third", secret_key=own) as third:
        restore(third, tmp_path / "backup")


def test_a_backup_is_readable_by_its_owner_only(stocked: Services, tmp_path: Path) -> None:
    back_up(stocked, tmp_path / "backup")
    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file() and path.name != "backup.json"]
    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "backup", *files]} == {0}
    assert json.loads((tmp_path / "backup/conversations.json").read_text())["records"] > 0


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize(
    "spoil", [lambda path: cut(path / "events.jsonl"), lambda path: cut(path / "conversations.json")]
)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    stocked: Services, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    back_up(stocked, tmp_path / "backup")
    spoil(tmp_path / "backup")
    before = files_of(stocked.lake)
    with pytest.raises(UnreadableFile):
        restore(stocked, tmp_path / "backup")
    assert files_of(stocked.lake) == before
    assert texts(stocked, "bob") == ["a negroni?"] * 4


def test_a_backup_does_not_go_into_a_folder_with_something_in_it(stocked: Services, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not empty"):
        back_up(stocked, tmp_path)
