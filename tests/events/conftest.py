"""Event stores: one suite on SQLite, on DynamoDB as moto has it, and as dynalite has it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from parcook.events.contract import EventStore
from parcook.events.opening import open_events
from tests.servers.dynamodb import DynamoServer, start_dynalite, start_moto


@pytest.fixture(scope="session")
def moto_dynamodb() -> Iterator[DynamoServer]:
    with start_moto() as server:
        yield server


@pytest.fixture(scope="session")
def dynalite() -> Iterator[DynamoServer]:
    with start_dynalite() as server:
        yield server


@pytest.fixture(params=["sqlite", "moto", "moto in shards", "dynalite"])
def events_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a store of its own, not made yet, once per kind of store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'events.db'}"
    name = "dynalite" if request.param == "dynalite" else "moto_dynamodb"
    server: DynamoServer = request.getfixturevalue(name)
    for variable, value in server.environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("parcook.events.dynamodb.LOOK_BACK", timedelta(days=95))  # every day costs a call
    return server.new_table() + ("&shards=2" if "shards" in request.param else "")


@pytest.fixture
def event_store(events_url: str) -> Iterator[EventStore]:
    opened = open_events(events_url)
    yield opened
    opened.close()
