"""Six people in eight days of a lake, one of whom is to be erased, and the same lake without that one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.catalogue.store import open_catalogue
from parcook.events.contract import Event
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from tests.lake.making import at, event, make_lake, ref, stock
from tests.lake.worlds import make_day

UTC_ZONE = ZoneInfo("UTC")
FIRST = date(2025, 1, 6)
DAYS = [FIRST + timedelta(days=n) for n in range(8)]  # a week, and one day
NOW = at("2025-01-14 12:00")
VICTIM = "person 3"


def make_events() -> list[Event]:
    """Eight days, with some conversations that the one to be erased shares with others."""
    events = [e for day in DAYS for e in make_day(day, UTC_ZONE, seed=11, people=6, talks=8)]
    for day in DAYS:
        for number, person in enumerate((VICTIM, "person 4", VICTIM, "person 4")):
            moment = at(f"{day} 23:58:30") + timedelta(seconds=20 * number)
            events.append(
                event(moment, f"shared {day}", person, message=f"shared {day} {number}", text="how do I stir it")
            )
    return events


def live(home: Path, events: list[Event], **settings: Any) -> Path:
    """Export day by day, as it happens: most of the days freeze, and their keys are destroyed."""
    stock(home).close()
    with opened(home, **settings) as lake, Rounds(lake) as rounds:
        lake.store.append(events)
        for day in DAYS[:-2]:
            freezing(rounds, day)
        lake.keys.destroy_due(NOW)
        rounds.run(NOW)
    return home


def freezing(rounds: Rounds, day: date) -> None:
    """Export a day and compute its numbers once, when they freeze."""
    now = at(f"{day} 00:00") + timedelta(days=3, hours=1)
    rounds.export([day], now)
    rounds.aggregate([day], now)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a world that somebody is to be erased from."""
    return live(tmp_path_factory.mktemp("lived"), make_events())


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """The world without that person."""
    home = live(tmp_path_factory.mktemp("without"), [e for e in make_events() if e.user_ref != ref(VICTIM)])
    with opened(home) as lake:
        yield lake


@pytest.fixture
def world(lived: Path, tmp_path: Path) -> Iterator[Lake]:
    with opened(copytree(lived, tmp_path / "world")) as lake:
        yield lake


@contextmanager
def opened(home: Path, **settings: Any) -> Iterator[Lake]:
    catalogue = open_catalogue(f"sqlite:///{home / 'catalogue.db'}")
    lake = make_lake(home, catalogue, **settings)
    yield lake
    lake.store.close()
    catalogue.close()
