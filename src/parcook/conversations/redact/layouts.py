"""How telephone numbers are written within a country, by the sizes of their groups; and what is written like one."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from parcook.conversations.redact.groups import SINGLE_GAPS, Group

Sizes = tuple[int, ...]

# Sizes of groups → first digits, for numbers without a leading zero.
_SPACED: Mapping[Sizes, str] = {
    (3, 3, 4): "23456789",  # US, CA, GR, IT, TR, ZA, CO
    (1, 3, 3, 4): "178",  # US with 1, RU with 8
    (3, 7): "23456789",  # IT, GR
    (3, 6): "3456789",
    (4, 7): "8",
    (3, 3, 2, 2): "3456789",  # IT, TR, UA, RU
    (1, 3, 3, 2, 2): "78",  # RU
    (3, 3, 3): "23456789",  # ES, PT, PL, CZ
    (3, 2, 2, 2): "56789",  # ES, PL
    (2, 3, 2, 2): "123456789",  # ES, PL, CH, TR
    (2, 3, 4): "2345789",  # PT, IL
    (2, 3, 3): "689",
    (3, 2, 3): "49",  # NO
    (2, 2, 2, 2): "2345679",  # DK, NO
    (4, 4): "23456789",  # SG, HK, DK
    (5, 5): "6789",  # IN
    (4, 6): "2789",  # GR
    (4, 3, 3): "26789",  # IN, GR
    (5, 2, 3): "2",  # GR
    (2, 4, 4): "123456789",  # MX, BR, JP without 0
    (2, 5, 4): "123456789",  # BR
    (3, 4, 4): "134",  # CN, MX
    (4, 3, 4): "123456789",
    (2, 3, 3, 3): "3",
    (1, 4, 4): "269",  # CL
    (1, 2, 2, 2, 2): "67",
    (3, 2, 2, 3): "6789",
    # A country's code, but no plus.
    (2, 5, 5): "9",
    (2, 4, 6): "4",
    (2, 3, 7): "4",
    (2, 3, 4, 4): "8",
    (2, 3, 3, 4): "123456789",
    (2, 1, 2, 2, 2, 2): "3",
}
_ANY = "0123456789"
# The same where dashes, dots, slashes or brackets stand between groups, as they seldom do in a row of numbers.
_PUNCTUATED: Mapping[Sizes, str] = {
    (3, 3, 4): _ANY,
    (1, 3, 3, 4): "1789",
    (2, 4, 4): _ANY,
    (2, 3, 4): _ANY,
    (2, 3, 2, 2): _ANY,
    (3, 2, 2): "23456789",  # RU, UA within a city
    (3, 4): "23456789",  # US within an area
}
_KNOWN = _SPACED.keys() | _PUNCTUATED.keys()
# What mobile numbers with their country's code begin with, and how long they are: bare, they look like nothing else.
_MOBILE = {
    "447": 12, "336": 11, "337": 11, "346": 11, "393": 12, "316": 11, "417": 11, "467": 11, "614": 11,
    "919": 12, "918": 12, "917": 12, "916": 12, "8210": 12, "8190": 12, "8180": 12, "8170": 12,
    "790": 11, "791": 11, "792": 11, "799": 11,
}  # fmt: skip


def is_layout(groups: Sequence[Group], sizes: Sizes) -> bool:
    """Whether a telephone number is written in groups like these, of these sizes."""
    first = groups[0].digits
    if len(sizes) == 1:
        return _is_bare(first)
    if first[0] == "0" and sizes[0] > 1 and first[1] != "0":
        return _is_with_zero(groups, sizes)
    if sizes[0] == 1 and set(sizes) == {1}:
        return _is_spelled(groups)
    if sizes not in _KNOWN or _is_row(groups) or _is_decimal(groups):
        return False
    if is_spaced(groups):
        return first[0] in _SPACED.get(sizes, "")
    if sizes in ((4, 4), (3, 4)):
        return groups[1].gap in ("-", "~", "_") and first[0] in "23456789" and not _is_range(groups)
    return first[0] in (_PUNCTUATED.get(sizes) or _SPACED[sizes])


def _is_spelled(groups: Sequence[Group]) -> bool:
    """`5 5 5 8 6 7 5 3 0 9`."""
    gaps = {group.gap for group in groups[1:]}
    is_number = 9 <= len(groups) <= 11 and len(gaps) == 1 and gaps <= SINGLE_GAPS
    return is_number and len({group.digits for group in groups}) > 2 and not _is_row(groups)


def is_spaced(groups: Sequence[Group]) -> bool:
    """Whether nothing but spaces stands between `groups`."""
    return all(group.gap.isspace() for group in groups[1:])


def _is_with_zero(groups: Sequence[Group], sizes: Sizes) -> bool:
    """With the zero that most countries write before an area; in few or in long groups, as no clock is."""
    count = sum(sizes)
    if not 8 <= count <= 13 or max(sizes) > 9 or sizes.count(1) > 1 or len(sizes) > 6:
        return False
    if _is_clock(groups) or _is_rising(groups):
        return False
    # Of eight digits `08-12 34 56`, as `08 30 09 45` are times, and `01310-100` is a postcode of Brazil.
    return count > 8 or (groups[1].gap in ("-", "/", ")", ") ") and sizes not in ((4, 4), (5, 3)))


def _is_bare(digits: str) -> bool:
    """A number in one piece: of North America, a mobile of India, Italy, China or Russia, or with a leading zero."""
    if len(set(digits)) < 3 or digits.endswith("0000"):
        return False
    has_zero = digits[0] == "0" and digits[1] != "0"
    if len(digits) == 10:
        return has_zero or _is_american(digits) or digits[0] in "36789"
    if len(digits) == 11:
        is_mobile = (digits[0] == "1" and digits[1] in "3456789") or digits.startswith(("89", "849"))
        return has_zero or is_mobile or (digits[0] == "1" and _is_american(digits[1:])) or _is_mobile(digits)
    if len(digits) == 12:
        return (digits.startswith("01") or _is_mobile(digits)) and not is_barcode(digits)
    return len(digits) == 9 and has_zero


def _is_mobile(digits: str) -> bool:
    return any(digits.startswith(first) and len(digits) == length for first, length in _MOBILE.items())


def _is_american(digits: str) -> bool:
    """Area and exchange of the North American plan: neither begins with 0 or 1, and no area is N11."""
    return digits[0] in "23456789" and digits[3] in "23456789" and digits[1:3] != "11"


def is_barcode(digits: str) -> bool:
    """The check digit of GS1 (EAN, UPC)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _is_decimal(groups: Sequence[Group]) -> bool:
    """Thousands, decimals or a version: dots between threes, or four octets, or between some groups but not others."""
    gaps = {group.gap for group in groups[1:]}
    if "." not in gaps:
        return False
    if gaps == {"."}:
        if len(groups) == 2:
            return True
        are_octets = len(groups) == 4 and all(int(group.digits) < 256 for group in groups)
        return are_octets or {len(group.digits) for group in groups[1:]} == {3}
    return gaps == {".", " "}


def _is_row(groups: Sequence[Group]) -> bool:
    """Numbers in a row: rising by equal steps, all of them round, a colour, or two years."""
    values = [int(group.digits) for group in groups]
    if _is_rising(groups):
        return True
    if len(values) == 3 and max(values) < 256 and is_spaced(groups):
        return True  # a colour
    if len(values) == 2:
        return are_years(groups) or (all(value % 10 == 0 for value in values) and len(groups[0].digits) > 2)
    return is_spaced(groups) and (all(value % 5 == 0 for value in values) or _is_clock(groups))


def is_series(groups: Sequence[Group]) -> bool:
    """The same in what follows a word for a telephone, so only if it is beyond doubt."""
    values = [int(group.digits) for group in groups]
    if len(values) < 2 or not is_spaced(groups):
        return False
    step = 10 if len(values) > 2 else 100
    return are_years(groups) or _is_rising(groups) or all(value % step == 0 for value in values)


def are_years(groups: Sequence[Group]) -> bool:
    """`2019 2020 2021`."""
    return len(groups) > 1 and all(len(group.digits) == 4 and group.digits[:2] in ("19", "20") for group in groups)


def _is_rising(groups: Sequence[Group]) -> bool:
    values = [int(group.digits) for group in groups]
    steps = {second - first for first, second in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and steps != {0}


def _is_range(groups: Sequence[Group]) -> bool:
    """`347-1050`, `2150-2475`: from one to a little more; 555 is the exchange that no number of a range shows."""
    first, second = groups[0].digits, groups[1].digits
    if first == "555" or second[0] == "0":
        return False
    return int(first) < int(second) <= int(first) * (4 if len(first) < len(second) else 2) or second.endswith("00")


def _is_clock(groups: Sequence[Group]) -> bool:
    """`0600-0900`, `0900 1200 1530`, `10 30 11 45`."""
    sizes = {len(group.digits) for group in groups}
    if sizes == {4}:
        return all(group.digits < "2400" and group.digits[2] < "6" for group in groups)
    hours, minutes = groups[::2], groups[1::2]
    return (
        sizes == {2}
        and len(groups) == 4
        and all(group.digits < "24" for group in hours)
        and all(group.digits < "60" and group.digits[1] in "05" for group in minutes)
    )
