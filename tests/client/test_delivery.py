"""From the queue to the server: whatever goes wrong on the way, each message arrives once, or is told to be refused."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from parcook.client import Tracker
from tests.client.conftest import Told, quick
from tests.client.service import (
    Answer,
    Events,
    Service,
    cut_the_answer,
    garbage,
    hang_up,
    lose_the_answer,
    refuse,
    serving,
    slowly,
    take_all,
    told,
)


def report(tracker: Tracker, count: int) -> list[str]:
    texts = [str(number) for number in range(count)]
    for text in texts:
        assert tracker.track_message("c", None, "user", text).queued
    return texts


def test_messages_arrive_in_their_order_in_few_requests_over_one_connection(service: Service) -> None:
    with quick(service.url, linger_s=30) as tracker:
        texts = report(tracker, 950)
    assert service.texts == texts
    assert [len(request["events"]) for request in service.requests] == [100] * 9 + [50]
    assert service.connections == 1


def test_a_request_stays_below_the_servers_500_000_bytes(service: Service) -> None:
    with quick(service.url, linger_s=30, batch_size=500) as tracker:
        for _ in range(40):
            assert tracker.track_message("c", None, "user", "x" * 30_000).queued
    assert len(service.events) == 40
    assert max(int(headers["Content-Length"]) for headers in service.headers) < 500_000
    assert len(service.requests) == 3


def deep(*_: object) -> Answer:
    return Answer(202, b'{"results":' + b"[" * 100_000)


RESULTS = b'{"results": [{"index": 0, "status": "%s"}]}'
ON_THE_WAY = {
    "503": refuse(503, Retry_After="0"),
    "503 until a day that is past": refuse(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    "503 until nobody knows": refuse(503, Retry_After="soon"),
    "408": refuse(408),
    "429": refuse(429),
    "500": refuse(500),
    "502": refuse(502),
    "a connection closed": hang_up,
    "an answer lost": lose_the_answer,
    "half an answer": cut_the_answer,
    "another server's page": garbage(200, b"<p>hello"),
    "no JSON": garbage(202, b"\xff\xfe"),
    "JSON without an end": deep,
    "a list": garbage(202, b"[]"),
    "no results": garbage(202, b'{"results": []}'),
    "results of nothing": garbage(202, b'{"results": [1, 2, 3]}'),
    "a result that nobody knows": garbage(207, RESULTS % b"postponed"),
    "results of another batch": garbage(202, RESULTS % b"accepted"),
}


@pytest.mark.parametrize("fault", ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_whatever_goes_wrong_on_the_way_each_message_arrives_once(service: Service, errors: Told, fault: Any) -> None:
    service.faults = [fault, fault]
    with quick(service.url, linger_s=30, on_error=errors.tell) as tracker:
        texts = report(tracker, 30)
    assert service.texts == texts
    assert errors.codes == ["unavailable"]
    assert len(service.requests) == 3
    assert len({request["sent_at"] for request in service.requests}) > 1


def test_a_server_that_is_too_slow_is_asked_again(service: Service, errors: Told) -> None:
    service.faults = [slowly(1.0)]
    with quick(service.url, linger_s=30, timeout_s=0.3, on_error=errors.tell) as tracker:
        texts = report(tracker, 30)
    assert service.texts == texts
    assert len(service.requests) > 1
    assert "TimeoutError" in errors[0][1]


def test_a_connection_that_the_server_closed_while_idle_is_no_error(service: Service, errors: Told) -> None:
    with quick(service.url, on_error=errors.tell) as tracker:
        report(tracker, 1)
        assert tracker.flush()
        service.faults = [hang_up]  # what a request meets that crosses the server's closing
        tracker.track_message("c", None, "user", "later")
    assert service.texts == ["0", "later"]
    assert service.connections == 2
    assert errors == []


def test_what_may_be_sent_again_is_and_what_is_refused_is_told_once(service: Service, errors: Told) -> None:
    def some(service: Service, events: Events) -> Answer:
        kinds: list[dict[str, Any]] = [
            {"status": "accepted"},
            {"status": "rejected", "code": "bad_role", "detail": "role must be …", "retryable": False},
            {"status": "rejected", "code": "later", "detail": "not now", "retryable": True},
            {"status": "duplicate"},
        ]
        take_all(service, [event for index, event in enumerate(events) if index % 4 in (0, 3)])
        results = [kinds[index % 4] | {"index": index} for index in range(len(events))]
        return told(207, results[::-1])

    service.faults = [some]
    with quick(service.url, linger_s=30, on_error=errors.tell) as tracker:
        report(tracker, 12)
    assert service.texts == ["0", "3", "4", "7", "8", "11", "2", "6", "10"]
    assert errors == [("bad_role", "role must be …")] * 3
    assert [len(request["events"]) for request in service.requests] == [12, 3]


def test_a_batch_of_which_all_is_rejected_is_told_event_by_event(service: Service, errors: Told) -> None:
    def none(_: Service, events: Events) -> Answer:
        rejected = {"status": "rejected", "code": "bad_id", "detail": "…", "retryable": False}
        return told(422, [rejected | {"index": index} for index in range(len(events))])

    service.faults = [none]
    with quick(service.url, linger_s=30, on_error=errors.tell) as tracker:
        report(tracker, 3)
    assert errors.codes == ["bad_id"] * 3
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 308, 401, 403, 404, 405, 415])
def test_a_request_that_can_never_be_right_is_told_and_not_sent_again(
    service: Service, errors: Told, status: int
) -> None:
    service.faults = [refuse(status)]
    with quick(service.url, linger_s=30, on_error=errors.tell) as tracker:
        report(tracker, 2)
        assert tracker.flush()
        tracker.track_message("c", None, "user", "after")
    assert errors == [(f"http_{status}", f"the server refused a batch of 2: {status} not now")]
    assert service.texts == ["after"]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_event_that_spoils_a_request_does_not_take_the_others_with_it(
    service: Service, errors: Told, status: int
) -> None:
    def spoilt(service: Service, events: Events) -> Answer:
        service.faults.append(spoilt)
        return (
            refuse(status)(service, events)
            if "13" in {event["text"] for event in events}
            else take_all(service, events)
        )

    service.faults = [spoilt]
    with quick(service.url, linger_s=30, on_error=errors.tell) as tracker:
        texts = report(tracker, 40)
    assert service.texts == [text for text in texts if text != "13"]
    assert errors.codes == [f"http_{status}"]


def test_a_server_that_is_away_for_long_is_told_once_and_gets_everything_when_it_is_back(
    nowhere: str, errors: Told
) -> None:
    tracker = quick(nowhere, on_error=errors.tell)
    texts = report(tracker, 250)
    assert errors.anything.wait(10)
    assert not tracker.flush(0.3)
    assert errors == [("unavailable", "the server takes no events now (ConnectionRefusedError); they wait")]
    with serving(Service(), int(nowhere.rpartition(":")[2])) as back:
        assert tracker.flush()
        assert back.texts == texts
        back.faults = [refuse(503)]
        tracker.track_message("c", None, "user", "and again")
        assert tracker.close()
    assert errors.codes == ["unavailable", "unavailable"]
    assert back.texts == [*texts, "and again"]


IN_AN_HOUR = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("asked", ["1", IN_AN_HOUR], ids=["seconds", "a date"])
def test_the_server_says_how_long_to_wait(service: Service, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setattr("parcook.client.connection.LONGEST_RETRY_AFTER_S", 1.0)
    service.faults = [refuse(429, Retry_After=asked)]
    with quick(service.url) as tracker:
        report(tracker, 1)
        assert tracker.flush()
    assert service.arrivals[1] - service.arrivals[0] >= 1.0


def test_a_base_path_and_a_bare_host_are_understood(service: Service) -> None:
    with quick(f"{service.url}/kitchen/") as tracker:
        tracker.track_message("c", None, "user", "x")
    with quick(service.url.removeprefix("http://")) as tracker:
        tracker.track_message("c", None, "user", "y")
    assert service.paths == ["/kitchen/api/v1/batch", "/api/v1/batch"]
