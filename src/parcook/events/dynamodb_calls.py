"""Calling DynamoDB: the client, every page of an answer, and its errors in parcook's words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from parcook.errors import SettingsError, Unavailable

Item = dict[str, dict[str, Any]]

_CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"max_attempts": 4, "mode": "standard"}, max_pool_connections=32
)


def connect(region: str | None) -> Any:
    """A client, which threads may share. Raises `SettingsError` if neither `region` nor AWS's settings name one."""
    try:
        return boto3.client("dynamodb", region_name=region, config=_CONFIG)
    except NoRegionError as error:
        raise SettingsError(
            "PARCOOK_EVENTS_URL names no region; write dynamodb://table?region=eu-west-1, or set AWS_REGION"
        ) from error


@contextmanager
def translated() -> Iterator[None]:
    """Whatever DynamoDB refuses in this block is `Unavailable`."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(f"DynamoDB refused: {error}") from error


def query_items(client: Any, query: Mapping[str, Any]) -> Iterator[Item]:
    """The items that a query finds, page after page."""
    start: dict[str, Any] = {}
    while True:
        with translated():
            page = client.query(**query, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
