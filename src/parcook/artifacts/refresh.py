"""Recooking: bring the stored artifacts to the catalogue's current version, whatever happened before.

The database's `(version, token)` is the truth. Whenever the stored stamp differs, lower versions of a
restored backup included, everything is cooked again from one snapshot; afterwards the stamps are
compared once more, because edits go on meanwhile.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS, Cooked
from parcook.artifacts.storage import AnalyticsStorage, Manifest
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.leases import Lease
from parcook.catalogue.store import Catalogue
from parcook.clock import Clock, utc_now
from parcook.errors import Corrupt, ParcookError, Unavailable

MAX_ROUNDS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Freshness:
    """How the stored artifacts stand to the catalogue.

    `age_s` is the time since they were cooked, `lag_s` how long the catalogue has been ahead of them (0 when
    they are current); both null while nothing is stored. `error` is why they could not be read.
    """

    current: bool
    catalogue_version: int
    stored_version: int | None
    generated_at: datetime | None
    age_s: float | None
    lag_s: float | None
    error: str | None


class Refresher:
    """Cooks all artifacts of `catalogue` into `storage`. Threads may share it; one at a time cooks."""

    def __init__(
        self, catalogue: Catalogue, storage: AnalyticsStorage, about: Mapping[str, Any], clock: Clock = utc_now
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._about = about
        self._clock = clock
        self._queries = AnalyticsQueries(catalogue)
        self._lease = Lease(catalogue.database, "refresh")
        self._cooking = threading.Lock()

    def refresh(self, force: bool = False) -> bool:
        """Cook until what is stored is what the catalogue says; with `force` at least once.

        True if anything was cooked; False if all was current already or somebody else holds the lease.
        Raises `Unavailable` if the database or storage refuses; then the next call starts anew.
        """
        with self._cooking:
            if not force and self._is_current():
                return False
            if not self._lease.acquire():
                log.info("another process is refreshing")
                return False
            try:
                for _ in range(MAX_ROUNDS):
                    if not force and self._is_current():
                        break
                    self._cook()
                    # Two cook at once where a holder stalled beyond its lease: either may have dropped or
                    # overwritten the other's files, so each looks at what stands when it is done.
                    force = not self._is_whole()
                if force:
                    raise Unavailable(f"{self._storage.objects.url} does not hold what was written to it")
                return True
            finally:
                self._lease.release()

    def freshness(self) -> Freshness:
        """How stale the stored artifacts are. Raises `Unavailable` only if the database does not answer."""
        state = self._catalogue.state()
        manifest, error = None, None
        try:
            manifest = self._storage.manifest()
        except ParcookError as fault:
            error = fault.detail
        now = self._clock()
        current = manifest is not None and manifest.stamp == state.stamp
        return Freshness(
            current=current,
            catalogue_version=state.stamp.version,
            stored_version=manifest.stamp.version if manifest else None,
            generated_at=manifest.generated_at if manifest else None,
            age_s=max(0.0, (now - manifest.generated_at).total_seconds()) if manifest else None,
            lag_s=_lag(current, state.changed_at, manifest, now),
            error=error,
        )

    def _is_current(self) -> bool:
        manifest = self._readable_manifest()
        return (
            manifest is not None
            and manifest.stamp == self._catalogue.state().stamp
            and manifest.paths.keys() == {definition.name for definition in DEFINITIONS}
        )

    def _is_whole(self) -> bool:
        try:
            return self._storage.is_whole()
        except Corrupt:
            return False

    def _readable_manifest(self) -> Manifest | None:
        try:
            return self._storage.manifest()
        except Corrupt as fault:
            log.warning("the manifest is corrupt and will be written anew", extra={"reason": fault.detail})
            return None

    def _cook(self) -> None:
        previous = self._readable_manifest()
        started = self._clock()
        state, usage = self._queries.measure()
        cooked = Cooked(state.stamp, usage, started)
        envelopes = {definition.name: cooked.envelope(definition.name, "stored") for definition in DEFINITIONS}
        self._lease.acquire()  # renewed, as measuring may have taken long
        self._storage.put_generation(envelopes, state.stamp, started, self._about, previous)
        log.info(
            "cooked",
            extra={
                "catalogue_version": state.stamp.version,
                "recipes": usage.total_recipes,
                "seconds": round((self._clock() - started).total_seconds(), 3),
            },
        )


def _lag(current: bool, changed_at: float, manifest: Manifest | None, now: datetime) -> float | None:
    if current:
        return 0.0
    if manifest is None or not changed_at:
        return None
    return max(0.0, now.timestamp() - changed_at)
