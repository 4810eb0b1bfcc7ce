"""A replay leaves what living through the same days leaves, also where there were numbers before it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parcook.clock import day_bounds, format_instant
from parcook.conversations.timing import Arrival
from parcook.demo.world import Recipe, World
from parcook.errors import UnreadableFile
from parcook.jobs.replay import Day, Replay, Replayed
from parcook.jobs.replay_file import ReplayFile
from parcook.lake.retention import prove
from parcook.lake.rounds import Rounds
from parcook.settings import Settings
from parcook.wiring import Services, open_services
from tests.lake.making import at, files_of, numbers_of

NOW = at("2025-03-12 09:30")
LAST = date(2025, 3, 11)
ZONE = "America/New_York"  # clocks go forward on March 9
RECIPES = [Recipe("Negroni", "Aperitivo", ["Gin", "Campari"]), Recipe("Mojito", "Highball", ["Rum", "Mint"])]


@contextmanager
def installation(home: Path, zone: str = ZONE) -> Iterator[Services]:
    settings = Settings(home=home, refresh_url="none://", min_people=1, timezone=zone)
    services = open_services(settings, clock=lambda: NOW)
    try:
        yield services
    finally:
        services.close()


@pytest.fixture(
    scope="module", params=[(10, 40), pytest.param((21, 60), marks=pytest.mark.soak)], ids=["short", "three weeks"]
)
def days(request: pytest.FixtureRequest) -> list[Day]:
    """Days and people: over the end of a week, and over the change of clocks."""
    lasts, people = request.param
    world = World(RECIPES, LAST - timedelta(days=lasts - 1), LAST, people, ZoneInfo(ZONE))
    return [(day, list(enumerate(events))) for day, events in world.days()]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, days: list[Day]) -> Iterator[Services]:
    """The days as they are lived through, with a round each morning."""
    with installation(tmp_path_factory.mktemp("lived")) as services:
        for day, events in days:
            morning = day_bounds(day, services.lake.zone)[1] + timedelta(hours=5)
            services.intake.take([event for _, event in events], Arrival(morning))
            with Rounds(services.lake) as rounds:
                rounds.run(morning)
            services.lake.keys.destroy_due(morning)
        with Rounds(services.lake) as rounds:
            rounds.run(NOW)
        yield services


def replay(services: Services, days: list[Day]) -> Replayed:
    return Replay(services.intake, services.lake, NOW).run(days)


def numbers(services: Services) -> dict[str, Any]:
    """All daily and weekly numbers, whatever their revision."""
    return {path: {**json.loads(body), "revision": 0} for path, body in files_of(services.lake, "aggregated").items()}


def test_a_replay_leaves_the_numbers_of_days_that_were_lived(lived: Services, days: list[Day], tmp_path: Path) -> None:
    with installation(tmp_path / "home") as services:
        result = replay(services, days)
        assert result.ended["accepted"] == sum(len(events) for _, events in days)
        assert numbers(services) == numbers(lived)
        assert {json.loads(body)["revision"] for body in files_of(services.lake, "aggregated").values()} == {0}


def test_a_second_replay_changes_no_number(days: list[Day], tmp_path: Path) -> None:
    with installation(tmp_path / "home") as services:
        replay(services, days)
        before = files_of(services.lake, "aggregated")
        again = replay(services, days)
        assert again.ended == {"duplicate": sum(len(events) for _, events in days)}
        assert files_of(services.lake, "aggregated") == before


def test_days_that_are_replayed_before_others_are_as_if_they_had_been_there(
    lived: Services, days: list[Day], tmp_path: Path
) -> None:
    with installation(tmp_path / "home") as services:
        replay(services, days[5:])
        replay(services, days[:5])
        told, wanted = numbers(services), numbers(lived)
        assert told.keys() == wanted.keys()
        assert [path for path in told if told[path] != wanted[path]] == []


def test_of_days_that_are_older_than_events_are_kept_the_numbers_alone_stay(tmp_path: Path) -> None:
    old = [NOW.date() - timedelta(days=n) for n in (93, 92, 91)]
    told = [(day, list(enumerate([said(f"ann {day}", day), said(f"bob {day}", day)]))) for day in old]
    with installation(tmp_path / "home", "UTC") as services:
        replay(services, told)
        assert [numbers_of(services.lake, day)["total_messages"] for day in old] == [2, 2, 2]
        assert [numbers_of(services.lake, day)["people_91"] for day in old] == [2, 4, 6]
        assert list(services.events.day(old[-1], NOW)) == []
        assert files_of(services.lake, "conversations") == {}
        assert prove(services.lake, NOW)["holds"] is True
        refused = replay(services, told).refused
        assert {refusal.code for refusal in refused} == {"day_closed"}
        assert len(refused) == 6


def said(person: str, day: date, moment: datetime | None = None) -> dict[str, Any]:
    when = moment or datetime(day.year, day.month, day.day, 12, tzinfo=NOW.tzinfo)
    return {
        "message_id": f"{person} {day}",
        "conversation_id": person,
        "user_id": person,
        "role": "user",
        "text": "hello",
        "timestamp": format_instant(when),
    }


def write(path: Path, lines: list[object]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "\nno event\n")
    return path


def test_a_file_is_read_by_day_in_whatever_order_it_is_written(tmp_path: Path) -> None:
    late = datetime(2025, 1, 16, 3, tzinfo=NOW.tzinfo)  # still the 15th in New York
    lines = [said("cleo", date(2025, 1, 17)), said("ann", date(2025, 1, 15)), said("bob", date(2025, 1, 16), late)]
    undated = {name: value for name, value in lines[0].items() if name != "timestamp"}
    with ReplayFile(write(tmp_path / "events.jsonl", [*lines, undated]), ZoneInfo(ZONE)) as file:
        read = list(file.days())
        assert [(day, [number for number, _ in events]) for day, events in read] == [
            (date(2025, 1, 15), [2, 3]),
            (date(2025, 1, 17), [1]),
        ]
        assert read[0][1][1] == (3, lines[2])
        assert [refusal.number for refusal in file.refused] == [4, 6]
        assert file.total_days == 3


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"none\.jsonl"):
        ReplayFile(tmp_path / "none.jsonl", ZoneInfo("UTC"))
