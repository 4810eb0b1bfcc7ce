"""How the jobs stand, for whoever runs this: what went wrong last, what is missing, and whether promises are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from parcook.clock import day_bounds, day_of, format_hour, format_instant, parse_instant
from parcook.conversations.late_days import late_days
from parcook.jobs.work import HOUR, INSIGHTS, JOBS, LastRun, last_run, open_gaps
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.retention import last_proof

GAP_IS_STALE_AFTER = timedelta(hours=2)
PROOF_IS_STALE_AFTER = timedelta(hours=48)
CHECKED_DAYS = 7


@dataclass(frozen=True)
class Standing:
    """The jobs at one moment.

    `gaps` are the hours that are over and not in the lake, `late_gaps` those that are overdue. `checked` is the last
    day whose numbers are there; `failures` are the data checks that failed and `damaged` the files that could not be
    read when the numbers of the last `CHECKED_DAYS` were made, by day. `waiting` are days that got late events which
    no number knows yet. `stale` says in words what should have been done and was not: nothing if all is well.
    """

    runs: Mapping[str, LastRun | None]
    gaps: list[datetime]
    checked: date | None
    failures: Mapping[date, Sequence[str]]
    damaged: Mapping[date, Sequence[str]]
    waiting: list[date]
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
                "days": {day.isoformat(): list(failed) for day, failed in self.failures.items()},
            },
            "damaged": [path for paths in self.damaged.values() for path in paths],
            "late_days": [day.isoformat() for day in self.waiting],
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
        """The data checks that failed, on whichever day."""
        return sorted({check for failed in self.failures.values() for check in failed})


def stand(lake: Lake, now: datetime) -> Standing:
    """How the jobs of `lake` stand at `now`. Raises `Unavailable` if the store or the lake does not answer."""
    runs = {name: last_run(lake, name) for name in (*(job.name for job in JOBS), INSIGHTS)}
    gaps = open_gaps(lake, now)
    proof = last_proof(lake)
    proof_age = None if proof is None else now - parse_instant(proof["proved_at"])
    today = day_of(now, lake.zone)
    days = Ledger(lake.records).daily(today - timedelta(days=CHECKED_DAYS), today)
    damaged = {day: daily.corrupt for day, daily in days.items() if daily.corrupt}
    late = [hour for hour in gaps if hour + HOUR + GAP_IS_STALE_AFTER <= now]
    first_day = Ledger(lake.records).first_day()
    has_begun = first_day is not None and day_bounds(first_day, lake.zone)[1] + PROOF_IS_STALE_AFTER <= now
    proof_is_missing = has_begun and (proof_age is None or proof_age > PROOF_IS_STALE_AFTER)
    stale = [f"{name} failed: {run.error}" for name, run in runs.items() if run is not None and run.error is not None]
    if late:
        stale.append(f"{len(late):,} hours are not in the lake, since {format_hour(late[0])}")
    if damaged:
        first, last = min(damaged), max(damaged)
        stale.append(f"files of the lake are damaged; run parcook backfill --from {first} --to {last}")
    if proof is not None and not proof["holds"]:
        stale.append("something is kept longer than promised; run parcook retain")
    if proof_is_missing:
        stale.append("there is no proof of the last two days that nothing is kept too long; run parcook retain")
    return Standing(
        runs=runs,
        gaps=gaps,
        checked=max(days, default=None),
        failures={day: daily.failed for day, daily in days.items() if daily.failed},
        damaged=damaged,
        waiting=[date.fromisoformat(mark.key) for mark in late_days(lake.records)],
        proof=proof,
        proof_age=proof_age,
        stale=stale,
        late_gaps=late,
        proof_is_missing=proof_is_missing,
    )


def _run(run: LastRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "tried_at": format_instant(run.tried_at),
        "done_at": None if run.done_at is None else format_instant(run.done_at),
        "error": run.error,
    }
