"""Payment cards: issuer range, length, layout, and the check digit of ISO/IEC 7812-1 (Luhn) must all agree."""

from collections.abc import Sequence

from parcook.conversations.redact.context import told_before
from parcook.conversations.redact.groups import Group, is_loose, is_spelled_on, is_tight, opens
from parcook.conversations.redact.layouts import are_years, is_barcode

# (first and last prefix of the range, lengths), from the issuers' public identification ranges.
_RANGES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14, 16)),  # Diners Club
    ("3095", "3095", (14, 16)),
    ("36", "36", (14, 16)),
    ("38", "39", (14, 16)),
    ("6011", "6011", (16, 19)),  # Discover
    ("644", "649", (16, 19)),
    ("65", "65", (16, 19)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("2131", "2131", (15,)),
    ("1800", "1800", (15,)),
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("81", "81", (16, 17, 18, 19)),
    ("5018", "5018", (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    ("5020", "5020", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5038", "5038", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5060", "5061", (16, 19)),  # Verve
    ("508", "508", (16,)),  # RuPay
    ("56", "58", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6304", "6304", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6390", "6390", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("67", "67", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("60", "60", (16, 19)),
    ("636", "637", (16,)),
    ("2200", "2205", (16, 17, 18, 19)),  # Mir
    ("9792", "9792", (16,)),  # Troy
)
_RANGES_BY_FIRST = {digit: [own for own in _RANGES if own[0][0] <= digit <= own[1][0]] for digit in "12345689"}
_LENGTHS = range(12, 20)
_FEWEST_LIKELY = 14  # below, an order or a barcode passes for a card too easily
_LIKELY = "23456"  # travel, banking and commerce
_PRINTED = (4, 4, 4, 4)
_LAYOUTS = frozenset(
    ((4, 6, 5), (4, 6, 4), (4, 3, 3, 3), (4, 4, 5), (4, 4, 8), (4, 8, 4), (6, 10), (4, 12), (4, 4, 4, 4, 3), (4, 5, 6),
     (4, 7, 4), (6, 13))
)  # fmt: skip
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def card_at(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """The last group of the card that begins with group `place`; None if none does."""
    first = cluster[place]
    if first.digits[0] not in _RANGES_BY_FIRST or (place and is_tight(first.gap)) or is_spelled_on(cluster, place):
        return None
    ends = [
        (last, sizes)
        for last, sizes in _ends(cluster, place)
        if _is_layout(sizes) and not are_years(cluster[place : last + 1])
    ]
    if not ends or (told := told_before(shadow, first.start)) == "id":
        return None
    for last, sizes in reversed(ends):
        digits = "".join([group.digits for group in cluster[place : last + 1]])
        is_named = told == "card" or sizes == _PRINTED
        if _is_card(digits, is_named) and (is_named or len(digits) >= _FEWEST_LIKELY or opens(shadow, first.start)):
            return last
    return None


def _ends(cluster: Sequence[Group], place: int) -> list[tuple[int, tuple[int, ...]]]:
    """The groups with which a card that begins with group `place` can end, each with the sizes of all its groups."""
    digits, sizes, ends = "", [], []
    for number in range(place, len(cluster)):
        group = cluster[number]
        if (number > place and not is_loose(group.gap)) or len(digits) + len(group.digits) >= _LENGTHS.stop:
            break
        digits += group.digits
        sizes.append(len(group.digits))
        if len(digits) in _LENGTHS and (_is_issued(digits) or _is_likely(digits)):
            ends.append((number, tuple(sizes)))
    return ends


def _is_card(digits: str, is_named: bool) -> bool:
    """Whether `digits` are the number of a card: in doubt they are, if a card `is_named` or printed like one."""
    if len(set(digits)) == 1 or not _check(digits):
        return False
    if is_named:
        return True
    is_short = len(digits) < _FEWEST_LIKELY
    return _is_issued(digits) and not (is_short and (len(digits) == _LENGTHS.start or is_barcode(digits)))


def _is_issued(digits: str) -> bool:
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last
        for first, last, lengths in _RANGES_BY_FIRST.get(digits[0], ())
    )


def _is_likely(digits: str) -> bool:
    """Whether they could be a card's, though of no issuer known here."""
    return len(digits) == 16 and digits[0] in _LIKELY


def _check(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += _DOUBLED[int(digit)] if place % 2 else int(digit)
    return total % 10 == 0


def _is_layout(sizes: tuple[int, ...]) -> bool:
    """Whether people write a card in groups of these sizes: as printed, in equal groups, or in one piece."""
    return len(sizes) == 1 or sizes in _LAYOUTS or (len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0])
