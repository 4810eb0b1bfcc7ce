"""A real PostgreSQL server on a free port of 127.0.0.1, made anew for each run of the tests.

`PARCOOK_TEST_POSTGRES_URL` names a running server to use instead, with a role that may create databases.
"""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from parcook.catalogue.store import open_catalogue
from tests.servers.missing import lacking

_TEMPLATE = "parcook_template"


@dataclass
class PostgresServer:
    """A server that hands out databases with the schema in place: copying one is faster than migrating."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _has_template: bool = False

    def bare_database(self) -> str:
        """The URL of a new database without any table."""
        return self._create("")

    def new_database(self) -> str:
        """The URL of a new, empty catalogue."""
        if not self._has_template:
            self._run(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
            self._run(f"CREATE DATABASE {_TEMPLATE}")
            open_catalogue(self._of(_TEMPLATE)).close()
            self._has_template = True
        return self._create(f"TEMPLATE {_TEMPLATE}")

    def _create(self, options: str) -> str:
        name = f"parcook_{os.getpid()}_{next(self._numbers)}"
        self._run(f"DROP DATABASE IF EXISTS {name}")
        self._run(f"CREATE DATABASE {name} {options}")
        return self._of(name)

    def _of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def start_postgres() -> Iterator[PostgresServer]:
    if url := os.environ.get("PARCOOK_TEST_POSTGRES_URL"):
        yield PostgresServer(url)
        return
    programs = _programs()
    user = _unprivileged_user()
    # Not below pytest's own folder: every new run of pytest takes that away from other users.
    home = Path(tempfile.mkdtemp(prefix="parcook-postgres-"))
    if user is not None:
        shutil.chown(home, user)
    data, port = home / "data", _free_port()
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
        cwd=home,
    )
    log = (home / "log").open("wb")
    server = subprocess.Popen(
        [
            *(programs / "postgres", "-D", data, "-p", str(port), "-k", home),
            *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=log,
        user=user,
        cwd=home,
    )
    try:
        _wait_until_ready(programs, port)
        yield PostgresServer(f"postgresql://postgres@127.0.0.1:{port}/postgres")
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()
        shutil.rmtree(home)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path is None and not found:
        lacking("PostgreSQL", "apt-get install postgresql, or name a server in PARCOOK_TEST_POSTGRES_URL")
    return found[-1].parent if found else Path(os.path.realpath(str(on_path))).parent


def _unprivileged_user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_until_ready(programs: Path, port: int) -> None:
    probe = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + 30
    while subprocess.run(probe).returncode != 0:
        if time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL did not come up in 30 s")
        time.sleep(0.1)
