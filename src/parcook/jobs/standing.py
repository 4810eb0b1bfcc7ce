"""How the jobs stand, for whoever runs this: what went wrong last, what is missing, and whether promises are kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from parcook.clock import day_bounds, day_of, format_hour, format_instant, parse_instant
from parcook.errors import Corrupt
from parcook.jobs.work import HOUR, INSIGHTS, JOBS, LastRun, last_run, open_gaps
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake, file_path
from parcook.lake.retention import last_proof
from parcook.lake.tables import DAILY_METRICS

GAP_IS_STALE_AFTER = timedelta(hours=2)
PROOF_IS_STALE_AFTER = timedelta(hours=48)


@dataclass(frozen=True)
class Standing:
    """The jobs at one moment.

    `gaps` are the hours that are over and not in the lake, `late_gaps` those that are overdue. `checks` are those of
    the last day whose numbers are there, by name, and `checked` is that day. `stale` says in words what should have
    been done and was not: nothing if all is well.
    """

    runs: Mapping[str, LastRun | None]
    gaps: list[datetime]
    checked: date | None
    checks: Mapping[str, bool]
    proof: Mapping[str, Any] | None
    proof_age: timedelta | None
    stale: list[str]
    late_gaps: list[datetime]
    proof_is_missing: bool

    def as_dict(self) -> dict[str, Any]:
        """As machines are told; reasons are for the operator alone."""
        return {
            "runs": {name: _run(run) for name, run in self.runs.items()},
            "open_gaps": [format_hour(hour) for hour in self.gaps],
            "data_checks": {
                "date": None if self.checked is None else self.checked.isoformat(),
                "failed": self.failed_checks,
            },
            "proof": None
            if self.proof is None or self.proof_age is None
            else {
                "proved_at": self.proof["proved_at"],
                "holds": self.proof["holds"],
                "age_hours": round(self.proof_age / HOUR, 1),
            },
            "stale": self.stale,
        }

    @property
    def failed_checks(self) -> list[str]:
        """The data checks that failed."""
        return sorted(name for name, passed in self.checks.items() if not passed)


def stand(lake: Lake, now: datetime) -> Standing:
    """How the jobs of `lake` stand at `now`. Raises `Unavailable` if the store or the lake does not answer."""
    runs = {name: last_run(lake, name) for name in (*(job.name for job in JOBS), INSIGHTS)}
    gaps = open_gaps(lake, now)
    proof = last_proof(lake)
    proof_age = None if proof is None else now - parse_instant(proof["proved_at"])
    checked, checks = _last_checks(lake, now)
    late = [hour for hour in gaps if hour + HOUR + GAP_IS_STALE_AFTER <= now]
    first_day = Ledger(lake.records).first_day()
    has_begun = first_day is not None and day_bounds(first_day, lake.zone)[1] + PROOF_IS_STALE_AFTER <= now
    proof_is_missing = has_begun and (proof_age is None or proof_age > PROOF_IS_STALE_AFTER)
    stale = [f"{name} failed: {run.error}" for name, run in runs.items() if run is not None and run.error is not None]
    if late:
        stale.append(f"{len(late):,} hours are not in the lake, since {format_hour(late[0])}")
    if proof is not None and not proof["holds"]:
        stale.append("something is kept longer than promised; run parcook retain")
    if proof_is_missing:
        stale.append("there is no proof of the last two days that nothing is kept too long; run parcook retain")
    return Standing(runs, gaps, checked, checks, proof, proof_age, stale, late, proof_is_missing)


def _last_checks(lake: Lake, now: datetime) -> tuple[date | None, Mapping[str, bool]]:
    """The day whose numbers are the latest, and what was checked when they were made."""
    today = day_of(now, lake.zone)
    days = Ledger(lake.records).daily(today - timedelta(days=7), today)
    if not days:
        return None, {}
    day = max(days)
    path = file_path(DAILY_METRICS, day, day.isoformat(), "json")
    blob = lake.objects.get(path)
    try:
        numbers = {} if blob is None else json.loads(blob.body)
    except ValueError as error:
        raise Corrupt(f"{path} in the lake is damaged; delete it and aggregate {day} again") from error
    return day, {name: bool(passed) for name, passed in numbers.get("data_checks", {}).items()}


def _run(run: LastRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "tried_at": format_instant(run.tried_at),
        "done_at": None if run.done_at is None else format_instant(run.done_at),
        "error": run.error,
    }
