"""What the chat is spared: no call waits, memory has an end, and so does ending."""

import asyncio
import threading
from typing import Any

import pytest

from parcook.client import ConversationTracker, Tracker
from tests.client.conftest import Told, quick
from tests.client.service import Answer, Events, Service, refuse, serving, take_all


class Gate:
    """A server that says nothing until it is let."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def answer(self, service: Service, events: Events) -> Answer:
        self.reached.set()
        self.opened.wait(60)
        return take_all(service, events)


def test_no_call_waits_for_a_server_that_says_nothing(service: Service) -> None:
    gate = Gate()
    service.faults = [gate.answer]

    async def chat(tracker: Tracker) -> None:
        reporting = ConversationTracker(tracker)
        for number in range(300):
            assert (await reporting.track_conversation("c", "u", str(number), "user")).queued
        assert gate.reached.wait(10)
        assert (await reporting.track_conversation("c", "u", "300", "user")).queued

    with quick(service.url, timeout_s=60) as tracker:
        asyncio.run(chat(tracker))
        assert service.events == {}
        gate.opened.set()
    assert service.texts == [str(number) for number in range(301)]


def test_while_the_server_is_away_so_many_events_wait_and_new_ones_are_dropped(nowhere: str, errors: Told) -> None:
    tracker = quick(nowhere, max_queue_events=150, on_error=errors.tell)
    receipts = [tracker.track_message("c", None, "user", str(number)) for number in range(400)]
    assert [receipt.queued for receipt in receipts] == [True] * 150 + [False] * 250
    assert {receipt.reason for receipt in receipts[150:]} == {"queue_full"}
    assert tracker.dropped == 250
    with serving(Service(), int(nowhere.rpartition(":")[2])) as back:
        assert tracker.flush()
        assert tracker.track_message("c", None, "user", "there is room again").queued
        tracker.close()
    assert back.texts == [*map(str, range(150)), "there is room again"]
    assert errors.codes.count("queue_full") == 1


def test_each_time_that_the_queue_is_full_is_told(service: Service, errors: Told) -> None:
    with quick(service.url, max_queue_events=10, on_error=errors.tell) as tracker:
        for _ in range(2):
            gate = Gate()
            service.faults = [gate.answer]
            for _ in range(30):
                tracker.track_message("c", None, "user", "x")
            gate.opened.set()
            assert tracker.flush()
    assert errors.codes == ["queue_full", "queue_full"]
    assert (len(service.events), tracker.dropped) == (20, 40)


def test_bytes_are_bounded_as_well(nowhere: str) -> None:
    tracker = quick(nowhere, max_queue_bytes=100_000, on_error=lambda *_: None)
    queued = [tracker.track_message("c", None, "user", "x" * 10_000).queued for _ in range(50)]
    assert queued == [True] * 9 + [False] * 41
    tracker.close(0)


def test_threads_may_share_a_tracker(service: Service) -> None:
    def chat(name: int) -> None:
        for number in range(300):
            tracker.track_message(str(name), None, "user", str(number))

    with quick(service.url) as tracker:
        threads = [threading.Thread(target=chat, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    said: dict[str, list[str]] = {}
    for event in service.events.values():
        said.setdefault(event["conversation_id"], []).append(event["text"])
    assert said == {str(name): [str(number) for number in range(300)] for name in range(8)}


def test_drops_of_many_threads_are_counted_each(nowhere: str) -> None:
    tracker = quick(nowhere, max_queue_events=10, on_error=lambda *_: None)
    threads = [
        threading.Thread(target=lambda: [tracker.track_message("c", None, "user", "x") for _ in range(500)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracker.dropped == 1_990
    tracker.close(0)


def test_flushing_waits_for_what_was_reported_and_not_for_what_comes_then(service: Service) -> None:
    gates = [Gate(), Gate()]
    service.faults = [gate.answer for gate in gates]
    with quick(service.url, linger_s=30, timeout_s=60) as tracker:
        assert tracker.flush(0)
        tracker.track_message("c", None, "user", "before")
        assert not tracker.flush(0)  # without lingering from here on
        assert gates[0].reached.wait(10)
        for _ in range(100):
            tracker.track_message("c", None, "user", "after")
        flushed: list[bool] = []
        waiting = threading.Thread(target=lambda: flushed.append(tracker.flush(60)))
        waiting.start()
        waiting.join(0.05)
        assert flushed == []
        gates[0].opened.set()
        assert gates[1].reached.wait(10)
        tracker.track_message("c", None, "user", "much later")
        gates[1].opened.set()
        waiting.join(10)
        assert flushed == [True]
        assert len(service.events) == 101


def test_closing_sends_what_waits_and_then_nothing_is_taken(service: Service, errors: Told) -> None:
    tracker = quick(service.url, linger_s=30, on_error=errors.tell)
    tracker.track_message("c", None, "user", "x")
    assert tracker.close()
    assert tracker.close()
    receipt = tracker.track_message("c", None, "user", "y")
    assert (receipt.queued, receipt.reason, tracker.dropped) == (False, "closed", 1)
    assert service.texts == ["x"]
    assert errors.codes == ["closed"]


def test_closing_tries_once_more_at_once_however_long_the_pause_would_have_been(service: Service, errors: Told) -> None:
    service.faults = [refuse(503, Retry_After="300")]
    tracker = quick(service.url, on_error=errors.tell)
    tracker.track_message("c", None, "user", "x")
    assert errors.anything.wait(10)
    assert tracker.close()
    assert service.texts == ["x"]
    assert errors.codes == ["unavailable"]


@pytest.mark.parametrize("options", [{}, {"linger_s": 30}])
def test_closing_without_a_server_ends_and_says_what_is_lost(
    nowhere: str, errors: Told, options: dict[str, Any]
) -> None:
    tracker = quick(nowhere, on_error=errors.tell, **options)
    for _ in range(250):
        tracker.track_message("c", None, "user", "x")
    assert not tracker.close(0.2)
    assert errors[-1] == ("lost", "events that could not be sent before the end: 250")
    assert not tracker.flush(0)


def test_a_tracker_that_was_never_used_has_nothing_to_close(nowhere: str) -> None:
    threads = threading.active_count()
    tracker = Tracker(nowhere)
    assert threading.active_count() == threads
    assert tracker.flush(0)
    assert tracker.close(0)
