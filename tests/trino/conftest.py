from collections.abc import Iterator

import pytest

from tests.servers.s3 import S3Server
from tests.servers.trino import TrinoServer, start_trino


@pytest.fixture(scope="session")
def trino(s3_server: S3Server) -> Iterator[TrinoServer]:
    with start_trino(s3_server) as server:
        yield server
