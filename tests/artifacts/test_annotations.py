"""Marks on lines of time: one a day, in words that fit on a line."""

from datetime import date

import pytest

from parcook.artifacts.annotations import Mark, annotate, marks, remove_mark
from parcook.errors import Invalid
from parcook.events.sqlite import SqliteEvents

DAY = date(2025, 1, 15)


@pytest.fixture
def records(tmp_path):
    store = SqliteEvents(tmp_path / "events.db")
    yield store.records
    store.close()


def test_marks_are_told_by_day(records):
    annotate(records, date(2025, 3, 1), "Newsletter")
    annotate(records, DAY, "  Voice\tmode   released ")
    assert marks(records) == [Mark(DAY, "Voice mode released"), Mark(date(2025, 3, 1), "Newsletter")]


def test_a_day_has_one_mark(records):
    annotate(records, DAY, "Voice mode")
    annotate(records, DAY, "Voice mode, everywhere")
    assert marks(records) == [Mark(DAY, "Voice mode, everywhere")]


def test_a_mark_is_taken_away_once(records):
    annotate(records, DAY, "Voice mode")
    assert remove_mark(records, DAY) is True
    assert remove_mark(records, DAY) is False
    assert marks(records) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 81, "bell\x07"], ids=["none", "blank", "long", "unprintable"])
def test_a_text_that_no_line_could_show_is_refused(records, text):
    with pytest.raises(Invalid, match="1 to 80 characters"):
        annotate(records, DAY, text)
