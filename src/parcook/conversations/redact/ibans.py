"""International bank account numbers: the length of the country and the check digits of ISO 13616 (mod 97)."""

import re
from collections.abc import Iterator

# Lengths by country, from the IBAN registry of SWIFT.
_LENGTHS = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FK FO GL NL SD"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU MN XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE IL IQ OM SO TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG YE"),
        (25, "LY PT ST"),
        (26, "BI DJ IS TR"),
        (27, "FR GR IT MC MR SM"),
        (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}
_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}(?=[ .-]?[A-Za-z0-9])")
_NEXT = re.compile(r"[ .-]{0,2}([A-Za-z0-9])")


def find_ibans(shadow: str) -> Iterator[tuple[int, int]]:
    """Where the account numbers in `shadow` stand, from left to right."""
    after = 0
    for start in _START.finditer(shadow):
        if start.start() >= after and (end := _end(shadow, start)) is not None:
            yield start.start(), end
            after = end


def _end(shadow: str, start: re.Match[str]) -> int | None:
    compact = start[0].replace(" ", "").replace("-", "").upper()
    length = _LENGTHS.get(compact[:2])
    if length is None:
        return None
    end = start.end()
    while len(compact) < length:
        following = _NEXT.match(shadow, end)
        if following is None or (following[0] != following[1] and len(compact) % 4):  # it is written in fours
            return None
        compact += following[1].upper()
        end = following.end()
    if (end < len(shadow) and shadow[end].isalnum()) or 2 * sum(map(str.isdigit, compact)) < length:
        return None
    return end if int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1 else None
