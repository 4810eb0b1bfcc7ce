"""Cards, social security and telephone numbers: one scan over the digits of a text, each cluster classified once."""

import re
from collections.abc import Iterator, Sequence

from parcook.conversations.redact.cards import card_at
from parcook.conversations.redact.groups import Group, find_clusters
from parcook.conversations.redact.phones import find_phones
from parcook.conversations.redact.ssns import ssn_at

Found = tuple[int, int, str]

# What looks like a number of somebody and is a date, a time, a book or a fraction; it is blanked beforehand.
_NOT_MEANT = re.compile(
    r"(?<![\d/-])(?:"
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d"
    r"|(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d\d"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d"
    r"|\d{1,2}:\d\d(?::\d\d)?"
    r"|97[89][- ]\d{1,5}[- ]\d{1,7}[- ]\d{1,7}[- ]\d"
    r"|\d{1,2}/\d{1,2}"
    r")(?![\d-])(?!/\d)(?!\.\d)",
    re.ASCII,
)
_BLANK = "\x00"


def find_numbers(shadow: str) -> Iterator[Found]:
    """(start, end, type) of each, from left to right within its type."""
    masked = _NOT_MEANT.sub(lambda match: _BLANK * len(match[0]), shadow) if _has_marks(shadow) else shadow
    for cluster in find_clusters(masked):
        if sum(len(group.digits) for group in cluster) < 7:
            continue
        yield from _classify(masked, cluster)


def _has_marks(shadow: str) -> bool:
    return any(mark in shadow for mark in "-/.:") or "978" in shadow or "979" in shadow


def _classify(shadow: str, cluster: Sequence[Group]) -> Iterator[Found]:
    """Cards first, as telephones would take parts of them; then social security numbers; then what is left."""
    left: list[Group] = []
    place = 0
    while place < len(cluster):
        last = card_at(shadow, cluster, place)
        kind = "CARD"
        if last is None:
            last, kind = ssn_at(shadow, cluster, place), "SSN"
        if last is None:
            left.append(cluster[place])
            place += 1
            continue
        yield from _phones(shadow, left)
        left = []
        yield cluster[place].start, cluster[last].end, kind
        place = last + 1
    yield from _phones(shadow, left)


def _phones(shadow: str, cluster: Sequence[Group]) -> Iterator[Found]:
    for start, end in find_phones(shadow, cluster):
        yield start, end, "PHONE"
