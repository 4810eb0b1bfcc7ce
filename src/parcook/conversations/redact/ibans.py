"""International bank account numbers: the length of the country and the check digits of ISO 13616 (mod 97)."""

import re
from collections.abc import Iterator

# Lengths by country, from the IBAN registry of SWIFT, and of those whose banks write one without being in it.
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
        (23, "AE GI IL IQ OM SO TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "AO CV GW LY MZ PT ST"),
        (26, "DZ IR IS TR"),
        (27, "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD"),
        (28, "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU YE"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}
_START = re.compile(r"(?<![A-Za-z0-9])(?:iban)?([a-z]{2}[ -]?\d{2})(?=[ .-]?[a-z0-9])", re.I)
_NEXT = re.compile(r"[ .-]{0,2}([A-Za-z0-9])")
_CUE = re.compile(r"\bi\.?ban\b[^\n]{0,20}$", re.I)
_CUE_REACH = 25
_FEWEST_DIGITS = 6


def find_ibans(shadow: str) -> Iterator[tuple[int, int]]:
    """Where the account numbers in `shadow` stand, from left to right."""
    after = 0
    for match in _START.finditer(shadow):
        start = match.start(1)
        if start >= after and (end := _end(shadow, start, match)) is not None:
            yield start, end
            after = end


def _end(shadow: str, start: int, match: re.Match[str]) -> int | None:
    compact = match[1].replace(" ", "").replace("-", "").upper()
    length = _LENGTHS.get(compact[:2])
    if length is None:
        return None
    end = match.end()
    is_in_fours = True
    while len(compact) < length:
        following = _NEXT.match(shadow, end)
        if following is None:
            return None
        if following[0] != following[1] and len(compact) % 4:
            is_in_fours = False
        compact += following[1].upper()
        end = following.end()
    if end < len(shadow) and shadow[end].isalnum():
        return None
    count = sum(map(str.isdigit, compact))
    if not is_in_fours and (2 * count < length or match[1].islower()):  # words and numbers, as `is 20 minutes` begins
        return None
    is_named = is_in_fours and _CUE.search(shadow, max(0, start - _CUE_REACH), start) is not None
    return end if count >= _FEWEST_DIGITS and (is_named or _is_checked(compact)) else None


def _is_checked(compact: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1
