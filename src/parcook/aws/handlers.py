"""The doors that AWS Lambda knocks at. Each does what the server or a command does elsewhere, once.

Whatever fails is raised, and never told as an answer: only then does Lambda try again, and put what fails for good
into the dead-letter queue.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from parcook.access import GRANTABLE
from parcook.aws import container, figures
from parcook.clock import day_of
from parcook.dashboard.digest import last_week, make_digest, parse_week
from parcook.dashboard.letter import as_html, as_text, subject
from parcook.errors import Invalid, ParcookError
from parcook.jobs.shift import take_shift
from parcook.jobs.standing import stand
from parcook.jobs.work import JOBS, Job, Told, all_jobs, do_job, reason_of
from parcook.lake.place import file_path
from parcook.lake.rounds import Rounds
from parcook.lake.tables import DAILY_METRICS

HINT_WITHIN_S = 1.0
RETENTION = "retention"
SNS_SUBJECT = 100  # characters of ASCII

Event = Mapping[str, Any] | None

log = logging.getLogger(__name__)


def api_handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer one request of API Gateway. A hint to refresh that it caused is sent before the container is frozen."""
    api = container.api()
    answer = api(event, context)
    api.services.trigger.flush(HINT_WITHIN_S)
    return answer


def lambda_handler(event: Event, context: Any) -> Told:
    """Recook the artifacts if the catalogue has changed since; with `{"force": true}` even if not."""
    services = container.services()
    cooked = services.refresher.refresh(force=bool((event or {}).get("force")))
    freshness = services.refresher.freshness()
    figures.tell(figures.of_artifacts(freshness), services.clock())
    return {"cooked": cooked, "current": freshness.current, "catalogue_version": freshness.catalogue_version}


def hourly_export(event: Event, context: Any) -> Told:
    """Do all that is due but for what has a day's schedule: keys, erasures, export, numbers, artifacts."""
    return _do([job for job in all_jobs(container.services().insights) if job.name != RETENTION])


def lambda_daily_aggregation(event: Event, context: Any) -> Told:
    """Export and compute one report day, `{"date": "2025-01-15"}` or yesterday; tells its numbers.

    What is frozen is left as it is. Raises `Invalid` for a date that is none, `Conflict` while others are at work.
    """
    services = container.services()
    now = services.clock()
    asked = _day((event or {}).get("date"))
    day = asked or day_of(now, services.lake.zone) - timedelta(days=1)
    changed = False
    with take_shift(services.catalogue.database), Rounds(services.lake) as rounds:
        if asked or day in rounds.due(now):  # before the first event no day has begun
            rounds.export([day], now)
            changed = bool(rounds.aggregate([day], now).aggregated)
    stored = services.lake.objects.get(file_path(DAILY_METRICS, day, day.isoformat(), "json"))
    numbers = None if stored is None else json.loads(stored.body)
    return {"date": day.isoformat(), "changed": changed, "metrics": numbers}


def retention(event: Event, context: Any) -> Told:
    """Delete what is older than was promised, and prove that nothing else is. Raises if the proof does not hold."""
    told = _do([job for job in JOBS if job.name == RETENTION], only_due=False)
    if not told[RETENTION]["proof_holds"]:
        raise RuntimeError("something is kept longer than promised; parcook status says what")
    return told


def digest(event: Event, context: Any) -> Told:
    """Tell of one ISO week, `{"week": "2025-W03"}` or the last one: as digests/<week>.html beside the artifacts.

    Sent as plain text to the SNS topic `{"topic": "arn:…"}`, if one is named. Raises `NotFound` for a week that is
    not whole in the lake.
    """
    asked = event or {}
    services = container.services()
    week = asked.get("week")
    monday = parse_week(week) if week else last_week(day_of(services.clock(), services.lake.zone))
    told = make_digest(services.insights, monday, services.settings.site_title)
    path = f"digests/{told.week}.html"
    services.storage.objects.put(path, as_html(told).encode(), "text/html; charset=utf-8")
    if topic := asked.get("topic"):
        import boto3  # the other doors start sooner without

        heading = subject(told).encode("ascii", "replace").decode()[:SNS_SUBJECT]
        boto3.client("sns").publish(TopicArn=topic, Subject=heading, Message=as_text(told))
    return {"week": told.week, "path": path, "sent": bool(topic)}


def create_token(event: Event, context: Any) -> Told:
    """A new bearer token for `{"role": "admin"}`, or with `{"link": true}` the path of a sign-in link, shown once.

    Whoever may invoke this function is an administrator: the policies of the account say who.
    """
    asked = event or {}
    access = container.services().access
    role = {role.value: role for role in GRANTABLE}.get(asked.get("role", ""))
    if role is None:
        raise Invalid(f"role: one of {', '.join(GRANTABLE)}")
    if asked.get("link"):
        return {"path": f"/sign-in?key={access.create_link(role)}"}
    return {"token": access.create_token(role).secret}


def _do(jobs: Sequence[Job], only_due: bool = True) -> Told:
    """Do all of `jobs`, even if some fail; tell the alarms how everything stands; then raise what failed."""
    services = container.services()
    told: Told = {}
    failed: list[Exception] = []
    with take_shift(services.catalogue.database):
        for job in jobs:
            try:
                if only_due and not job.is_due(services.lake, services.clock()):
                    continue
                told[job.name] = do_job(services.lake, job, services.clock())
            except Exception as error:  # what others were promised is still done; raised below
                log.error("job failed", extra={"job": job.name, "reason": reason_of(error)})
                failed.append(error)
    try:
        figures.tell(figures.of_jobs(stand(services.lake, services.clock())), services.clock())
    except ParcookError as error:  # no figures are an alarm too
        failed.append(error)
    if failed:
        raise ExceptionGroup("jobs failed", failed)
    return told


def _day(text: Any) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Invalid("date: write it as 2025-01-15") from error
