"""Events as DynamoDB items, and back: the specification's attribute names, numbers exact both ways.

An event's sort key is `<instant>#<message_id>`, so that two at the same instant are two. Its guard, which makes it
unique whatever its time, has the sort key `guard#<message_id>` and is in no index.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from parcook.clock import format_instant, parse_instant
from parcook.events.contract import Event
from parcook.events.documents import from_document, to_document
from parcook.events.dynamodb_calls import Item

GUARD = "guard#"
_to_dynamodb = TypeSerializer().serialize
_from_dynamodb = TypeDeserializer().deserialize
# Attributes that are called otherwise in an item, as the specification calls them.
_NAMES = {"text": "message", "expires_at": "ttl"}
_FIELDS = {attribute: name for name, attribute in _NAMES.items()}
_DERIVED = frozenset({"timestamp", "date_str"})


def sort_key(moment: datetime, message_id: str) -> str:
    """The sort key of an event."""
    return f"{format_instant(moment)}#{message_id}"


def event_key(event: Event) -> Item:
    """The key of an event's item."""
    return {"conversation_id": {"S": event.conversation_id}, "timestamp": {"S": sort_key(event.ts, event.message_id)}}


def guard_key(event: Event) -> Item:
    """The key of the item that keeps an event the only one of its id."""
    return {"conversation_id": {"S": event.conversation_id}, "timestamp": {"S": GUARD + event.message_id}}


def guard_item(event: Event) -> Item:
    """The guard: it says when the event happened, so that a retry with another time completes the same event."""
    return guard_key(event) | {
        "event_ts": {"S": format_instant(event.ts)},
        "event_day": {"S": event.day.isoformat()},
        "ttl": {"N": str(event.expires_at)},
    }


def to_item(event: Event, date_str: str) -> Item:
    """The item of an event under `date_str`, its report day with or without a shard."""
    document = to_document(event)
    if "metadata" in document:  # as text: what people put there may be a number that DynamoDB cannot hold
        document["metadata"] = json.dumps(document["metadata"], ensure_ascii=False, allow_nan=False)
    named = {_NAMES.get(name, name): value for name, value in document.items()}
    return {name: _to_dynamodb(_exact(value)) for name, value in named.items()} | {
        **event_key(event),
        "date_str": {"S": date_str},
    }


def from_item(item: Mapping[str, Any]) -> Event:
    """The event of an item."""
    document = {
        _FIELDS.get(name, name): _plain(_from_dynamodb(value)) for name, value in item.items() if name not in _DERIVED
    }
    if "metadata" in document:
        document["metadata"] = json.loads(document["metadata"])
    for call in document.get("tools", ()):
        if call["duration_ms"] is not None:
            call["duration_ms"] = float(call["duration_ms"])
    return from_document(document)


def guarded(event: Event, guard: Mapping[str, Any]) -> Event:
    """`event` at the time that its guard says."""
    return replace(
        event,
        ts=parse_instant(guard["event_ts"]["S"]),
        day=date.fromisoformat(guard["event_day"]["S"]),
        expires_at=int(guard["ttl"]["N"]),
    )


def _exact(value: Any) -> Any:
    """`value` with floats as the decimals that Python writes them as, which boto3 insists on."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_exact(part) for part in value]
    if isinstance(value, dict):
        return {key: _exact(part) for key, part in value.items()}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
