"""parcook inside somebody else's application, run by two workers of their server on one database."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx2
import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from parcook.access import Role
from parcook.settings import Settings
from tests.conftest import make_token

HOST_APPLICATION = """
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI

import parcook
from parcook.settings import Settings


@asynccontextmanager
async def lifespan(app):
    yield {"greeting": "hello"}


app = FastAPI(lifespan=lifespan)
app.include_router(parcook.router(Settings(home=os.environ["HOST_HOME"], catalogue_url=os.environ["HOST_DATABASE"])))


@app.get("/worker")
def worker():
    return os.getpid()
"""


@pytest.fixture
def shared_url(request, tmp_path, catalogue_url):
    """A database in which another application keeps tables and an Alembic history of its own."""
    if catalogue_url.startswith("postgresql"):
        catalogue_url = request.getfixturevalue("postgres_server").bare_database()
    with engine(catalogue_url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('host-42')"))
        connection.execute(text("CREATE TABLE guests (name TEXT)"))
        connection.execute(text("INSERT INTO guests VALUES ('Ada')"))
    return catalogue_url


@contextmanager
def engine(url):
    driver = make_url(url).set(drivername="postgresql+psycopg") if url.startswith("postgresql") else url
    opened = create_engine(driver)
    try:
        with opened.begin() as connection:
            yield connection
    finally:
        opened.dispose()


@contextmanager
def two_workers(tmp_path, url):
    (tmp_path / "host_app.py").write_text(HOST_APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (tmp_path / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "host_app:app", "--port", str(port), "--workers", "2"],
        cwd=tmp_path,
        env=os.environ | {"HOST_HOME": str(tmp_path / "home"), "HOST_DATABASE": url},
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: httpx2.get(f"{address}/healthz", timeout=2).status_code == 200)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def wait_for(condition, timeout_s=30.0):
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            if condition():
                return
        except httpx2.TransportError:
            pass
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def test_two_workers_serve_fresh_answers_and_refresh_one_at_a_time(tmp_path, shared_url):
    with two_workers(tmp_path, shared_url) as address:
        settings = Settings(home=tmp_path / "home", catalogue_url=shared_url)
        headers = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
        names = [f"Ingredient {number}" for number in range(20)]
        for name in names:  # a connection each, so that both workers take part
            made = httpx2.post(f"{address}/api/v1/ingredients", json={"name": name}, headers=headers, timeout=20)
            assert made.status_code == 201
        workers = set()

        def both_seen():
            workers.add(httpx2.get(f"{address}/worker").json())
            return len(workers) == 2

        wait_for(both_seen)

        def stored_everywhere():
            answers = [httpx2.get(f"{address}/api/v1/analytics/ingredient-tree", timeout=20).json() for _ in range(8)]
            return all(
                answer["metadata"]["source"] == "stored" and len(answer["data"]) == len(names) for answer in answers
            )

        wait_for(stored_everywhere)
        manifest = httpx2.get(f"{address}/analytics/v1/manifest.json").json()
        # 20 edits in a burst: coalesced by each worker, and never cooked twice for one state of the catalogue.
        assert manifest["generation"] <= 8
        assert httpx2.get(f"{address}/worker").status_code == 200
    assert not re.search(rb"Traceback|ERROR", (tmp_path / "log").read_bytes())


def test_the_tables_and_the_history_of_the_host_are_left_alone(tmp_path, shared_url):
    with two_workers(tmp_path, shared_url) as address:
        assert httpx2.get(f"{address}/api/v1/recipes").json()["items"] == []
    with engine(shared_url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["host-42"]
        assert connection.execute(text("SELECT name FROM guests")).scalars().all() == ["Ada"]
        own = {"alembic_version", "guests"}
        tables = set(inspect(connection).get_table_names())
        assert own <= tables
        assert tables == own or shared_url.startswith("sqlite")  # in PostgreSQL ours are in a schema of their own
