"""`lambda://function` and `trigger_analytics_refresh()`: hints that are sent aside, and never hurt a save."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from parcook import trigger_analytics_refresh
from parcook.artifacts import triggers
from parcook.artifacts.triggers import LambdaTrigger
from tests.artifacts.lambda_server import LambdaServer, start_lambda
from tests.artifacts.waiting import wait_until

INVOCATION = ("/2015-03-31/functions/refresh-it/invocations", "Event", b"")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Leads AWS clients to an endpoint, with nothing left of an earlier one."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    for cached in (triggers._lambda_client, triggers._lambda_trigger):
        cached.cache_clear()
    yield lambda endpoint: monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", endpoint)
    for cached in (triggers._lambda_client, triggers._lambda_trigger):
        cached.cache_clear()


@pytest.fixture
def server(aws: Callable[[str], None]) -> Iterator[LambdaServer]:
    with start_lambda() as running:
        aws(running.endpoint)
        yield running
        triggers._lambda_trigger("refresh-it").stop()  # what the public function queued


def seconds_of(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def test_a_request_is_one_asynchronous_invocation(server):
    trigger = LambdaTrigger("refresh-it")
    trigger.start()
    trigger.request()
    trigger.stop()
    assert server.invocations == [INVOCATION]


def test_requests_that_are_apart_are_invocations_of_their_own(server):
    trigger = LambdaTrigger("refresh-it")
    for count in (1, 2, 3):
        trigger.request()
        wait_until(lambda count=count: len(server.invocations) == count)
        time.sleep(0.1)
    trigger.stop()
    assert server.invocations == [INVOCATION] * 3


def test_a_burst_at_a_slow_server_neither_waits_nor_queues_up(server):
    server.silent_for_s = 0.4
    trigger = LambdaTrigger("refresh-it")
    trigger.request()
    wait_until(lambda: server.invocations)
    assert max(seconds_of(trigger.request) for _ in range(200)) < 0.05
    trigger.stop()
    assert len(server.invocations) == 2


def test_the_last_request_of_a_burst_is_followed_by_an_invocation(server):
    """A hint may be dropped only for one that is still to be sent."""
    server.silent_for_s = 0.05
    trigger = LambdaTrigger("refresh-it")
    for _ in range(50):
        requested_after = len(server.invocations)
        trigger.request()
        time.sleep(0.005)
    trigger.stop()
    assert len(server.invocations) > requested_after


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_a_refused_invocation_is_logged_and_hurts_nobody(server, status, caplog):
    server.status = status
    trigger = LambdaTrigger("refresh-it")
    trigger.request()
    trigger.stop()
    assert "cannot invoke the refresh function" in caplog.text
    assert 1 <= len(server.invocations) <= 3


def test_a_server_that_is_down_is_logged_and_hurts_nobody(aws, caplog):
    aws("http://127.0.0.1:1")
    trigger = LambdaTrigger("refresh-it")
    trigger.request()
    assert seconds_of(trigger.request) < 0.05
    trigger.stop()
    assert "cannot invoke the refresh function" in caplog.text


def test_after_a_failure_the_next_request_is_sent(server):
    trigger = LambdaTrigger("refresh-it")
    server.status = 403
    trigger.request()
    wait_until(lambda: server.invocations)
    server.status = 202
    time.sleep(0.1)
    trigger.request()
    trigger.stop()
    assert len(server.invocations) == 2


def test_a_missing_boto3_is_logged_and_hurts_nobody(aws, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "boto3", None)
    trigger = LambdaTrigger("refresh-it")
    trigger.request()
    trigger.stop()
    assert "pip install 'parcook[aws]'" in caplog.text


def test_flushing_waits_until_a_request_was_sent(server):
    server.silent_for_s = 0.2
    trigger = LambdaTrigger("refresh-it")
    trigger.flush(0.0)  # nothing was asked for
    trigger.request()
    trigger.flush(5.0)
    assert server.invocations == [INVOCATION]
    trigger.stop()


def test_flushing_waits_no_longer_than_it_is_told(server):
    server.silent_for_s = 2.0
    trigger = LambdaTrigger("refresh-it")
    trigger.request()
    assert seconds_of(lambda: trigger.flush(0.1)) < 1.0
    trigger.stop()


def test_a_request_after_the_end_hurts_nobody(server):
    trigger = LambdaTrigger("refresh-it")
    trigger.stop()
    trigger.request()
    trigger.request()
    trigger.stop()
    assert server.invocations == []


def test_the_specification_s_name_of_the_function_is_enough(server, monkeypatch):
    monkeypatch.setenv("ANALYTICS_REFRESH_FUNCTION", "refresh-it")
    trigger_analytics_refresh()
    wait_until(lambda: server.invocations == [INVOCATION])


def test_from_a_script_that_ends_at_once_the_invocation_still_goes_out(server):
    environment = os.environ | {"ANALYTICS_REFRESH_FUNCTION": "refresh-it"}
    script = "from parcook import trigger_analytics_refresh; trigger_analytics_refresh()"
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, timeout=30)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    assert server.invocations == [INVOCATION]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"ANALYTICS_REFRESH_FUNCTION": ""},
        {"ANALYTICS_REFRESH_FUNCTION": "one", "PARCOOK_REFRESH_URL": "lambda://two"},
        {"PARCOOK_REFRESH_URL": "lambda://"},
        {"PARCOOK_REFRESH_URL": "carrier-pigeon://"},
        {"PARCOOK_REFRESH_URL": "none://"},
        {"PARCOOK_TIMEZONE": "Atlantis/Capital"},
        {"PARCOOK_CATALOGUE_URL": "oracle://"},
    ],
    ids=str,
)
def test_whatever_the_settings_the_public_function_never_raises(server, monkeypatch, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert seconds_of(trigger_analytics_refresh) < 0.5
    assert server.invocations == []


def test_the_public_function_never_waits_for_a_server_that_is_silent(server, monkeypatch):
    monkeypatch.setenv("ANALYTICS_REFRESH_FUNCTION", "refresh-it")
    trigger_analytics_refresh()
    wait_until(lambda: server.invocations)
    server.silent_for_s = 0.5
    assert max(seconds_of(trigger_analytics_refresh) for _ in range(20)) < 0.1
    wait_until(lambda: len(server.invocations) >= 2)
