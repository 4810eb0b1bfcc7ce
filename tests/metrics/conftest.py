"""Worlds that were lived through, once for all tests that ask about them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.engines.contract import Engine
from parcook.lake.reading import open_duckdb
from tests.metrics.living import installed, live
from tests.metrics.truth import Truth
from tests.metrics.worlds import World, make_world

FIRST = date(2024, 12, 18)  # a Wednesday
LAST = date(2025, 4, 1)  # a Tuesday, after the clocks were put forward in Madrid

Lived = tuple[Truth, Engine]
"""What is true, and an engine over the lake that it left behind."""


@contextmanager
def lived(folder: Path, world: World) -> Iterator[Lived]:
    """A world, told to an installation of its own."""
    with installed(folder, world.zone) as (lake, intake):
        live(lake, intake, world)
        yield Truth(world), open_duckdb(lake.objects)


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Fifteen weeks in Madrid: longer than anything that numbers look back on."""
    world = make_world("Europe/Madrid", FIRST, (LAST - FIRST).days + 1)
    with lived(tmp_path_factory.mktemp("months"), world) as both:
        yield both


@pytest.fixture(scope="session")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Lived]]:
    """Days on which clocks are changed, and clocks that are half an hour off, so that a day begins within an hour."""
    firsts = {
        "Europe/Madrid": date(2025, 10, 20),
        "Asia/Kolkata": date(2025, 3, 24),
        "America/St_Johns": date(2025, 3, 3),
    }
    with ExitStack() as opened:
        yield {
            zone: opened.enter_context(
                lived(tmp_path_factory.mktemp("zone"), make_world(zone, first, 9, talks=12, seed=3))
            )
            for zone, first in firsts.items()
        }


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The 10th of each month for fourteen months."""
    days = [date(2024 + n // 12, n % 12 + 1, 10) for n in range(14)]
    world = make_world("UTC", days[0], (days[-1] - days[0]).days + 1, talks=30).only(days)
    with lived(tmp_path_factory.mktemp("year"), world) as both:
        yield both


def days_back(days: int) -> date:
    """The first of the `days` that end with the last of `months`."""
    return LAST - timedelta(days=days - 1)
