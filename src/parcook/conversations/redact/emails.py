"""E-mail addresses: from each `@`, or what people write for it, outwards as far as an address can reach.

An address needs a local part, and a domain whose last label is letters; so `@chef_jo`, `2 @ $5`, `react@18.2.0` and
`eggs @ room temperature` are none. Each walk ends at the next `@`, space or bound, so the time is linear.
"""

import re
from collections.abc import Iterator

from parcook.conversations.redact.spoken import AT, DOT, DOT_WORD, SPACED_DOT, is_spoken, may_be_spoken

Span = tuple[int, int]

_SIGN = re.compile("@+")
_LABEL = re.compile(r"[^\W_](?:(?:(?![-_]dot[-_])[\w-]){0,62}[^\W_])?", re.I)
_LITERAL = re.compile(r"\[[0-9a-fA-F:.]{3,45}\]")
_TOP = re.compile(r"(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59})(?=\d|$)", re.I)
_LOCAL_BEFORE = re.compile(rf"(?:[\w+-]{{1,40}}(?:{DOT_WORD}| \. )){{1,4}}$", re.I)
_LOCAL_REACH = 120
# RFC 5322's characters of a local part, without those that more often stand around an address than in it …
_LOCAL = frozenset(".+-%'&!#$~^_")
# … and those, which count where they touch the sign.
_ODD_LOCAL = frozenset("{}|`*?=/")
_LONGEST_LOCAL = 64
_MOST_LABELS = 16
# `dinner @ the.usual` is no address; `jo @ example.com` is.
_NO_DOMAIN = re.compile(r"\s*(?:the|a|an|my|our|your|his|her|their|this|that)\.", re.I)
_FILE = re.compile("png|jpe?g|gif|webp|svg|heic|pdf|txt|csv|json|xml|html?|css|js|mp[34]|docx|xlsx", re.I)
# Top-level domains that make an address of `jo @example.com`, and are no English word besides.
_PLAIN_TOP = re.compile(
    "com|org|net|edu|gov|info|biz|io|eu|uk|de|fr|es|nl|ch|se|dk|pl|pt|ie|ca|au|nz|jp|br|mx|ru", re.I
)


def find_emails(shadow: str) -> Iterator[Span]:
    """Where the addresses in `shadow` stand, from left to right, none overlapping another."""
    after = 0
    for match in (AT if may_be_spoken(shadow) else _SIGN).finditer(shadow):
        if match.start() < after:
            continue
        found = _around(shadow, match, after)
        if found is not None:
            yield found
            after = found[1]


def _around(shadow: str, sign: re.Match[str], after: int) -> Span | None:
    word = sign[0].strip(" ").lower()
    is_sign = word.startswith("@")
    has_space = (shadow[sign.start() - 1 : sign.start()] == " ", shadow[sign.end() : sign.end() + 1] == " ")
    if is_sign and all(has_space) and (spelled := _spelled(shadow, sign.start(), sign.end(), after)):
        return spelled
    end, dots, top = _domain(shadow, sign.end(), is_sign and has_space[1])
    if end is None or (start := _local_start(shadow, sign.start(), after)) is None:
        return None
    if _FILE.fullmatch(top):
        return None  # `logo@2x.png`
    if is_sign and all(has_space) and _NO_DOMAIN.match(shadow, sign.end()):
        return None
    if is_sign and any(has_space) and not all(has_space) and not _PLAIN_TOP.fullmatch(top):
        return None  # `thanks @chef.jo`
    if word in ("at", "arroba") and not is_spoken(shadow, start, sign.start(), end, dots):
        return None
    return start, end


def _local_start(shadow: str, end: int, after: int) -> int | None:
    """Where the local part that ends at `end` begins; None if there is none."""
    for _ in range(2):
        if end > after and shadow[end - 1] == " ":
            end -= 1
    if end > after and shadow[end - 1] == '"':
        opening = shadow.rfind('"', max(after, end - _LONGEST_LOCAL - 2), end - 1)
        return opening if opening >= 0 else None
    start = end
    while start > after and (shadow[start - 1].isalnum() or shadow[start - 1] in _LOCAL):
        start -= 1
    first = start
    while start < end and not shadow[start].isalnum() and shadow[start] != "_":  # it opens a word, not an address
        start += 1
    if start == end:
        return first if first < end and shadow[first].isalnum() else _odd_start(shadow, end, after)
    reach = max(after, start - _LOCAL_REACH)
    before = _LOCAL_BEFORE.search(shadow, reach, start)
    return before.start() if before else start


def _odd_start(shadow: str, end: int, after: int) -> int | None:
    """The same for a local part like `{x}` or `jo=`."""
    start = end
    while start > max(after, end - _LONGEST_LOCAL) and not shadow[start - 1].isspace() and shadow[start - 1] != "@":
        start -= 1
    is_one = start < end and shadow[end - 1] in _ODD_LOCAL and any(map(str.isalnum, shadow[start:end]))
    return start if is_one else None


def _domain(shadow: str, start: int, may_be_spaced: bool) -> tuple[int | None, list[str], str]:
    """Where the domain that begins at `start` ends, or None; what its dots look like; its top-level domain."""
    for _ in range(2):
        if may_be_spaced and shadow[start : start + 1] == " ":
            start += 1
    if literal := _LITERAL.match(shadow, start):
        return literal.end(), ["."], "com"
    label = _LABEL.match(shadow, start)
    dots: list[str] = []
    end, top = None, ""
    while label is not None and len(dots) < _MOST_LABELS:
        if dots and (found := _TOP.match(label[0])):
            end, top = label.start() + found.end(), found[0]
        dot = DOT.match(shadow, label.end())
        if dot is None and may_be_spaced and (spaced := SPACED_DOT.match(shadow, label.end())):
            following = _LABEL.match(shadow, spaced.end())
            is_dot = following and (spaced[0] == " . " or _PLAIN_TOP.fullmatch(following[0]))
            dot = spaced if is_dot else None
        if dot is None:
            break
        label = _LABEL.match(shadow, dot.end())
        dots.append(dot[0].strip())
    return end, dots, top


def _spelled(shadow: str, start: int, end: int, after: int) -> Span | None:
    """`j o @ e x a m p l e . c o m`."""
    first, last = start, end
    while first - 2 >= after and shadow[first - 1] == " " and _is_single(shadow, first - 2, first - 3):
        first -= 2
    while shadow[last : last + 1] == " " and last + 1 < len(shadow) and _is_single(shadow, last + 1, last + 2):
        last += 2
    is_address = first < start and "." in shadow[end:last] and shadow[last - 1].isalpha() and last - end >= 8
    return (first, last) if is_address else None


def _is_single(shadow: str, place: int, beside: int) -> bool:
    character, neighbour = shadow[place], shadow[beside : beside + 1] if beside >= 0 else ""
    return (character.isalnum() or character in "._+-") and not neighbour.isalnum()
