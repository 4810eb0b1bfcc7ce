"""An event as a plain document, for stores that keep what they need to find apart from the rest, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

from parcook.clock import format_instant, parse_instant
from parcook.events.contract import Event, ToolCall

_DEFAULTS = {field.name: field.default for field in fields(Event)}


def to_document(event: Event) -> dict[str, Any]:
    """`event` as JSON can hold it; what has its default is left out."""
    document: dict[str, Any] = {}
    for name, default in _DEFAULTS.items():
        value = getattr(event, name)
        if value != default and value not in ((), {}):
            document[name] = value
    document["ts"] = format_instant(event.ts)
    document["day"] = event.day.isoformat()
    if event.tools:
        document["tools"] = [
            {"name": call.name, "ok": call.ok, "duration_ms": call.duration_ms, "call_id": call.call_id}
            for call in event.tools
        ]
    return document


def from_document(document: Mapping[str, Any]) -> Event:
    """The event that `to_document` wrote; what later versions added is left out."""
    known = dict(document)
    if not _DEFAULTS.keys() >= known.keys():
        known = {name: value for name, value in known.items() if name in _DEFAULTS}
    known["ts"] = parse_instant(known["ts"])
    known["day"] = _day(known["day"])
    if "tools" in known:
        known["tools"] = tuple(ToolCall(**call) for call in known["tools"])
    return Event(**known)


_day = lru_cache(maxsize=128)(date.fromisoformat)
