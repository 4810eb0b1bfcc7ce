"""Who is at work: one process of a deployment at a time exports, computes, erases and deletes.

Two that did it at once would write the same bytes twice and no wrong ones; an erasure alone must not be watched
by somebody who still exports what it takes out.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from parcook.catalogue.database import Database
from parcook.catalogue.leases import DEFAULT_DURATION_S, Lease
from parcook.errors import Conflict, ParcookError

LEASE = "jobs"
RENEW_EVERY_S = DEFAULT_DURATION_S / 3
LOOK_EVERY_S = 0.2
WAIT_S = 60.0

log = logging.getLogger(__name__)


@contextmanager
def try_shift(database: Database) -> Iterator[bool]:
    """Work for the length of the block, if nobody else does; whether that is so."""
    lease = Lease(database, LEASE)
    if not lease.acquire():
        yield False
        return
    ended = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lease, ended), name="parcook-lease", daemon=True)
    renewing.start()
    try:
        yield True
    finally:
        ended.set()
        renewing.join()
        lease.release()


@contextmanager
def take_shift(database: Database, wait_s: float = WAIT_S) -> Iterator[None]:
    """Work for the length of the block, once whoever else does has ended.

    Raises `Conflict` if that takes longer than `wait_s`.
    """
    until = time.monotonic() + wait_s
    while True:
        with try_shift(database) as is_ours:
            if is_ours:
                yield
                return
        if time.monotonic() >= until:
            raise Conflict("another process is at work on the events and the lake; try again when it has ended")
        time.sleep(LOOK_EVERY_S)


def _renew(lease: Lease, ended: threading.Event) -> None:
    while not ended.wait(RENEW_EVERY_S):
        try:
            if not lease.acquire():
                log.error("somebody else has taken over the jobs, while they are done here")
        except ParcookError as error:  # the next time may be in time still
            log.warning("the lease of the jobs cannot be renewed", extra={"reason": error.detail})
