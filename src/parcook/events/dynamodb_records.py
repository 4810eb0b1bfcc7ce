"""Small records in a DynamoDB table of their own, which has no stream and no point-in-time recovery."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from parcook.events.contract import Record
from parcook.events.dynamodb_calls import Item, query_items, translated


class DynamoRecords:
    """The `Records` in `table`."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, kind: str, key: str) -> Record | None:
        """The record, or None if there is none."""
        with translated():
            found = self._client.get_item(TableName=self._table, Key=_key(kind, key), ConsistentRead=True)
        return _record(found["Item"]) if "Item" in found else None

    def put(self, kind: str, key: str, document: Mapping[str, Any], only_if_absent: bool = False) -> bool:
        """Write the record; with `only_if_absent` False, and nothing written, if there is one."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        condition = {"ConditionExpression": "attribute_not_exists(kind)"} if only_if_absent else {}
        with translated():
            try:
                self._client.put_item(
                    TableName=self._table, Item=_key(kind, key) | {"document": {"S": text}}, **condition
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
        return True

    def list(self, kind: str, first: str = "", last: str | None = None) -> Iterator[Record]:
        """The records of a kind with `first` <= key <= `last`, by key."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "kind = :kind",
            "ExpressionAttributeValues": {":kind": {"S": kind}},
            "ConsistentRead": True,
        }
        if first:  # a key that is compared with must not be empty
            query["KeyConditionExpression"] += " AND #key >= :first"
            query["ExpressionAttributeValues"][":first"] = {"S": first}
            query["ExpressionAttributeNames"] = {"#key": "key"}
        for item in query_items(self._client, query):
            record = _record(item)
            if last is not None and record.key > last:
                return
            yield record

    def delete(self, kind: str, *keys: str) -> int:
        """Remove records; how many there were."""
        deleted = 0
        for key in keys:
            with translated():
                old = self._client.delete_item(TableName=self._table, Key=_key(kind, key), ReturnValues="ALL_OLD")
            deleted += "Attributes" in old
        return deleted


def _key(kind: str, key: str) -> Item:
    return {"kind": {"S": kind}, "key": {"S": key}}


def _record(item: Item) -> Record:
    return Record(item["kind"]["S"], item["key"]["S"], json.loads(item["document"]["S"]))
