"""The servers that stand for AWS: versitygw for S3, dynalite for DynamoDB, Trino for Athena's SQL, moto for secrets.

moto has DynamoDB too, but reads a whole table for every question, which at ten thousand messages takes minutes.
"""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from parcook.artifacts import triggers
from parcook.objects import Objects
from tests.artifacts.lambda_server import start_lambda
from tests.aws_day.day import Told, live
from tests.aws_day.houses import Embedded, OnAws
from tests.conftest import zone_at_noon
from tests.servers.dynamodb import DynamoServer, start_dynalite
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import S3Server
from tests.servers.trino import TrinoServer, start_trino


@pytest.fixture(scope="session")
def zone() -> str:
    """A report zone in which no midnight passes while the day is lived twice."""
    return zone_at_noon()


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory, zone: str) -> Told:
    """The day on the embedded defaults."""
    folder = tmp_path_factory.mktemp("embedded")
    house = Embedded(folder, zone)
    try:
        return live(house, Objects(f"file://{folder / 'page'}"))
    finally:
        house.close()


@pytest.fixture(scope="session")
def trino_over_s3(versitygw: S3Server) -> Iterator[TrinoServer]:
    with start_trino(versitygw) as server:
        yield server


@pytest.fixture(scope="session")
def dynalite() -> Iterator[DynamoServer]:
    with start_dynalite() as server:
        yield server


@pytest.fixture(scope="session")
def on_aws(
    tmp_path_factory: pytest.TempPathFactory,
    zone: str,
    versitygw: S3Server,
    s3_server: S3Server,
    dynalite: DynamoServer,
    postgres_server: PostgresServer,
    trino_over_s3: TrinoServer,
) -> Iterator[Told]:
    """The day on AWS."""
    folder: Path = tmp_path_factory.mktemp("aws")
    lake_url, page_url = versitygw.new_bucket(), versitygw.new_bucket()
    tables = trino_over_s3.declare(lake_url)
    secret, catalogue = f"parcook/{folder.name}", f"catalogue/{folder.name}"
    secrets = s3_server.client("secretsmanager")
    secrets.create_secret(Name=secret, SecretString=base64.b64encode(os.urandom(32)).decode())
    secrets.create_secret(Name=catalogue, SecretString=postgres_server.new_database())
    with start_lambda() as lambda_server, pytest.MonkeyPatch.context() as patch:
        for name, value in {
            **versitygw.environment,
            "AWS_ENDPOINT_URL_DYNAMODB": dynalite.endpoint,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": s3_server.endpoint,
            "AWS_ENDPOINT_URL_LAMBDA": lambda_server.endpoint,
            "AWS_LAMBDA_FUNCTION_NAME": "shop-function",
            "PARCOOK_HOME": str(folder / "home"),
            "PARCOOK_CATALOGUE_URL": f"secretsmanager://{catalogue}",
            "ANALYTICS_BUCKET": versitygw.new_bucket().removeprefix("s3://"),
            "ANALYTICS_REFRESH_FUNCTION": "shop-analytics-refresh",
            "PARCOOK_EVENTS_URL": f"dynamodb://day-{os.getpid()}?region=us-east-1&shards=2",
            "PARCOOK_LAKE_URL": lake_url,
            "PARCOOK_PRIVATE_URL": versitygw.new_bucket(),
            "PARCOOK_ENGINE_URL": f"{trino_over_s3.url}/{tables.schema}",
            "PARCOOK_SECRET_KEY": f"secretsmanager://{secret}",
            "PARCOOK_MIN_PEOPLE": "3",
            "PARCOOK_TIMEZONE": zone,
        }.items():
            patch.setenv(name, value)
        triggers._lambda_client.cache_clear()
        house = OnAws(lambda_server)
        try:
            yield live(house, Objects(page_url))
        finally:
            house.close()
            triggers._lambda_client.cache_clear()
