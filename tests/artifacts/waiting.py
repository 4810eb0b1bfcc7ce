"""Waiting for what another thread does, no longer than needed."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], timeout_s: float = 10.0) -> float:
    """Wait until `condition` holds; returns after how many seconds it did. Fails after `timeout_s`."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < timeout_s, "waited in vain"
        time.sleep(0.005)
    return time.monotonic() - started
