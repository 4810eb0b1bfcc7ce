"""Events in DynamoDB: for many hosts, with nothing to run.

What makes an event unique is a guard item, put first and on condition that there is none; then the event. A crash
between the two leaves a guard alone: whoever sends the event again finds that and completes it, at the time the
guard says. The indexes by day and by person lag behind by moments; exports look back for two days and do not mind.
"""

import heapq
import itertools
import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from parcook.clock import Clock, format_instant, utc_now
from parcook.errors import Unavailable
from parcook.events.contract import RETENTION_DAYS, Event, Record
from parcook.events.dynamodb_items import (
    GUARD,
    Item,
    event_key,
    from_item,
    guard_item,
    guard_key,
    guarded,
    to_item,
)
from parcook.events.dynamodb_tables import EVENTS_BY_DAY, EVENTS_BY_PERSON, create_tables, keys_table

AT_ONCE = 16
BATCH = 25  # BatchWriteItem takes no more
MAX_TRIES = 8
SWEEP_BACK = timedelta(days=RETENTION_DAYS + 60)
_CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"max_attempts": 4, "mode": "standard"}, max_pool_connections=32
)
_MILLISECOND = timedelta(milliseconds=1)


class DynamoEvents:
    """The `EventStore` in the DynamoDB table `table`; `shards` > 1 spreads a busy day over as many index keys."""

    def __init__(self, table: str, region: str | None = None, shards: int = 1, clock: Clock = utc_now) -> None:
        self._table = table
        self._shards = shards
        self._clock = clock
        with _translated():
            self._client: Any = boto3.client("dynamodb", region_name=region, config=_CONFIG)
            create_tables(self._client, table)
        self._pool = ThreadPoolExecutor(AT_ONCE, "parcook-dynamodb")
        self.records = DynamoRecords(self._client, keys_table(table))

    def append(self, events: Sequence[Event]) -> list[bool]:
        """Store `events`; for each whether it is new."""
        first: dict[str, Event] = {}
        for event in events:
            first.setdefault(event.message_id, event)
        with _translated():
            to_store = dict(zip(first, self._pool.map(self._claim, first.values()), strict=True))
            self._write({"PutRequest": {"Item": self._item(event)}} for event in to_store.values() if event is not None)
        # Of those that stand twice in `events` the first alone is new.
        return [to_store.pop(event.message_id, None) is not None for event in events]

    def day(
        self, day: date, now: datetime, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[Event]:
        """The events of report day `day` with `start` <= ts < `end`, by ts and message_id."""
        names, values = {}, {}
        condition = ""
        if start is not None or end is not None:
            # An item at exactly `end` has the sort key `<end>#…`, which is greater than `<end>`.
            names["#timestamp"] = "timestamp"
            values[":start"] = {"S": format_instant(_ceiling(start)) if start else "0"}
            values[":end"] = {"S": format_instant(_ceiling(end)) if end else "a"}
            condition = " AND #timestamp BETWEEN :start AND :end"
        shards = [
            self._query("date_str = :key" + condition, key, now, EVENTS_BY_DAY, names, values)
            for key in self._day_keys(day)
        ]
        return heapq.merge(*shards, key=lambda event: (event.ts, event.message_id))

    def conversation(self, conversation_id: str, now: datetime) -> Iterator[Event]:
        """The events of one conversation, by ts and message_id; read consistently."""
        condition = "conversation_id = :key AND #timestamp < :guards"
        names, values = {"#timestamp": "timestamp"}, {":guards": {"S": GUARD}}
        return self._query(condition, conversation_id, now, None, names, values)

    def person(self, user_ref: str, now: datetime) -> Iterator[Event]:
        """The events of one person, by ts and message_id."""
        return self._query("user_ref = :key", user_ref, now, EVENTS_BY_PERSON, {}, {})

    def delete(self, events: Sequence[Event]) -> int:
        """Remove `events` and their guards; how many events were there."""
        with _translated():
            return sum(self._pool.map(self._remove, events))

    def sweep(self, now: datetime) -> int:
        """Remove what has expired at `now` and DynamoDB has not yet removed; how many events that were."""
        oldest = now.date() - SWEEP_BACK
        days = ((now - timedelta(days=RETENTION_DAYS)).date() - oldest).days + 2
        removed = 0
        for offset in range(days):
            expired = [
                event
                for event in self._physical(oldest + timedelta(days=offset))
                if event.expires_at <= now.timestamp()
            ]
            removed += self.delete(expired)
        return removed

    def oldest_day(self) -> date | None:
        """The earliest report day of any event physically present; None if there is none since `SWEEP_BACK`."""
        first = self._clock().date() - SWEEP_BACK
        for offset in range(SWEEP_BACK.days + 2):
            if next(self._physical(first + timedelta(days=offset)), None) is not None:
                return first + timedelta(days=offset)
        return None

    def ping(self) -> None:
        """Ask for something small. Raises `Unavailable` if DynamoDB does not answer."""
        with _translated():
            self._client.get_item(TableName=self._table, Key={"conversation_id": {"S": "-"}, "timestamp": {"S": "-"}})

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def _claim(self, event: Event) -> Event | None:
        """The event to store: itself if it is new, at its guard's time if only that is there; None if it is stored."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=guard_item(event),
                ConditionExpression="attribute_not_exists(conversation_id)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            guard = self._get(guard_key(event))
            if guard is None:  # it expired, or was erased, in this moment
                return self._claim(event)
            completed = guarded(event, guard)
            return None if self._get(event_key(completed)) is not None else completed
        return event

    def _get(self, key: Item) -> Item | None:
        found: Item | None = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _remove(self, event: Event) -> bool:
        old = self._client.delete_item(TableName=self._table, Key=event_key(event), ReturnValues="ALL_OLD")
        self._client.delete_item(TableName=self._table, Key=guard_key(event))
        return "Attributes" in old

    def _write(self, requests: Iterable[dict[str, Any]]) -> None:
        for batch in _batches(requests, BATCH):
            left = {self._table: batch}
            for attempt in itertools.count():
                left = self._client.batch_write_item(RequestItems=left)["UnprocessedItems"]
                if not left:
                    break
                if attempt == MAX_TRIES:
                    raise Unavailable("DynamoDB takes no more writes now")
                time.sleep(random.uniform(0, min(2.0, 0.05 * 2**attempt)))  # noqa: S311

    def _item(self, event: Event) -> Item:
        keys = self._day_keys(event.day)
        return to_item(event, keys[int(event.message_id[:8], 16) % len(keys)])

    def _day_keys(self, day: date) -> list[str]:
        if self._shards == 1:
            return [day.isoformat()]
        return [f"{day.isoformat()}#{shard:02d}" for shard in range(self._shards)]

    def _physical(self, day: date) -> Iterator[Event]:
        for key in self._day_keys(day):
            yield from self._query("date_str = :key", key, None, EVENTS_BY_DAY, {}, {})

    def _query(
        self,
        condition: str,
        key: str,
        now: datetime | None,
        index: str | None,
        names: Mapping[str, str],
        values: Mapping[str, Any],
    ) -> Iterator[Event]:
        """The events that fulfil `condition`, page after page; with `now` those alone that have not expired."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {":key": {"S": key}, **values},
        }
        if now is not None:
            query["FilterExpression"] = "#ttl > :now"
            names = {**names, "#ttl": "ttl"}
            query["ExpressionAttributeValues"][":now"] = {"N": repr(now.timestamp())}
        if names:
            query["ExpressionAttributeNames"] = dict(names)
        query |= {"IndexName": index} if index else {"ConsistentRead": True}
        with _translated():
            for item in _pages(self._client, query):
                yield from_item(item)


class DynamoRecords:
    """The `Records` in the table beside the events."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, kind: str, key: str) -> Record | None:
        """The record, or None if there is none."""
        with _translated():
            found = self._client.get_item(TableName=self._table, Key=_record_key(kind, key), ConsistentRead=True)
        return _record(found["Item"]) if "Item" in found else None

    def put(self, kind: str, key: str, document: Mapping[str, Any], only_if_absent: bool = False) -> bool:
        """Write the record; with `only_if_absent` False, and nothing written, if there is one."""
        item = _record_key(kind, key) | {
            "document": {"S": json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)}
        }
        condition = {"ConditionExpression": "attribute_not_exists(kind)"} if only_if_absent else {}
        with _translated():
            try:
                self._client.put_item(TableName=self._table, Item=item, **condition)
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
        return True

    def list(self, kind: str, first: str = "", last: str | None = None) -> Iterator[Record]:
        """The records of a kind with `first` <= key <= `last`, by key."""
        condition, values = "kind = :kind", {":kind": {"S": kind}}
        if first:
            condition, values = f"{condition} AND #key >= :first", {**values, ":first": {"S": first}}
        query = {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            **({"ExpressionAttributeNames": {"#key": "key"}} if first else {}),
        }
        with _translated():
            for item in _pages(self._client, query):
                record = _record(item)
                if last is not None and record.key > last:
                    return
                yield record

    def delete(self, kind: str, key: str) -> bool:
        """Remove the record; False if there was none."""
        with _translated():
            old = self._client.delete_item(TableName=self._table, Key=_record_key(kind, key), ReturnValues="ALL_OLD")
        return "Attributes" in old


def _pages(client: Any, query: dict[str, Any]) -> Iterator[Item]:
    while True:
        page = client.query(**query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query = {**query, "ExclusiveStartKey": page["LastEvaluatedKey"]}


def _record_key(kind: str, key: str) -> Item:
    return {"kind": {"S": kind}, "key": {"S": key}}


def _record(item: Item) -> Record:
    return Record(item["kind"]["S"], item["key"]["S"], json.loads(item["document"]["S"]))


def _ceiling(moment: datetime) -> datetime:
    """The first whole millisecond that is not before `moment`."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + -((epoch - moment) // _MILLISECOND) * _MILLISECOND


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(f"DynamoDB refused: {error}") from error
