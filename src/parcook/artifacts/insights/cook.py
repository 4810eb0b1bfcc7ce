"""Cooking what conversations say: all artifacts from one reading of the lake, whenever its numbers have changed.

The stamp in the manifest is a digest of everything the artifacts are made from. Whenever it differs, all are cooked
again; those that come out as they were keep their files, and if all do, pages have nothing to load anew.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from parcook.artifacts.annotations import marks
from parcook.artifacts.cooking import Cook, without_time
from parcook.artifacts.definitions import STORAGE_VERSION
from parcook.artifacts.insights.definitions import INSIGHTS, Insight
from parcook.artifacts.insights.questions import DAY, Questions
from parcook.artifacts.models import INSIGHT_SHAPES
from parcook.artifacts.shelf import Generation
from parcook.artifacts.storage import InsightStorage
from parcook.catalogue.leases import Lease
from parcook.clock import Clock, format_time, utc_now
from parcook.engines.contract import Days, Engine
from parcook.errors import Corrupt, ParcookError
from parcook.lake.place import Lake, day_in
from parcook.lake.tables import CATALOGUE_INGREDIENTS, DAILY_METRICS, WEEKLY_METRICS
from parcook.metrics.library import find_metric

_PLACES = 4
_NUMBERS = "aggregated"

log = logging.getLogger(__name__)

Envelopes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class InsightFreshness:
    """How the stored artifacts about conversations stand to the lake; `error` is why they could not be read."""

    current: bool
    generated_at: datetime | None
    views: int
    error: str | None


class InsightCook(Cook[str]):
    """Cooks the artifacts about `lake` into `shelf`. `open_engine` opens what asks the lake, when it is needed."""

    def __init__(
        self,
        lake: Lake,
        open_engine: Callable[[], Engine],
        shelf: InsightStorage,
        about: Mapping[str, Any],
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(shelf, Lease(lake.catalogue.database, "insights"))
        self._lake = lake
        self._open_engine = open_engine
        self._about = about
        self._clock = clock

    def is_current(self) -> bool:
        """Whether what is stored was cooked from what the lake, the catalogue and the marks are now."""
        manifest = self._readable_manifest()
        return manifest is not None and manifest.stamp == self._stamp()

    def fresh(self, until: date | None = None) -> tuple[Envelopes, dict[str, Any]]:
        """Every artifact as the lake has it now, or at the end of `until`, and what the manifest says of the days.

        None of them before the first complete day: the manifest is the list of permissions, and nothing is to be read.
        """
        tables = {
            DAILY_METRICS.name: Days(),
            WEEKLY_METRICS.name: Days(),
            CATALOGUE_INGREDIENTS.name: Days(self._newest_catalogue(), None),
        }
        with self._open_engine().reading(tables) as session:
            questions = Questions(
                session,
                min_people=self._lake.min_people,
                timezone=self._lake.zone.key,
                recipes=self._lake.catalogue.named_recipes(),
                marks=marks(self._lake.records),
                until=until,
            )
            if questions.through is None:
                first = min(questions.days).isoformat() if questions.days else None
                return {}, {"first_day": first, "data_through": None, "incomplete_from": first}
            told = {
                "first_day": questions.everything.first.isoformat(),
                "data_through": questions.through.isoformat(),
                "incomplete_from": (questions.through + DAY).isoformat(),
            }
            return {insight.name: self._envelope(insight, questions) for insight in INSIGHTS}, told

    def freshness(self) -> InsightFreshness:
        """How stale the stored artifacts are. Raises `Unavailable` if the store or the lake does not answer."""
        stamp = self._stamp()
        try:
            manifest = self._shelf.manifest()
        except ParcookError as fault:
            return InsightFreshness(False, None, 0, fault.detail)
        if manifest is None:
            return InsightFreshness(False, None, 0, None)
        return InsightFreshness(manifest.stamp == stamp, manifest.generated_at, len(manifest.paths), None)

    def _envelope(self, insight: Insight, questions: Questions) -> dict[str, Any]:
        data = insight.build(questions)
        through = questions.last_complete
        metadata = {
            "analytics_type": insight.name,
            "storage_version": STORAGE_VERSION,
            "generated_at": format_time(self._clock()),
            "data_through": through.isoformat(),
            "incomplete_from": (through + DAY).isoformat(),
            "timezone": self._lake.zone.key,
            "definition": [f"{name} {find_metric(name).header.definition}" for name in insight.metrics],
            "estimate": insight.formula is not None,
            "formula": insight.formula,
            "min_people": self._lake.min_people,
            "summary": insight.summary(questions, data) if insight.summary is not None else None,
        }
        shaped = INSIGHT_SHAPES[insight.name].model_validate({"data": _rounded(data), "metadata": metadata})
        return shaped.model_dump(mode="json")

    def _cook(self, previous: Generation[str] | None) -> None:
        started = self._clock()
        stamp = self._stamp()
        envelopes, told = self.fresh()
        kept = {name: self._as_it_was(name, envelope, previous) for name, envelope in envelopes.items()}
        self._lease.acquire()  # renewed, as asking may have taken long
        about = {**told, **self._about, "min_people": self._lake.min_people}
        self._shelf.put_generation(kept, stamp, started, about, previous)
        log.info("cooked insights", extra={"seconds": round((self._clock() - started).total_seconds(), 3), **told})

    def _as_it_was(self, name: str, envelope: dict[str, Any], previous: Generation[str] | None) -> dict[str, Any]:
        """The stored envelope, if nothing but the time of its making is new."""
        path = previous.paths.get(name) if previous is not None else None
        if path is None:
            return envelope
        try:
            stored: dict[str, Any] = json.loads(self._shelf.read_named(path))
        except Corrupt:
            return envelope
        return stored if without_time(stored) == without_time(envelope) else envelope

    def _newest_catalogue(self) -> date | None:
        """The day of the newest snapshot of the catalogue: older ones have nothing to add."""
        prefix = CATALOGUE_INGREDIENTS.prefix
        return max((day for listed in self._lake.objects.list(prefix) if (day := day_in(listed.path))), default=None)

    def _stamp(self) -> str:
        """A digest of all that artifacts are made from: numbers, catalogue, marks, settings, and who makes them."""
        catalogue = self._lake.catalogue.state().stamp
        told = {
            "numbers": sorted((listed.path, listed.etag) for listed in self._lake.objects.list(_NUMBERS)),
            "catalogue": [catalogue.version, catalogue.token],
            "marks": [(mark.date.isoformat(), mark.text) for mark in marks(self._lake.records)],
            "settings": [self._lake.min_people, self._lake.zone.key, self._about],
            "artifacts": [version("parcook"), [insight.name for insight in INSIGHTS]],
        }
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def _rounded(value: Any) -> Any:
    """`value` with floats rounded: what is beyond is noise, and costs bytes."""
    if isinstance(value, float):
        return round(value, _PLACES)
    if isinstance(value, dict):
        return {key: _rounded(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(own) for own in value]
    return value
