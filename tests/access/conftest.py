"""An issuer, and applications that believe it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.catalogue.store import open_catalogue
from parcook.settings import Settings
from parcook.web.app import create_app
from tests.access.issuer import AUDIENCE, Issuer, start_issuer

GROUPS = "owners=admin, bar-staff=viewer, tills=ingest"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with start_issuer() as running:
        yield running


@pytest.fixture(scope="session")
def empty_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue file with the schema in place: copying it is faster than migrating."""
    file = tmp_path_factory.mktemp("empty") / "catalogue.db"
    open_catalogue(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def open_app(tmp_path: Path, empty_catalogue: Path) -> Iterator[Callable[..., TestClient]]:
    """Opens an application with settings of its own, over HTTP without a server."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(empty_catalogue, home)
    with ExitStack() as stack:

        def open_one(**chosen: str) -> TestClient:
            app = create_app(Settings(home=home, refresh_url="none://", **chosen))
            client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
            return stack.enter_context(client)

        yield open_one


@pytest.fixture
def app(open_app: Callable[..., TestClient], issuer: Issuer) -> TestClient:
    """An application that believes `issuer`."""
    return open_app(auth_issuer=issuer.url, auth_audience=AUDIENCE, auth_groups=GROUPS)
