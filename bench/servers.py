"""Servers in processes of their own, on free ports of the loopback, ended when the block ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent
START_S = 30

Command = Callable[[int], list[str | Path]]


@contextmanager
def run_server(command: Command, ready_path: str, home: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Run `command(port)` until the block ends; its port, once `ready_path` answers 200. Its output goes to `home`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with (home / f"{port}.log").open("wb") as log:  # a file, as an operator's log would be
        process = subprocess.Popen(command(port), env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            _wait_for(port, ready_path, process)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def run_s3(home: Path) -> Iterator[dict[str, str]]:
    """Run an S3 server (moto); the environment that leads to it."""
    with run_server(lambda port: [BIN / "moto_server", "-p", str(port)], "/moto-api/", home, {}) as port:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_REGION": "us-east-1",
        }


def make_bucket(environment: Mapping[str, str], name: str) -> str:
    """The storage URL of a new bucket on the server of `run_s3`."""
    ask("PUT", int(environment["AWS_ENDPOINT_URL"].rpartition(":")[2]), f"/{name}")
    return f"s3://{name}"


def ask(method: str, port: int, path: str) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body of one answer. Raises `OSError` if there is none or it is no 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise OSError(f"no HTTP answer from port {port}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise OSError(f"{method} {path} was answered {response.status}: {body[:200]!r}")
    return response.getheaders(), body


def _wait_for(port: int, path: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            ask("GET", port, path)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
