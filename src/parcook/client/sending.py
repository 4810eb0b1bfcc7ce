"""Sending batches until the server has answered for each event, with growing pauses while it cannot.

Sending a batch once more is safe, because every event has its `message_id`: what the server cannot take now is tried
again, what it will never take is told to `on_error`.
"""

import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from parcook.client.connection import Answer, Connection
from parcook.client.outbox import Outbox

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 30.0
_FOR_NOW = frozenset({408, 425, 429})
_FOR_ONE = frozenset({400, 413, 422})
"""Refusals that a single event of a batch may have brought about, or their number."""

OnError = Callable[[str, str], None]


class Sender(threading.Thread):
    """The thread that empties an outbox over a connection."""

    def __init__(self, outbox: Outbox, connection: Connection, linger_s: float, on_error: OnError) -> None:
        super().__init__(name="parcook-client", daemon=True)
        self._outbox = outbox
        self._connection = connection
        self._linger_s = linger_s
        self._on_error = on_error
        self._is_away = False

    def run(self) -> None:
        """Send until the outbox is closed and empty, or there is no time left."""
        while batch := self._outbox.take(self._linger_s):
            if not self._deliver(batch):
                lost = self._outbox.give_up()
                self._on_error("lost", f"events that could not be sent before the end: {lost}")
                break
        self._connection.close()

    def _deliver(self, batch: list[bytes]) -> bool:
        """Send `batch` until all of it is settled. False if the end comes first."""
        parts = deque([batch])
        failures = 0
        while parts:
            part = parts.popleft()
            answer = self._connection.post(part)
            results = answer.results(len(part))
            if results is None and answer.status in _FOR_ONE and len(part) > 1:
                middle = len(part) // 2
                parts.extendleft((part[middle:], part[:middle]))
                continue
            left = self._settle(part, results) if results is not None else self._judge(part, answer)
            failures = failures + 1 if left else 0
            if left:
                parts.appendleft(left)
                if not self._outbox.pause(_pause(failures, answer.retry_after_s)):
                    return False
        return True

    def _settle(self, events: Sequence[bytes], results: Sequence[dict[str, Any]]) -> list[bytes]:
        """Settle what `results` answer for; the events to send once more."""
        self._is_away = False
        done: list[bytes] = []
        left: list[bytes] = []
        for event, result in zip(events, results, strict=True):
            is_rejected = result["status"] == "rejected"
            (left if is_rejected and result.get("retryable") is True else done).append(event)
            if is_rejected and result.get("retryable") is not True:
                self._on_error(str(result.get("code")), str(result.get("detail"))[:200])
        self._outbox.settle(done)
        return left

    def _judge(self, events: list[bytes], answer: Answer) -> list[bytes]:
        """Give up `events` if `answer` will never be another; the events to send once more."""
        if answer.status is not None and 300 <= answer.status < 500 and answer.status not in _FOR_NOW:
            self._is_away = False
            self._on_error(f"http_{answer.status}", f"the server refused a batch of {len(events)}: {answer.reason()}")
            self._outbox.settle(events)
            return []
        if not self._is_away:  # told once, until it is back
            self._is_away = True
            self._on_error("unavailable", f"the server takes no events now ({answer.reason()}); they wait")
        return events


def _pause(failures: int, asked_s: float | None) -> float:
    """Exponential back-off with full jitter, after what the server asks for: many clients do not return together."""
    longest_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, 10))
    return random.uniform(0, FIRST_PAUSE_S if asked_s else longest_s) + (asked_s or 0.01)  # noqa: S311
