from collections.abc import Iterator
from pathlib import Path

import pytest

from parcook.lake.place import Lake
from tests.lake.making import make_lake, stock


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    catalogue = stock(tmp_path)
    made = make_lake(tmp_path, catalogue)
    yield made
    made.store.close()
    catalogue.close()
