"""A person is told what is held of them and is erased over HTTP; and no address of a request reaches the log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.clock import format_time
from parcook.jobs.scheduler import Scheduler
from parcook.jobs.work import last_run, open_gaps
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import JOBS_KEY, STATE_KEY
from tests.conftest import make_token
from tests.lake.making import numbers_of
from tests.web.problems import expect_problem
from tests.web.test_operations import logged

NOW = datetime.now(UTC)
DAYS = [NOW.date() - timedelta(days=n) for n in (5, 4, 3, 2, 1)]


@contextmanager
def application(home: Path) -> Iterator[TestClient]:
    settings = Settings(home=home, refresh_url="none://", min_people=1)
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {make_token(settings, Role.ADMIN)}"
        yield client


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[TestClient]:
    with application(tmp_path / "home") as client:
        yield client


def message(person: str, conversation: str, moment: datetime, **about: Any) -> dict[str, Any]:
    return {
        "message_id": f"{conversation} {format_time(moment)}",
        "conversation_id": conversation,
        "user_id": person,
        "role": "user",
        "text": "how do I make a negroni?",
        "timestamp": format_time(moment),
        **about,
    }


def report(client: TestClient, events: list[dict[str, Any]]) -> None:
    assert client.post("/api/v1/batch", json={"historical": True, "events": events}).status_code == 202


def make_days(people: list[str]) -> list[dict[str, Any]]:
    """What these people say: each on most days, and on the first together in one conversation."""
    return [
        message(person, "shared" if number == 0 else f"{person} {day}", at_noon(day, minute))
        for number, day in enumerate(DAYS)
        for minute, person in enumerate(people)
        if (number + minute) % 3
    ]


def at_noon(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, 12, minute, tzinfo=UTC)


def do_jobs(client: TestClient) -> None:
    lake = client.app_state[STATE_KEY].lake
    client.app_state[JOBS_KEY].wake()
    wait_until(lambda: last_run(lake, "round") is not None and not open_gaps(lake, NOW))


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def erased(client: TestClient, path: str) -> dict[str, Any]:
    """The receipt of an erasure, once it is done."""
    response = client.delete(path)
    assert response.status_code == 202, response.text
    place = response.headers["Location"]
    wait_until(lambda: client.get(place).json()["status"] == "done")
    return client.get(place).json()


def numbers(client: TestClient) -> list[dict[str, Any]]:
    lake = client.app_state[STATE_KEY].lake
    return [{**numbers_of(lake, day), "revision": 0} for day in DAYS]


def test_after_an_erasure_every_number_is_that_of_a_world_without_the_person(tmp_path: Path) -> None:
    people = ["ann@example.org", "bob", "cleo", "dora"]
    with application(tmp_path / "with") as client, application(tmp_path / "without") as without:
        report(client, make_days(people))
        report(without, [event for event in make_days(people) if event["user_id"] != people[0]])
        do_jobs(client)
        do_jobs(without)
        assert numbers(client) != numbers(without)
        receipt = erased(client, "/api/v1/users/ann@example.org")
        assert numbers(client) == numbers(without)
    gone = sum(event["user_id"] == people[0] for event in make_days(people))
    assert (receipt["verified"], receipt["layers"]["events"], receipt["layers"]["lake"]) == (True, gone, gone)
    assert receipt["layers"]["activity"] == gone
    assert "ann" not in str(receipt)


def test_what_was_erased_does_not_come_in_again(asking: TestClient) -> None:
    before = message("ann", "c", NOW - timedelta(minutes=5))
    report(asking, [before])
    erased(asking, "/api/v1/users/ann")
    (result,) = asking.post("/api/v1/track", json=before).json()["results"]
    assert (result["status"], result["code"]) == ("rejected", "erased")


def test_a_person_is_told_what_is_held_and_after_an_erasure_that_nothing_is(asking: TestClient) -> None:
    report(asking, [message("ann", "c", at_noon(DAYS[-1], 1)), message("bob", "c", at_noon(DAYS[-1], 2))])
    do_jobs(asking)
    response = asking.get("/api/v1/users/ann/export")
    held = response.json()
    assert response.headers["Cache-Control"] == "no-store"
    assert [event["text"] for event in held["events"]] == ["how do I make a negroni?"]
    assert [(row["day"], row["messages"]) for row in held["activity"]] == [(DAYS[-1].isoformat(), 1)]
    erased(asking, "/api/v1/users/ann")
    left = asking.get("/api/v1/users/ann/export").json()
    assert (left["events"], left["activity"]) == ([], [])
    assert len(asking.get("/api/v1/users/bob/export").json()["events"]) == 1


def test_a_visitor_of_the_same_id_is_another_person(asking: TestClient) -> None:
    visit = message("", "d", NOW - timedelta(minutes=4), user_id=None, anonymous_id="ann")
    report(asking, [message("ann", "c", NOW - timedelta(minutes=5)), visit])
    assert erased(asking, "/api/v1/users/ann?kind=visitor")["layers"]["events"] == 1
    assert len(asking.get("/api/v1/users/ann/export").json()["events"]) == 1


def test_a_conversation_is_erased_without_the_rest_of_its_people(asking: TestClient) -> None:
    report(asking, [message("ann", "c/1", NOW - timedelta(hours=2)), message("ann", "d", NOW - timedelta(hours=2))])
    receipt = erased(asking, "/api/v1/conversations/c%2F1")
    assert (receipt["subject"], receipt["layers"]["events"]) == ("conversation", 1)
    assert len(asking.get("/api/v1/users/ann/export").json()["events"]) == 1


def test_today_counts_what_is_said_and_not_what_staff_says(asking: TestClient) -> None:
    quiet = asking.get("/api/v1/today").json()
    assert (quiet["conversations"], quiet["messages"]) == (0, 0)
    now = datetime.now(UTC)
    staff = message("eve", "e", now, internal=True)
    reply = message("ann", "c", now, message_id="reply", role="assistant", text="Stir it.")
    click = message("ann", "c", now, message_id="click", text=None, feedback={"kind": "thumb", "value": "up"})
    report(asking, [message("ann", "c", now), reply, click, message("bob", "d", now), staff])
    told = asking.get("/api/v1/today").json()
    assert (told["date"], told["conversations"], told["messages"]) == (now.date().isoformat(), 2, 3)


def test_an_erasure_that_nobody_asked_for_is_not_found(asking: TestClient) -> None:
    expect_problem(asking.get("/api/v1/erasures/none"), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/users/{}", "/api/v1/conversations/{}"])
def test_what_is_no_id_is_refused_without_being_repeated(asking: TestClient, path: str) -> None:
    response = asking.delete(path.format("x" * 129))
    expect_problem(response, 422, "invalid")
    assert "xx" not in response.text


def test_no_id_of_a_request_reaches_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = Settings(home=tmp_path / "home", refresh_url="none://")
    with logged(settings) as (client, lines):
        client.headers["Authorization"] = f"Bearer {make_token(settings, Role.ADMIN)}"
        report(client, [message("ann@example.org", "ann's talk", NOW - timedelta(hours=2))])
        erased(client, "/api/v1/users/ann@example.org")
        client.get("/api/v1/users/ann@example.org/export")
        client.get("/api/v1/users/ann@example.org/nothing")
        client.delete("/api/v1/conversations/ann's talk")
    written = lines.getvalue() + "".join(capfd.readouterr())
    assert "/api/v1/users/{user_id}" in written
    assert "ann" not in written.replace("channel", "")


def test_a_server_says_how_its_jobs_stand(asking: TestClient) -> None:
    report(asking, [message("ann", "c", NOW - timedelta(days=2))])
    before = asking.get("/readyz").json()["jobs"]
    assert (before["stale"], before["last_run_at"]) == (True, None)
    do_jobs(asking)
    wait_until(lambda: asking.get("/readyz").json()["jobs"]["proof_holds"] is True)
    told = asking.get("/readyz").json()
    assert told["status"] == "ok"
    assert told["jobs"]["last_run_at"] is not None
    gauges = asking.get("/metrics").text
    for line in ("parcook_open_gaps 0.0", "parcook_proof_holds 1.0", "parcook_jobs_stale 0.0", "parcook_events_up 1.0"):
        assert line in gauges
    quiet = {name: told["jobs"][name] for name in ("stale", "open_gaps", "last_error", "failed_checks")}
    assert quiet == {"stale": False, "open_gaps": 0, "last_error": None, "failed_checks": []}


def test_without_its_jobs_a_server_leaves_them_to_others(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", refresh_url="none://")
    with TestClient(create_app(settings, jobs=False), base_url="http://127.0.0.1") as client:
        client.headers["Authorization"] = f"Bearer {make_token(settings, Role.ADMIN)}"
        report(client, [message("ann", "c", NOW - timedelta(hours=2))])
        assert client.delete("/api/v1/users/ann").json()["status"] == "running"
        services = client.app_state[STATE_KEY]
        others = Scheduler(services.lake, services.catalogue.database, lambda: datetime.now(UTC) + timedelta(minutes=1))
        assert "erasure" in others.look()
