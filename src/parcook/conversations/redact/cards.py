"""Payment cards: issuer range, length, and the check digit of ISO/IEC 7812-1 (Luhn) must all agree."""

from collections.abc import Sequence

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
    ("5612", "5612", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("56", "58", (13, 14, 15, 16, 17, 18, 19)),
    ("6304", "6304", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6390", "6390", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("67", "67", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("60", "60", (16, 19)),
    ("636", "637", (16,)),
    ("2200", "2205", (16, 17, 18, 19)),  # Mir
    ("9792", "9792", (16,)),  # Troy
)
LENGTHS = range(12, 20)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_card(digits: str) -> bool:
    """Whether `digits` are the number of a card."""
    return len(digits) in LENGTHS and len(set(digits)) > 1 and _is_issued(digits) and _check(digits)


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in _RANGES)


def _check(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += _DOUBLED[int(digit)] if place % 2 else int(digit)
    return total % 10 == 0


def is_layout(sizes: Sequence[int]) -> bool:
    """Whether people write a card in groups of these sizes: as printed, in equal groups, or in one piece."""
    if len(sizes) == 1 or tuple(sizes) in (
        (4, 6, 5),
        (4, 6, 4),
        (4, 3, 3, 3),
        (4, 4, 5),
        (4, 4, 8),
        (4, 8, 4),
        (6, 10),
        (4, 12),
        (4, 4, 4, 4, 3),
        (4, 5, 6),
    ):
        return True
    return len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]
