"""The two DynamoDB tables: events with their indexes, expiry and stream; small records beside them, with neither.

`deploy/template.yaml` declares the same; a test holds the two together.
"""

import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from parcook.errors import SchemaRefused

log = logging.getLogger(__name__)

EVENTS_BY_DAY = "date-index"
EVENTS_BY_PERSON = "user-index"
EXPIRES = "ttl"


def keys_table(table: str) -> str:
    """The name of the table for records: day keys, ledger, tombstones. No stream, no point-in-time recovery."""
    return f"{table}-keys"


def events_definition(table: str) -> dict[str, Any]:
    """What CreateTable is asked for. Expiry cannot be part of it: that is UpdateTimeToLive's."""
    return {
        "TableName": table,
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("conversation_id", "timestamp", "date_str", "user_ref")
        ],
        "KeySchema": _keys("conversation_id"),
        "GlobalSecondaryIndexes": [
            {"IndexName": EVENTS_BY_DAY, "KeySchema": _keys("date_str"), "Projection": {"ProjectionType": "ALL"}},
            {"IndexName": EVENTS_BY_PERSON, "KeySchema": _keys("user_ref"), "Projection": {"ProjectionType": "ALL"}},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    }


def records_definition(table: str) -> dict[str, Any]:
    """The same for the table beside it."""
    return {
        "TableName": keys_table(table),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("kind", "key")],
        "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "key", "KeyType": "RANGE"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def create_tables(client: Any, table: str) -> None:
    """Make what is missing of the two tables, wait until they can be used, and see that expired items are removed.

    Whoever may not create tables can have them created by others before. Raises `SchemaRefused` for a table of these
    names that is of something else.
    """
    for definition in (events_definition(table), records_definition(table)):
        name = definition["TableName"]
        try:
            client.describe_table(TableName=name)
        except client.exceptions.ResourceNotFoundException:
            with contextlib.suppress(client.exceptions.ResourceInUseException):  # somebody else is making it
                client.create_table(**definition)
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300})
        _refuse_other(client.describe_table(TableName=name)["Table"], definition)
    _let_expire(client, table)


def _refuse_other(found: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    indexes = {index["IndexName"] for index in found.get("GlobalSecondaryIndexes", ())}
    wanted = {index["IndexName"] for index in definition.get("GlobalSecondaryIndexes", ())}
    if _key_names(found) != _key_names(definition) or not wanted <= indexes:
        raise SchemaRefused(
            f"the DynamoDB table {definition['TableName']} is of something else: its keys are not "
            f"{' and '.join(_key_names(definition))}, or it lacks an index. Name another in PARCOOK_EVENTS_URL."
        )


def _let_expire(client: Any, table: str) -> None:
    """Have expired items removed. A table that was restored from a backup has forgotten that."""
    told = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if told["TimeToLiveStatus"] in ("ENABLED", "ENABLING"):
        return
    try:
        client.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": EXPIRES, "Enabled": True})
    except ClientError as error:
        if error.response["Error"]["Code"] != "UnknownOperationException":
            raise
        log.warning("this DynamoDB removes nothing by itself; the daily sweep does", extra={"table": table})


def _key_names(described: Mapping[str, Any]) -> list[str]:
    return [key["AttributeName"] for key in described["KeySchema"]]


def _keys(first: str) -> list[dict[str, str]]:
    return [{"AttributeName": first, "KeyType": "HASH"}, {"AttributeName": "timestamp", "KeyType": "RANGE"}]
