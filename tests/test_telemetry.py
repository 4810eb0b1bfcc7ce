"""What the operator sees: log lines that parse, access lines that are not lost, numbers that add up."""

import io
import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from parcook import telemetry
from parcook.telemetry import AccessLog, Counters, configure_logging, request_id

log = logging.getLogger("parcook.tests.telemetry")


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where all logging of the process goes meanwhile."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure_logging("info", written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_log_line_is_one_line_of_json(stream):
    log.warning("two\nlines of %s", "täxt")
    [line] = lines(stream)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "warning", "logger": "parcook.tests.telemetry", "message": "two\nlines of täxt"}


def test_the_time_of_a_line_is_the_time_it_was_logged(stream):
    log.info("now")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(lines(stream)[0]["time"])) < timedelta(seconds=5)


def test_extra_fields_are_fields_whatever_they_hold(stream):
    extra = {"count": 3, "ratio": 0.5, "at": datetime(2025, 1, 15, tzinfo=UTC), "where": Path("/x"), "no": None}
    log.info("cooked", extra=extra | {"nested": {"a": [1, "\ud800"]}, "set": {1}})
    [line] = lines(stream)
    assert (line["count"], line["ratio"], line["no"]) == (3, 0.5, None)
    assert (line["at"], line["where"], line["set"]) == ("2025-01-15 00:00:00+00:00", "/x", "{1}")
    assert line["nested"]["a"][0] == 1


def test_an_exception_is_in_the_line(stream):
    try:
        raise ValueError("what went wrong")
    except ValueError:
        log.exception("failed")
    [line] = lines(stream)
    assert line["level"] == "error"
    assert "Traceback" in line["exception"]
    assert line["exception"].endswith("ValueError: what went wrong")


def test_the_request_id_is_in_every_line_of_its_request_and_in_no_other(stream):
    def handle(own_id: str) -> None:
        request_id.set(own_id)
        log.info("inside")

    for own_id in ("one", "two"):
        copy_context().run(handle, own_id)
    log.info("outside")
    assert [line.get("request_id") for line in lines(stream)] == ["one", "two", None]


def test_the_level_is_a_threshold_and_libraries_are_quieter(stream):
    log.debug("not this")
    logging.getLogger("botocore.hooks").info("nor this")
    logging.getLogger("botocore.hooks").warning("but this")
    assert [line["message"] for line in lines(stream)] == ["but this"]


@pytest.fixture
def access() -> Iterator[tuple[AccessLog, io.StringIO]]:
    written = io.StringIO()
    opened = AccessLog(written)
    yield opened, written
    opened.close()


def test_an_access_line_is_json_and_says_what_was_asked(access):
    access_log, stream = access
    access_log.write("abc-1", "GET", "/api/v1/recipes/{recipe_id}", 404, 0.0123)
    access_log.close()
    [line] = lines(stream)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(line.pop("time"))) < timedelta(seconds=5)
    assert line == {
        "level": "info",
        "logger": "parcook.access",
        "message": "request",
        "request_id": "abc-1",
        "method": "GET",
        "route": "/api/v1/recipes/{recipe_id}",
        "status": 404,
        "ms": 12.3,
    }


def test_access_lines_are_written_soon_without_closing(access):
    access_log, stream = access
    access_log.write("a", "GET", "/", 200, 0.001)
    deadline = time.monotonic() + 5
    while not stream.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(lines(stream)) == 1


def test_closing_writes_what_is_left_and_may_be_repeated(access):
    access_log, stream = access
    for number in range(100):
        access_log.write(str(number), "GET", "/", 200, 0.001)
    access_log.close()
    access_log.close()
    assert [line["request_id"] for line in lines(stream)] == [str(number) for number in range(100)]
    AccessLog(stream).close()
    assert len(lines(stream)) == 100


@pytest.mark.parametrize("trial", range(5))
def test_nothing_is_lost_when_threads_write_at_once(access, monkeypatch, trial):
    access_log, stream = access
    monkeypatch.setattr(telemetry, "FLUSH_EVERY_S", 0.002)
    access_log.write("first", "GET", "/", 200, 0.001)
    together = threading.Barrier(4)

    def write(thread: int) -> None:
        together.wait()
        for number in range(2_500):
            access_log.write(f"{thread}-{number}", "GET", "/", 200, 0.001)

    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads meet at every step
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
    finally:
        sys.setswitchinterval(switch_interval)
    access_log.close()
    written = [line["request_id"] for line in lines(stream)]
    assert len(written) == 10_001
    for thread in range(4):
        own = [own_id for own_id in written if own_id.startswith(f"{thread}-")]
        assert own == [f"{thread}-{number}" for number in range(2_500)]


def test_requests_are_counted_by_route_method_and_status():
    counters = Counters()
    for _ in range(3):
        counters.count("GET", "/api/v1/recipes/{recipe_id}", 200, 0.002)
    counters.count("GET", "/api/v1/recipes/{recipe_id}", 404, 0.002)
    counters.degraded.inc()
    shown = generate_latest(counters.registry).decode()
    label = 'method="GET",route="/api/v1/recipes/{recipe_id}"'
    assert f'parcook_http_requests_total{{{label},status="200"}} 3.0' in shown
    assert f'parcook_http_requests_total{{{label},status="404"}} 1.0' in shown
    assert 'parcook_http_request_seconds_count{route="/api/v1/recipes/{recipe_id}"} 4.0' in shown
    assert "parcook_storage_failures_total 1.0" in shown
    assert "parcook_refresh_failures_total 0.0" in shown


def test_two_applications_in_one_process_count_apart():
    one, other = Counters(), Counters()
    one.degraded.inc()
    assert "parcook_storage_failures_total 0.0" in generate_latest(other.registry).decode()
