"""Asking for a refresh: from this process's own thread, or of an AWS Lambda function.

A trigger is a hint. It returns at once, never raises into the save that caused it, and losing one costs
two seconds: the thread compares versions by itself.
"""

import logging
import random
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any, Protocol

from parcook.artifacts.refresh import Refresher
from parcook.errors import ParcookError, SettingsError
from parcook.settings import load_settings

QUIET_S = 0.5
MAX_WAIT_S = 5.0
POLL_S = 2.0
MAX_BACK_OFF_S = 60.0

log = logging.getLogger(__name__)


class Trigger(Protocol):
    """Something that can be asked for a refresh. `last_error` is why the last one failed, as far as is known here."""

    last_error: str | None

    def request(self, force: bool = False) -> None:
        """Ask for a refresh soon; with `force` even if the stamps agree. Returns at once, never raises."""

    def start(self) -> None:
        """Begin to act on requests."""

    def flush(self, timeout_s: float) -> None:
        """Wait until what was asked for is on its way, never longer than `timeout_s`: a process about to be frozen."""

    def stop(self) -> None:
        """Stop acting; a refresh under way is finished first."""


class NoTrigger:
    """`none://`: artifacts are refreshed by `parcook refresh` alone."""

    last_error: str | None = None

    def request(self, force: bool = False) -> None:
        """Do nothing."""

    def start(self) -> None:
        """Do nothing."""

    def flush(self, timeout_s: float) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class ThreadTrigger:
    """`thread://`: a thread of this process refreshes, after a burst of requests has gone quiet.

    It waits for `QUIET_S` without a request, though never longer than `MAX_WAIT_S`, and looks by itself every
    `POLL_S` for changes that nobody reported. After failures it waits longer each time, up to `MAX_BACK_OFF_S`.
    """

    def __init__(self, refresher: Refresher, on_failure: Callable[[], None] = lambda: None) -> None:
        self._refresher = refresher
        self._on_failure = on_failure
        self._changed = threading.Condition()
        self._first_request: float | None = None
        self._last_request = 0.0
        self._forced = False
        self._stopping = False
        self._failures = 0
        self.last_error: str | None = None
        self._thread = threading.Thread(target=self._run, name="parcook-refresh", daemon=True)
        _running.add(self)

    def request(self, force: bool = False) -> None:
        """Ask for a refresh soon; returns at once."""
        with self._changed:
            now = time.monotonic()
            self._first_request = self._first_request or now
            self._last_request = now
            self._forced |= force
            self._changed.notify()

    def start(self) -> None:
        """Start the thread; it compares versions at once, which heals a crash or a restore."""
        self._thread.start()

    def flush(self, timeout_s: float) -> None:
        """Do nothing: the thread knows already."""

    def stop(self) -> None:
        """End the thread after the refresh under way, if any."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            forced = self._take_requests()
            try:
                self._refresher.refresh(forced)
            except Exception as error:  # the thread must outlive any fault; the next round tries again
                self._failed(error, forced)
            else:
                self._failures, self.last_error = 0, None
            if not self._wait_for_work():
                return

    def _failed(self, error: Exception, forced: bool) -> None:
        self._failures += 1
        self.last_error = error.detail if isinstance(error, ParcookError) else "internal error"
        log.error("refresh failed", exc_info=not isinstance(error, ParcookError), extra={"reason": self.last_error})
        self._on_failure()
        with self._changed:
            self._forced |= forced

    def _take_requests(self) -> bool:
        with self._changed:
            forced, self._forced, self._first_request = self._forced, False, None
            return forced

    def _wait_for_work(self) -> bool:
        """Wait until a refresh is due. False when the thread is to end."""
        now = time.monotonic()
        not_before = now + _back_off(self._failures)
        poll_at = max(not_before, now + POLL_S)
        with self._changed:
            while not self._stopping:
                due = poll_at
                if self._first_request is not None:
                    due = min(self._last_request + QUIET_S, self._first_request + MAX_WAIT_S)
                remaining = max(due, not_before) - time.monotonic()
                if remaining <= 0:
                    return True
                self._changed.wait(remaining)
            return False


def _back_off(failures: int) -> float:
    if not failures:
        return 0.0
    jitter = random.uniform(0.8, 1.2)  # noqa: S311  # no secret
    return min(MAX_BACK_OFF_S, POLL_S * 2.0 ** min(failures, 10)) * jitter


class LambdaTrigger:
    """`lambda://function`: the function is invoked asynchronously, off the request path."""

    last_error: str | None = None

    def __init__(self, function_name: str) -> None:
        if not function_name:
            raise SettingsError("PARCOOK_REFRESH_URL: lambda:// names no function; write lambda://function-name")
        self._function_name = function_name
        # One worker: a burst of edits queues hints, it does not open connections.
        self._worker = ThreadPoolExecutor(1, "parcook-lambda-trigger")
        self._waiting = threading.BoundedSemaphore(1)
        self._last: Future[None] | None = None

    def request(self, force: bool = False) -> None:
        """Queue an invocation; dropped while one is waiting already, as that one will see the change too."""
        if not self._waiting.acquire(blocking=False):
            return
        try:
            self._last = self._worker.submit(self._invoke)
        except RuntimeError:  # stopped: a save that ends after its server must not fail
            self._waiting.release()
            log.warning("stopped, refresh not requested", extra={"function": self._function_name})

    def start(self) -> None:
        """Do nothing; the function runs by itself."""

    def flush(self, timeout_s: float) -> None:
        """Wait until what is queued was sent, never longer than `timeout_s`."""
        if self._last is not None:
            wait([self._last], timeout_s)

    def stop(self) -> None:
        """Send what is queued."""
        self._worker.shutdown(wait=True)

    def _invoke(self) -> None:
        self._waiting.release()
        try:
            answer = _lambda_client().invoke(FunctionName=self._function_name, InvocationType="Event")
            log.info("refresh requested", extra={"function": self._function_name, "status": answer["StatusCode"]})
        except Exception:  # a save must not fail for its analytics; the function's schedule will catch up
            log.exception("cannot invoke the refresh function", extra={"function": self._function_name})


@cache
def _lambda_client() -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise SettingsError("lambda:// needs boto3: pip install 'parcook[aws]'") from error
    return boto3.client(
        "lambda", config=Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 2, "mode": "standard"})
    )


def make_trigger(url: str, refresher: Refresher, on_failure: Callable[[], None] = lambda: None) -> Trigger:
    """The trigger that `url` names: `thread://`, `lambda://function` or `none://`."""
    scheme, _, rest = url.partition("://")
    if scheme == "thread":
        return ThreadTrigger(refresher, on_failure)
    return LambdaTrigger(rest) if scheme == "lambda" else NoTrigger()


_running: "weakref.WeakSet[ThreadTrigger]" = weakref.WeakSet()


@cache
def _lambda_trigger(function_name: str) -> LambdaTrigger:
    return LambdaTrigger(function_name)


def trigger_analytics_refresh() -> None:
    """Ask for a refresh after a change made outside the API; returns at once and never raises.

    Asks the refresh threads of this process and, where the settings name a Lambda function, that function.
    Without either it does nothing: a running server sees the new version within two seconds.
    """
    try:
        for trigger in list(_running):
            trigger.request()
        scheme, _, rest = load_settings().refresh_url.partition("://")
        if scheme == "lambda":
            _lambda_trigger(rest).request()
    except Exception:  # a save must not fail for its analytics
        log.exception("cannot ask for a refresh")
