"""`Tracker`: what a chatbot calls for each message. It returns at once and never raises."""

import atexit
import contextlib
import json
import os
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parcook.client.outbox import MAX_BATCH_EVENTS, Outbox
from parcook.client.sending import Sender

MAX_EVENT_BYTES = 32 * 1024
_alive: "weakref.WeakSet[Tracker]" = weakref.WeakSet()


@dataclass(frozen=True)
class Receipt:
    """What became of a call: the event's id, and whether it waits to be sent. `reason` says why it does not."""

    message_id: str
    queued: bool
    reason: str | None = None


class Tracker:
    """Reports messages to the parcook server at `url`, in the background.

    Up to `max_queue_events` and `max_queue_bytes` wait while the server is away; then new ones are dropped, which
    the receipt says and `dropped` counts. `on_error(code, detail)` is told of events that were refused, dropped or
    lost, from the sending thread or the caller's; what it raises is ignored. Threads may share a tracker; a forked
    process goes on with a thread and an empty queue of its own.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        batch_size: int = 100,
        linger_s: float = 0.5,
        timeout_s: float = 10.0,
        max_queue_events: int = 10_000,
        max_queue_bytes: int = 16_000_000,
        on_error: Callable[[str, str], None] | None = None,
    ) -> None:
        if not 1 <= batch_size <= MAX_BATCH_EVENTS:
            raise ValueError(f"batch_size must be 1 to {MAX_BATCH_EVENTS}")
        self._tell = on_error
        self._room = max_queue_events, max_queue_bytes
        self._way = url, token, batch_size, linger_s, timeout_s
        self._begin()
        self._is_full = False
        self.dropped = 0
        _alive.add(self)

    def track_message(
        self,
        conversation_id: str,
        user_id: str | None,
        role: str,
        text: str | None = None,
        *,
        message_id: str | None = None,
        anonymous_id: str | None = None,
        timestamp: datetime | str | None = None,
        recipe: Mapping[str, Any] | str | None = None,
        tools: Sequence[Any] | None = None,
        feedback: Mapping[str, Any] | None = None,
        feature: str | None = None,
        context: Mapping[str, Any] | None = None,
        internal: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Report one message, click or tool call; the fields are those of the API. Returns at once, never raises."""
        own_id = message_id or _uuid7()
        try:
            event: dict[str, Any] = {
                "message_id": own_id,
                "conversation_id": conversation_id,
                "role": role,
                "timestamp": timestamp if isinstance(timestamp, str) else _written(timestamp or datetime.now(UTC)),
            }
            given = {
                "user_id": user_id,
                "anonymous_id": anonymous_id,
                "text": text,
                "recipe": recipe,
                "tools": tools,
                "feedback": feedback,
                "feature": feature,
                "context": context,
                "internal": internal or None,
                "metadata": metadata,
            }
            event.update((name, value) for name, value in given.items() if value is not None)
            encoded = json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode(
                "utf-8", "replace"
            )
            return self._queue(own_id, encoded)
        except Exception as error:  # a chat must not fail for its analytics
            self._told("not_encodable", f"an event could not be encoded: {type(error).__name__}")
            return Receipt(own_id, False, "not_encodable")

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Wait until the server has answered for everything reported so far. False if that takes longer."""
        return self._outbox.wait_until_empty(timeout_s)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Send what waits and stop. False if `timeout_s` was not enough, or there is nobody to send it to."""
        is_done = self._outbox.wait_until_empty(timeout_s)
        self._outbox.close()
        if self._sender.is_alive() and self._sender is not threading.current_thread():
            self._sender.join(1.0)
        _alive.discard(self)
        return is_done

    def __enter__(self) -> "Tracker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _queue(self, own_id: str, event: bytes) -> Receipt:
        if len(event) > MAX_EVENT_BYTES:
            self.dropped += 1
            self._told("event_too_large", f"an event may take up to {MAX_EVENT_BYTES:,} bytes; one was dropped")
            return Receipt(own_id, False, "event_too_large")
        if not self._sender.is_alive():
            self._start()
        if self._outbox.put(event):
            self._is_full = False
            return Receipt(own_id, True)
        self.dropped += 1
        if not self._is_full:  # once, not for each of a thousand
            self._is_full = True
            self._told("queue_full", "the server is away and the queue is full, or it is closed; events are dropped")
        return Receipt(own_id, False, "queue_full")

    def _start(self) -> None:
        with self._starting:
            if self._sender.ident is None:
                self._sender.start()

    def _told(self, code: str, detail: str) -> None:
        if self._tell is not None:
            with contextlib.suppress(Exception):  # what goes wrong in there is not the chat's business
                self._tell(code, detail)

    def _begin(self) -> None:
        """Take an empty queue and a thread for it; after a fork too: threads stay behind, and what was queued is sent
        by the parent.
        """
        self._outbox = Outbox(*self._room)
        self._sender = Sender(self._outbox, *self._way, self._told)
        self._starting = threading.Lock()


def _written(moment: datetime) -> str:
    """RFC 3339 with an offset; a moment without one is in local time."""
    return (moment if moment.tzinfo else moment.astimezone()).isoformat(timespec="milliseconds")


def _uuid7() -> str:
    """A UUIDv7 (RFC 9562, 5.7), which sorts by time."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    digits = f"{value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _close_all() -> None:
    for tracker in list(_alive):
        tracker.close(2.0)


def _begin_all_anew() -> None:
    for tracker in list(_alive):
        tracker._begin()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_anew)
