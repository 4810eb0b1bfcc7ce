"""E-mail addresses: from each `@`, or what people write for it, outwards as far as an address can reach.

An address needs a local part and a domain with a dot whose last label has a letter; so `@chef_jo`, `2 @ $5` and
`eggs @ room temperature` are none. Each walk ends at the next `@` or space, so the time is linear.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_AT_WORD = r"\s{0,2}[\[({<]\s{0,2}(?:at|ät|arroba|@)\s{0,2}[\])}>]\s{0,2}|\s(?:at|arroba)\s(?=\w)|\s?-at-\s?"
_AT = re.compile(rf"@|{_AT_WORD}", re.I)
_ONLY_SIGN = re.compile("@")
_DOT_WORD = (
    r"\s{0,2}[\[({<]\s{0,2}(?:dot|punkt|punto|point|\.)\s{0,2}[\])}>]\s{0,2}|\s(?:dot|punkt|punto)\s|\s?-dot-\s?"
)
_DOT = re.compile(rf"\.|{_DOT_WORD}", re.I)
_SPACED_DOT = re.compile(r"\s?\.\s?")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,62}[^\W_])?")
_LITERAL = re.compile(r"\[[0-9a-fA-F:.]{3,45}\]")
_SPOKEN_LOCAL = re.compile(rf"(?:[\w+-]{{1,40}}(?:{_DOT_WORD})){{1,4}}$", re.I)
_SPOKEN_REACH = 120
_TOP = re.compile(
    "com|org|net|edu|gov|info|biz|io|co|me|app|dev|ai|eu|uk|de|fr|es|it|nl|be|at|ch|se|no|dk|fi|pl|pt|ie|us|ca|au|nz|in|"
    "jp|cn|br|mx|ru|cz|gr|tr|il|za|kr|ar|cl",
    re.I,
)
_CUE = re.compile(r"(?:e-?mail|mail|write|contact|reach|address|correo|schreib\w*)\b[^\n]{0,30}$", re.I)
_CUE_REACH = 60
# RFC 5322's characters of a local part, without those that more often stand around an address than in it.
_LOCAL = frozenset(".+-%'&!#$~^_")


def find_emails(shadow: str) -> Iterator[Span]:
    """Where the addresses in `shadow` stand, from left to right, none overlapping another."""
    after = 0
    lowered = shadow.lower()
    has_words = any(word in lowered for word in ("at", "ät", "arroba"))
    for match in (_AT if has_words else _ONLY_SIGN).finditer(shadow):
        word = match[0].strip().lower()
        end, dots = _domain_end(shadow, match.end(), may_be_spaced=word == "@")
        if end is None or (start := _local_start(shadow, match.start(), after, word)) is None:
            continue
        if word in ("at", "arroba") and not _is_spoken(shadow, start, match.start(), dots):
            continue
        yield start, end
        after = end


def _local_start(shadow: str, end: int, after: int, word: str) -> int | None:
    """Where the local part that ends at `end` begins; None if there is none."""
    for _ in range(2):
        if end > after and shadow[end - 1] == " ":
            end -= 1
    if end > after and shadow[end - 1] == '"':
        opening = shadow.rfind('"', max(after, end - 66), end - 1)
        return opening if opening >= 0 else None
    start = end
    while start > after and (shadow[start - 1].isalnum() or shadow[start - 1] in _LOCAL):
        start -= 1
    while start < end and not shadow[start].isalnum() and shadow[start] != "_":  # it opens a word, not an address
        start += 1
    if start == end:
        return None
    if word != "@" and (spoken := _SPOKEN_LOCAL.search(shadow, max(after, start - _SPOKEN_REACH), start)):
        return spoken.start()
    return start


def _domain_end(shadow: str, start: int, may_be_spaced: bool) -> tuple[int | None, list[str]]:
    """Where the domain that begins at `start` ends, and what its dots look like; None if it is no domain."""
    for _ in range(2):
        if may_be_spaced and shadow[start : start + 1] == " ":
            start += 1
    if literal := _LITERAL.match(shadow, start):
        return literal.end(), ["."]
    label = _LABEL.match(shadow, start)
    dots: list[str] = []
    end = None
    while label is not None:
        if dots and len(label[0]) > 1 and any(map(str.isalpha, label[0])):
            end = label.end()
        dot = _DOT.match(shadow, label.end())
        if dot is None and may_be_spaced and (spaced := _SPACED_DOT.match(shadow, label.end())):
            following = _LABEL.match(shadow, spaced.end())
            dot = spaced if following and _TOP.fullmatch(following[0]) else None
        if dot is None:
            break
        label = _LABEL.match(shadow, dot.end())
        dots.append(dot[0].strip())
    return end, dots


def _is_spoken(shadow: str, start: int, end: int, dots: list[str]) -> bool:
    """Whether a bare `at` between two words joins an address: that of `look at example.com` does not."""
    if any(dot != "." for dot in dots):
        return True
    has_marks = any(mark in "._+0123456789" for mark in shadow[start:end].strip())
    return has_marks or _CUE.search(shadow, max(0, start - _CUE_REACH), start) is not None
