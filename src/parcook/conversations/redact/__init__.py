"""Removing what must not be kept: addresses and numbers of people, before anything is written.

Found are e-mail addresses, telephone and card numbers, IBANs, IP addresses and US social security numbers, by their
own rules (check digits, issuer ranges, numbering plans, layouts) and by the words around them. Names of people and
streets are not recognised. How well it does is measured in docs/redaction.md. It takes time in proportion to the
text, whatever the text; nothing of it is ever logged.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice

from parcook.conversations.redact.emails import find_emails
from parcook.conversations.redact.ibans import find_ibans
from parcook.conversations.redact.ips import find_v4, find_v6
from parcook.conversations.redact.numbers import find_numbers
from parcook.conversations.redact.shadow import Shadow, cast_shadow
from parcook.conversations.redact.spoken import may_be_spoken

__all__ = ["PLACEHOLDERS", "UNREDACTABLE", "redact", "redact_counted", "truncate"]

PLACEHOLDERS = ("[EMAIL]", "[PHONE]", "[CARD]", "[IBAN]", "[IP]", "[SSN]")
UNREDACTABLE = "[UNREDACTABLE]"
"""What stands for a text that could not be redacted: then nothing of it may be kept."""

_LONGEST = max(map(len, (*PLACEHOLDERS, UNREDACTABLE)))
_FEWEST_DIGITS = 4
_DIGIT = re.compile(r"\d")
_MARKED = re.compile(r"&(?:#|commat)|%40|\\u00", re.I)

_MOST_PASSES = 5

Found = tuple[int, int, str]

_FINDERS = (("EMAIL", find_emails), ("IBAN", find_ibans), ("IP", find_v6), ("IP", find_v4))


def redact(text: str) -> str:
    """`text` with placeholders for what must not be kept; unchanged to the byte where there is nothing.

    Doing it again changes nothing. Never raises: a text that cannot be dealt with is `UNREDACTABLE`.
    """
    return redact_counted(text)[0]


def redact_counted(text: str) -> tuple[str, Mapping[str, int]]:
    """`redact`, and how many placeholders of each type (`EMAIL`, `PHONE`, …) were put in."""
    try:
        if not _may_hold_anything(text):
            return text, {}
        return _settled(text)
    except Exception:  # fails closed: whatever is wrong in here, the text is not kept, and not logged either
        return UNREDACTABLE, {"UNREDACTABLE": 1}


def truncate(text: str, limit: int = 500) -> str:
    """The first `limit` characters of a redacted text, but never part of a placeholder."""
    if len(text) <= limit:
        return text
    opening = text.rfind("[", max(0, limit - _LONGEST + 1), limit)
    if opening >= 0 and text.startswith((*PLACEHOLDERS, UNREDACTABLE), opening):
        closing = text.index("]", opening) + 1
        if closing > limit:
            return text[:opening]
    return text[:limit]


def _may_hold_anything(text: str) -> bool:
    """A quick look: most messages have neither four digits nor anything like an @."""
    if not text.isascii():
        return True
    if "@" in text or "::" in text or text.count(":") > 1:
        return True
    if next(islice(_DIGIT.finditer(text), _FEWEST_DIGITS - 1, None), None) is not None:
        return True
    return _MARKED.search(text) is not None or may_be_spoken(text)


def _settled(text: str) -> tuple[str, Mapping[str, int]]:
    """`text` with placeholders, looked at again until nothing is found: what was glued to a value then stands free."""
    counts: Counter[str] = Counter()
    for _ in range(_MOST_PASSES):
        found, shadow = _found(text)
        if not found:
            return text, counts
        counts.update(kind for _, _, kind in found)
        text = _replaced(text, shadow, found)
    raise RecursionError("a text that does not settle")


def _found(text: str) -> tuple[list[Found], Shadow]:
    shadow = cast_shadow(text)
    seen = shadow.text
    found: list[Found] = []
    for kind, find in _FINDERS:
        own = [(start, end, kind) for start, end in find(seen)]
        found += own
        seen = _blanked(seen, own)
    return sorted([*found, *find_numbers(seen)]), shadow


def _replaced(text: str, shadow: Shadow, found: list[Found]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, kind in found:
        first, last = shadow.original(start, end)
        pieces += [text[at:first], f"[{kind}]"]
        at = last
    pieces.append(text[at:])
    return "".join(pieces)


def _blanked(shadow: str, found: list[Found]) -> str:
    """`shadow` with NULs for what has been found, so that nothing else is found in it; as long as before."""
    if not found:
        return shadow
    pieces: list[str] = []
    at = 0
    for start, end, _ in found:
        pieces += [shadow[at:start], "\x00" * (end - start)]
        at = end
    pieces.append(shadow[at:])
    return "".join(pieces)
