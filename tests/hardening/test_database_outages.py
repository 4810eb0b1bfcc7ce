"""A database that is locked or goes away: a clear 503, reads go on where they can, and all works again by itself."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.settings import Settings
from parcook.web.app import create_app
from tests.conftest import make_token
from tests.web.problems import expect_problem

INGREDIENTS = "/api/v1/ingredients"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[TestClient]:
    """An application that asks as admin and waits for a lock one second only."""
    monkeypatch.setattr("parcook.catalogue.database.BUSY_TIMEOUT_S", 1.0)
    headers = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    with TestClient(create_app(settings), headers=headers, raise_server_exceptions=False) as client:
        yield client


@contextmanager
def locked_by_another(url: str) -> Iterator[None]:
    """Somebody else holds what a writer needs."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
    else:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT * FROM parcook.catalogue_state FOR UPDATE")
            yield
            connection.rollback()


def test_a_locked_database_refuses_changes_for_now_and_reads_go_on(impatient: TestClient, settings: Settings) -> None:
    assert impatient.post(INGREDIENTS, json={"name": "Gin"}).status_code == 201
    with locked_by_another(settings.catalogue_url):
        started = time.monotonic()
        refused = impatient.post(INGREDIENTS, json={"name": "Rum"})
        assert time.monotonic() - started < 10
        expect_problem(refused, 503, "unavailable")
        assert refused.headers["Retry-After"].isdigit()
        assert [item["name"] for item in impatient.get(INGREDIENTS).json()["items"]] == ["Gin"]
        assert impatient.get("/api/v1/analytics/ingredient-usage").status_code == 200
    assert impatient.post(INGREDIENTS, json={"name": "Rum"}).status_code == 201
    assert [item["name"] for item in impatient.get(INGREDIENTS).json()["items"]] == ["Gin", "Rum"]


def test_a_lock_that_is_soon_given_up_is_waited_for(impatient: TestClient, settings: Settings) -> None:
    locked, given_up = threading.Event(), threading.Event()

    def hold() -> None:
        with locked_by_another(settings.catalogue_url):
            locked.set()
            given_up.wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait()
    assert impatient.post(INGREDIENTS, json={"name": "Gin"}).status_code == 201
    holder.join()


def test_sessions_that_postgresql_ends_are_replaced(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = request.getfixturevalue("postgres_server").new_database()
    settings = Settings(home=tmp_path, catalogue_url=url, refresh_url="none://")
    headers = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    with TestClient(create_app(settings), headers=headers, raise_server_exceptions=False) as client:
        assert client.post(INGREDIENTS, json={"name": "Gin"}).status_code == 201
        with psycopg.connect(url, autocommit=True) as other:
            ended = other.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        assert ended is not None
        assert ended[0] > 0
        assert client.get(INGREDIENTS).status_code == 200
        assert client.post(INGREDIENTS, json={"name": "Rum"}).status_code == 201
