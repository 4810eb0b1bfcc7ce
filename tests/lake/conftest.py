from collections.abc import Iterator
from pathlib import Path

import pytest

from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from tests.catalogue.making import grow, mix
from tests.lake.making import make_lake


def stock(folder: Path) -> Catalogue:
    """Gin and its kind, with two recipes: 1 is the Negroni, 2 the Martini."""
    opened = open_catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    ids = grow(opened, {"Spirit": {"Gin": {}}, "Vermouth": {}})
    mix(opened, "Negroni", [ids["Gin"], ids["Vermouth"]])
    mix(opened, "Martini", [ids["Gin"]])
    return opened


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
