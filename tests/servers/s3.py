"""An S3 server (moto) in a process of its own, spoken to over real HTTP."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
import httpx2

_START = """
import threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
"""


@dataclass
class S3Server:
    """A running server, and the environment that leads the AWS libraries to it."""

    endpoint: str
    access_key: str = "test"
    secret_key: str = "test"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def new_bucket(self) -> str:
        """The URL of a new bucket."""
        name = f"parcook-test-{os.getpid()}-{next(self._numbers)}"
        self.client("s3").create_bucket(Bucket=name)
        return f"s3://{name}"

    def client(self, service: str):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
        )


@contextmanager
def start_s3() -> Iterator[S3Server]:
    with subprocess.Popen(
        [sys.executable, "-c", _START],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            endpoint = f"http://127.0.0.1:{int(server.stdout.readline())}"
            deadline = time.monotonic() + 30
            while True:
                try:
                    httpx2.get(f"{endpoint}/moto-api/", timeout=2)
                    break
                except httpx2.TransportError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)
            yield S3Server(endpoint)
        finally:
            server.kill()  # it holds nothing that needs an orderly end
