"""Cards, social security and telephone numbers: one scan over the digits of a text, each cluster classified once."""

import re
from collections.abc import Iterator, Sequence

from parcook.conversations.redact.cards import LENGTHS, is_card, is_layout
from parcook.conversations.redact.context import told_before
from parcook.conversations.redact.groups import Group, find_clusters, is_tight
from parcook.conversations.redact.phones import find_phones

Found = tuple[int, int, str]

# What looks like a number of somebody and is a date, a time, a book or a fraction; it is blanked beforehand.
_NOT_MEANT = re.compile(
    r"(?<![\d-])(?:"
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d"
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
        last = _card_at(shadow, cluster, place)
        kind = "CARD"
        if last is None:
            last, kind = _ssn_at(shadow, cluster, place), "SSN"
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


def _card_at(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """The last group of the card that begins with group `place`."""
    digits, sizes, last = "", [], None
    for number in range(place, len(cluster)):
        group = cluster[number]
        digits += group.digits
        sizes.append(len(group.digits))
        if len(digits) >= LENGTHS.stop:
            break
        if len(digits) in LENGTHS and is_layout(sizes) and is_card(digits):
            last = number
    if last is None:
        return None
    count = sum(len(group.digits) for group in cluster[place : last + 1])
    told = told_before(shadow, cluster[place].start)
    if told == "id" or (told != "card" and count in (12, 13) and last == place):
        return None  # an order; a barcode that passes for an old card by chance
    return last


def _ssn_at(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """The last group of the social security number that begins with group `place` (SSA: area, group, serial)."""
    groups = cluster[place : place + 3]
    digits, last = "".join(group.digits for group in groups), place + 2
    if [len(group.digits) for group in groups] != [3, 2, 4]:
        if len(cluster[place].digits) != 9 or not _SSN_CUE.search(
            shadow, max(0, cluster[place].start - 40), cluster[place].start
        ):
            return None
        digits, last = cluster[place].digits, place
    elif len({group.gap.strip(" ") for group in groups[1:]}) != 1 or groups[1].gap.strip(" ") not in (
        "-",
        "",
        ".",
        "/",
        "_",
    ):
        return None
    if (place and is_tight(cluster[place].gap)) or (last + 1 < len(cluster) and is_tight(cluster[last + 1].gap)):
        return None
    before = shadow[cluster[place].start - 1 : cluster[place].start]
    if before == "+" or (before and before.isalnum()) or shadow[cluster[last].end : cluster[last].end + 1].isalnum():
        return None
    area, middle, serial = digits[:3], digits[3:5], digits[5:]
    return None if area in ("000", "666") or middle == "00" or serial == "0000" else last


_SSN_CUE = re.compile(r"(?<!\[)\b(?:ssn|social security|social|itin|tin)\b[^\n]{0,24}$", re.I)
