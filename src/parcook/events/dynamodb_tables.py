"""The two DynamoDB tables: events with their indexes, expiry and stream; small records beside them, with neither.

`deploy/template.yaml` declares the same; a test holds the two together.
"""

import contextlib
import logging
from typing import Any

from botocore.exceptions import ClientError

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
    """Make what is missing of the two tables, and wait until they can be used."""
    made = []
    for definition in (events_definition(table), records_definition(table)):
        with contextlib.suppress(client.exceptions.ResourceInUseException):  # it is there, or is being made
            client.create_table(**definition)
            made.append(definition["TableName"])
        client.get_waiter("table_exists").wait(
            TableName=definition["TableName"], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    if table in made:
        _let_expire(client, table)


def _let_expire(client: Any, table: str) -> None:
    try:
        client.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": EXPIRES, "Enabled": True})
    except ClientError as error:
        if error.response["Error"]["Code"] != "UnknownOperationException":
            raise
        log.warning("this DynamoDB removes nothing by itself; the daily sweep does", extra={"table": table})


def _keys(first: str) -> list[dict[str, str]]:
    return [{"AttributeName": first, "KeyType": "HASH"}, {"AttributeName": "timestamp", "KeyType": "RANGE"}]
