"""Applications over HTTP without a server: one for each test in `tests/conftest.py`, one for a whole module here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from parcook.wiring import Services
from tests.web.stocking import stock


@dataclass(frozen=True)
class Standing:
    """An application that many tests ask, none of which may leave a change behind."""

    client: TestClient
    services: Services
    home: Path

    def token(self, role: str) -> dict[str, str]:
        """The header of somebody with a new token for `role`."""
        return {"Authorization": f"Bearer {self.services.access.create_token(Role(role)).secret}"}

    def session(self, role: str) -> dict[str, str]:
        """The header of somebody who has just signed in with a link for `role`."""
        access = self.services.access
        return {"Cookie": f"parcook_session={access.open_session(access.create_link(Role(role)))}"}


@contextmanager
def stand_up(home: Path, url: str) -> Iterator[Standing]:
    settings = Settings(home=home, catalogue_url=url, refresh_url="none://")
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield Standing(client, client.app_state[STATE_KEY], home)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """A maker of URLs of empty catalogue databases, once per kind of database."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('standing') / 'catalogue.db'}"
    return request.getfixturevalue("postgres_server").new_database


@pytest.fixture(scope="module")
def standing(new_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with stand_up(tmp_path_factory.mktemp("home"), new_url()) as opened:
        yield opened


@pytest.fixture(scope="module", params=["live", "stored"])
def source(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def answering(new_url: Callable[[], str], source: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """The small catalogue of `stocking.py`, cooked if `source` says so."""
    with stand_up(tmp_path_factory.mktemp("home"), new_url()) as opened:
        opened.client.headers.update(opened.token("admin"))
        stock(opened.client)
        {"live": lambda: None, "stored": opened.services.refresher.refresh}[source]()
        yield opened


@pytest.fixture
def ids(answering: Standing) -> dict[str, int]:
    """The ids of its ingredients by name."""
    items = answering.client.get("/api/v1/ingredients").json()["items"]
    return {item["name"]: item["id"] for item in items}


@pytest.fixture
def reader(answering: Standing) -> TestClient:
    """Somebody who reads there and changes nothing."""
    return answering.client


@pytest.fixture
def services(client: TestClient) -> Services:
    """What is behind `client` and `admin`."""
    return client.app_state[STATE_KEY]
