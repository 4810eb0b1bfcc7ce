from collections.abc import Iterator
from pathlib import Path

import pytest

from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.storage import InsightStorage
from parcook.lake.place import Lake
from tests.artifacts.insights.kitchen import cook_for, shelf_of
from tests.lake.making import make_lake, stock
from tests.lake.six_people import lived, without, world

__all__ = ["lived", "without", "world"]  # fixtures


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    catalogue = stock(tmp_path)
    made = make_lake(tmp_path, catalogue, min_people=10)
    yield made
    made.store.close()
    catalogue.close()


@pytest.fixture
def shelf(tmp_path: Path) -> InsightStorage:
    return shelf_of(tmp_path)


@pytest.fixture
def cook(lake: Lake, shelf: InsightStorage) -> InsightCook:
    return cook_for(lake, shelf)
