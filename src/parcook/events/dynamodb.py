"""Events in DynamoDB: for many hosts, with nothing to run.

What makes an event unique is a guard item, put first and on condition that there is none; then the event. A crash
between the two leaves a guard alone: whoever sends the event again finds that and completes it, at the time the
guard says. The indexes by day and by person lag behind by moments; exports look back for two days and do not mind.
"""

import heapq
import itertools
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from parcook.clock import Clock, format_instant, utc_now
from parcook.errors import SchemaRefused, Unavailable
from parcook.events.contract import RETENTION_DAYS, Event
from parcook.events.dynamodb_calls import Item, connect, query_items, translated
from parcook.events.dynamodb_items import GUARD, event_key, from_item, guard_item, guard_key, guarded, to_item
from parcook.events.dynamodb_records import DynamoRecords
from parcook.events.dynamodb_tables import EVENTS_BY_DAY, EVENTS_BY_PERSON, create_tables, keys_table

SCHEMA_VERSION = 1
AT_ONCE = 16
BATCH = 25  # BatchWriteItem takes no more
ERASE_AT_ONCE = 1_000
KEYS_AT_ONCE = 4 * AT_ONCE
MAX_TRIES = 8
# How old the events are that `sweep` and `oldest_day` look for: an index by day cannot be asked for its first day.
LOOK_BACK = timedelta(days=400)
_SCHEMA = ("dynamodb", "schema")
_IS_NEW = "attribute_not_exists(conversation_id)"
_MILLISECOND = timedelta(milliseconds=1)


class DynamoEvents:
    """The `EventStore` in the DynamoDB table `table`; `shards` > 1 spreads a busy day over as many index keys.

    The most shards there ever were are remembered and read, so that their number can be changed.
    """

    def __init__(self, table: str, region: str | None = None, shards: int = 1, clock: Clock = utc_now) -> None:
        self._table = table
        self._shards = shards
        self._clock = clock
        self._client = connect(region)
        with translated():
            create_tables(self._client, table)
        self.records = DynamoRecords(self._client, keys_table(table))
        self._most_shards = self._settle_schema()
        self._pool = ThreadPoolExecutor(AT_ONCE, "parcook-dynamodb")

    def append(self, events: Sequence[Event]) -> list[bool]:
        """Store `events`; for each whether it is new."""
        first: dict[str, Event] = {}
        for event in events:
            first.setdefault(event.message_id, event)
        with translated():
            is_claimed = dict(zip(first, self._pool.map(self._claim, first.values()), strict=True))
            self._write({"PutRequest": {"Item": self._item(first[key])}} for key, ours in is_claimed.items() if ours)
            others = [key for key, ours in is_claimed.items() if not ours]
            is_completed = dict(
                zip(others, self._pool.map(lambda key: self._complete(first[key]), others), strict=True)
            )
        is_new = is_claimed | is_completed
        return [is_new.pop(event.message_id, False) for event in events]  # of those that stand twice, the first alone

    def day(
        self, day: date, now: datetime, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[Event]:
        """The events of report day `day` with `start` <= ts < `end`, by ts and message_id."""
        names, values = {}, {}
        condition = "date_str = :key"
        if start is not None or end is not None:
            # An item at exactly `end` has the sort key `<end>#…`, which is greater than `<end>`.
            condition += " AND #timestamp BETWEEN :start AND :end"
            names["#timestamp"] = "timestamp"
            values[":start"] = {"S": format_instant(_ceiling(start)) if start else "0"}
            values[":end"] = {"S": format_instant(_ceiling(end)) if end else "a"}
        parts = [
            self._unexpired(condition, key, now, names, values, IndexName=EVENTS_BY_DAY) for key in self._keys_of(day)
        ]
        return heapq.merge(*parts, key=lambda event: (event.ts, event.message_id))

    def conversation(self, conversation_id: str, now: datetime) -> Iterator[Event]:
        """The events of one conversation, by ts and message_id; read consistently."""
        condition = "conversation_id = :key AND #timestamp < :guards"
        names, values = {"#timestamp": "timestamp"}, {":guards": {"S": GUARD}}
        return self._unexpired(condition, conversation_id, now, names, values, ConsistentRead=True)

    def person(self, user_ref: str, now: datetime) -> Iterator[Event]:
        """The events of one person, by ts and message_id; one stored a moment ago may be missing."""
        return self._unexpired("user_ref = :key", user_ref, now, {}, {}, IndexName=EVENTS_BY_PERSON)

    def delete(self, events: Sequence[Event]) -> int:
        """Remove `events` and their guards; how many events were there."""
        with translated():
            return sum(self._pool.map(self._remove, events))

    def sweep(self, now: datetime) -> int:
        """Remove what has expired at `now` and DynamoDB has not yet removed; how many events that were.

        A guard that was left alone is in no index; DynamoDB's own expiry removes it.
        """
        last = (now - timedelta(days=RETENTION_DAYS)).date() + timedelta(days=1)
        expired = (
            event
            for key, _ in self._first_of(now.date() - LOOK_BACK, last)
            for event in self._query(
                "date_str = :key",
                key,
                {"#ttl": "ttl"},
                {":now": _number(now)},
                FilterExpression="#ttl <= :now",
                IndexName=EVENTS_BY_DAY,
            )
        )
        return sum(self.delete(batch) for batch in _batches(expired, ERASE_AT_ONCE))

    def oldest_day(self) -> date | None:
        """The earliest report day within `LOOK_BACK` of any event physically present; None if there is none."""
        today = self._clock().date()
        return next((event.day for _, event in self._first_of(today - LOOK_BACK, today + timedelta(days=1))), None)

    def ping(self) -> None:
        """Ask for something small. Raises `Unavailable` if DynamoDB does not answer."""
        with translated():
            self._get({"conversation_id": {"S": "-"}, "timestamp": {"S": "-"}})

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def _settle_schema(self) -> int:
        """How many shards to read. Raises `SchemaRefused` if a newer parcook has made the items."""
        record = self.records.get(*_SCHEMA)
        version, most = (record.document["version"], record.document["shards"]) if record else (SCHEMA_VERSION, 0)
        if version > SCHEMA_VERSION:
            raise SchemaRefused(
                f"the DynamoDB table {self._table} was made by a newer parcook (schema {version}; this one knows up "
                f"to {SCHEMA_VERSION}). Install that version, or name another table."
            )
        if self._shards > most:
            most = self._shards
            self.records.put(*_SCHEMA, {"version": SCHEMA_VERSION, "shards": most})
        return most

    def _claim(self, event: Event) -> bool:
        """Put the guard; False if there is one, whose event has not expired when this one happened."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=guard_item(event),
                ConditionExpression=f"{_IS_NEW} OR #ttl <= :then",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={":then": _number(event.ts)},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _complete(self, event: Event) -> bool:
        """Store an event that has a guard already, at the guard's time; False if that is stored too."""
        guard = self._get(guard_key(event))
        if guard is None:
            raise Unavailable("an event was erased in the moment that it was sent again")
        try:
            self._client.put_item(
                TableName=self._table, Item=self._item(guarded(event, guard)), ConditionExpression=_IS_NEW
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _get(self, key: Item) -> Item | None:
        found: Item | None = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _remove(self, event: Event) -> bool:
        """Remove the guard and then the event: whoever is cut short in between finds the event again."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):  # none, or of a later event of this id
            self._client.delete_item(
                TableName=self._table,
                Key=guard_key(event),
                ConditionExpression="#ttl = :end",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={":end": {"N": str(event.expires_at)}},
            )
        old = self._client.delete_item(TableName=self._table, Key=event_key(event), ReturnValues="ALL_OLD")
        return "Attributes" in old

    def _write(self, requests: Iterable[dict[str, Any]]) -> None:
        """Make these writes, as many at once as there are threads; those that are put off, later."""
        list(self._pool.map(self._write_batch, _batches(requests, BATCH)))

    def _write_batch(self, batch: list[dict[str, Any]]) -> None:
        left = {self._table: batch}
        for attempt in range(MAX_TRIES):
            left = self._client.batch_write_item(RequestItems=left)["UnprocessedItems"]
            if not left:
                return
            time.sleep(random.uniform(0, min(2.0, 0.05 * 2**attempt)))  # noqa: S311
        raise Unavailable("DynamoDB takes no more writes now")

    def _item(self, event: Event) -> Item:
        day = event.day.isoformat()
        if self._shards > 1:
            day = _shard(day, int(event.message_id[:8], 16) % self._shards)
        return to_item(event, day)

    def _keys_of(self, day: date) -> list[str]:
        """The keys that a day's events may have in the index by day."""
        plain = day.isoformat()
        if self._most_shards == 1:
            return [plain]
        return [plain, *(_shard(plain, number) for number in range(self._most_shards))]

    def _first_of(self, first: date, last: date) -> Iterator[tuple[str, Event]]:
        """The keys of the days from `first` to `last` that hold anything, in their order, each with one event of it."""

        def first_of(key: str) -> Event | None:
            return next(self._query("date_str = :key", key, {}, {}, IndexName=EVENTS_BY_DAY, Limit=1), None)

        every_key = (key for day in _days(first, last) for key in self._keys_of(day))
        for keys in _batches(every_key, KEYS_AT_ONCE):
            for key, event in zip(keys, self._pool.map(first_of, keys), strict=True):
                if event is not None:
                    yield key, event

    def _unexpired(
        self,
        condition: str,
        key: str,
        now: datetime,
        names: Mapping[str, str],
        values: Mapping[str, Any],
        **how: Any,
    ) -> Iterator[Event]:
        names, values = {**names, "#ttl": "ttl"}, {**values, ":now": _number(now)}
        return self._query(condition, key, names, values, FilterExpression="#ttl > :now", **how)

    def _query(
        self, condition: str, key: str, names: Mapping[str, str], values: Mapping[str, Any], **how: Any
    ) -> Iterator[Event]:
        query = {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {":key": {"S": key}, **values},
            **({"ExpressionAttributeNames": names} if names else {}),
            **how,
        }
        return map(from_item, query_items(self._client, query))


def _shard(day: str, number: int) -> str:
    return f"{day}#{number:02d}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _number(moment: datetime) -> dict[str, str]:
    """An instant as DynamoDB's expiry counts: epoch seconds."""
    return {"N": f"{moment.timestamp():.3f}"}


def _ceiling(moment: datetime) -> datetime:
    """The first whole millisecond that is not before `moment`."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + -((epoch - moment) // _MILLISECOND) * _MILLISECOND


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch
