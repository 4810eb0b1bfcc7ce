"""The lake from the command line: from a file of events to numbers, to an erasure, and back to an empty store."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import zone_at_noon
from tests.whole.processes import Installation, wait_until

ZONE = ZoneInfo(zone_at_noon())
TODAY = datetime.now(ZONE).date()
HOURS_AGO = datetime.now(UTC) - timedelta(hours=3)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path, {"PARCOOK_TIMEZONE": ZONE.key})


def message(person: str, conversation: str, moment: datetime, text: str = "how do I make a negroni?") -> dict[str, Any]:
    return {
        "message_id": f"{conversation} {moment.isoformat()}",
        "conversation_id": conversation,
        "user_id": person,
        "role": "user",
        "text": text,
        "timestamp": moment.isoformat(),
    }


def at_noon(day: date, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, 12, minute, tzinfo=ZONE)


def write(folder: Path, events: list[dict[str, Any]]) -> Path:
    path = folder / "events.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def daily(installation: Installation, day: date) -> dict[str, Any]:
    (path,) = installation.folder.glob(f"home/lake/aggregated/daily/**/daily-metrics-{day}.json")
    return json.loads(path.read_text())


def rows_kept(installation: Installation) -> list[str]:
    return sorted(path.name for path in installation.folder.glob("home/lake/conversations/**/*.parquet"))


def test_events_become_numbers_and_an_erasure_takes_somebody_out_again(installation):
    days = [TODAY - timedelta(days=n) for n in (3, 2, 1)]
    events = [message(who, f"{who} {day}", at_noon(day)) for day in days for who in ("ann", "bob")]
    installation.done("track", "--historical", write(installation.folder, events))
    stale = installation.run("status", "--json")
    assert (stale.returncode, len(json.loads(stale.stdout)["jobs"]["open_gaps"]) >= 48) == (3, True)
    assert installation.told("export") == {"days": [str(day) for day in (*days, TODAY)]}
    assert set(installation.told("export")["days"]) <= {str(TODAY)}  # of which an hour may have ended meanwhile
    computed = installation.told("aggregate")
    assert [day for day in computed["aggregated"] if day in map(str, days)] == [str(day) for day in days]
    assert [daily(installation, day)["wau"] for day in days] == [2, 2, 2]

    estimate = installation.told("erase", "ann", "--dry-run")
    assert (estimate["status"], estimate["layers"]["events"]) == ("dry_run", 3)
    assert len(installation.told("export-user", "ann")["events"]) == 3
    receipt = installation.told("erase", "ann")
    assert (receipt["status"], receipt["verified"]) == ("done", True)
    assert receipt["layers"] == estimate["layers"] | {"daily": receipt["layers"]["daily"]}
    assert [daily(installation, day)["wau"] for day in days] == [1, 1, 1]
    held = installation.told("export-user", "ann")
    assert (held["events"], held["activity"]) == ([], [])
    refused = installation.run("track", "--historical", installation.folder / "events.jsonl", "--json")
    assert [error["code"] for error in json.loads(refused.stdout)["errors"]] == ["erased"] * 3


def test_one_hour_is_exported_and_late_events_are_taken_along(installation):
    hour = f"{HOURS_AGO:%Y-%m-%dT%H}Z"
    installation.done("track", write(installation.folder, [message("ann", "c", HOURS_AGO)]))
    assert installation.told("export", "--hour", hour) == {"hour": hour, "changed": True}
    assert installation.told("export", "--hour", hour) == {"hour": hour, "changed": False}
    late = message("bob", "d", HOURS_AGO)
    installation.done("track", write(installation.folder, [late]))
    assert installation.told("export", "--hour", hour) == {"hour": hour, "changed": True}


def test_backfill_revises_numbers_that_are_frozen(installation):
    day = TODAY - timedelta(days=5)
    installation.done("track", "--historical", write(installation.folder, [message("ann", "c", at_noon(day))]))
    installation.done("export")
    installation.done("aggregate")
    installation.done("track", "--historical", write(installation.folder, [message("bob", "d", at_noon(day))]))
    assert installation.told("aggregate", "--date", day) == {"exported": [], "aggregated": [], "weeks": []}
    revised = installation.told("backfill", "--from", day, "--to", day)
    assert (revised["exported"], str(day) in revised["aggregated"]) == ([str(day)], True)
    assert (daily(installation, day)["dau"], daily(installation, day)["revision"]) == (2, 1)


def test_aggregating_all_that_is_due_takes_in_what_came_late_to_frozen_days(installation):
    day = TODAY - timedelta(days=5)
    installation.done("track", "--historical", write(installation.folder, [message("ann", "c", at_noon(day))]))
    installation.done("aggregate")
    installation.done("track", "--historical", write(installation.folder, [message("bob", "d", at_noon(day))]))
    assert f"late events to take in, from {day} on" in installation.run("status").stdout
    done = installation.told("aggregate")
    assert (str(day) in done["exported"], str(day) in done["aggregated"]) == (True, True)
    assert (daily(installation, day)["dau"], daily(installation, day)["revision"]) == (2, 1)
    assert "late events" not in installation.run("status").stdout


def test_months_are_replayed_and_of_old_days_the_numbers_alone_are_kept(installation):
    days = [TODAY - timedelta(days=n) for n in (95, 93, 60, 1)]
    events = [message("ann", f"c {day}", at_noon(day)) for day in days]
    events += [message("bob", f"d {day}", at_noon(day, 5)) for day in days]
    undated = {**events[0], "message_id": "undated"}
    del undated["timestamp"]
    file = write(installation.folder, [*reversed(events), undated])
    with file.open("a") as lines:
        lines.write("no event\n")
    ended = installation.run("replay", file, "--json")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["accepted"], told["rejected"]) == (1, 8, 2)
    assert [error["code"] for error in told["errors"]] == ["bad_timestamp", "bad_id"]
    assert [daily(installation, day)["wau"] for day in days] == [2, 2, 2, 2]
    assert daily(installation, TODAY - timedelta(days=94))["dau"] == 0
    assert [daily(installation, day)["people_91"] for day in days] == [2, 2, 2, 2]
    assert [name[14:24] for name in rows_kept(installation)] == [str(day) for day in days[2:]]
    assert len(installation.told("export-user", "ann")["events"]) == 2
    assert installation.told("retain")["proof"]["holds"] is True

    again = json.loads(installation.run("replay", file, "--json").stdout)
    assert (again["accepted"], again["duplicates"]) == (0, 4)
    assert [error["code"] for error in again["errors"]].count("day_closed") == 4
    assert [daily(installation, day)["revision"] for day in days] == [0, 0, 0, 0]


def test_the_catalogue_is_served_while_the_demonstration_is_made_and_both_end_together(installation):
    with installation.serving("--demo") as server:
        wait_until(lambda: any(installation.folder.glob("home/lake/aggregated/daily/**/*.json")), 60, server)
        assert server.client.get("/api/v1/recipes").json()["items"] != []
        assert server.client.get("/readyz").json()["status"] == "ok"
    assert set(installation.told("retain", "--dry-run")["deleted"]) == {"lake", "activity", "daily", "weekly"}


def test_a_demonstration_is_not_made_among_other_conversations(installation):
    installation.done("track", write(installation.folder, [message("ann", "c", HOURS_AGO)]))
    assert installation.told("demo", "--if-possible") == {"skipped": True}
    ended = installation.run("demo")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "conversations here already" in ended.stderr


def test_deleting_in_time_can_be_tried_first(installation):
    assert installation.told("retain", "--dry-run")["proof"] is None
    proved = installation.told("retain")
    assert proved["proof"]["holds"] is True
    assert set(proved["deleted"].values()) == {0}


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--hour", "2025-01-15"],
        ["aggregate", "--date", "yesterday"],
        ["backfill", "--from", "2025-01-15"],
        ["erase", "ann", "--visitor", "--conversation"],
        ["erase"],
        ["demo", "--months", "0"],
        ["sql", "drop table daily_metrics"],
        ["sql", "select 1; select 2"],
    ],
)
def test_wrong_usage_is_exit_2_before_anything_is_opened(installation, arguments):
    ended = installation.run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    assert not (installation.folder / "home").exists()


def test_what_cannot_be_done_is_told_in_a_line(installation):
    for arguments in (["backfill", "--from", "2020-01-01", "--to", "2020-01-02"], ["replay", "nothing.jsonl"]):
        ended = installation.run(*arguments)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith("error: ")
        assert ended.stderr.count("\n") == 1
