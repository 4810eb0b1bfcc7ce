"""Processes that refresh and are killed, with SIGKILL, at a chosen step or at any time.

The steps are the beginnings and ends of the calls below, seen through Python's profiling hook, so that the
code runs as it is.
"""

import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.store import open_catalogue

CALLS = {
    "Lease.acquire",
    "Lease.release",
    "AnalyticsQueries.measure",
    "Objects.put",
    "Objects.list",
    "Objects.delete",
}
Step = tuple[str, str, int]
"""("call" or "return", name, which time)."""

# Forked from a server that has imported everything: a process costs 20 ms instead of a second.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def watching_steps(seen: Callable[[Step], None], run: Callable[[], Any]) -> None:
    """Run `run`, telling `seen` of each step."""
    counts: Counter[tuple[str, str]] = Counter()

    def profile(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_qualname
        if event in ("call", "return") and name in CALLS:
            counts[event, name] += 1
            seen((event, name, counts[event, name]))

    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)


def refresh_and_be_killed(catalogue_url: str, storage_url: str, fatal: Step) -> None:
    """Refresh in a process of its own, which is dead when this returns. Raises unless it died at step `fatal`."""
    process = _context.Process(target=_refresh_until, args=(catalogue_url, storage_url, fatal))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"never came to {fatal}: exit code {process.exitcode}"
    process.close()


def _refresh_until(catalogue_url: str, storage_url: str, fatal: Step) -> None:
    refresher = Refresher(open_catalogue(catalogue_url), AnalyticsStorage(storage_url), {})

    def die(step: Step) -> None:
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    watching_steps(die, refresher.refresh)


def start_refreshing(catalogue_url: str, storage_url: str) -> BaseProcess:
    """A process that refreshes again and again, until it is killed."""
    process = _context.Process(target=_refresh_for_ever, args=(catalogue_url, storage_url))
    process.start()
    return process


def _refresh_for_ever(catalogue_url: str, storage_url: str) -> None:
    refresher = Refresher(open_catalogue(catalogue_url), AnalyticsStorage(storage_url), {})
    while True:
        refresher.refresh()
