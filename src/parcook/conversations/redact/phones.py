"""Telephone numbers: with a country's code (ITU E.164), in a country's own layout, or after a word that says so."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from parcook.conversations.redact.context import has_unit, is_money, told_before
from parcook.conversations.redact.groups import Group, is_loose, is_tight, opens

Span = tuple[int, int]
MIN_DIGITS, MAX_DIGITS = 7, 15

Check = Callable[[str], bool]


def _any(_: str) -> bool:
    return True


def _starts(first: str) -> Check:
    return lambda digits: digits[0] in first


def _american(digits: str) -> bool:
    """Area and exchange of the North American plan: neither begins with 0 or 1, and no area is N11."""
    return digits[0] in "23456789" and digits[3] in "23456789" and digits[1:3] != "11"


# Sizes of groups → what the digits must be like; the layouts of national numbers without a leading zero.
_LAYOUTS: dict[tuple[int, ...], Check] = {
    (3, 3, 4): lambda digits: digits[0] in "23456789",  # US, CA, GR, IT, TR, ZA, CO
    (1, 3, 3, 4): lambda digits: digits[0] in "178" and digits[1] in "23456789",  # US with 1, RU with 8
    (3, 7): lambda digits: digits[0] in "23456789",
    (3, 3, 2, 2): _starts("3456789"),  # IT, TR, UA, RU
    (1, 3, 3, 2, 2): _starts("78"),  # RU
    (3, 3, 3): _starts("56789"),  # ES, PT, PL, CZ
    (3, 2, 2, 2): _starts("56789"),  # ES, PL
    (2, 3, 2, 2): _starts("23456789"),  # ES, PL, CH, TR
    (2, 3, 4): _starts("2345789"),  # PT, IL
    (2, 3, 3): _starts("689"),
    (3, 2, 3): _starts("49"),  # NO
    (2, 2, 2, 2): _starts("2345679"),  # DK, NO
    (4, 4): _starts("689"),  # SG, HK
    (5, 5): _starts("6789"),  # IN
    (4, 6): _starts("789"),
    (4, 3, 3): _starts("6789"),  # IN
    (2, 4, 4): _starts("12345678"),  # MX, BR, JP without 0
    (2, 5, 4): _starts("123456789"),  # BR
    (3, 4, 4): _starts("134"),  # CN, MX
    (4, 3, 4): _starts("123456789"),
    (2, 3, 3, 3): _starts("3"),
    (1, 2, 2, 2, 2): _starts("67"),
    (3, 2, 2, 3): _starts("6789"),
}
_IN_TIGHT_GROUPS: dict[tuple[int, ...], Check] = {
    (3, 4): lambda digits: digits[0] in "23456789" and not digits.endswith("00"),
    (4, 5): _starts("6789"),
    (5, 4): _starts("9"),  # BR without area
}


def find_phones(shadow: str, cluster: Sequence[Group]) -> list[Span]:
    """Where the telephone numbers of a cluster stand."""
    found: list[Span] = []
    place = 0
    while place < len(cluster):
        taken = _at(shadow, cluster, place)
        if taken is None:
            place += 1
        else:
            start, last = taken
            found.append((start, _closed(shadow, cluster[last].end, start)))
            place = last + 1
    return found


def _at(shadow: str, cluster: Sequence[Group], place: int) -> tuple[int, int] | None:
    """(start, last group) of the number that begins with group `place`; None if none does."""
    start, has_country = _opening(shadow, cluster[place])
    if has_country and (not place or shadow[start] != "0") and (last := _international(cluster, place)) is not None:
        if _ends_well(shadow, cluster, last):
            return start, last
        return None
    if place and is_tight(cluster[place].gap) and not cluster[place].gap.startswith(")"):
        return None
    if not opens(shadow, start) and not _is_dialled(shadow, start):
        return None
    last = _national(shadow, cluster, place, start)
    return None if last is None or not _ends_well(shadow, cluster, last) else (start, last)


def _is_dialled(shadow: str, start: int) -> bool:
    return shadow[max(0, start - 6) : start].lower().endswith(("wa.me/", "tel:", "t:", "p:", "m:"))


def _opening(shadow: str, group: Group) -> tuple[int, bool]:
    """Where the number begins, a bracket or a plus before it included, and whether a country's code comes first."""
    start = group.start
    while start and shadow[start - 1] in "(":
        start -= 1
    before = shadow[start - 1 : start] if start else ""
    if before == " " and start > 1 and shadow[start - 2] == "+":
        before, start = "+", start - 1
    if before == "+":
        start -= 1
        while start and shadow[start - 1] in "(+":
            start -= 1
        is_sum = start and (
            shadow[start - 1].isalnum() or (shadow[start - 1] == " " and shadow[start - 2 : start - 1].isdigit())
        )
        return start, not is_sum
    return start, group.digits.startswith("00") or group.digits == "011"


def _international(cluster: Sequence[Group], place: int) -> int | None:
    """The last group of a number that begins with a country's code at `place`."""
    digits, last = "", None
    for number in range(place, min(place + 9, len(cluster))):
        group = cluster[number]
        if number > place and not is_loose(group.gap):
            break
        joined = (
            (digits + group.digits).removeprefix("00").removeprefix("011" if cluster[place].digits == "011" else "00")
        )
        if len(joined) > MAX_DIGITS + joined.startswith("0"):
            break
        if last is not None and not is_tight(group.gap) and len(digits) >= _usual(digits) and len(group.digits) <= 3:
            break  # a number of another kind that follows
        digits = joined
        if len(digits) >= 8 and digits[0] != "0":  # no country's code begins with 0
            last = number
    return last


def _usual(digits: str) -> int:
    """How many digits a number with this country's code mostly has."""
    if digits.startswith(("1", "7")):
        return 11
    if digits.startswith(("45", "47", "65", "852", "34", "351", "420", "32", "41", "33", "31")):
        return {"45": 10, "47": 10, "65": 10, "85": 11, "35": 12, "42": 12}.get(digits[:2], 11)
    return 12


def _national(shadow: str, cluster: Sequence[Group], place: int, start: int) -> int | None:
    """The last group of a number as it is written within a country."""
    longest = _longest(cluster, place)
    if sum(len(group.digits) for group in cluster[place : longest + 1]) < MIN_DIGITS:
        return None
    told = told_before(shadow, start)
    if is_money(shadow, start) or (told == "id" and shadow[start] != "("):
        return None
    if told == "phone":
        return _after_cue(cluster, place, longest)
    if shadow[start] == "(" and (last := _bracketed(shadow, cluster, place)) is not None:
        return last
    for last in range(longest, place - 1, -1):
        groups = cluster[place : last + 1]
        if _is_layout(groups) and not _is_list(groups):
            if last + 1 < len(cluster) and is_tight(cluster[last + 1].gap):
                continue
            return last
    return None


def _longest(cluster: Sequence[Group], place: int) -> int:
    """The last group that a number from `place` on can reach."""
    last, count = place, len(cluster[place].digits)
    for number in range(place + 1, min(place + MAX_DIGITS, len(cluster))):
        count += len(cluster[number].digits)
        if count > MAX_DIGITS or not is_loose(cluster[number].gap):
            break
        last = number
    return last


def _after_cue(cluster: Sequence[Group], place: int, longest: int) -> int | None:
    for last in range(longest, place - 1, -1):
        count = sum(len(group.digits) for group in cluster[place : last + 1])
        if MIN_DIGITS <= count <= 13:
            return last
    return None


def _bracketed(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """`(415) 555-0123`, `(020) 7946 0958`, `(11) 91234-5678`: the last group."""
    first = cluster[place]
    if not 2 <= len(first.digits) <= 5 or shadow[first.end : first.end + 1] != ")":
        return None
    best = None
    for last in range(place + 1, min(place + 5, len(cluster))):
        if not is_loose(cluster[last].gap):
            break
        count = sum(len(group.digits) for group in cluster[place : last + 1])
        if 8 <= count <= 12 and len(cluster[place + 1].digits) >= 2:
            best = last
            if count >= 10:
                break
    return best


def _is_layout(groups: Sequence[Group]) -> bool:
    digits = "".join(group.digits for group in groups)
    sizes = tuple(len(group.digits) for group in groups)
    if len(groups) == 1:
        return _is_bare(digits)
    if digits[0] == "0" and digits[1] != "0" and sizes[0] >= 2:
        return 9 <= len(digits) <= 12 and max(sizes) <= 9 and sizes.count(1) <= 1 and len(groups) <= 6
    if (check := _LAYOUTS.get(sizes)) is not None and check(digits):
        return not _is_thousands(groups)
    if (check := _IN_TIGHT_GROUPS.get(sizes)) is not None and check(digits):
        return groups[1].gap == "-"
    return set(sizes) == {1} and 9 <= len(digits) <= 11 and len({group.gap for group in groups[1:]}) == 1


def _is_bare(digits: str) -> bool:
    """A number in one piece: of North America, a mobile of India or China, or with a leading zero."""
    if len(set(digits)) < 3:
        return False
    if len(digits) == 10:
        return _american(digits) or digits[0] in "6789" or (digits[0] == "0" and digits[1] != "0")
    if len(digits) == 11:
        return (
            (digits[0] == "1" and digits[1] in "3456789")
            or (digits[0] == "0" and digits[1] != "0")
            or (digits[0] == "1" and _american(digits[1:]))
        )
    if len(digits) == 12 and digits[0] == "0" and digits[1] == "1":
        return not _is_barcode(digits)
    return len(digits) == 9 and digits[0] == "0" and digits[1] != "0"


def _is_barcode(digits: str) -> bool:
    """The check digit of GS1 (EAN, UPC)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _is_thousands(groups: Sequence[Group]) -> bool:
    return all(group.gap == "." for group in groups[1:]) and {len(group.digits) for group in groups[1:]} == {3}


def _is_list(groups: Sequence[Group]) -> bool:
    """Numbers in a row: rising by equal steps, all multiples of five, or two years."""
    values = [int(group.digits) for group in groups]
    if len(values) < 2:
        return False
    steps = {second - first for first, second in pairwise(values)}
    if len(values) > 2 and len(steps) == 1:
        return True
    if len(values) == 2 and all(1900 <= value <= 2100 for value in values):
        return True
    return len(values) > 2 and all(value % 5 == 0 for value in values) and "-" not in {group.gap for group in groups}


def _ends_well(shadow: str, cluster: Sequence[Group], last: int) -> bool:
    end = cluster[last].end
    after = shadow[end : end + 1]
    if after.isalnum() and after not in "xX":
        return False
    if after in (".", ",") and shadow[end + 1 : end + 2].isdigit() and not (last + 1 < len(cluster)):
        return False
    return not has_unit(shadow, end) or len(cluster) > last + 1


def _closed(shadow: str, end: int, start: int) -> int:
    return end + 1 if shadow[end : end + 1] == ")" and shadow[start : start + 1] == "(" else end
