"""The demonstration: the same numbers from the same day, whatever cut its making short, and nothing made twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.demo.run import Made, make_demo
from parcook.errors import Conflict
from parcook.lake.retention import prove
from parcook.settings import Settings
from parcook.wiring import Services, open_services
from tests.lake.making import at, event, files_of, numbers_of

NOW = at("2025-08-20 09:30")
LAST = date(2025, 8, 19)
PEOPLE, MONTHS = 100, 1
PROGRESS: list[tuple[int, int]] = []


@contextmanager
def installation(home: Path) -> Iterator[Services]:
    services = open_services(Settings(home=home, refresh_url="none://"), clock=lambda: NOW)
    try:
        yield services
    finally:
        services.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Made]]:
    with installation(tmp_path_factory.mktemp("made")) as services:
        PROGRESS.clear()
        yield services, make_demo(services, PEOPLE, MONTHS, lambda done, total: PROGRESS.append((done, total)))


def numbers(services: Services) -> dict[str, bytes]:
    return files_of(services.lake, "aggregated")


def test_it_ends_yesterday_and_lasts_as_long_as_was_asked(made: tuple[Services, Made]) -> None:
    services, told = made
    assert (told.first, told.last, told.people, told.is_new) == (date(2025, 7, 21), LAST, PEOPLE, True)
    days = [told.first + timedelta(days=n) for n in range((LAST - told.first).days + 1)]
    assert all(numbers_of(services.lake, day)["complete"] for day in days)
    assert sum(numbers_of(services.lake, day)["total_conversations"] for day in days) > 100
    assert services.catalogue.counts()["recipes"] == 304


def test_the_same_day_makes_the_same_numbers(made: tuple[Services, Made], tmp_path: Path) -> None:
    services, told = made
    with installation(tmp_path / "again") as other:
        assert make_demo(other, PEOPLE, MONTHS) == told
        assert numbers(other) == numbers(services)


def test_once_it_is_there_nothing_is_made(made: tuple[Services, Made]) -> None:
    services, told = made
    before = files_of(services.lake)
    again = make_demo(services, 5, 2)
    assert (again.is_new, again.events, again.people) == (False, told.events, PEOPLE)
    assert files_of(services.lake) == before


def test_one_that_was_cut_short_is_made_the_same(made: tuple[Services, Made], tmp_path: Path) -> None:
    services, told = made

    def cut(done: int, total: int) -> None:
        if done == total // 2:
            raise KeyboardInterrupt

    with installation(tmp_path / "cut") as other, pytest.raises(KeyboardInterrupt):
        make_demo(other, PEOPLE, MONTHS, cut)
    with installation(tmp_path / "cut") as other:
        again = make_demo(other, PEOPLE, MONTHS)
        assert (again.first, again.last, again.events) == (told.first, told.last, told.events)
        assert numbers(other) == numbers(services)


def test_progress_is_told_day_by_day(made: tuple[Services, Made]) -> None:
    assert [(day, 30) for day in range(1, 31)] == PROGRESS


def test_nothing_is_kept_longer_than_was_promised(made: tuple[Services, Made]) -> None:
    services, _ = made
    assert prove(services.lake, NOW)["holds"] is True


def test_conversations_of_others_are_left_alone(tmp_path: Path) -> None:
    with installation(tmp_path / "home") as services:
        services.events.append([event("2025-08-20 08:00", "c", "ann")])
        with pytest.raises(Conflict, match="conversations here already"):
            make_demo(services, PEOPLE, MONTHS)
        assert services.catalogue.counts()["recipes"] == 0
