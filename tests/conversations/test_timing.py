"""Clocks that are wrong, events that come late, and those that cannot be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.conversations.timing import Arrival, read_timestamp, settle_time
from parcook.errors import Rejected

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def code_of(call) -> str:
    with pytest.raises(Rejected) as refusal:
        call()
    return refusal.value.code


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-01-15T10:30:00Z", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
        ("2025-01-15t10:30:00z", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
        ("2025-01-15 10:30:00+00:00", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
        ("2025-01-15T10:30:00+05:30", datetime(2025, 1, 15, 5, tzinfo=UTC)),
        ("2025-01-15T23:30:00-01:00", datetime(2025, 1, 16, 0, 30, tzinfo=UTC)),
        ("2025-01-15T10:30:00.5Z", datetime(2025, 1, 15, 10, 30, 0, 500_000, UTC)),
        ("2025-01-15T10:30:00.123999999Z", datetime(2025, 1, 15, 10, 30, 0, 123_000, UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_in_utc_and_cut_to_milliseconds(text: str, moment: datetime) -> None:
    assert read_timestamp(text, "timestamp") == moment


@pytest.mark.parametrize("text", ["2025-01-15T10:30:00", "2025-01-15 10:30:00.25"])
def test_a_timestamp_without_an_offset_is_naive(text: str) -> None:
    assert code_of(lambda: read_timestamp(text, "timestamp")) == "timestamp_naive"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2025-01-15",
        "2025-W03-1T10:30:00Z",
        "20250115T103000Z",
        "2025-02-29T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-01-15T24:00:00Z",
        "2025-01-15T10:30:60Z",
        "2025-01-15T10:30:00+24:00",
        "2025-01-15T10:30:00+01:60",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２０２５-01-15T10:30:00Z",
        "2025-01-15T10:30:00Z" + " " * 100,
        1736937000,
        float("nan"),
        True,
        [],
    ],
)
def test_what_is_no_timestamp_is_refused(value: object) -> None:
    assert code_of(lambda: read_timestamp(value, "timestamp")) == "bad_timestamp"


def test_the_reason_repeats_nothing_of_what_was_sent() -> None:
    with pytest.raises(Rejected) as refusal:
        read_timestamp("jo@example.com", "timestamp")
    assert "jo" not in refusal.value.detail


def test_without_a_timestamp_it_is_when_the_request_came() -> None:
    received = NOW + timedelta(microseconds=1_999)
    assert settle_time(None, Arrival(received)) == (NOW + MS, [])


@pytest.mark.parametrize(
    ("age", "historical", "outcome"),
    [
        (timedelta(hours=48), False, None),
        (timedelta(hours=48) + MS, False, "timestamp_too_old"),
        (timedelta(hours=48) + MS, True, None),
        (timedelta(days=90), True, None),
        (timedelta(days=90) + MS, True, "timestamp_expired"),
        (timedelta(days=90) + MS, False, "timestamp_expired"),
    ],
)
def test_late_events_stand_on_either_side_of_each_limit(age: timedelta, historical: bool, outcome: str | None) -> None:
    def settle():
        return settle_time(NOW - age, Arrival(NOW, is_historical=historical))

    if outcome is None:
        assert settle() == (NOW - age, [])
    else:
        assert code_of(settle) == outcome


def test_up_to_five_minutes_ahead_is_kept_and_more_happened_now() -> None:
    ahead = timedelta(minutes=5)
    assert settle_time(NOW + ahead, Arrival(NOW)) == (NOW + ahead, [])
    assert settle_time(NOW + ahead + MS, Arrival(NOW)) == (NOW, ["timestamp_in_future"])


@pytest.mark.parametrize(
    "wrong_by", [timedelta(hours=-24), timedelta(hours=-1), timedelta(hours=3), timedelta(hours=24)]
)
def test_a_wrong_clock_is_corrected_by_when_it_says_it_sent(wrong_by: timedelta) -> None:
    happened = NOW - timedelta(minutes=2)
    arrival = Arrival(NOW, sent_at=NOW + wrong_by)
    assert settle_time(happened + wrong_by, arrival) == (happened, ["skew_corrected"])


def test_a_clock_that_is_wrong_by_more_than_a_day_is_not_believed() -> None:
    arrival = Arrival(NOW, sent_at=NOW + timedelta(hours=24) + MS)
    assert settle_time(NOW - timedelta(hours=1), arrival) == (NOW - timedelta(hours=1), ["skew_ignored"])


def test_what_a_network_takes_is_no_wrong_clock() -> None:
    arrival = Arrival(NOW, sent_at=NOW - timedelta(seconds=5))
    assert settle_time(NOW - timedelta(minutes=1), arrival) == (NOW - timedelta(minutes=1), [])


@given(
    reported=st.datetimes(timezones=st.just(UTC)),
    sent=st.none() | st.datetimes(timezones=st.just(UTC)),
    historical=st.booleans(),
)
def test_every_instant_is_refused_or_settled_within_what_is_kept(
    reported: datetime, sent: datetime | None, historical: bool
) -> None:
    arrival = Arrival(NOW, sent, historical)
    code, moment = "", NOW
    try:
        moment, _ = settle_time(reported, arrival)
    except Rejected as refusal:
        code = refusal.code
    assert code in ("", "timestamp_too_old", "timestamp_expired")
    assert NOW - timedelta(days=90) <= moment <= NOW + timedelta(minutes=5)
