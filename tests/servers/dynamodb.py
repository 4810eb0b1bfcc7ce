"""Two DynamoDB servers, in processes of their own, spoken to over real HTTP: moto, and dynalite as a second opinion.

`make test` installs dynalite into .cache/dynalite, from the lock file beside this module.
"""

import itertools
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.missing import lacking
from tests.servers.s3 import start_s3

DYNALITE = Path(__file__).parents[2] / ".cache" / "dynalite" / "node_modules" / "dynalite" / "cli.js"
OUTLIVE_CLIENTS = Path(__file__).parent / "dynalite" / "outlive_clients.cjs"


@dataclass
class DynamoServer:
    """A running server, and the environment that leads boto3 to it."""

    endpoint: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL_DYNAMODB": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def new_table(self) -> str:
        """The URL of a table that is not there yet."""
        return f"dynamodb://events-{os.getpid()}-{next(self._numbers)}?region=us-east-1"


@contextmanager
def start_moto() -> Iterator[DynamoServer]:
    with start_s3() as server:  # moto is one server for all services
        yield DynamoServer(server.endpoint)


@contextmanager
def start_dynalite() -> Iterator[DynamoServer]:
    node = shutil.which("node")
    if node is None or not DYNALITE.exists():
        lacking("dynalite", "install Node.js with npm, then run make test, which installs it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [
        str(node),
        "--require",
        str(OUTLIVE_CLIENTS),
        str(DYNALITE),
        "--port",
        str(port),
        "--createTableMs",
        "0",
        "--updateTableMs",
        "0",
        "--deleteTableMs",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield DynamoServer(f"http://127.0.0.1:{port}")
        finally:
            server.kill()  # it holds nothing that needs an orderly end


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
