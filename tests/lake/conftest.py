from collections.abc import Iterator
from pathlib import Path

import pytest

from parcook.catalogue.store import Catalogue
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from tests.lake.making import make_lake, stock
from tests.lake.six_people import lived, without, world

__all__ = ["lived", "without", "world"]  # fixtures


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = stock(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def lake(tmp_path: Path, catalogue: Catalogue) -> Iterator[Lake]:
    made = make_lake(tmp_path, catalogue)
    yield made
    made.store.close()


@pytest.fixture
def rounds(lake: Lake) -> Iterator[Rounds]:
    with Rounds(lake) as opened:
        yield opened
