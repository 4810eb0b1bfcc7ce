"""A bounded queue of encoded events: by count and by bytes, so that a server that is away costs no more memory."""

import threading
import time
from collections import deque
from collections.abc import Sequence

MAX_BATCH_EVENTS = 500
MAX_BATCH_BYTES = 480_000  # the server takes 500,000; the rest is for what stands around the events


class Outbox:
    """Events that wait to be sent, and those on the way, oldest first. Threads may share it; one takes.

    What is full takes nothing new: the beginning of a conversation tells more than its end alone would.
    """

    def __init__(self, max_events: int, max_bytes: int, batch_size: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._batch_size = batch_size
        self._changed = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._held_bytes = 0
        self._put = 0
        self._settled = 0
        self._hurried_to = 0
        """Up to which event, counted as in `_put`, somebody waits for them to be settled."""
        self._ends_at: float | None = None
        self._is_given_up = False

    @property
    def is_closed(self) -> bool:
        """Whether nothing new is taken."""
        return self._ends_at is not None

    def put(self, event: bytes) -> bool:
        """Queue an event; False if there is no room, or the box is closed."""
        with self._changed:
            is_full = self._put - self._settled >= self._max_events or self._held_bytes + len(event) > self._max_bytes
            if is_full or self.is_closed:
                return False
            self._waiting.append(event)
            self._held_bytes += len(event)
            self._put += 1
            if len(self._waiting) in (1, self._batch_size):
                self._changed.notify_all()
            return True

    def take(self, linger_s: float) -> list[bytes]:
        """A batch, once there is an event and others had `linger_s` to join it; nothing once all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self.is_closed)
            self._changed.wait_for(self._is_due, linger_s)
            batch: list[bytes] = []
            length = 0
            while self._waiting and len(batch) < self._batch_size:
                length += len(self._waiting[0]) + 1
                if length > MAX_BATCH_BYTES:
                    break
                batch.append(self._waiting.popleft())
            return batch

    def settle(self, events: Sequence[bytes]) -> None:
        """Note that these events, taken before, are dealt with, one way or the other."""
        with self._changed:
            self._settled += len(events)
            self._held_bytes -= sum(map(len, events))
            self._changed.notify_all()

    def wait_until_settled(self, timeout_s: float) -> bool:
        """Wait, without lingering, until all that was queued before now is dealt with. False if it is not in time."""
        with self._changed:
            awaited = self._hurried_to = self._put
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._settled >= awaited or self._is_given_up, timeout_s)
            return self._settled >= awaited

    def pause(self, seconds: float) -> bool:
        """Wait before trying once more; False if there is no time left for that.

        The end cuts a pause short, so that a server that has just come back still gets what waits.
        """
        with self._changed:
            if self._ends_at is None:
                self._changed.wait_for(lambda: self.is_closed, seconds)
                return True
            left_s = self._ends_at - time.monotonic()
            if left_s > 0:
                self._changed.wait_for(lambda: False, min(seconds, left_s))
            return left_s > 0

    def close(self, timeout_s: float) -> None:
        """Take nothing new; what waits is still handed out, and has `timeout_s` to be settled."""
        with self._changed:
            self._ends_at = time.monotonic() + timeout_s if self._ends_at is None else self._ends_at
            self._changed.notify_all()

    def give_up(self) -> int:
        """Drop what is not settled; how many events that are."""
        with self._changed:
            self._waiting.clear()
            self._is_given_up = True
            self._changed.notify_all()
            return self._put - self._settled

    def _is_due(self) -> bool:
        return len(self._waiting) >= self._batch_size or self._settled < self._hurried_to or self.is_closed
