"""What the artifact suites share: storage in a folder, and a refresher over it."""

from pathlib import Path

import pytest

from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.store import Catalogue

ABOUT = {"timezone": "Europe/Madrid", "week_start": 1, "site": {"title": "The bar"}}


@pytest.fixture
def storage(tmp_path: Path) -> AnalyticsStorage:
    return AnalyticsStorage(f"file://{tmp_path / 'objects'}")


@pytest.fixture
def refresher(catalogue: Catalogue, storage: AnalyticsStorage) -> Refresher:
    """Over a catalogue on each kind of database."""
    return Refresher(catalogue, storage, ABOUT)


@pytest.fixture
def sqlite_refresher(sqlite_catalogue: Catalogue, storage: AnalyticsStorage) -> Refresher:
    return Refresher(sqlite_catalogue, storage, ABOUT)
