"""Installations for whole-system tests; what they need of the machine comes from `tests/servers`."""

from pathlib import Path

import pytest

from tests.whole.processes import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An empty one on SQLite."""
    return Installation(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An empty one, once per kind of database."""
    if request.param == "sqlite":
        return Installation(tmp_path)
    return Installation(tmp_path, {"PARCOOK_CATALOGUE_URL": request.getfixturevalue("postgres_server").new_database()})
