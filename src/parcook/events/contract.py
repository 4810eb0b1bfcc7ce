"""What an event is once it is stored, and what every event store promises.

Nothing here is raw: identifiers are HMACs under the store's key, text is redacted and cut. A store keeps
two things: events, and small records beside them (day keys, the export ledger, tombstones, receipts).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

Role = Literal["user", "assistant", "system", "tool"]
PersonKind = Literal["user", "visitor"]
MatchMethod = Literal["id", "name", "catalogue", "pattern"]

RETENTION_DAYS = 90


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One use of a tool. `call_id` is an HMAC; `ok` and `duration_ms`, to the microsecond, are null if not reported."""

    name: str
    ok: bool | None = None
    duration_ms: float | None = None
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One message or click, as it is stored.

    `conversation_id`, `message_id`, `user_ref` and `feedback_target` are 32 hexadecimal digits; `message_id` is
    unique everywhere, as it covers the conversation. `ts` is UTC in whole milliseconds, `day` the report day it
    falls in, `expires_at` the end of that day plus `RETENTION_DAYS`, in epoch seconds. `message_length` counts the
    characters that were sent, also where the text itself was withheld; null where none were.
    """

    conversation_id: str
    message_id: str
    ts: datetime
    day: date
    expires_at: int
    role: Role
    user_ref: str | None = None
    person_kind: PersonKind | None = None
    text: str | None = None
    message_length: int | None = None
    has_recipe: bool = False
    recipe_name: str | None = None
    recipe_id: int | None = None
    match_method: MatchMethod | None = None
    category: str | None = None
    tools: tuple[ToolCall, ...] = ()
    feature: str | None = None
    feedback_kind: Literal["thumb", "rating", "cooked"] | None = None
    feedback_value: str | None = None
    feedback_target: str | None = None
    channel: str | None = None
    locale: str | None = None
    app_version: str | None = None
    internal: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)


class EventStore(Protocol):
    """Events by conversation, by report day and by person. Threads may share it.

    Every read hides events whose `expires_at` has passed at `now`, whether or not they have been removed.
    Every method raises `Unavailable` if the store does not answer; nothing is ever half done without a retry
    mending it.
    """

    @property
    def records(self) -> "Records":
        """The small documents beside the events."""

    def append(self, events: Sequence[Event]) -> list[bool]:
        """Store `events`; for each whether it is new. False where its `message_id` is stored already.

        Durable when it returns. An event that stands twice in `events` is stored once. Repeating a call that
        raised is safe, and completes what it began. Of two calls at once with the same event at least one is told
        True. An id whose event had expired when this one happened is free again.
        """

    def day(
        self, day: date, now: datetime, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[Event]:
        """The events of report day `day` with `start` <= ts < `end`, by ts and message_id."""

    def conversation(self, conversation_id: str, now: datetime) -> Iterator[Event]:
        """The events of one conversation, by ts and message_id."""

    def person(self, user_ref: str, now: datetime) -> Iterator[Event]:
        """The events of one person, by ts and message_id."""

    def delete(self, events: Sequence[Event]) -> int:
        """Remove `events` and their guards against duplicates, for good; how many were there.

        Their bytes are overwritten where the store lets us (SQLite: `secure_delete`, journal truncated).
        """

    def sweep(self, now: datetime) -> int:
        """Remove what has expired at `now`; how many events that were."""

    def oldest_day(self) -> date | None:
        """The earliest report day of any event physically present, expired ones included; None if empty."""

    def ping(self) -> None:
        """Ask for something small. Raises `Unavailable` if the store does not answer."""

    def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True)
class Record:
    """A small document beside the events. `key` sorts by code point within its `kind`."""

    kind: str
    key: str
    document: Mapping[str, Any]


class Records(Protocol):
    """Small documents by kind and key: never streamed, never in a point-in-time backup, few and short-lived.

    Documents hold what JSON can hold. Every method raises `Unavailable` if the store does not answer.
    """

    def get(self, kind: str, key: str) -> Record | None:
        """The record, or None if there is none. Read consistently: what was put is seen."""

    def put(self, kind: str, key: str, document: Mapping[str, Any], only_if_absent: bool = False) -> bool:
        """Write the record. With `only_if_absent` False is returned, and nothing written, if there is one."""

    def list(self, kind: str, first: str = "", last: str | None = None) -> Iterator[Record]:
        """The records of a kind with `first` <= key <= `last`, by key."""

    def delete(self, kind: str, *keys: str) -> int:
        """Remove records for good, their bytes overwritten where the store lets us; how many there were.

        So are the bytes of what was removed or written over before, also where no key is given.
        """
