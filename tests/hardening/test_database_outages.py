"""A database that is locked, cut off or restarted: 503 for as long as it lasts, then all goes on, without hands."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.artifacts import triggers
from parcook.artifacts.verify import find_faults
from parcook.catalogue import database
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.artifacts.waiting import wait_until
from tests.conftest import make_token
from tests.hardening.telling import value_of
from tests.servers.postgres import PostgresServer, start_postgres
from tests.web.problems import expect_problem

USAGE = "/api/v1/analytics/ingredient-usage"
# Instead of 20 s. PostgreSQL is told whole seconds.
PATIENCE_S = {"sqlite": 0.3, "postgresql": 1.0}
READS = ["/api/v1/recipes/1", "/api/v1/recipes/search?ingredient=Gin", f"{USAGE}?level=0"]
HEALED_WITHIN_S = 20.0


@contextmanager
def opened(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """An application that waits less for locks, asked as admin: ingredient `Gin`, recipe 1 `Martini`, cooked."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", PATIENCE_S[url.partition(":")[0]])
    monkeypatch.setattr(triggers, "POLL_S", 0.2)
    settings = Settings(home=home, catalogue_url=url)
    headers = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    app = create_app(settings)
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False, headers=headers) as client:
        write(client, "ingredients", "Gin", 201)
        lines = [{"ingredient_name": "Gin"}]
        assert client.post("/api/v1/recipes", json={"name": "Martini", "ingredients": lines}).status_code == 201
        wait_until(lambda: is_current(client), HEALED_WITHIN_S)
        yield client


@pytest.fixture
def on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with opened(f"sqlite:///{tmp_path}/catalogue.db", tmp_path, monkeypatch) as client:
        yield client


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with opened(postgres_url, tmp_path, monkeypatch) as client:
        yield client


def write(client: TestClient, kind: str, name: str, status: int) -> None:
    response = client.post(f"/api/v1/{kind}", json={"name": name})
    assert response.status_code == status, response.text


def is_current(client: TestClient) -> bool:
    response = client.get("/readyz")
    return response.status_code == 200 and response.json()["artifacts"]["current"]


def names(client: TestClient, kind: str = "ingredients") -> set[str]:
    found: set[str] = set()
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(f"/api/v1/{kind}", params={"limit": 200} | ({"cursor": cursor} if cursor else {})).json()
        found |= {item["name"] for item in page["items"]}
        cursor = page["next_cursor"]
    return found


def check_healed(client: TestClient, expected: set[str]) -> None:
    """The ingredients are the `expected` ones, and by themselves the artifacts come to hold them."""
    assert names(client) == expected
    wait_until(lambda: is_current(client), HEALED_WITHIN_S)
    services = client.app_state[STATE_KEY]
    services.trigger.stop()
    assert find_faults(services.catalogue, services.storage) == []
    stored = services.storage.get_analytics("ingredient-tree")
    assert {row["ingredient_name"] for row in stored["data"]} == expected


def check_refused(client: TestClient) -> None:
    """No write is taken, of whatever kind, and none takes much longer than the patience there is."""
    item = {"name": "Rum"}
    for method, path, body in (
        ("POST", "/ingredients", item),
        ("PATCH", "/recipes/1", item),
        ("DELETE", "/recipes/1", None),
        ("POST", "/recipes/bulk", {"recipes": [item]}),
    ):
        started = time.monotonic()
        response = client.request(method, f"/api/v1{path}", json=body)
        assert time.monotonic() - started < 3
        expect_problem(response, 503, "unavailable")
        assert int(response.headers["retry-after"]) > 0


def check_read(client: TestClient, status: int) -> None:
    for path in READS:
        assert client.get(path).status_code == status, path
    answer = client.get(USAGE)  # it is stored: the database is not even asked
    assert (answer.status_code, answer.json()["metadata"]["source"]) == (200, "stored")
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield


def test_while_another_process_locks_the_file_reads_go_on_and_writes_wait_for_their_turn(
    on_sqlite: TestClient, tmp_path: Path
) -> None:
    with locked_by_another_process(tmp_path / "catalogue.db"):
        check_refused(on_sqlite)
        check_read(on_sqlite, 200)
        on_sqlite.app_state[STATE_KEY].trigger.request(force=True)
        wait_until(lambda: on_sqlite.get("/readyz").json()["artifacts"]["last_error"], HEALED_WITHIN_S)
    write(on_sqlite, "ingredients", "Vodka", 201)
    check_healed(on_sqlite, {"Gin", "Vodka"})


def test_a_short_lock_is_waited_for(on_sqlite: TestClient, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as crowd:
        with locked_by_another_process(tmp_path / "catalogue.db"):
            writers = [crowd.submit(write, on_sqlite, "ingredients", f"Gin {n}", 201) for n in range(8)]
            time.sleep(0.1)
        for writer in writers:
            writer.result()
    check_healed(on_sqlite, {"Gin", *(f"Gin {n}" for n in range(8))})


def test_where_a_lock_keeps_readers_out_as_well_they_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "parcook")  # no write-ahead log there
    with opened(f"sqlite:///{tmp_path}/catalogue.db", tmp_path, monkeypatch) as client:
        with locked_by_another_process(tmp_path / "catalogue.db"):
            check_refused(client)
            check_read(client, 503)
            expect_problem(client.get("/readyz"), 503, "unavailable")
        check_read(client, 200)
        write(client, "ingredients", "Vodka", 201)
        check_healed(client, {"Gin", "Vodka"})


@contextmanager
def locked_by_another_session(url: str, statement: str) -> Iterator[None]:
    with psycopg.connect(url, options="-c search_path=parcook") as session:
        session.execute(statement)
        yield
        session.rollback()


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("SELECT * FROM catalogue_state FOR UPDATE", 200),
        ("LOCK TABLE ingredients, recipes IN SHARE MODE", 200),
        ("LOCK TABLE ingredients, recipes, catalogue_state IN ACCESS EXCLUSIVE MODE", 503),
    ],
)
def test_while_another_session_locks_tables_writes_are_refused(
    on_postgres: TestClient, postgres_url: str, statement: str, status: int
) -> None:
    with locked_by_another_session(postgres_url, statement):
        check_refused(on_postgres)
        check_read(on_postgres, status)
    check_read(on_postgres, 200)
    write(on_postgres, "ingredients", "Vodka", 201)
    check_healed(on_postgres, {"Gin", "Vodka"})


def cut_off(url: str) -> None:
    """End all sessions of the database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_were_cut_are_replaced_before_anybody_notices(
    on_postgres: TestClient, postgres_url: str
) -> None:
    with ThreadPoolExecutor(8) as crowd:  # several connections in the pool
        list(crowd.map(on_postgres.get, READS * 8))
    for number in range(3):
        cut_off(postgres_url)
        check_read(on_postgres, 200)
        cut_off(postgres_url)
        write(on_postgres, "ingredients", f"Gin {number}", 201)
    check_healed(on_postgres, {"Gin", "Gin 0", "Gin 1", "Gin 2"})


def write_while(client: TestClient, disturb: Callable[[], None]) -> tuple[set[str], Counter[int]]:
    """Many write and read until `disturb` has returned; the names acknowledged, and how often which status came."""
    acknowledged: set[str] = set()
    statuses: Counter[int] = Counter()
    done = threading.Event()

    def work(worker: int) -> None:
        number = 0
        while not done.is_set():
            name = f"Edit {worker}.{number}"
            number += 1
            written = client.post("/api/v1/ingredients", json={"name": name}).status_code
            read = client.get("/api/v1/ingredients").status_code
            statuses.update([written, read])
            acknowledged.update([name] if written == 201 else [])

    with ThreadPoolExecutor(4) as crowd:
        workers = [crowd.submit(work, worker) for worker in range(4)]
        try:
            disturb()
        finally:
            done.set()
        for worker in workers:
            worker.result()
    return acknowledged, statuses


def test_connections_cut_in_the_middle_of_work_are_an_outage_at_most(
    on_postgres: TestClient, postgres_url: str
) -> None:
    def disturb() -> None:
        for _ in range(20):
            time.sleep(0.1)
            cut_off(postgres_url)

    acknowledged, statuses = write_while(on_postgres, disturb)
    assert statuses.keys() <= {200, 201, 503}
    assert acknowledged
    present = names(on_postgres)
    # What was cut while it was committed may be there though nobody was told so.
    assert acknowledged | {"Gin"} <= present
    check_healed(on_postgres, present)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that nobody else uses."""
    if "PARCOOK_TEST_POSTGRES_URL" in os.environ:
        pytest.skip("a server that others use as well is not restarted")
    with start_postgres() as server:
        data = data_folder(server)
        yield server
        control(data, "stop")


def data_folder(server: PostgresServer) -> Path:
    with psycopg.connect(server.url) as session:
        return Path(session.execute("SHOW data_directory").fetchone()[0])


def control(data: Path, action: str) -> None:
    """`pg_ctl` as the owner of `data`; the server does not get to finish what it is doing."""
    pg_ctl = Path((data / "postmaster.opts").read_text().split()[0]).with_name("pg_ctl")
    owner = data.owner() if os.geteuid() == 0 else None
    command = [pg_ctl, action, "-D", data, "-m", "immediate", "-w", "-l", data / "restarts.log"]
    subprocess.run(command, check=True, user=owner, cwd=data, stdout=subprocess.DEVNULL, timeout=60)


def test_a_restart_of_the_server_in_the_middle_of_work_is_an_outage_at_most(
    own_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_folder(own_server)

    def disturb() -> None:
        for _ in range(2):
            time.sleep(0.5)
            control(data, "restart")
        time.sleep(0.5)

    with opened(own_server.new_database(), tmp_path, monkeypatch) as client:
        acknowledged, statuses = write_while(client, disturb)
        assert statuses.keys() <= {200, 201, 503}
        assert statuses[503]
        check_read(client, 200)
        present = names(client)
        assert acknowledged | {"Gin"} <= present
        write(client, "ingredients", "Vodka", 201)
        check_healed(client, present | {"Vodka"})


def test_while_the_server_is_down_stored_answers_are_served_and_the_rest_is_told(
    own_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_folder(own_server)
    with opened(own_server.new_database(), tmp_path, monkeypatch) as client:
        control(data, "stop")
        check_refused(client)
        check_read(client, 503)
        expect_problem(client.get("/readyz"), 503, "unavailable")
        assert value_of(client.get("/metrics").text, "parcook_catalogue_up") == 0
        control(data, "restart")  # with its options of before, unlike "start"
        check_read(client, 200)
        write(client, "ingredients", "Vodka", 201)
        check_healed(client, {"Gin", "Vodka"})
