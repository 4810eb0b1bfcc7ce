"""The doors of Lambda, over AWS's protocols: a day goes through all of them, and what fails is raised."""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parcook.aws import container, handlers
from parcook.clock import day_of
from parcook.conversations.tombstones import HEARD_AFTER
from parcook.errors import Conflict, Invalid, NotFound, SettingsError, Unavailable
from parcook.jobs import shift
from parcook.jobs.shift import take_shift
from tests.artifacts.lambda_server import LambdaServer
from tests.aws.conftest import REFRESH, journal_of
from tests.dashboard.test_digest import fill_lake
from tests.servers.s3 import S3Server

Ask = Callable[..., tuple[int, Any]]

INVOCATION = (f"/2015-03-31/functions/{REFRESH}/invocations", "Event", b"")


def figures_in(text: str) -> dict[str, float]:
    """The figures that CloudWatch would read from the log lines in `text`."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if "_aws" not in line:
            continue
        told = json.loads(line)
        (about,) = told["_aws"]["CloudWatchMetrics"]
        assert (about["Namespace"], about["Dimensions"]) == ("parcook", [["FunctionName"]])
        assert told["FunctionName"] == "shop-function"
        found |= {metric["Name"]: told[metric["Name"]] for metric in about["Metrics"]}
    return found


def events_of(moment: datetime) -> dict[str, Any]:
    return {
        "events": [
            {
                "message_id": f"m-{role}",
                "conversation_id": "c-1",
                "user_id": "ann",
                "role": role,
                "text": "A Negroni, please",
                "timestamp": moment.isoformat(),
            }
            for role in ("user", "assistant")
        ]
    }


def test_the_application_is_opened_once_and_answers_as_a_server_does(ask: Ask) -> None:
    assert ask("GET", "/healthz", as_admin=False) == (200, {"status": "ok"})
    opened = container.api()
    status, problem = ask("POST", "/api/v1/ingredients", {"name": "Gin"}, as_admin=False)
    assert (status, problem["code"]) == (401, "unauthenticated")
    status, ingredient = ask("POST", "/api/v1/ingredients", {"name": "Gin"})
    assert (status, ingredient["path"]) == (201, "/1/")
    assert ask("GET", "/api/v1/ingredients/1")[1]["name"] == "Gin"
    assert container.api() is opened


def test_the_log_names_no_path(ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask("GET", "/api/v1/users/ann@example.com/export")[0] == 200
    container.api().close()
    container.api.cache_clear()
    logged = capfd.readouterr()
    assert "/api/v1/users/{user_id}/export" in logged.err
    assert "ann@example.com" not in logged.err + logged.out


def test_a_database_on_a_network_file_system_keeps_a_rollback_journal(ask: Ask, installation: Path) -> None:
    assert ask("POST", "/api/v1/ingredients", {"name": "Gin"})[0] == 201
    assert journal_of(installation / "catalogue.db") == "delete"


def test_an_edit_has_sent_its_hint_when_it_is_answered(ask: Ask, lambda_server: LambdaServer) -> None:
    ask("GET", "/healthz")
    before = len(lambda_server.invocations)
    assert ask("POST", "/api/v1/ingredients", {"name": "Gin"})[0] == 201
    assert lambda_server.invocations[before:] == [INVOCATION]


def test_an_edit_is_answered_though_nobody_takes_its_hint(
    ask: Ask, lambda_server: LambdaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lambda_server.status = 500
    monkeypatch.setattr(handlers, "HINT_WITHIN_S", 0.01)
    assert ask("POST", "/api/v1/ingredients", {"name": "Gin"})[0] == 201


def test_the_refresh_cooks_what_the_api_then_serves(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask("POST", "/api/v1/ingredients", {"name": "Gin"})
    told = handlers.lambda_handler({}, None)
    assert (told["cooked"], told["current"]) == (True, True)
    assert figures_in(capsys.readouterr().out) == {"ArtifactLagSeconds": 0.0}
    assert ask("GET", "/api/v1/analytics/ingredient-usage")[1]["metadata"]["source"] == "stored"
    assert handlers.lambda_handler(None, None)["cooked"] is False
    assert handlers.lambda_handler({"force": True}, None)["cooked"] is True


def test_a_day_goes_from_messages_to_numbers(
    ask: Ask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARCOOK_EVENTS_URL", f"dynamodb://events-{os.getpid()}?region=us-east-1")
    moment = datetime.now(UTC) - timedelta(hours=3)
    day = day_of(moment, container.services().lake.zone)
    status, answer = ask("POST", "/api/v1/batch", events_of(moment))
    assert (status, answer["accepted"]) == (202, 2)
    told = handlers.hourly_export({}, None)
    assert told["round"]["days_exported"] >= 1
    figures = figures_in(capsys.readouterr().out)
    assert (figures["LateGaps"], figures["StaleJobs"], figures["ProofMissing"]) == (0, 0, 0)

    told = handlers.lambda_daily_aggregation({"date": day.isoformat()}, None)
    assert (told["date"], told["changed"]) == (day.isoformat(), False)  # the hourly round has done it
    assert (told["metrics"]["total_conversations"], told["metrics"]["dau"]) == (1, 1)


def test_the_daily_proof_is_written_and_told_to_the_alarms(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask("POST", "/api/v1/batch", events_of(datetime.now(UTC) - timedelta(hours=3)))
    for _ in range(2):  # due or not
        assert handlers.retention({}, None)["retention"]["proof_holds"] is True
    assert figures_in(capsys.readouterr().out)["ProofAgeHours"] < 1


def test_without_a_date_the_daily_aggregation_is_yesterday_s(ask: Ask) -> None:
    yesterday = datetime.now(UTC).replace(hour=12) - timedelta(days=1)
    ask("POST", "/api/v1/batch", events_of(yesterday))
    told = handlers.lambda_daily_aggregation({"source": "aws.events"}, None)
    assert (told["date"], told["changed"]) == (yesterday.date().isoformat(), True)
    assert told["metrics"]["total_messages"] == 2


def test_before_the_first_event_no_day_is_computed(installation: Path) -> None:
    told = handlers.lambda_daily_aggregation({}, None)
    assert (told["changed"], told["metrics"]) == (False, None)


@pytest.mark.parametrize("given", ["yesterday", 20250115, ""])
def test_a_date_that_is_none_is_raised(installation: Path, given: Any) -> None:
    with pytest.raises(Invalid, match="2025-01-15"):
        handlers.lambda_daily_aggregation({"date": given}, None)


def test_an_erasure_that_was_asked_for_is_done_by_the_next_hour(ask: Ask) -> None:
    moment = datetime.now(UTC) - timedelta(hours=3)
    ask("POST", "/api/v1/batch", events_of(moment))
    handlers.hourly_export({}, None)
    status, receipt = ask("DELETE", "/api/v1/users/ann")
    assert (status, receipt["status"]) == (202, "running")
    time.sleep(HEARD_AFTER.total_seconds())  # what was asked for has then been heard by all who take events in
    assert handlers.hourly_export({}, None)["erasure"] == {"erasures": 1}
    status, done = ask("GET", f"/api/v1/erasures/{receipt['request_id']}")
    assert (done["status"], done["layers"]["events"], done["verified"]) == ("done", 2, True)


def test_while_others_are_at_work_the_jobs_raise_so_that_lambda_tries_again(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(take_shift.__wrapped__, "__defaults__", (0.05,))
    services = container.services()
    with take_shift(services.catalogue.database), pytest.raises(Conflict):
        handlers.hourly_export({}, None)


def test_storage_that_is_gone_is_raised_and_never_an_answer(
    ask: Ask, installation: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("POST", "/api/v1/batch", events_of(datetime.now(UTC) - timedelta(hours=3)))
    for name in ("ANALYTICS_BUCKET", "PARCOOK_LAKE_URL"):
        monkeypatch.setenv(name, os.environ[name] + "-gone")
    with pytest.raises(Unavailable):
        handlers.lambda_handler({"force": True}, None)
    with pytest.raises(ExceptionGroup, match="jobs failed"):
        handlers.hourly_export({}, None)


def test_a_bad_setting_is_raised_and_asked_again_by_the_next_invocation(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as wrong:
        wrong.setenv("PARCOOK_TIMEZONE", "Atlantis/Capital")
        with pytest.raises(SettingsError, match="TIMEZONE"):
            handlers.lambda_handler({}, None)
    assert handlers.lambda_handler({}, None)["cooked"] is True


def test_a_week_is_told_by_mail_and_kept_beside_the_artifacts(
    installation: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_lake(installation)
    monkeypatch.setenv("PARCOOK_LAKE_URL", f"file://{installation / 'lake'}")
    topic = s3_server.client("sns").create_topic(Name="digest")["TopicArn"]
    queues = s3_server.client("sqs")
    queue = queues.create_queue(QueueName="mailbox")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3_server.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    told = handlers.digest({"week": "2025-W03", "topic": topic}, None)
    assert told == {"week": "2025-W03", "path": "digests/2025-W03.html", "sent": True}
    kept = container.services().storage.objects.get(told["path"])
    assert kept is not None
    assert b"<!doctype html>" in kept.body
    (message,) = queues.receive_message(QueueUrl=queue)["Messages"]
    mail = json.loads(message["Body"])
    assert "week 3" in mail["Subject"]
    assert "Negroni" in mail["Message"]


def test_a_week_that_is_not_whole_is_raised(installation: Path) -> None:
    with pytest.raises(NotFound):
        handlers.digest({"week": "2025-W03"}, None)


def test_an_administrator_of_the_account_gets_the_first_token_and_link(ask: Ask) -> None:
    token = handlers.create_token({"role": "admin"}, None)["token"]
    assert ask("POST", "/api/v1/ingredients", {"name": "Gin"}, bearer=token)[0] == 201
    assert handlers.create_token({"role": "viewer", "link": True}, None)["path"].startswith("/sign-in?key=")


@pytest.mark.parametrize("event", [None, {}, {"role": "root"}, {"role": "public"}])
def test_a_token_for_no_role_is_raised(installation: Path, event: Any) -> None:
    with pytest.raises(Invalid, match="ingest, viewer, admin"):
        handlers.create_token(event, None)
