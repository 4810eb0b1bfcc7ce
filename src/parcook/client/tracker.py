"""`Tracker`: what a chatbot calls for each message. It returns at once and never raises."""

import atexit
import contextlib
import logging
import os
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcook.client.connection import Connection
from parcook.client.event import encoded, new_id, written
from parcook.client.outbox import MAX_BATCH_EVENTS, Outbox
from parcook.client.sending import Sender

MAX_EVENT_BYTES = 32 * 1024
AT_EXIT_S = 2.0
_log = logging.getLogger("parcook.client")
_alive: "weakref.WeakSet[Tracker]" = weakref.WeakSet()


@dataclass(frozen=True)
class Receipt:
    """What became of a call: the event's id, and whether it waits to be sent.

    `reason` says why it does not: `queue_full`, `closed`, `event_too_large`, or `failed`.
    """

    message_id: str
    queued: bool
    reason: str | None = None


class Tracker:
    """Reports messages to the parcook server at `url`, in the background.

    Up to `max_queue_events` and `max_queue_bytes` wait while the server is away; then new ones are dropped, which
    the receipt says and `dropped` counts. `on_error(code, detail)` is told of events that were refused, dropped or
    lost, from the sending thread or the caller's; what it raises is ignored, and without it the log is told. Threads
    may share a tracker; a forked process goes on with a thread and an empty queue of its own.

    Raises `ValueError` for an address, a token or a number that can never work.
    """

    dropped: int
    """How many events this process did not queue."""
    _drops_for: str | None
    _outbox: Outbox
    _sender: Sender

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        max_queue_events: int = 10_000,
        max_queue_bytes: int = 16_000_000,
        batch_size: int = 100,
        linger_s: float = 0.5,
        timeout_s: float = 10.0,
        on_error: Callable[[str, str], None] | None = None,
    ) -> None:
        if not 1 <= batch_size <= MAX_BATCH_EVENTS:
            raise ValueError(f"batch_size must be 1 to {MAX_BATCH_EVENTS}")
        if min(max_queue_events, max_queue_bytes, timeout_s) <= 0 or linger_s < 0:
            raise ValueError("max_queue_events, max_queue_bytes and timeout_s must be above 0, linger_s not below")
        self._room = max_queue_events, max_queue_bytes, batch_size
        self._way = url, token, timeout_s
        self._linger_s = linger_s
        self._on_error = on_error or _warn
        self._begin()
        _alive.add(self)

    def track_message(
        self,
        conversation_id: str,
        user_id: str | None,
        role: str,
        text: str | Sequence[Any] | None = None,
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
        """Report one message, click or tool call; the fields are those of the API. Returns at once, never raises.

        A text may be a list of content blocks. Without a `timestamp` it happened now; a datetime without a zone is in
        local time.
        """
        own_id = ""
        try:
            own_id = str(message_id) if message_id else new_id()
            event = {
                "message_id": own_id,
                "conversation_id": conversation_id,
                "user_id": user_id,
                "anonymous_id": anonymous_id,
                "role": role,
                "text": text,
                "timestamp": written(timestamp),
                "recipe": recipe,
                "tools": tools,
                "feedback": feedback,
                "feature": feature,
                "context": context,
                "internal": internal or None,
                "metadata": metadata,
            }
            return self._queue(own_id, encoded(event))
        except Exception as error:  # a chat must not fail for its analytics
            return self._drop(own_id, "failed", f"an event could not be queued: {type(error).__name__}")

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until the server has answered for all reported so far. False if `timeout` seconds pass first."""
        return self._outbox.wait_until_settled(timeout)

    def close(self, timeout: float = 10.0) -> bool:
        """Send what waits, and stop. False if that was not done within `timeout` seconds: the rest is given up."""
        self._outbox.close(timeout)
        self._outbox.wait_until_settled(timeout)
        if self._sender.is_alive() and self._sender is not threading.current_thread():
            self._sender.join(1.0)  # for the last try
        _alive.discard(self)
        return self._outbox.wait_until_settled(0)

    def __enter__(self) -> "Tracker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _queue(self, own_id: str, event: bytes) -> Receipt:
        if len(event) > MAX_EVENT_BYTES:
            return self._drop(own_id, "event_too_large", f"an event may take up to {MAX_EVENT_BYTES:,} bytes")
        if not self._sender.is_alive():
            self._start()
        if self._outbox.put(event):
            self._drops_for = None
            return Receipt(own_id, True)
        if self._outbox.is_closed:
            return self._drop(own_id, "closed", "the tracker is closed, so events are dropped")
        return self._drop(own_id, "queue_full", "the queue is full, so new events are dropped until the server is back")

    def _drop(self, own_id: str, reason: str, detail: str) -> Receipt:
        with self._changing:
            self.dropped += 1
            is_news = reason != self._drops_for  # told once, not for each of a thousand
            self._drops_for = reason
        if is_news:
            self._tell(reason, detail)
        return Receipt(own_id, False, reason)

    def _start(self) -> None:
        with self._changing:
            if self._sender.ident is None:
                self._sender.start()

    def _tell(self, code: str, detail: str) -> None:
        with contextlib.suppress(Exception):  # what goes wrong in there is not the chat's business
            self._on_error(code, detail)

    def _begin(self) -> None:
        """Take an empty queue and a thread for it; after a fork once more: what was queued is the parent's to send."""
        self.dropped = 0
        self._drops_for = None
        self._changing = threading.RLock()  # a signal handler may report while it is held
        self._outbox = Outbox(*self._room)
        self._sender = Sender(self._outbox, Connection(*self._way), self._linger_s, self._tell)


def _warn(code: str, detail: str) -> None:
    _log.warning("%s: %s", code, detail)


def _close_all() -> None:
    for tracker in list(_alive):
        tracker.close(AT_EXIT_S)


def _begin_all_anew() -> None:
    for tracker in list(_alive):
        tracker._begin()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(after_in_child=_begin_all_anew)
