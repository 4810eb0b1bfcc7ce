"""Marks on lines of time: what happened on a day, as `parcook annotate` puts them down. One a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parcook.errors import Invalid
from parcook.events.contract import Records

KIND = "annotation"
MAX_TEXT = 80


@dataclass(frozen=True)
class Mark:
    """What happened on a day."""

    date: date
    text: str


def annotate(records: Records, day: date, text: str) -> Mark:
    """Mark `day`, in place of what it was marked with. Raises `Invalid` for a text that no line of time could show."""
    words = " ".join(text.split())
    if not words or len(words) > MAX_TEXT or not words.isprintable():
        raise Invalid(f"the text must be 1 to {MAX_TEXT} characters on one line")
    records.put(KIND, day.isoformat(), {"text": words})
    return Mark(day, words)


def remove_mark(records: Records, day: date) -> bool:
    """Take the mark of `day` away; False if it has none."""
    return records.delete(KIND, day.isoformat()) == 1


def marks(records: Records) -> Sequence[Mark]:
    """All marks, by day."""
    return [Mark(date.fromisoformat(record.key), record.document["text"]) for record in records.list(KIND)]
