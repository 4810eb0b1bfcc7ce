"""Recooking: bring the stored artifacts to the catalogue's current version, whatever happened before.

The database's `(version, token)` is the truth. Whenever the stored stamp differs, lower versions of a
restored backup included, everything is cooked again from one snapshot; afterwards the stamps are
compared once more, because edits go on meanwhile.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcook.artifacts.cooking import Cook
from parcook.artifacts.definitions import DEFINITIONS, Cooked
from parcook.artifacts.storage import AnalyticsStorage, Manifest
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.leases import Lease
from parcook.catalogue.store import Catalogue, Stamp
from parcook.clock import Clock, utc_now
from parcook.errors import ParcookError

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


class Refresher(Cook[Stamp]):
    """Cooks all artifacts of `catalogue` into `storage`. Threads may share it; one at a time cooks."""

    def __init__(
        self, catalogue: Catalogue, storage: AnalyticsStorage, about: Mapping[str, Any], clock: Clock = utc_now
    ) -> None:
        super().__init__(storage, Lease(catalogue.database, "refresh"))
        self._catalogue = catalogue
        self._storage = storage
        self._about = about
        self._clock = clock
        self._queries = AnalyticsQueries(catalogue)

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

    def is_current(self) -> bool:
        """Whether the stored artifacts are all there and of the catalogue's present state."""
        manifest = self._readable_manifest()
        return (
            manifest is not None
            and manifest.stamp == self._catalogue.state().stamp
            and manifest.paths.keys() == {definition.name for definition in DEFINITIONS}
        )

    def _cook(self, previous: Manifest | None) -> None:
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
