"""What every event store promises, on each of them."""

import random
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcook.clock import hours_between
from parcook.events.contract import Event, EventStore, ToolCall
from parcook.events.opening import open_events
from tests.events.making import MS, NOON, full_event, identifier, make_event

DAY = NOON.date()


def day_of(store: EventStore, now: datetime = NOON, **window: Any) -> list[Event]:
    return list(store.day(DAY, now, **window))


def test_an_event_comes_back_as_it_was_stored(event_store: EventStore) -> None:
    event = full_event()
    assert event_store.append([event]) == [True]
    assert day_of(event_store) == [event]
    assert list(event_store.conversation(event.conversation_id, NOON)) == [event]
    assert list(event_store.person(event.user_ref or "", NOON)) == [event]


def test_an_event_with_nothing_in_it_comes_back_with_nothing(event_store: EventStore) -> None:
    event = make_event()
    event_store.append([event])
    assert day_of(event_store) == [event]


def test_an_empty_text_is_not_no_text(event_store: EventStore) -> None:
    events = [make_event("empty", text="", message_length=0), make_event("none")]
    event_store.append(events)
    assert {event.text for event in day_of(event_store)} == {"", None}


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(hours=3), timedelta(days=-2)])
def test_the_same_message_is_one_event_whatever_its_time(event_store: EventStore, shift: timedelta) -> None:
    first = make_event(text="first")
    again = make_event(ts=NOON + shift, text="again")
    assert event_store.append([first]) == [True]
    assert event_store.append([again]) == [False]
    assert list(event_store.conversation(first.conversation_id, NOON)) == [first]


def test_a_message_that_stands_twice_in_a_call_is_stored_once(event_store: EventStore) -> None:
    one, two = make_event("one"), make_event("two")
    assert event_store.append([one, one, two, replace(one, ts=NOON + MS)]) == [True, False, True, False]
    assert sorted(event.message_id for event in day_of(event_store)) == sorted([one.message_id, two.message_id])


def test_two_events_at_the_same_instant_are_two(event_store: EventStore) -> None:
    events = [make_event(f"m-{number}") for number in range(10)]
    assert event_store.append(events) == [True] * 10
    assert day_of(event_store) == sorted(events, key=lambda event: event.message_id)


def test_nothing_to_store_is_nothing(event_store: EventStore) -> None:
    assert event_store.append([]) == []


def test_events_come_in_the_order_of_time_and_id(event_store: EventStore) -> None:
    events = [make_event(f"m-{number}", ts=NOON + (number % 7) * MS, user="u") for number in range(60)]
    random.Random(1).shuffle(events)
    event_store.append(events)
    ordered = sorted(events, key=lambda event: (event.ts, event.message_id))
    assert day_of(event_store) == ordered
    assert list(event_store.conversation(events[0].conversation_id, NOON)) == ordered
    assert list(event_store.person(identifier("u"), NOON)) == ordered


def test_a_window_holds_its_start_and_not_its_end(event_store: EventStore) -> None:
    start, end = NOON, NOON + timedelta(hours=1)
    inside = [make_event("at the start", ts=start), make_event("before the end", ts=end - MS)]
    outside = [make_event("before", ts=start - MS), make_event("at the end", ts=end)]
    event_store.append([*outside, *inside])
    assert day_of(event_store, start=start, end=end) == inside
    assert day_of(event_store, end=start) == [outside[0]]
    assert day_of(event_store, start=end) == [outside[1]]
    between = timedelta(microseconds=300)
    assert day_of(event_store, start=start - between, end=end - between) == inside
    assert day_of(event_store, start=start + between, end=end) == inside[1:]


def test_the_hours_of_a_day_are_together_the_day_and_share_nothing(event_store: EventStore) -> None:
    midnight = datetime(2025, 1, 15, tzinfo=UTC)
    events = [make_event(f"m-{n}", ts=midnight + n * timedelta(minutes=17)) for n in range(84)]
    event_store.append(events)
    hours = [
        day_of(event_store, start=hour, end=hour + timedelta(hours=1))
        for hour in hours_between(midnight, midnight + timedelta(days=1))
    ]
    assert len(hours) == 24
    assert [event for hour in hours for event in hour] == events


def test_a_day_is_what_the_event_says_and_not_its_utc_date(event_store: EventStore) -> None:
    late = make_event("late", ts=NOON + timedelta(hours=11, minutes=30), day=DAY + timedelta(days=1))
    event_store.append([late, make_event("early")])
    assert [event.message_id for event in day_of(event_store)] == [identifier("early")]
    assert list(event_store.day(DAY + timedelta(days=1), NOON)) == [late]


def test_people_and_conversations_are_told_apart(event_store: EventStore) -> None:
    events = [
        make_event(f"{conversation} {user}", conversation=conversation, user=user)
        for conversation in ("c-1", "c-2")
        for user in ("u-1", "u-2", None)
    ]
    event_store.append(events)
    assert len(list(event_store.conversation(identifier("c-1"), NOON))) == 3
    assert {event.conversation_id for event in event_store.person(identifier("u-2"), NOON)} == {
        identifier("c-1"),
        identifier("c-2"),
    }
    assert list(event_store.person(identifier("nobody"), NOON)) == []


@pytest.mark.parametrize(("later", "is_there"), [(-1, True), (0, False), (1, False)])
def test_what_has_expired_is_hidden_before_it_is_removed(event_store: EventStore, later: int, is_there: bool) -> None:
    event = make_event(user="u-1")
    event_store.append([event])
    now = datetime.fromtimestamp(event.expires_at + later, UTC)
    found = [
        day_of(event_store, now),
        list(event_store.conversation(event.conversation_id, now)),
        list(event_store.person(event.user_ref or "", now)),
    ]
    assert found == [[event] if is_there else []] * 3


def test_a_sweep_removes_what_has_expired_and_nothing_else(event_store: EventStore) -> None:
    ages = {age: make_event(f"{age} days", ts=NOON - timedelta(days=age)) for age in (0, 89, 90, 91, 92)}
    event_store.append(list(ages.values()))
    # The day that was 90 days ago ends, and with it its events' time, 90 days after its own end.
    assert event_store.sweep(NOON) == 2
    left = [age for age, event in ages.items() if list(event_store.conversation(event.conversation_id, event.ts))]
    kept = {event.message_id for event in event_store.conversation(identifier("c-1"), NOON - timedelta(days=100))}
    assert kept == {ages[age].message_id for age in (0, 89, 90)}
    assert left == list(ages)
    assert event_store.sweep(NOON) == 0


def test_what_was_removed_may_come_again(event_store: EventStore) -> None:
    one, other = make_event("one", user="u-1"), make_event("other", user="u-1")
    event_store.append([one, other])
    assert event_store.delete([one]) == 1
    assert day_of(event_store) == [other]
    assert list(event_store.person(identifier("u-1"), NOON)) == [other]
    assert event_store.delete([one]) == 0
    assert event_store.append([one]) == [True]


def test_an_id_is_free_again_once_its_event_has_expired(event_store: EventStore) -> None:
    old = make_event("m", ts=NOON - timedelta(days=92))
    early, late = (replace(make_event("m"), ts=datetime.fromtimestamp(old.expires_at + n, UTC)) for n in (-1, 0))
    assert event_store.append([old]) == [True]
    assert event_store.append([early]) == [False]
    assert event_store.append([late]) == [True]
    assert event_store.append([late]) == [False]
    assert list(event_store.conversation(late.conversation_id, NOON)) == [late]
    event_store.sweep(NOON)
    assert event_store.append([late]) == [False]
    assert list(event_store.conversation(late.conversation_id, NOON)) == [late]


def test_a_store_says_what_it_has_for_longest(event_store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_store, "_clock", lambda: NOON, raising=False)
    assert event_store.oldest_day() is None
    event_store.append([make_event("new"), make_event("old", ts=NOON - timedelta(days=91))])
    assert event_store.oldest_day() == DAY - timedelta(days=91)
    event_store.sweep(NOON)
    assert event_store.oldest_day() == DAY


def test_many_that_store_the_same_store_it_once(event_store: EventStore) -> None:
    events = [make_event(f"m-{number}", text="x" * 100) for number in range(40)]

    def deliver(seed: int) -> list[bool]:
        order = list(events)
        random.Random(seed).shuffle(order)
        return event_store.append(order)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(deliver, range(4)))
    assert sorted(day_of(event_store), key=lambda event: event.message_id) == sorted(
        events, key=lambda event: event.message_id
    )
    assert sum(map(sum, answers)) >= 40  # at least one is told that it is new, for each
    assert event_store.append(events) == [False] * 40


def test_more_than_a_page_of_a_day_is_read_whole(event_store: EventStore) -> None:
    events = [make_event(f"m-{number}", ts=NOON + number * MS, user="u", text="é" * 5_000) for number in range(140)]
    event_store.append(events)  # 1.4 MB: DynamoDB's pages have 1
    assert day_of(event_store) == events
    assert list(event_store.person(identifier("u"), NOON)) == events
    assert len(list(event_store.conversation(identifier("c-1"), NOON))) == 140


def test_a_store_opened_again_holds_what_was_stored(event_store: EventStore, events_url: str) -> None:
    event_store.append([full_event()])
    event_store.records.put("kind", "key", {"a": 1})
    again = open_events(events_url)
    try:
        assert list(again.day(DAY, NOON)) == [full_event()]
        assert again.records.get("kind", "key") is not None
        again.ping()
    finally:
        again.close()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
METADATA = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=8),
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    max_size=4,
)
CALLS = st.builds(
    ToolCall,
    st.text("abc_", min_size=1, max_size=8),
    st.none() | st.booleans(),
    st.none() | st.floats(0, 2**40).map(lambda value: round(value, 3)),
    st.none() | st.just(identifier("call")),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.none() | TEXTS, metadata=METADATA, tools=st.lists(CALLS, max_size=3))
def test_whatever_can_be_in_an_event_comes_back(
    event_store: EventStore, text: str | None, metadata: dict[str, Any], tools: list[ToolCall]
) -> None:
    own = secrets.token_hex(8)  # never twice, as the store lives on from example to example
    event = make_event(own, conversation=own, text=text, metadata=metadata, tools=tuple(tools))
    assert event_store.append([event]) == [True]
    assert list(event_store.conversation(event.conversation_id, NOON)) == [event]


class TestRecords:
    """The small documents beside the events."""

    def test_a_record_comes_back_as_it_was_put(self, event_store: EventStore) -> None:
        document = {"text": "ü", "number": 0.1 + 0.2, "list": [1, None, {"a": True}], "empty": ""}
        assert event_store.records.put("kind", "key", document)
        record = event_store.records.get("kind", "key")
        assert record is not None
        assert record.document == document
        assert event_store.records.get("kind", "other") is None
        assert event_store.records.get("other", "key") is None

    def test_putting_again_replaces_unless_it_must_be_absent(self, event_store: EventStore) -> None:
        records = event_store.records
        assert records.put("kind", "key", {"n": 1}, only_if_absent=True)
        assert not records.put("kind", "key", {"n": 2}, only_if_absent=True)
        assert [record.document for record in records.list("kind")] == [{"n": 1}]
        assert records.put("kind", "key", {"n": 3})
        assert [record.document for record in records.list("kind")] == [{"n": 3}]

    def test_records_are_listed_by_key_within_bounds_that_count(self, event_store: EventStore) -> None:
        for key in ("b", "d", "a", "c", "é", "a/1"):
            event_store.records.put("kind", key, {})
        event_store.records.put("other", "b", {})
        keys = [record.key for record in event_store.records.list("kind")]
        assert keys == ["a", "a/1", "b", "c", "d", "é"]
        assert [record.key for record in event_store.records.list("kind", "b", "d")] == ["b", "c", "d"]
        assert [record.key for record in event_store.records.list("kind", "bb")] == ["c", "d", "é"]
        assert list(event_store.records.list("nothing")) == []

    def test_a_record_is_deleted_once(self, event_store: EventStore) -> None:
        event_store.records.put("kind", "key", {})
        assert event_store.records.delete("kind", "key")
        assert not event_store.records.delete("kind", "key")
        assert event_store.records.get("kind", "key") is None

    def test_records_are_deleted_together(self, event_store: EventStore) -> None:
        for key in "abc":
            event_store.records.put("kind", key, {})
        assert event_store.records.delete("kind", "a", "c", "d") == 2
        assert [record.key for record in event_store.records.list("kind")] == ["b"]
        assert event_store.records.delete("kind") == 0

    def test_of_many_that_are_first_one_is(self, event_store: EventStore) -> None:
        barrier = threading.Barrier(8)

        def claim(number: int) -> bool:
            barrier.wait()
            return event_store.records.put("key of the day", "2025-01-15", {"by": number}, only_if_absent=True)

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(claim, range(8)))
        record = event_store.records.get("key of the day", "2025-01-15")
        assert won.count(True) == 1
        assert record is not None
        assert record.document == {"by": won.index(True)}
