"""One suite on two servers that speak S3, moto and versitygw, with a bad network in front of either."""

from collections.abc import Iterator

import pytest

from tests.servers.fault_proxy import FaultProxy, start_fault_proxy
from tests.servers.s3 import S3Server
from tests.servers.versitygw import VERSITYGW


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
