"""Time as text and back: UTC, whole seconds, one shape."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.clock import format_time, parse_time, utc_now


def test_now_is_aware_and_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_moment_is_told_in_utc_with_whole_seconds() -> None:
    moment = datetime(2025, 1, 15, 10, 30, 59, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert format_time(moment) == "2025-01-15T05:00:59Z"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        format_time(datetime(2025, 1, 15))  # noqa: DTZ001


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_what_was_written_is_read_back_to_the_second(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment.astimezone(UTC).replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-01-15",
        "2025-01-15T10:30:00",
        "2025-01-15T10:30:00z",
        "2025-01-15 10:30:00Z",
        "2025-01-15T10:30:00.5Z",
        "2025-01-15T10:30:00+00:00",
        "2025-02-30T10:30:00Z",
        "2025-01-15T24:00:00Z",
        " 2025-01-15T10:30:00Z",
        "2025-01-15T10:30:00Z\n",
        "2025-1-5T1:2:3Z",
        "２０２５-01-15T10:30:00Z",
    ],
)
def test_any_other_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time data|unconverted data|day is out of range"):
        parse_time(text)
