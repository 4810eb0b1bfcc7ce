"""versitygw, a second S3 beside moto, over a folder of its own: it checks signatures, and writes as a file system does.

`make test-s3` builds it into .cache/versitygw. What needs it carries the mark `s3`.
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.missing import lacking
from tests.servers.s3 import S3Server

PROGRAM = Path(__file__).parents[2] / ".cache" / "versitygw" / "versitygw"
VERSITYGW = pytest.param("versitygw", marks=pytest.mark.s3)
"""The value of a fixture's parameter that is this server."""

ACCESS_KEY, SECRET_KEY = "parcook-tests", "a-secret-of-the-tests"
STARTS_WITHIN_S = 30


@contextmanager
def start_versitygw() -> Iterator[S3Server]:
    if not PROGRAM.exists():
        lacking("versitygw", "run make test-s3, which builds it (needs Go)")
    with tempfile.TemporaryDirectory(prefix="parcook-s3-") as folder:
        port = _free_port()
        command = [str(PROGRAM), "--quiet", "--port", f"127.0.0.1:{port}", "posix", folder]
        keys = {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}
        with subprocess.Popen(
            command, env={**os.environ, **keys}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                _wait(server, port)
                yield S3Server(f"http://127.0.0.1:{port}", ACCESS_KEY, SECRET_KEY)
            finally:
                server.kill()  # what it holds goes with its folder


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
