"""An issuer, and applications that believe it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.settings import Settings
from parcook.web.app import create_app
from tests.access.issuer import AUDIENCE, Issuer, start_issuer

GROUPS = "owners=admin, bar-staff=viewer, tills=ingest"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with start_issuer() as running:
        yield running


@pytest.fixture
def open_app(tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Opens an application with settings of its own, over HTTP without a server."""
    with ExitStack() as stack:

        def open_one(base_url: str = "http://127.0.0.1", **chosen: str) -> TestClient:
            home = {"home": tmp_path / "home", "refresh_url": "none://"}
            app = create_app(Settings(**(home | chosen)))
            return stack.enter_context(TestClient(app, base_url=base_url, raise_server_exceptions=False))

        yield open_one


@pytest.fixture
def app(open_app: Callable[..., TestClient], issuer: Issuer) -> TestClient:
    """An application that believes `issuer`."""
    return open_app(auth_issuer=issuer.url, auth_audience=AUDIENCE, auth_groups=GROUPS)
