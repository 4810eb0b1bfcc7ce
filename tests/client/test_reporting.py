"""What a call makes of a message, and that no call ever fails."""

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from parcook.client import ConversationTracker, Tracker
from tests.client.conftest import Told, quick
from tests.client.service import Service, refuse


def test_an_event_carries_all_that_was_said_of_the_message(service: Service) -> None:
    given: dict[str, Any] = {
        "message_id": "m-1",
        "anonymous_id": "a-1",
        "timestamp": "2026-01-15T10:30:00Z",
        "recipe": {"id": 12},
        "tools": [{"name": "web_search", "ok": True, "duration_ms": 812.5}],
        "feedback": {"kind": "rating", "value": 5},
        "feature": "chat",
        "context": {"channel": "web"},
        "internal": True,
        "metadata": {"theme": "dark"},
    }
    with quick(service.url, token="parcook_secret") as tracker:
        receipt = tracker.track_message("c-1", "u-1", "assistant", "Açaí, с любовью", **given)
    assert (receipt.message_id, receipt.queued, receipt.reason) == ("m-1", True, None)
    said = {"conversation_id": "c-1", "user_id": "u-1", "role": "assistant", "text": "Açaí, с любовью"}
    assert service.events["m-1"] == said | given
    assert service.headers[0]["Authorization"] == "Bearer parcook_secret"
    assert service.paths == ["/api/v1/batch"]


def test_what_was_not_said_is_not_sent(service: Service) -> None:
    with quick(service.url) as tracker:
        tracker.track_message("c-1", None, "user", "hello")
    (event,) = service.events.values()
    assert sorted(event) == ["conversation_id", "message_id", "role", "text", "timestamp"]
    assert "Authorization" not in service.headers[0]


def test_the_time_is_that_of_the_call_and_each_request_says_when_it_was_sent(service: Service) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    with quick(service.url, linger_s=30) as tracker:
        tracker.track_message("c", None, "user", "x")
        after = datetime.now(UTC)
    (event,) = service.events.values()
    assert before <= datetime.fromisoformat(event["timestamp"]) <= after
    assert datetime.fromisoformat(service.requests[0]["sent_at"]) >= datetime.fromisoformat(event["timestamp"])


@pytest.mark.parametrize(
    ("timestamp", "instant"),
    [
        (datetime(2026, 1, 15, 10, 30, tzinfo=UTC), datetime(2026, 1, 15, 10, 30, tzinfo=UTC)),
        (datetime(2026, 1, 15, 10, 30, tzinfo=timezone(timedelta(hours=2))), datetime(2026, 1, 15, 8, 30, tzinfo=UTC)),
        (datetime(2026, 1, 15, 10, 30), datetime(2026, 1, 15, 10, 30).astimezone(UTC)),  # noqa: DTZ001
    ],
)
def test_times_are_sent_in_utc_with_their_offset(service: Service, timestamp: datetime, instant: datetime) -> None:
    with quick(service.url) as tracker:
        tracker.track_message("c", None, "user", "x", timestamp=timestamp)
    (event,) = service.events.values()
    assert event["timestamp"] == f"{instant:%Y-%m-%dT%H:%M:%S.000+00:00}"


def test_ids_are_uuids_of_version_7_that_sort_by_time_and_never_come_twice(service: Service) -> None:
    with quick(service.url) as tracker:
        ids = [tracker.track_message("c", None, "user", "x").message_id for _ in range(2_000)]
    uuids = [UUID(own) for own in ids]
    assert len(set(uuids)) == 2_000
    assert {(own.version, own.variant) for own in uuids} == {(7, "specified in RFC 4122")}
    milliseconds = [own.int >> 80 for own in uuids]
    assert milliseconds == sorted(milliseconds)
    assert abs(milliseconds[0] / 1000 - datetime.now(UTC).timestamp()) < 60


LAST = datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))  # later than UTC can say
ODD_CALLS = {
    "NaN": lambda tracker: tracker.track_message("c", None, "tool", "x", tools=[{"duration_ms": float("nan")}]),
    "a number for a time": lambda tracker: tracker.track_message("c", None, "user", "x", timestamp=17),
    "the end of time": lambda tracker: tracker.track_message("c", None, "user", "x", timestamp=LAST),
    "keys that are no text": lambda tracker: tracker.track_message("c", None, "user", "x", metadata={(1, 2): 3}),
    "a circle": lambda tracker: tracker.track_message("c", None, "user", "x", metadata=circle()),
    "a depth": lambda tracker: tracker.track_message("c", None, "user", "x", metadata=depth()),
    "an object without a text": lambda tracker: tracker.track_message("c", None, "user", "x", tools=[Mute()]),
}


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("nothing to say")


def circle() -> dict[str, Any]:
    own: dict[str, Any] = {}
    own["self"] = own
    return own


def depth() -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(100_000):
        inner = {"in": inner}
    return inner


@pytest.mark.parametrize("call", ODD_CALLS.values(), ids=ODD_CALLS)
def test_what_cannot_be_sent_raises_nothing_and_is_told(service: Service, errors: Told, call: Any) -> None:
    with quick(service.url, on_error=errors.tell) as tracker:
        receipt = call(tracker)
        assert tracker.track_message("c", None, "user", "after").queued
    assert (receipt.queued, receipt.reason, tracker.dropped) == (False, "failed", 1)
    assert errors.codes == ["failed"]
    assert service.texts == ["after"]


def test_odd_values_that_have_a_text_are_sent_as_that(service: Service) -> None:
    own = UUID(int=7)
    with quick(service.url) as tracker:
        assert tracker.track_message(own, None, "user", "half a pair: \ud83c", message_id=own).queued  # type: ignore[arg-type]
    (event,) = service.events.values()
    assert event["conversation_id"] == event["message_id"] == str(own)
    assert event["text"] == "half a pair: ?"


def test_an_event_beyond_32_kib_is_dropped_and_told_where_one_of_32_kib_is_not(service: Service, errors: Told) -> None:
    with quick(service.url, on_error=errors.tell) as tracker:
        tracker.track_message("c", None, "user", "")
        tracker.flush()
        around = len(next(iter(service.events.values()))["timestamp"]) + 200
        assert tracker.track_message("c", None, "user", "x" * (32 * 1024 - around)).queued
        receipt = tracker.track_message("c", None, "user", "x" * 32 * 1024)
    assert (receipt.queued, receipt.reason) == (False, "event_too_large")
    assert errors.codes == ["event_too_large"]
    assert len(service.events) == 2


def test_an_error_handler_that_fails_harms_nobody(service: Service) -> None:
    def fail(code: str, detail: str) -> None:
        raise RuntimeError("the app's own handler is broken")

    service.faults = [refuse(401)]
    with quick(service.url, on_error=fail) as tracker:
        assert tracker.track_message("c", None, "user", "x" * 40_000).reason == "event_too_large"
        tracker.track_message("c", None, "user", "refused")
        tracker.flush()
        tracker.track_message("c", None, "user", "after")
    assert service.texts == ["after"]


def test_without_an_error_handler_the_log_is_told_and_never_of_the_text(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.faults = [refuse(503), refuse(401)]
    with quick(service.url, token="parcook_secret") as tracker:
        tracker.track_message("c-canary", "u-canary", "user", "text-canary " * 4_000)
        tracker.track_message("c-canary", "u-canary", "user", "text-canary", metadata={("canary",): 1})  # type: ignore[dict-item]
        tracker.track_message("c-canary", "u-canary", "user", "text-canary")
    codes = [re.split(":", record.getMessage())[0] for record in caplog.records if record.name == "parcook.client"]
    assert codes == ["event_too_large", "failed", "unavailable", "http_401"]
    assert "canary" not in caplog.text
    assert "secret" not in caplog.text


def test_the_specifications_call_turns_metadata_into_fields(service: Service) -> None:
    async def chat(tracker: Tracker) -> None:
        reporting = ConversationTracker(tracker)
        metadata = {"tools_used": ["web_search"], "recipe": {"name": "Negroni"}, "theme": "dark"}
        await reporting.track_conversation("c-1", "u-1", "Here is a recipe for Negroni", "assistant", metadata)
        assert metadata == {"tools_used": ["web_search"], "recipe": {"name": "Negroni"}, "theme": "dark"}
        await reporting.track_conversation("c-1", "u-1", "thanks", "user")
        odd = await reporting.track_conversation("c-1", "u-1", "bye", "user", ["no mapping"])  # type: ignore[arg-type]
        assert odd.queued

    with quick(service.url) as tracker:
        asyncio.run(chat(tracker))
    first, second, third = service.events.values()
    assert (first["role"], first["text"]) == ("assistant", "Here is a recipe for Negroni")
    assert (first["tools"], first["recipe"]) == (["web_search"], {"name": "Negroni"})
    assert first["metadata"] == {"theme": "dark"}
    assert "metadata" not in second
    assert third["metadata"] == ["no mapping"]


@pytest.mark.parametrize("url", ["", "ftp://example.com", "http://", "http://a b", "http://a/\n", "http://ä.example"])
def test_an_address_that_is_none_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Tracker(url)


def test_a_token_that_is_none_is_said_at_once_and_not_repeated(nowhere: str) -> None:
    with pytest.raises(ValueError, match="characters in it") as raised:
        Tracker(nowhere, "geheim\nX-Evil: 1")
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 0},
        {"batch_size": 501},
        {"max_queue_events": 0},
        {"max_queue_bytes": 0},
        {"timeout_s": 0},
        {"linger_s": -1},
    ],
)
def test_numbers_that_can_never_work_are_said_at_once(nowhere: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        Tracker(nowhere, **options)
