"""The one list of jobs: what each does, and when it is due. The scheduler, the command line and Lambda call it.

Due is what the ledgers lack, not what a clock says: after days of downtime the next look does all of it. Every job
may be done again at any time, and goes on where one was cut short.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parcook.artifacts.insights.cook import InsightCook
from parcook.clock import day_bounds, day_of, format_hour, format_instant, hours_between, parse_instant
from parcook.errors import ParcookError
from parcook.events.contract import RETENTION_DAYS
from parcook.lake import receipts
from parcook.lake.erasure import Eraser
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.retention import PROOF, retain
from parcook.lake.rounds import Done, Rounds
from parcook.lake.tables import CONVERSATIONS

KIND = "job"
INSIGHTS = "insights"
HOUR = timedelta(hours=1)

Told = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Something to do: `is_due` asks the ledgers at a moment, `do` does it then and tells what it did, in counts."""

    name: str
    is_due: Callable[[Lake, datetime], bool]
    do: Callable[[Lake, datetime], Told]


@dataclass(frozen=True)
class LastRun:
    """How a job went the last time: when, and why it failed, if it did; `done` is when it last went well."""

    tried_at: datetime
    done_at: datetime | None
    error: str | None = None


def open_gaps(lake: Lake, now: datetime) -> list[datetime]:
    """The hours that are over and not in the lake, of the days whose numbers are not frozen; in their order."""
    ledger = Ledger(lake.records)
    today = day_of(now, lake.zone)
    firsts = [day for day in (lake.store.oldest_day(), ledger.first_day()) if day is not None]
    if not firsts:
        return []
    first = max(min(firsts), today - timedelta(days=RETENTION_DAYS - 1))
    frozen = {day for day, daily in ledger.daily(first, today).items() if daily.frozen_at is not None}
    gaps: set[datetime] = set()
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        if day not in frozen:
            export = ledger.export_of(day)
            there = {} if export is None or export.key_id is None else export.files.get(CONVERSATIONS.name, {})
            hours = hours_between(*day_bounds(day, lake.zone))
            gaps |= {hour for hour in hours if hour + HOUR <= now and format_hour(hour) not in there}
    return sorted(gaps)


def told(done: Done) -> Told:
    """What a round did, in counts."""
    return {
        "days_exported": len(done.exported),
        "days_computed": len(done.aggregated),
        "weeks_computed": len(done.weeks),
    }


def _keys_are_due(lake: Lake, now: datetime) -> bool:
    return bool(lake.keys.overdue(now))


def _destroy_keys(lake: Lake, now: datetime) -> Told:
    return {"keys_destroyed": len(lake.keys.destroy_due(now))}


def _erasures_are_due(lake: Lake, now: datetime) -> bool:
    return any(receipts.is_heard(request, now) for request in receipts.running(lake.records))


def _erase(lake: Lake, now: datetime) -> Told:
    with Eraser(lake) as eraser:
        return {"erasures": len(eraser.carry_out_requests(now))}


def _round_is_due(lake: Lake, now: datetime) -> bool:
    return bool(open_gaps(lake, now))


def _round(lake: Lake, now: datetime) -> Told:
    with Rounds(lake) as rounds:
        return told(rounds.run(now))


def _retention_is_due(lake: Lake, now: datetime) -> bool:
    if Ledger(lake.records).first_day() is None and lake.store.oldest_day() is None:
        return False  # nothing was ever stored: there is nothing to prove
    return lake.records.get(PROOF, day_of(now, lake.zone).isoformat()) is None


def _retain(lake: Lake, now: datetime) -> Told:
    retained = retain(lake, now)
    return {"deleted": retained.deleted, "proof_holds": bool(retained.proof and retained.proof["holds"])}


JOBS: Sequence[Job] = (
    Job("keys", _keys_are_due, _destroy_keys),
    Job("erasure", _erasures_are_due, _erase),
    Job("round", _round_is_due, _round),
    Job("retention", _retention_is_due, _retain),
)
"""What keeps a lake, in the order in which it is done: first what somebody was promised, last what can wait."""


def all_jobs(insights: InsightCook) -> Sequence[Job]:
    """`JOBS`, and after them cooking what they changed."""
    cook = Job(INSIGHTS, lambda *_: not insights.is_current(), lambda *_: {"cooked": insights.refresh()})
    return (*JOBS, cook)


def due_jobs(lake: Lake, now: datetime, jobs: Sequence[Job] = JOBS) -> Iterator[Job]:
    """The jobs that are due at `now`, each asked when its turn has come."""
    return (job for job in jobs if job.is_due(lake, now))


def do_job(lake: Lake, job: Job, now: datetime) -> Told:
    """Do `job` and write down how it went; what it raises is raised."""
    before = last_run(lake, job.name)
    try:
        done = job.do(lake, now)
    except Exception as error:
        _write(lake, job.name, LastRun(now, before.done_at if before else None, reason_of(error)))
        raise
    _write(lake, job.name, LastRun(now, now))
    return done


def reason_of(error: Exception) -> str:
    """Why a job failed, in words for the operator; of a fault that parcook does not know the log has the details."""
    return error.detail if isinstance(error, ParcookError) else "internal error"


def last_run(lake: Lake, name: str) -> LastRun | None:
    """How the job of this name went the last time; None if it never was done."""
    record = lake.records.get(KIND, name)
    return None if record is None else _read(record.document)


def _read(document: Mapping[str, Any]) -> LastRun:
    done_at = document["done_at"]
    return LastRun(
        parse_instant(document["tried_at"]), None if done_at is None else parse_instant(done_at), document["error"]
    )


def _write(lake: Lake, name: str, run: LastRun) -> None:
    document = {
        "tried_at": format_instant(run.tried_at),
        "done_at": None if run.done_at is None else format_instant(run.done_at),
        "error": run.error,
    }
    lake.records.put(KIND, name, document)
