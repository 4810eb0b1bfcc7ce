"""The numbers of days and weeks are the same bytes, however the events came and whoever computed them."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parcook.clock import day_bounds
from parcook.conversations.timing import Arrival
from parcook.conversations.tracker import Intake
from parcook.errors import Unavailable
from parcook.lake.rounds import Rounds
from tests.lake.making import files_of, numbers_of
from tests.lake.test_export import failing
from tests.metrics.living import FREEZES_AFTER, installed, tell
from tests.metrics.worlds import Said, make_world

ZONE = ZoneInfo("Europe/Madrid")
WORLD = make_world(ZONE.key, date(2025, 3, 24), 8, talks=8, seed=5)  # a week in which clocks are changed, and a day
END = day_bounds(WORLD.days[-1], ZONE)[1] + FREEZES_AFTER
HALF_A_DAY = timedelta(hours=12)
Numbers = dict[str, bytes]


@pytest.fixture(scope="module", params=[1, 3])
def min_people(request: pytest.FixtureRequest) -> int:
    """With one, every name is told; with more, a day tells those that enough people named before it."""
    people: int = request.param
    return people


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory, min_people: int) -> Iterator[Numbers]:
    """What comes of events that come in their order, each once, before anything is computed."""
    with installed(tmp_path_factory.mktemp("straight"), ZONE, min_people=min_people) as (lake, intake):
        _tell_all(intake)
        with Rounds(lake) as rounds:
            rounds.run(END)
        numbers = files_of(lake, "aggregated")
        assert len(numbers) >= len(WORLD.days) + 1
        first, *_, last = (numbers_of(lake, day)["recipes_discussed"] for day in WORLD.days)
        assert ("…" in first, "Tomato Soup" in last) == (min_people > 1, True)
        yield numbers


def test_events_that_are_shuffled_doubled_and_late_leave_the_same_numbers(
    tmp_path: Path, straight: Numbers, min_people: int
) -> None:
    chance = random.Random(1)
    waiting = [(said.at + chance.randrange(30) * timedelta(hours=1), said) for said in WORLD.said]
    waiting += chance.sample(waiting, len(waiting) // 4)
    chance.shuffle(waiting)
    now = day_bounds(WORLD.days[0], ZONE)[0]
    with installed(tmp_path, ZONE, min_people=min_people) as (lake, intake), Rounds(lake) as rounds:
        while now < END:
            now = min(now + HALF_A_DAY, END)
            tell(intake, [said for arrives, said in waiting if arrives <= now], Arrival(now))
            waiting = [(arrives, said) for arrives, said in waiting if arrives > now]
            rounds.run(now)
        assert files_of(lake, "aggregated") == straight


@pytest.mark.parametrize("writes", [2, 30, 60, 75])
def test_a_crash_in_the_middle_leaves_the_same_numbers_after_the_next_round(
    tmp_path: Path, straight: Numbers, min_people: int, writes: int
) -> None:
    with installed(tmp_path, ZONE, min_people=min_people) as (lake, intake):
        _tell_all(intake)
        with Rounds(failing(lake, after=writes)) as cut, pytest.raises(Unavailable):
            cut.run(END)
        with Rounds(lake) as rounds:
            rounds.run(END)
        assert files_of(lake, "aggregated") == straight


def test_two_processes_at_once_leave_the_same_numbers(tmp_path: Path, straight: Numbers, min_people: int) -> None:
    with installed(tmp_path, ZONE, min_people=min_people) as (_, intake):
        _tell_all(intake)
    spawning = get_context("spawn")
    processes = [spawning.Process(target=_run, args=(tmp_path, END, min_people)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with installed(tmp_path, ZONE) as (lake, _):
        assert files_of(lake, "aggregated") == straight


def _run(folder: Path, now: datetime, min_people: int) -> None:
    """One round, in a process of its own."""
    with installed(folder, ZONE, min_people=min_people) as (lake, _), Rounds(lake) as rounds:
        rounds.run(now)


def _tell_all(intake: Intake) -> None:
    by_day: dict[date, list[Said]] = {day: [] for day in WORLD.days}
    for said in WORLD.said:
        by_day.setdefault(WORLD.day_of(said), []).append(said)
    for day, said in by_day.items():
        tell(intake, said, Arrival(day_bounds(day, ZONE)[1]))
