"""Telephone numbers: with a country's code (ITU E.164), in a country's own layout, or after a word that says so."""

import re
from collections.abc import Sequence

from parcook.conversations.redact.context import has_unit, is_money, told_after, told_before
from parcook.conversations.redact.groups import Group, is_loose, is_of_word, is_spelled_on, is_tight, opens
from parcook.conversations.redact.layouts import is_layout, is_series, is_spaced

Span = tuple[int, int]
MIN_DIGITS, MAX_DIGITS = 7, 15
_MOST_AFTER_CUE = 13
_MOST_GROUPS = 13
_EXTENSION = re.compile(r"\s{0,2}(?:x|ext\.?|extension|durchwahl|#)\s?\d{1,6}(?!\w)", re.I)
_PLUS = re.compile(r"\+[ .(-]{0,2}$")
_STATE = re.compile(r"\b[A-Z]{2} {1,2}$")  # and a ZIP code
_DIALLED = re.compile(r"(?:wa\.me/|\btel:|\b[tpm]:|\b(?:phone|mobile|tel|cell|number)=)$", re.I)


def find_phones(shadow: str, cluster: Sequence[Group]) -> list[Span]:
    """Where the telephone numbers of a cluster stand."""
    found: list[Span] = []
    place = 0
    after_number = True
    while place < len(cluster):
        taken = _at(shadow, cluster, place, after_number)
        after_number = taken is not None
        if taken is None:
            place += 1
            continue
        start, last = taken
        end = _end(shadow, cluster[last].end, start)
        found.append((start, end))
        place = last + 1
        while place < len(cluster) and cluster[place].start < end:
            place += 1
    return found


def _at(shadow: str, cluster: Sequence[Group], place: int, after_number: bool) -> tuple[int, int] | None:
    """(start, last group) of the number that begins with group `place`; None if none does."""
    start, has_country = _opening(shadow, cluster[place], after_number)
    if has_country and (not place or shadow[start] != "0") and (last := _international(cluster, place)) is not None:
        if _ends_well(shadow, cluster, last):
            return start, last
        return None
    gap = cluster[place].gap
    if (place and is_tight(gap) and not gap.startswith(")")) or (not after_number and is_spelled_on(cluster, place)):
        return None
    if not opens(shadow, start) and not _DIALLED.search(shadow, max(0, start - 8), start):
        return None
    last = _national(shadow, cluster, place, start, after_number)
    if last is None or not _ends_well(shadow, cluster, last) or _STATE.search(shadow, max(0, start - 5), start):
        return None
    return start, last


def _opening(shadow: str, group: Group, after_number: bool) -> tuple[int, bool]:
    """Where the number begins, a bracket or a plus before it included, and whether a country's code comes first."""
    start = group.start
    while start and shadow[start - 1] == "(":
        start -= 1
    plus = _PLUS.search(shadow, max(0, start - 3), start)
    if plus is None:
        return start, group.digits.startswith("00") or group.digits == "011"
    start = plus.start()
    while start and shadow[start - 1] in "(+":
        start -= 1
    is_sum = (
        start
        and not after_number
        and (shadow[start - 1].isalnum() or (shadow[start - 1] == " " and shadow[start - 2 : start - 1].isdigit()))
    )
    return start, not is_sum


def _international(cluster: Sequence[Group], place: int) -> int | None:
    """The last group of a number that begins with a country's code at `place`."""
    prefix = "011" if cluster[place].digits == "011" else "00"
    fewest = 10 if cluster[place].digits.startswith("00") else 8  # after a plus, the plus says enough
    digits, last = "", None
    for number in range(place, min(place + MAX_DIGITS, len(cluster))):
        group = cluster[number]
        if number > place and not is_loose(group.gap):
            break
        joined = (digits + group.digits).removeprefix(prefix)
        if len(joined) > MAX_DIGITS + joined.startswith("0"):
            break
        if last is not None and not is_tight(group.gap) and len(digits) >= _usual(digits) and len(group.digits) <= 3:
            break  # a number of another kind that follows
        digits = joined
        if _is_worldwide(digits, fewest):
            last = number
    return last


def _is_worldwide(digits: str, fewest: int) -> bool:
    """Whether `digits` can be a country's code, which never begins with 0, and a number; of North America in full."""
    return len(digits) >= fewest and digits[0] != "0" and (digits[0] != "1" or len(digits) >= 11)


def _usual(digits: str) -> int:
    """How many digits a number with this country's code mostly has."""
    if digits.startswith(("1", "7")):
        return 11
    if digits.startswith(("45", "47", "65", "852", "34", "351", "420", "32", "41", "33", "31")):
        return {"45": 10, "47": 10, "65": 10, "85": 11, "35": 12, "42": 12}.get(digits[:2], 11)
    return 12


def _national(shadow: str, cluster: Sequence[Group], place: int, start: int, after_number: bool) -> int | None:
    """The last group of a number as it is written within a country."""
    longest = _longest(cluster, place)
    if sum(len(group.digits) for group in cluster[place : longest + 1]) < MIN_DIGITS or is_money(shadow, start):
        return None
    told = told_before(shadow, start, is_bare=longest == place)
    if told == "phone":
        return _after_cue(cluster, place, longest)
    if (told == "id" and shadow[start] != "(") or told_after(shadow, cluster[longest].end):
        return None
    if shadow[start] == "(" and (last := _bracketed(shadow, cluster, place)) is not None:
        return last
    sizes = tuple([len(group.digits) for group in cluster[place : longest + 1]])
    for last in range(longest, place - 1, -1):
        if is_layout(cluster[place : last + 1], sizes[: last + 1 - place]) and not _is_in_row(
            cluster, place, last, after_number
        ):
            if last + 1 < len(cluster) and is_tight(cluster[last + 1].gap):
                continue
            return last
    return None


def _longest(cluster: Sequence[Group], place: int) -> int:
    """The last group that a number from `place` on can reach."""
    last, count = place, len(cluster[place].digits)
    for number in range(place + 1, min(place + _MOST_GROUPS, len(cluster))):
        count += len(cluster[number].digits)
        if count > MAX_DIGITS or not is_loose(cluster[number].gap):
            break
        last = number
    return last


def _after_cue(cluster: Sequence[Group], place: int, longest: int) -> int | None:
    if is_series(cluster[place : longest + 1]):
        return None
    for last in range(longest, place - 1, -1):
        count = sum(len(group.digits) for group in cluster[place : last + 1])
        if MIN_DIGITS <= count <= _MOST_AFTER_CUE:
            return last
    return None


def _bracketed(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """`(415) 555-0123`, `(020) 7946 0958`, `(11) 91234-5678`, `(2) 2123 4410`: the last group."""
    first = cluster[place]
    if len(first.digits) > 5 or shadow[first.end : first.end + 1] != ")":
        return None
    fewest, shortest = (8, 2) if len(first.digits) > 1 else (9, 4)
    best = None
    for last in range(place + 1, min(place + 5, len(cluster))):
        if not is_loose(cluster[last].gap):
            break
        count = sum(len(group.digits) for group in cluster[place : last + 1])
        if fewest <= count <= 13 and len(cluster[place + 1].digits) >= shortest:
            best = last
            if count >= 10:
                break
    return best


def _is_in_row(cluster: Sequence[Group], place: int, last: int, after_number: bool) -> bool:
    """Whether more numbers stand in line, as in a table, and the layout is chance; two telephones are no row."""
    groups = cluster[place : last + 1]
    if groups[0].digits[0] == "0" or not is_spaced(groups):
        return False
    before = place > 0 and not after_number and cluster[place].gap == " "
    following = cluster[last + 1 : last + 1 + len(groups)]
    sizes = [len(group.digits) for group in groups]
    is_another = len(set(sizes)) > 1 and [len(group.digits) for group in following] == sizes
    return before or (bool(following) and following[0].gap == " " and not is_another)


def _ends_well(shadow: str, cluster: Sequence[Group], last: int) -> bool:
    end = cluster[last].end
    after = shadow[end : end + 1]
    if is_of_word(after):
        return _EXTENSION.match(shadow, end) is not None
    if after in (".", ",") and shadow[end + 1 : end + 2].isdigit() and not (last + 1 < len(cluster)):
        return False
    return not has_unit(shadow, end) or len(cluster) > last + 1


def _end(shadow: str, end: int, start: int) -> int:
    """Where a number ends that has its last digit before `end`: after its extension, or the bracket around it."""
    if extension := _EXTENSION.match(shadow, end):
        return extension.end()
    return end + 1 if shadow[end : end + 1] == ")" and shadow[start : start + 1] == "(" else end
