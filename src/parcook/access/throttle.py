"""Slowing down whoever keeps presenting credentials that do not count."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from parcook.errors import TooManyAttempts

MAX_FAILURES = 30
WINDOW_S = 60.0
MAX_ADDRESSES = 10_000
_LONGEST_NAME = 64


class FailureThrottle:
    """Counts failed attempts by address; after `MAX_FAILURES` within `WINDOW_S` the address has to wait.

    It lives in one process, and remembers the `MAX_ADDRESSES` that failed last. Addresses of one IPv6 /64 are
    one: whoever has one of them has them all.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Raise `TooManyAttempts` while `address` has to wait."""
        with self._lock:
            now = self._now()
            recent = self._recent(_subscriber(address), now)
        if len(recent) >= MAX_FAILURES:
            wait_s = max(1, math.ceil(recent[0] + WINDOW_S - now))
            raise TooManyAttempts(
                "too many failed sign-ins from this address; wait before the next", retry_after_s=wait_s
            )

    def failed(self, address: str) -> None:
        """Note a failed attempt."""
        subscriber = _subscriber(address)
        with self._lock:
            now = self._now()
            # Attempts that were under way together may be more than MAX_FAILURES: the last ones say how long to wait.
            self._failures[subscriber] = [*self._recent(subscriber, now), now][-MAX_FAILURES:]
            self._failures.move_to_end(subscriber)
            while len(self._failures) > MAX_ADDRESSES:
                self._failures.popitem(last=False)

    def _recent(self, subscriber: str, now: float) -> list[float]:
        return [moment for moment in self._failures.get(subscriber, ()) if moment > now - WINDOW_S]


def _subscriber(address: str) -> str:
    """What `address` is counted under. What is no address of the internet protocol counts as it is, cut."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST_NAME]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), 64), strict=False))
