"""Sending batches: one keep-alive connection, retries with growing pauses, and each event's answer looked at.

Sending a batch once more is safe, because every event has its `message_id`. So a batch is sent until the server
answers for it: what it cannot take now is tried again, what it will never take is told to `on_error`.
"""

import http.client
import json
import random
import ssl
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from parcook.client.outbox import Outbox

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 30.0
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

OnError = Callable[[str, str], None]


class Sender(threading.Thread):
    """The thread that empties an outbox into `url`."""

    def __init__(
        self,
        outbox: Outbox,
        url: str,
        token: str,
        batch_size: int,
        linger_s: float,
        timeout_s: float,
        on_error: OnError,
    ) -> None:
        super().__init__(name="parcook-tracker", daemon=True)
        self._outbox = outbox
        self._batch_size = batch_size
        self._linger_s = linger_s
        self._on_error = on_error
        self._connection = _Connection(url, token, timeout_s)

    def run(self) -> None:
        """Send until the outbox is closed and empty."""
        while batch := self._outbox.take(self._batch_size, self._linger_s):
            self._deliver(batch)
        self._connection.close()

    def _deliver(self, batch: Sequence[bytes]) -> None:
        """Send `batch` until all of it is settled."""
        failures = 0
        while batch:
            status, answer, pause_s = self._connection.post(batch)
            if status in (202, 207, 422) and (results := _results(answer, len(batch))) is not None:
                retryable = {index for index, result in enumerate(results) if result.get("retryable") is True}
                self._settle(results, retryable)
                batch = [event for index, event in enumerate(batch) if index in retryable]
                failures = failures + 1 if batch else 0
            elif status == 413 and len(batch) > 1:  # smaller ones fit
                self._deliver(batch[: len(batch) // 2])
                batch = batch[len(batch) // 2 :]
                continue
            elif status is not None and 400 <= status < 500 and status not in _TRY_AGAIN:
                self._on_error(f"http_{status}", f"the server refused {len(batch)} events: {_reason(answer, status)}")
                self._outbox.settled(len(batch))
                return
            else:
                failures += 1
                if failures == 1:
                    self._on_error("unreachable", "the server does not take events now; they wait and are sent again")
            if batch and self._outbox.wait_for_close(pause_s or _pause(failures)):
                # The process ends: one more try, then the events are given up.
                status, answer, _ = self._connection.post(batch)
                results = _results(answer, len(batch)) if status in (202, 207, 422) else None
                if results is None:
                    self._on_error("lost", f"{len(batch)} events could not be sent before the end")
                    self._outbox.settled(len(batch))
                else:
                    self._settle(results, set())
                return

    def _settle(self, results: Sequence[dict[str, Any]], retryable: set[int]) -> None:
        for index, result in enumerate(results):
            if index not in retryable and result.get("status") == "rejected":
                self._on_error(str(result.get("code")), str(result.get("detail")))
        self._outbox.settled(len(results) - len(retryable))


class _Connection:
    """A connection to the batch route, opened when needed and kept."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of a parcook server looks like http://127.0.0.1:8000")
        self._is_safe = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = f"{parts.path.rstrip('/')}/api/v1/batch"
        self._headers = {"Content-Type": "application/json", "User-Agent": "parcook-client"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout_s = timeout_s
        self._open: http.client.HTTPConnection | None = None

    def post(self, events: Sequence[bytes]) -> tuple[int | None, bytes, float | None]:
        """(status, body, seconds the server asks to wait); no status if there was no answer."""
        sent_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        body = b'{"sent_at":"' + sent_at.encode() + b'","events":[' + b",".join(events) + b"]}"
        try:
            if self._open is None:
                self._open = self._connect()
            self._open.request("POST", self._path, body, self._headers)
            response = self._open.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return None, b"", None
        if response.will_close:
            self.close()
        return response.status, answer, _seconds(response.getheader("Retry-After"))

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connect(self) -> http.client.HTTPConnection:
        if self._is_safe:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout_s, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)


def _results(answer: bytes, count: int) -> list[dict[str, Any]] | None:
    """What became of each of `count` events; None if this is no answer of ours."""
    try:
        results = json.loads(answer)["results"]
    except (ValueError, KeyError, TypeError):
        return None
    is_ours = isinstance(results, list) and len(results) == count and all(isinstance(own, dict) for own in results)
    return results if is_ours else None


def _reason(answer: bytes, status: int) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP status {status}"


def _seconds(header: str | None) -> float | None:
    return min(float(header), LONGEST_PAUSE_S) if header is not None and header.isdecimal() else None


def _pause(failures: int) -> float:
    """Exponential back-off with full jitter, so that many clients do not come back together."""
    return random.uniform(0.05, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures, 10)))  # noqa: S311
