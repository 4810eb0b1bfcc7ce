"""For the operator: is it alive, is it ready, how stale are the answers, and the counters."""

import logging
from collections.abc import Iterator
from typing import Any

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, PlainTextResponse

from parcook.artifacts.refresh import Freshness, Refresher
from parcook.clock import format_time
from parcook.errors import ParcookError, Unavailable
from parcook.jobs.scheduler import Scheduler
from parcook.jobs.standing import stand
from parcook.web.problems import problem_docs
from parcook.web.routing import SchedulerOf, ServicesOf, ruled_router
from parcook.wiring import Services

log = logging.getLogger(__name__)

router = ruled_router("operations")


@router.get("/healthz")
def health() -> dict[str, str]:
    """Whether the process answers at all; it asks nobody else."""
    return {"status": "ok"}


@router.get("/readyz", response_model=None, responses=problem_docs(503))
def readiness(services: ServicesOf, scheduler: SchedulerOf) -> Response:
    """Whether requests can be served, how fresh the stored answers are, and how the jobs stand.

    503 while the database does not answer. Storage that fails leaves `"status": "degraded"`: answers are then
    computed. So does an event store that does not answer.
    """
    freshness = services.refresher.freshness()
    jobs = _jobs(services, scheduler)
    status = "ok" if freshness.error is None and "error" not in jobs else "degraded"
    # Anybody may ask: the reasons name folders and hosts, and stand in the log and in `parcook status`.
    told = {
        "error": "storage cannot be read; see the log" if freshness.error else None,
        "last_error": "the last refresh failed; see the log" if services.trigger.last_error else None,
    }
    return JSONResponse({"status": status, "artifacts": describe(freshness) | told, "jobs": jobs})


@router.get("/metrics", response_model=None, response_class=PlainTextResponse)
def prometheus(services: ServicesOf) -> Response:
    """Counters and gauges in the text format of Prometheus."""
    gauges = CollectorRegistry()
    gauges.register(_Gauges(services.refresher))
    gauges.register(_JobGauges(services))
    text = generate_latest(services.counters.registry) + generate_latest(gauges)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _jobs(services: Services, scheduler: Scheduler) -> dict[str, Any]:
    """How the jobs stand, as far as anybody may know."""
    try:
        standing = stand(services.lake, services.clock())
    except ParcookError as error:
        log.error("cannot say how the jobs stand", extra={"reason": error.detail})
        return {"error": "the event store or the lake cannot be read; see the log"}
    has_failed = scheduler.last_error is not None or any(run and run.error for run in standing.runs.values())
    runs = [run.done_at for run in standing.runs.values() if run is not None and run.done_at is not None]
    return {
        "last_run_at": format_time(max(runs)) if runs else None,
        "last_error": "a job failed; see the log" if has_failed else None,
        "open_gaps": len(standing.gaps),
        "failed_checks": standing.failed_checks,
        "proof_holds": None if standing.proof is None else standing.proof["holds"],
        "stale": bool(standing.stale),
    }


def describe(freshness: Freshness) -> dict[str, Any]:
    """`freshness` for people and machines; times in seconds."""
    return {
        "current": freshness.current,
        "catalogue_version": freshness.catalogue_version,
        "stored_version": freshness.stored_version,
        "generated_at": format_time(freshness.generated_at) if freshness.generated_at else None,
        "age_seconds": None if freshness.age_s is None else round(freshness.age_s, 1),
        "lag_seconds": None if freshness.lag_s is None else round(freshness.lag_s, 1),
        "error": freshness.error,
    }


class _Gauges(Collector):
    """What is measured when somebody asks, not counted along the way."""

    def __init__(self, refresher: Refresher) -> None:
        self._refresher = refresher

    def collect(self) -> Iterator[Metric]:
        """The gauges; the database's silence is one of them, not an error."""
        try:
            freshness = self._refresher.freshness()
        except Unavailable:
            yield GaugeMetricFamily("parcook_catalogue_up", "Whether the catalogue database answers.", 0)
            return
        yield GaugeMetricFamily("parcook_catalogue_up", "Whether the catalogue database answers.", 1)
        for name, meaning, value in (
            ("parcook_catalogue_version", "Version of the catalogue.", freshness.catalogue_version),
            ("parcook_artifact_version", "Catalogue version of the stored artifacts.", freshness.stored_version),
            ("parcook_artifact_age_seconds", "Time since the stored artifacts were cooked.", freshness.age_s),
            ("parcook_artifact_lag_seconds", "How long the catalogue has been ahead of them.", freshness.lag_s),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, meaning, value)


class _JobGauges(Collector):
    """How the jobs stand, for alarms; the silence of the event store is one of the gauges."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        try:
            standing = stand(self._services.lake, self._services.clock())
        except ParcookError:
            yield GaugeMetricFamily("parcook_events_up", "Whether the event store and the lake answer.", 0)
            return
        yield GaugeMetricFamily("parcook_events_up", "Whether the event store and the lake answer.", 1)
        yield GaugeMetricFamily("parcook_open_gaps", "Hours that are over and not in the lake.", len(standing.gaps))
        yield GaugeMetricFamily(
            "parcook_failed_checks", "Data checks that failed in the last seven days.", len(standing.failed_checks)
        )
        yield GaugeMetricFamily(
            "parcook_jobs_stale", "What the jobs should have done and did not.", len(standing.stale)
        )
        if standing.proof is not None and standing.proof_age is not None:
            yield GaugeMetricFamily(
                "parcook_proof_age_seconds",
                "Time since it was proved that nothing is kept too long.",
                standing.proof_age.total_seconds(),
            )
            yield GaugeMetricFamily(
                "parcook_proof_holds", "Whether the last proof holds.", int(bool(standing.proof["holds"]))
            )
