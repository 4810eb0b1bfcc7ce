"""Reporting events over HTTP, as a chatbot does it and as nobody should."""

import json
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.conversations.gathering import MAX_WAITING
from parcook.conversations.timing import Arrival
from parcook.events.contract import Event
from parcook.events.opening import open_events
from parcook.settings import Settings
from tests.conftest import make_token
from tests.web.problems import expect_problem

BASE = "/api/v1"
PLAIN = {"message_id": "m-1", "conversation_id": "c-1", "role": "user", "text": "a quick negroni?"}


@pytest.fixture
def bot(client: TestClient, settings: Settings) -> TestClient:
    """The application, asked by a chatbot."""
    client.headers["Authorization"] = f"Bearer {make_token(settings, Role.INGEST)}"
    return client


def stored(settings: Settings) -> list[Event]:
    store = open_events(settings.events_url)
    try:
        now = datetime.now(UTC)
        days = (now.date() + timedelta(days=offset) for offset in range(-91, 2))
        return [event for day in days for event in store.day(day, now)]
    finally:
        store.close()


def ago(**age: float) -> str:
    return (datetime.now(UTC) - timedelta(**age)).isoformat()


def test_an_event_that_is_answered_202_is_stored_under_pseudonyms(bot: TestClient, settings: Settings) -> None:
    response = bot.post(f"{BASE}/track", json=PLAIN | {"user_id": "u-1"})
    assert response.status_code == 202
    assert response.json() == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "warnings": [],
        "results": [{"index": 0, "message_id": "m-1", "status": "accepted"}],
    }
    (event,) = stored(settings)
    assert (event.role, event.text, event.message_length) == ("user", "a quick negroni?", 16)
    assert event.person_kind == "user"
    for identifier in (event.message_id, event.conversation_id, event.user_ref):
        assert identifier is not None
        assert len(identifier) == 32
        assert set(identifier) <= set("0123456789abcdef")


def test_reporting_the_same_event_again_stores_it_once(bot: TestClient, settings: Settings) -> None:
    bot.post(f"{BASE}/track", json=PLAIN)
    again = bot.post(f"{BASE}/track", json=PLAIN | {"timestamp": ago(hours=1), "text": "another"})
    assert again.status_code == 202
    assert (again.json()["accepted"], again.json()["duplicates"]) == (0, 1)
    assert [event.text for event in stored(settings)] == ["a quick negroni?"]


def test_the_same_message_id_in_another_conversation_is_another_event(bot: TestClient, settings: Settings) -> None:
    events = [PLAIN, PLAIN | {"conversation_id": "c-2"}, PLAIN]
    told = bot.post(f"{BASE}/batch", json={"events": events}).json()
    assert [result["status"] for result in told["results"]] == ["accepted", "accepted", "duplicate"]
    assert len(stored(settings)) == 2


def test_a_batch_is_answered_event_by_event(bot: TestClient, settings: Settings) -> None:
    events: list[Any] = [
        PLAIN,
        PLAIN | {"message_id": "m-2", "role": "customer"},
        "nonsense",
        {"text": "jo@example.com"},
    ]
    response = bot.post(f"{BASE}/batch", json={"events": events})
    assert response.status_code == 207
    told = response.json()
    assert (told["accepted"], told["rejected"]) == (1, 3)
    assert told["results"][1] == {
        "index": 1,
        "message_id": "m-2",
        "status": "rejected",
        "code": "bad_role",
        "detail": "role must be user, assistant, system or tool",
        "retryable": False,
    }
    assert [result.get("code") for result in told["results"]] == [None, "bad_role", "bad_id", "bad_id"]
    assert "example" not in response.text
    assert len(stored(settings)) == 1


def test_a_batch_of_which_nothing_can_be_stored_is_422_and_says_why(bot: TestClient, settings: Settings) -> None:
    response = bot.post(f"{BASE}/batch", json={"events": [PLAIN | {"role": "x"}, PLAIN | {"text": 7}]})
    assert response.status_code == 422
    assert [result["code"] for result in response.json()["results"]] == ["bad_role", "bad_text"]
    assert stored(settings) == []


def test_warnings_name_the_event_they_belong_to(bot: TestClient) -> None:
    events = [
        PLAIN,
        PLAIN | {"message_id": "m-2", "colour": "red", "shape": "round"},
        PLAIN | {"message_id": "m-3", "recipe": {"id": 999}},
        PLAIN | {"message_id": "m-4", "role": "system", "text": "be nice"},
        PLAIN | {"message_id": "m-5", "timestamp": ago(hours=-1)},
    ]
    told = bot.post(f"{BASE}/batch", json={"events": events}).json()
    assert told["warnings"] == [
        {"index": 1, "code": "unknown_field"},
        {"index": 2, "code": "unknown_recipe"},
        {"index": 3, "code": "text_dropped"},
        {"index": 4, "code": "timestamp_in_future"},
    ]


def test_old_events_are_taken_when_they_are_said_to_be_historical(bot: TestClient, settings: Settings) -> None:
    event = PLAIN | {"timestamp": ago(days=10)}
    refused = bot.post(f"{BASE}/batch", json={"events": [event]})
    assert refused.json()["results"][0]["code"] == "timestamp_too_old"
    assert bot.post(f"{BASE}/batch", json={"events": [event], "historical": True}).status_code == 202
    assert len(stored(settings)) == 1


def test_a_wrong_clock_is_corrected(bot: TestClient, settings: Settings) -> None:
    body = {"sent_at": ago(hours=-3), "events": [PLAIN | {"timestamp": ago(hours=-3)}]}
    told = bot.post(f"{BASE}/batch", json=body).json()
    assert told["warnings"] == [{"index": 0, "code": "skew_corrected"}]
    assert abs(stored(settings)[0].ts - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("where", ["context", "header"])
def test_who_opts_out_counts_in_totals_alone(bot: TestClient, settings: Settings, where: str) -> None:
    event = PLAIN | {"user_id": "u-1", "anonymous_id": "v-1", "text": "how do I make a negroni?"}
    if where == "context":
        bot.post(f"{BASE}/track", json=event | {"context": {"opt_out": True}})
    else:
        bot.post(f"{BASE}/track", json=event, headers={"Sec-GPC": "1"})
    (kept,) = stored(settings)
    assert (kept.user_ref, kept.person_kind, kept.text, kept.recipe_name) == (None, None, None, None)
    assert kept.message_length == len(event["text"])


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"user_id": "u-1"}, "user"),
        ({"user_id": "u-1", "anonymous_id": "v-1"}, "user"),
        ({"user_id": "default", "anonymous_id": "v-1"}, "visitor"),
        ({"user_id": None, "anonymous_id": "v-1"}, "visitor"),
        ({"user_id": "default"}, None),
        ({}, None),
    ],
)
def test_people_are_signed_users_visitors_or_nobody(
    bot: TestClient, settings: Settings, fields: dict[str, Any], kind: str | None
) -> None:
    bot.post(f"{BASE}/track", json=PLAIN | fields)
    (event,) = stored(settings)
    assert (event.person_kind, event.user_ref is None) == (kind, kind is None)


@pytest.mark.parametrize(("count", "status"), [(500, 202), (501, 413)])
def test_a_batch_holds_up_to_500_events(bot: TestClient, settings: Settings, count: int, status: int) -> None:
    events = [{"message_id": f"m-{n}", "conversation_id": "c-1", "role": "user"} for n in range(count)]
    assert bot.post(f"{BASE}/batch", json={"events": events}).status_code == status
    assert len(stored(settings)) == (count if status == 202 else 0)


def padded(size: int) -> bytes:
    """A batch of one event, `size` bytes long, none of it in the event."""
    body = json.dumps({"events": [PLAIN]}).encode()
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(("size", "status"), [(500_000, 202), (500_001, 413)])
def test_a_batch_takes_up_to_500_kb(bot: TestClient, size: int, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    assert bot.post(f"{BASE}/batch", content=padded(size), headers=headers).status_code == status


def test_an_event_takes_up_to_32_kib(bot: TestClient) -> None:
    frame = len(json.dumps(PLAIN | {"text": ""}, separators=(",", ":")))
    events = [PLAIN | {"message_id": f"m-{extra}", "text": "x" * (32 * 1024 - frame + extra)} for extra in (0, 1)]
    told = bot.post(f"{BASE}/batch", json={"events": events}).json()
    assert [result.get("code") for result in told["results"]] == [None, "event_too_large"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"\xff", 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"events": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
        (b"[]", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"events": {}}', 422, "invalid"),
        (b'{"events": []}', 422, "empty_batch"),
        (b'{"events": [{}], "historical": "yes"}', 422, "invalid"),
        (b'{"events": [{}], "sent_at": "noon"}', 422, "bad_timestamp"),
    ],
)
def test_a_body_that_is_no_batch_is_a_problem(bot: TestClient, body: bytes, status: int, code: str) -> None:
    response = bot.post(f"{BASE}/batch", content=body, headers={"Content-Type": "application/json"})
    expect_problem(response, status, code)


def test_numbers_that_json_does_not_have_are_refused_item_by_item(bot: TestClient) -> None:
    body = b'{"events": [{"conversation_id": "c", "role": "user", "tools": [{"name": "x", "duration_ms": NaN}]}]}'
    response = bot.post(f"{BASE}/batch", content=body, headers={"Content-Type": "application/json"})
    assert response.json()["results"][0]["code"] == "bad_number"


def test_lone_surrogates_are_refused_item_by_item(bot: TestClient) -> None:
    body = rb'{"events": [{"conversation_id": "c", "role": "user", "message_id": "\ud800", "text": "x"},'
    body += rb'{"conversation_id": "c", "role": "user", "text": "\udc00"}, {"conversation_id": "c", "role": "user"}]}'
    response = bot.post(f"{BASE}/batch", content=body, headers={"Content-Type": "application/json"})
    assert [result.get("code") for result in response.json()["results"]] == ["bad_id", "bad_text", None]


def test_another_kind_of_body_is_refused(bot: TestClient) -> None:
    expect_problem(bot.post(f"{BASE}/track", data={"text": "x"}), 415, "unsupported_media_type")


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_only_ingest_and_admin_may_report(client: TestClient, settings: Settings, role: Role | None) -> None:
    headers = {"Authorization": f"Bearer {make_token(settings, role)}"} if role else {}
    response = client.post(f"{BASE}/track", json=PLAIN, headers=headers)
    assert response.status_code == (403 if role else 401)
    assert stored(settings) == []


def test_more_at_once_than_is_taken_is_told_to_come_again(bot: TestClient, settings: Settings) -> None:
    services = bot.app_state["parcook"]
    waiting, go_on = threading.Event(), threading.Event()

    def read_slowly() -> Any:
        waiting.set()
        go_on.wait(20)
        return [], Arrival(datetime.now(UTC))

    held = [services.gatherer.submit(read_slowly) for _ in range(MAX_WAITING)]
    waiting.wait(20)
    response = bot.post(f"{BASE}/track", json=PLAIN)
    expect_problem(response, 429, "busy")
    assert int(response.headers["Retry-After"]) >= 1
    assert stored(settings) == []
    go_on.set()
    assert [future.result(20).results for future in held] == [[]] * MAX_WAITING
    assert bot.post(f"{BASE}/track", json=PLAIN).status_code == 202
    assert len(stored(settings)) == 1


def test_requests_at_once_share_a_commit_and_each_gets_its_own_answer(bot: TestClient, settings: Settings) -> None:
    services = bot.app_state["parcook"]

    def report(number: int) -> Any:
        return [PLAIN | {"message_id": f"m-{number}", "role": "user" if number % 3 else "cook"}], Arrival(
            datetime.now(UTC)
        )

    def fail() -> Any:
        raise ValueError("this one alone")

    futures = [services.gatherer.submit(partial(report, number)) for number in range(30)]
    failing = services.gatherer.submit(fail)
    answers = [future.result(20).results[0] for future in futures]
    assert [(answer.message_id, answer.status) for answer in answers] == [
        (f"m-{number}", "accepted" if number % 3 else "rejected") for number in range(30)
    ]
    with pytest.raises(ValueError, match="this one alone"):
        failing.result(20)
    assert len(stored(settings)) == 20


@pytest.mark.parametrize("path", ["track", "batch"])
@pytest.mark.parametrize("fault", [None, "role", "body", "token"])
def test_the_route_behind_the_front_answers_as_the_front_does(bot: TestClient, path: str, fault: str | None) -> None:
    event = PLAIN | ({"role": "cook"} if fault == "role" else {})
    body = b"{" if fault == "body" else json.dumps(event if path == "track" else {"events": [event]}).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": "Bearer no"} if fault == "token" else {})
    bot.post(f"{BASE}/{path}", content=body, headers=headers)
    front = bot.post(f"{BASE}/{path}", content=body, headers=headers)
    # What comes from another site's page is answered by the route.
    route = bot.post(f"{BASE}/{path}", content=body, headers=headers | {"Origin": "https://elsewhere.example"})
    assert (front.status_code, front.json()) == (route.status_code, route.json())
    assert front.headers["content-type"] == route.headers["content-type"]
