"""Who cooks one shelf: until what is stored is what the data say, one at a time, whatever happened before."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from parcook.artifacts.definitions import encode
from parcook.artifacts.shelf import Generation, Shelf
from parcook.catalogue.leases import Lease
from parcook.errors import Corrupt, Unavailable

MAX_ROUNDS = 20

S = TypeVar("S")

log = logging.getLogger(__name__)


class Cook(ABC, Generic[S]):
    """Cooks all artifacts of `shelf`. Threads may share it; of all who know the lease one at a time cooks."""

    def __init__(self, shelf: Shelf[S], lease: Lease) -> None:
        self._shelf = shelf
        self._lease = lease
        self._cooking = threading.Lock()

    @abstractmethod
    def is_current(self) -> bool:
        """Whether what is stored is what the data say."""

    @abstractmethod
    def _cook(self, previous: Generation[S] | None) -> None:
        """Cook everything once, from one state of the data; renew the lease before anything is written."""

    def refresh(self, force: bool = False) -> bool:
        """Cook until what is stored is what the data say; with `force` at least once.

        True if anything was cooked; False if all was current already or somebody else holds the lease.
        Raises `Unavailable` if the database or storage refuses; then the next call starts anew.
        """
        with self._cooking:
            if not force and self.is_current():
                return False
            if not self._lease.acquire():
                log.info("another process is refreshing")
                return False
            try:
                for _ in range(MAX_ROUNDS):
                    if not force and self.is_current():
                        break
                    self._cook(self._readable_manifest())
                    # Two cook at once where a holder stalled beyond its lease: either may have dropped or
                    # overwritten the other's files, so each looks at what stands when it is done.
                    force = not self._is_whole()
                if force:
                    raise Unavailable(f"{self._shelf.objects.url} does not hold what was written to it")
                return True
            finally:
                self._lease.release()

    def _is_whole(self) -> bool:
        try:
            return self._shelf.is_whole()
        except Corrupt:
            return False

    def _readable_manifest(self) -> Generation[S] | None:
        try:
            return self._shelf.manifest()
        except Corrupt as fault:
            log.warning("the manifest is corrupt and will be written anew", extra={"reason": fault.detail})
            return None


def without_time(envelope: Mapping[str, Any]) -> bytes:
    """What an envelope says, but for when it was made."""
    metadata = {key: value for key, value in envelope["metadata"].items() if key != "generated_at"}
    return encode({"data": envelope["data"], "metadata": dict(sorted(metadata.items()))})
