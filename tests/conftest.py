"""What all suites share: catalogues on both databases, storage on all three, and the application over them.

A component that this machine lacks is a skip that says so; with CI set it is a failure.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.access import Access, Role
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.settings import Settings
from parcook.web.app import create_app
from tests.servers.postgres import PostgresServer, start_postgres
from tests.servers.s3 import S3Server, start_s3
from tests.servers.trino import TrinoServer, start_trino
from tests.servers.versitygw import PROGRAM, VERSITYGW, start_versitygw


def zone_at_noon() -> str:
    """A report zone in which it is about noon, for tests that live by the clock and must not meet midnight."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with start_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    with start_s3() as server:
        yield server


@pytest.fixture(scope="session")
def trinos_s3(request: pytest.FixtureRequest) -> S3Server:
    """The S3 that Trino reads: versitygw where it was built, which is many times as fast, else moto."""
    return request.getfixturevalue("versitygw" if PROGRAM.exists() else "s3_server")


@pytest.fixture(scope="session")
def trino(trinos_s3: S3Server) -> Iterator[TrinoServer]:
    with start_trino(trinos_s3) as server:
        yield server


@pytest.fixture(scope="session")
def versitygw() -> Iterator[S3Server]:
    with start_versitygw() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty catalogue database of its own, once per kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.db'}"
    return request.getfixturevalue("postgres_server").new_database()


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    opened = open_catalogue(catalogue_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = open_catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    yield opened
    opened.close()


@pytest.fixture(params=["file", "memory", "s3", VERSITYGW])
def storage_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of empty storage of its own, once per kind of storage."""
    if request.param == "file":
        return f"file://{tmp_path / 'objects'}"
    if request.param == "memory":
        return "memory://"
    server: S3Server = request.getfixturevalue("versitygw" if request.param == "versitygw" else "s3_server")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.new_bucket()


@pytest.fixture
def settings(tmp_path: Path, catalogue_url: str) -> Settings:
    """Settings of an installation of its own, once per kind of database; nothing refreshes by itself."""
    return Settings(home=tmp_path / "home", catalogue_url=catalogue_url, refresh_url="none://")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """An application over HTTP without a server, asking as nobody."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def admin(client: TestClient, settings: Settings) -> TestClient:
    """The same application, asking as admin."""
    client.headers["Authorization"] = f"Bearer {make_token(settings, Role.ADMIN)}"
    return client


def make_token(settings: Settings, role: Role) -> str:
    opened = open_catalogue(settings.catalogue_url)
    try:
        return Access(Credentials(opened.database)).create_token(role).secret
    finally:
        opened.close()
