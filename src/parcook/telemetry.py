"""What the operator sees: JSON log lines with request ids, and counters for Prometheus."""

import errno
import json
import logging
import sys
import threading
import time
from collections import deque
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from prometheus_client import CollectorRegistry, Counter, Histogram

request_id: ContextVar[str | None] = ContextVar("parcook_request_id", default=None)

FLUSH_EVERY_S = 0.2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PLAIN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON: time, level, logger, message, request id, and whatever `extra` holds."""

    def format(self, record: logging.LogRecord) -> str:
        """`record` as a line, without the line end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line |= {key: value for key, value in vars(record).items() if key not in _PLAIN_ATTRIBUTES}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=True)


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send all log lines of this process, as JSON, to `stream` (default stderr)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("alembic", "botocore", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class AccessLog:
    """One line per request, written in batches.

    A stored answer takes less time than Python's logging does for a line, so lines are gathered and written
    every `FLUSH_EVERY_S` seconds; a killed process loses at most that much. Paths are route templates: what
    people put into an address does not reach the log.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lines: deque[str] = deque()  # appending and taking are atomic
        self._second = (0, "")
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._nobody_reads = False

    def write(self, request: str, method: str, route: str, status: int, seconds: float) -> None:
        """Note a request; `request` is its id. The texts must need no escaping in JSON: ids, tokens, templates."""
        if self._nobody_reads:
            return
        if self._writer is None:
            self._start()
        now = time.time()
        second, written = self._second
        if second != int(now):
            second, written = self._second = int(now), time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        self._lines.append(
            f'{{"time": "{written}.{int(now % 1 * 1000):03d}+00:00", "level": "info", "logger": "parcook.access", '
            f'"message": "request", "request_id": "{request}", "method": "{method}", "route": "{route}", '
            f'"status": {status}, "ms": {seconds * 1000:.2f}}}\n'
        )

    def close(self) -> None:
        """Write what is left."""
        self._closing.set()
        if self._writer is not None:
            self._writer.join()

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                writer = threading.Thread(target=self._run, name="parcook-access-log", daemon=True)
                writer.start()
                self._writer = writer

    def _run(self) -> None:
        try:
            while not self._closing.wait(FLUSH_EVERY_S):
                self._flush()
            self._flush()
        except (OSError, ValueError):  # the stream is closed: requests go on, their lines would only pile up
            self._nobody_reads = True
            self._lines.clear()

    def _flush(self) -> None:
        if self._lines:
            try:
                self._stream.write("".join(self._lines.popleft() for _ in range(len(self._lines))))
                self._stream.flush()
            except OSError as error:
                if error.errno not in _NO_ROOM:  # else later lines may find some
                    raise


class Counters:
    """The numbers that `/metrics` shows, of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._by_request: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.requests = Counter(
            "parcook_http_requests_total",
            "Requests answered, by route template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "parcook_http_request_seconds",
            "Time from the first byte in to the last byte out.",
            ("route",),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30),
            registry=self.registry,
        )
        self.degraded = Counter(
            "parcook_storage_failures_total",
            "Reads of stored artifacts that failed and were answered live.",
            registry=self.registry,
        )
        self.refresh_failures = Counter(
            "parcook_refresh_failures_total", "Refreshes that failed and will be tried again.", registry=self.registry
        )

        self.events = Counter(
            "parcook_events_total",
            "Events reported, by what became of them: accepted, duplicate, or the code of the refusal.",
            ("outcome",),
            registry=self.registry,
        )
        self.redactions = Counter(
            "parcook_redactions_total", "Placeholders put into texts, by type.", ("type",), registry=self.registry
        )
        self.unredactable = Counter(
            "parcook_unredactable_total", "Texts dropped because redacting them failed.", registry=self.registry
        )

    def count_event(self, outcome: str) -> None:
        """Count one event reported. `outcome` is one of a few words."""
        self.events.labels(outcome).inc()

    def count_redacted(self, kind: str, count: int) -> None:
        """Count placeholders of one type."""
        self.redactions.labels(kind).inc(count)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request answered. `route` is a template, so the number of label sets is bounded."""
        key = (method, route, status)
        children = self._by_request.get(key)
        if children is None:  # looking a child up by its labels takes longer than counting
            children = self.requests.labels(route, method, status), self.seconds.labels(route)
            self._by_request[key] = children
        children[0].inc()
        children[1].observe(seconds)
