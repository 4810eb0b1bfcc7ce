from collections.abc import Iterator

import pytest

from parcook.catalogue.store import Catalogue
from tests.catalogue.outside import Outside


@pytest.fixture
def outside(catalogue: Catalogue, catalogue_url: str) -> Iterator[Outside]:
    """Somebody else with a connection to the database of `catalogue`."""
    opened = Outside(catalogue_url)
    yield opened
    opened.close()
