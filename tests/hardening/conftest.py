from pathlib import Path

import pytest

from tests.whole.processes import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An empty installation on SQLite, for whole servers."""
    return Installation(tmp_path)


@pytest.fixture
def on_postgresql(tmp_path: Path, request: pytest.FixtureRequest) -> Installation:
    """An empty installation whose database is elsewhere; its artifacts are in its folder."""
    return Installation(tmp_path, {"PARCOOK_CATALOGUE_URL": request.getfixturevalue("postgres_server").new_database()})


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest) -> Installation:
    """An empty installation, once per kind of database."""
    return request.getfixturevalue({"sqlite": "installation", "postgresql": "on_postgresql"}[request.param])
