"""A bounded queue of encoded events: by count and by bytes, so that a server that is away costs no more memory."""

import threading
from collections import deque

MAX_BATCH_EVENTS = 500
MAX_BATCH_BYTES = 480_000  # the server takes 500,000; the rest is for what stands around the events


class Outbox:
    """Events that wait to be sent, oldest first. Threads may share it.

    What is full takes nothing new: the beginning of a conversation tells more than its end alone would.
    """

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._unsettled = 0
        self._closed = False
        self._hurried = False

    def put(self, event: bytes) -> bool:
        """Queue an event; False if there is no room, or the box is closed."""
        with self._changed:
            if self._closed or len(self._waiting) >= self._max_events or self._bytes + len(event) > self._max_bytes:
                return False
            self._waiting.append(event)
            self._bytes += len(event)
            self._unsettled += 1
            if self._unsettled == 1 or len(self._waiting) >= MAX_BATCH_EVENTS:
                self._changed.notify_all()
            return True

    def take(self, size: int, linger_s: float) -> list[bytes]:
        """Up to `size` events, once there are any and others had `linger_s` to join them; none at the end."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if len(self._waiting) < size and not self._closed and not self._hurried:
                self._changed.wait_for(lambda: len(self._waiting) >= size or self._closed or self._hurried, linger_s)
            batch: list[bytes] = []
            length = 0
            while self._waiting and len(batch) < size and length + len(self._waiting[0]) < MAX_BATCH_BYTES:
                event = self._waiting.popleft()
                self._bytes -= len(event)
                length += len(event) + 1
                batch.append(event)
            return batch

    def settled(self, count: int) -> None:
        """Note that `count` events taken are dealt with, one way or the other."""
        with self._changed:
            self._unsettled -= count
            if not self._unsettled:
                self._hurried = False
            self._changed.notify_all()

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Wait, without lingering, until all events are dealt with. False if that takes longer."""
        with self._changed:
            self._hurried = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._unsettled, timeout_s)

    def close(self) -> None:
        """Take nothing new; what waits is still handed out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_for_close(self, timeout_s: float) -> bool:
        """Wait `timeout_s`, or until the box is closed; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed, timeout_s)
