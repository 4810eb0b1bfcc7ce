"""An installation as the template makes it: DynamoDB, S3 and Secrets Manager by moto, Lambda by a stand-in."""

import base64
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parcook.access import Role
from parcook.artifacts import triggers
from parcook.aws import container
from tests.artifacts.lambda_server import LambdaServer, start_lambda
from tests.servers.api_gateway import ask_lambda
from tests.servers.s3 import S3Server

REFRESH = "shop-analytics-refresh"


@pytest.fixture
def lambda_server() -> Iterator[LambdaServer]:
    with start_lambda() as running:
        yield running


@pytest.fixture
def installation(
    tmp_path: Path, s3_server: S3Server, lambda_server: LambdaServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The environment of every function; yields the folder that stands for the network file system.

    Events are in SQLite, but where a test asks for DynamoDB: moto takes seconds for what DynamoDB does in a moment.
    """
    secret = f"parcook/{tmp_path.name}/{id(tmp_path)}"
    s3_server.client("secretsmanager").create_secret(Name=secret, SecretString=base64.b64encode(bytes(32)).decode())
    for name, value in {
        **s3_server.environment,
        "AWS_ENDPOINT_URL_LAMBDA": lambda_server.endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": "shop-function",
        "PARCOOK_HOME": str(tmp_path / "home"),
        "DB_PATH": str(tmp_path / "catalogue.db"),
        "ANALYTICS_BUCKET": s3_server.new_bucket().removeprefix("s3://"),
        "ANALYTICS_REFRESH_FUNCTION": REFRESH,
        "PARCOOK_EVENTS_URL": f"sqlite:///{tmp_path / 'events.db'}",
        "PARCOOK_LAKE_URL": s3_server.new_bucket(),
        "PARCOOK_PRIVATE_URL": s3_server.new_bucket(),
        "PARCOOK_SECRET_KEY": f"secretsmanager://{secret}",
        "PARCOOK_MIN_PEOPLE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    caches = (container.services, container.api, triggers._lambda_client)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path
    if container.api.cache_info().currsize:
        container.api().close()
    if container.services.cache_info().currsize:
        container.services().close()
    for cached in caches:
        cached.cache_clear()


@pytest.fixture
def ask(installation: Path) -> Callable[..., tuple[int, Any]]:
    """Asks the API's function as API Gateway does, as an admin unless told otherwise; status and body."""

    def ask(method: str, path: str, body: Any = None, as_admin: bool = True, bearer: str = "") -> tuple[int, Any]:
        if as_admin:
            bearer = bearer or container.api().services.access.create_token(Role.ADMIN).secret
        return ask_lambda(method, path, body, bearer)

    return ask


def journal_of(path: Path) -> str:
    """The journal mode that is written into a SQLite file."""
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        connection.close()
