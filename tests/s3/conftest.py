"""One suite on two servers that speak S3, moto and versitygw, with a bad network in front of either."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from parcook import objects as objects_module
from tests.servers.fault_proxy import FaultProxy, start_fault_proxy
from tests.servers.s3 import S3Server
from tests.servers.versitygw import VERSITYGW

_QUICKLY = {"init_backoff": timedelta(milliseconds=5), "max_backoff": timedelta(milliseconds=20), "base": 2}


@pytest.fixture(params=["moto", VERSITYGW])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """A running server, once per kind; S3 clients are led to it."""
    running: S3Server = request.getfixturevalue("versitygw" if request.param == "versitygw" else "s3_server")
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    return running


@pytest.fixture
def bucket(server: S3Server) -> str:
    """The URL of an empty bucket of its own."""
    return server.new_bucket()


@pytest.fixture
def network(server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """The network that S3 clients opened from now on go through, a good one as yet."""
    with start_fault_proxy(server.endpoint) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        yield proxy


@pytest.fixture
def quick_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again almost at once."""
    monkeypatch.setitem(objects_module._RETRY, "backoff", _QUICKLY)
    monkeypatch.setitem(objects_module._READ_RETRY, "backoff", _QUICKLY)


@pytest.fixture
def impatient(quick_to_retry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds of S3 are what they are, but shorter."""
    monkeypatch.setitem(objects_module._CLIENT, "timeout", timedelta(seconds=1))
    monkeypatch.setitem(objects_module._READ_CLIENT, "read_timeout", timedelta(seconds=0.5))
    for retry in (objects_module._RETRY, objects_module._READ_RETRY):
        monkeypatch.setitem(retry, "retry_timeout", timedelta(seconds=1))
