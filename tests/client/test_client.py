"""The client in a chatbot's hands: nothing is lost, nothing raised, nothing waited for."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parcook.client import ConversationTracker, Tracker
from tests.client.service import Service, refuse, serving, slowly, told

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(Service()) as started:
        yield started


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcook.client.sending.FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr("parcook.client.sending.LONGEST_PAUSE_S", 0.2)


def quick(service: Service, **options: Any) -> Tracker:
    return Tracker(service.url, **({"linger_s": 0.01, "timeout_s": 2.0} | options))


def test_messages_arrive_in_their_order_with_all_that_was_said_of_them(service: Service) -> None:
    with quick(service, token="parcook_secret") as tracker:
        for number in range(5):
            receipt = tracker.track_message(
                "c-1", "u-1", "user", f"say {number}", tools=["web_search"], feature="chat", context={"channel": "web"}
            )
            assert receipt.queued
    assert service.texts == [f"say {number}" for number in range(5)]
    event = next(iter(service.events.values()))
    assert event | {"message_id": "", "timestamp": ""} == {
        "message_id": "",
        "timestamp": "",
        "conversation_id": "c-1",
        "user_id": "u-1",
        "role": "user",
        "text": "say 0",
        "tools": ["web_search"],
        "feature": "chat",
        "context": {"channel": "web"},
    }
    assert abs(datetime.fromisoformat(event["timestamp"]) - datetime.now(UTC)).total_seconds() < 30
    assert datetime.fromisoformat(service.requests[0]["sent_at"]).tzinfo is not None
    assert service.headers[0]["Authorization"] == "Bearer parcook_secret"
    assert service.paths == ["/api/v1/batch"] * len(service.paths)


def test_ids_are_uuids_that_sort_by_time_and_are_never_the_same(service: Service) -> None:
    with quick(service) as tracker:
        ids = [tracker.track_message("c", None, "user", "x").message_id for _ in range(2_000)]
    assert len(set(ids)) == 2_000
    assert {(own[14], len(own)) for own in ids} == {("7", 36)}
    assert {own[19] for own in ids} <= set("89ab")
    assert [own[:13] for own in ids] == sorted(own[:13] for own in ids)


def test_many_messages_go_in_few_requests(service: Service) -> None:
    with quick(service, linger_s=0.2) as tracker:
        for number in range(1_000):
            tracker.track_message("c", None, "user", str(number))
    assert len(service.events) == 1_000
    assert len(service.requests) <= 12
    assert max(len(request["events"]) for request in service.requests) <= 100


ON_THE_WAY = {
    "503": refuse(503, Retry_After="0"),
    "429": refuse(429),
    "500": refuse(500),
    "502": refuse(502),
    "hang up": "hang up",
    "answer lost": "answer lost",
    "a page": lambda _: (200, {}, b"<p>"),
    "no results": lambda _: (202, {}, b'{"results": []}'),
    "too slow": slowly(2.5),
}


@pytest.mark.parametrize("fault", ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_whatever_goes_wrong_on_the_way_each_message_arrives_once(service: Service, fault: Any) -> None:
    service.faults = [fault, fault]
    with quick(service, timeout_s=1.0) as tracker:
        for number in range(30):
            tracker.track_message("c", None, "user", str(number))
    assert service.texts == [str(number) for number in range(30)]


def test_what_may_be_sent_again_is_and_what_is_refused_is_told_once(service: Service) -> None:
    def some(events: list[dict[str, Any]]) -> Any:
        kinds = [
            {"status": "accepted"},
            {"status": "rejected", "code": "bad_role", "detail": "role must be …", "retryable": False},
            {"status": "rejected", "code": "later", "detail": "not now", "retryable": True},
        ]
        for index, event in enumerate(events):
            if index % 3 == 0:
                service.events[event["message_id"]] = event
        return told(207, [kinds[index % 3] | {"index": index} for index in range(len(events))])

    service.faults = [some]
    errors: list[str] = []
    with quick(service, linger_s=0.2, on_error=lambda code, _: errors.append(code)) as tracker:
        for number in range(9):
            tracker.track_message("c", None, "user", str(number))
    assert sorted(service.texts) == ["0", "2", "3", "5", "6", "8"]
    assert errors.count("bad_role") == 3


@pytest.mark.parametrize("status", [401, 403, 415, 404])
def test_a_request_that_can_never_be_right_is_told_and_not_sent_for_ever(service: Service, status: int) -> None:
    service.faults = [refuse(status)]
    errors: list[str] = []
    with quick(service, on_error=lambda code, _: errors.append(code)) as tracker:
        tracker.track_message("c", None, "user", "one")
        assert tracker.flush(5)
        tracker.track_message("c", None, "user", "two")
    assert errors == [f"http_{status}"]
    assert service.texts == ["two"]


def test_a_batch_that_is_too_large_is_sent_in_halves(service: Service) -> None:
    service.faults = [refuse(413), refuse(413)]
    with quick(service, linger_s=0.2) as tracker:
        for number in range(40):
            tracker.track_message("c", None, "user", str(number))
    assert service.texts == [str(number) for number in range(40)]


def test_a_server_that_comes_back_gets_everything(service: Service) -> None:
    port = int(service.url.rpartition(":")[2])
    later = Service()
    with serving(Service()) as gone:
        away = int(gone.url.rpartition(":")[2])
    tracker = Tracker(f"http://127.0.0.1:{away}", linger_s=0.01)
    for number in range(250):
        assert tracker.track_message("c", None, "user", str(number)).queued
    assert not tracker.flush(0.3)
    with serving(later, away):
        assert tracker.flush(10)
        tracker.close()
    assert later.texts == [str(number) for number in range(250)]
    assert port != away


def test_while_the_server_is_away_memory_is_bounded_and_the_chat_is_told(service: Service) -> None:
    with serving(Service()) as gone:
        url = gone.url
    errors: list[str] = []
    tracker = Tracker(url, max_queue_events=50, linger_s=0.01, on_error=lambda code, _: errors.append(code))
    receipts = [tracker.track_message("c", None, "user", str(number)) for number in range(400)]
    kept = sum(receipt.queued for receipt in receipts)
    assert 50 <= kept <= 50 + 100
    assert tracker.dropped == 400 - kept
    assert {receipt.reason for receipt in receipts if not receipt.queued} == {"queue_full"}
    assert errors.count("queue_full") == 1
    started = time.monotonic()
    assert not tracker.close(0.1)
    assert time.monotonic() - started < 5


def test_bytes_are_bounded_too(service: Service) -> None:
    with serving(Service()) as gone:
        url = gone.url
    tracker = Tracker(url, max_queue_bytes=100_000, linger_s=5)
    kept = sum(tracker.track_message("c", None, "user", "x" * 10_000).queued for _ in range(50))
    assert 9 <= kept <= 20
    tracker.close(0.1)


@pytest.mark.parametrize(
    "call",
    [
        lambda tracker: tracker.track_message("c", None, "user", "x" * 40_000),
        lambda tracker: tracker.track_message("c", None, "user", "x", metadata={"self": [set()] and object()}),
        lambda tracker: tracker.track_message("c", None, "user", "x", timestamp=17),
        lambda tracker: tracker.track_message(object(), None, 7, "\ud800"),
        lambda tracker: tracker.track_message("c", None, "user", "x", metadata={(1, 2): "no key of JSON"}),
    ],
)
def test_no_call_raises_whatever_it_is_given(service: Service, call: Any) -> None:
    def fail(code: str, detail: str) -> None:
        raise RuntimeError("the app's own handler is broken")

    with quick(service, on_error=fail) as tracker:
        call(tracker)
        assert tracker.track_message("c", None, "user", "after").queued
    assert "after" in service.texts


def test_a_closed_tracker_takes_nothing_and_says_so(service: Service) -> None:
    tracker = quick(service)
    tracker.close()
    assert tracker.track_message("c", None, "user", "x").reason == "queue_full"


def test_many_threads_may_report_at_once(service: Service) -> None:
    with quick(service) as tracker:
        threads = [
            threading.Thread(target=lambda: [tracker.track_message("c", None, "user", "x") for _ in range(200)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(service.events) == 1_600


def test_the_specifications_call_turns_metadata_into_fields(service: Service) -> None:
    async def chat(tracker: Tracker) -> None:
        reporting = ConversationTracker(tracker)
        metadata = {"tools_used": ["web_search"], "theme": "dark"}
        receipt = await reporting.track_conversation(
            "c-1", "u-1", "Here is a recipe for Negroni", "assistant", metadata
        )
        assert receipt.queued
        assert metadata == {"tools_used": ["web_search"], "theme": "dark"}
        await reporting.track_conversation("c-1", "u-1", "thanks", "user")

    with quick(service) as tracker:
        asyncio.run(chat(tracker))
    first, second = service.events.values()
    assert (first["tools"], first["metadata"], first["role"]) == (["web_search"], {"theme": "dark"}, "assistant")
    assert "metadata" not in second


def test_a_base_path_and_a_bare_host_are_understood(service: Service) -> None:
    with Tracker(f"{service.url}/kitchen/", linger_s=0.01) as tracker:
        tracker.track_message("c", None, "user", "x")
    with Tracker(service.url.removeprefix("http://"), linger_s=0.01) as tracker:
        tracker.track_message("c", None, "user", "y")
    assert service.paths == ["/kitchen/api/v1/batch", "/api/v1/batch"]


@pytest.mark.parametrize("url", ["", "ftp://example.com", "http://"])
def test_an_address_that_is_none_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Tracker(url)


BARE = """
import sys
sys.path.insert(0, {source!r})
assert not any("site-packages" in path for path in sys.path)
from parcook.client import Tracker, ConversationTracker
foreign = sorted(name for name in sys.modules if name.startswith("parcook") and not name.startswith("parcook.client"))
assert foreign == ["parcook"], foreign
tracker = Tracker({url!r}, linger_s=5)
tracker.track_message("c", None, "user", "from a bare interpreter")
"""


def test_it_needs_nothing_but_python_and_the_end_of_the_process_sends_what_waits(service: Service) -> None:
    code = BARE.format(source=str(SOURCE), url=service.url)
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 0, ended.stderr
    assert service.texts == ["from a bare interpreter"]


FORK = """
import os, sys
from parcook.client import Tracker
tracker = Tracker({url!r}, linger_s=0.05)
tracker.track_message("c", None, "user", "parent")
child = os.fork()
if child == 0:
    tracker.track_message("c", None, "user", "child")
    ok = tracker.flush(10)
    os._exit(0 if ok else 1)
_, status = os.waitpid(child, 0)
tracker.close()
sys.exit(status)
"""


def test_a_forked_worker_goes_on_with_a_queue_of_its_own(service: Service) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    code = FORK.format(url=service.url)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, env=environment)
    assert ended.returncode == 0, ended.stderr
    assert sorted(service.texts) == ["child", "parent"]
