"""The numbers of a text as groups of digits, with what stands between them: what cards and telephones are made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = re.compile(r"\d+", re.ASCII)
_TIGHT = re.compile(r"[-./()_~]{1,3}|\)[ _]?|\)-| ?\(")
_LOOSE = re.compile(r"[ \-./()_~]{1,3}")
_WIDE = re.compile(r"[^\w\n]{1,3}|_{1,2}|\)_")
_ODD_BEFORE = frozenset("@=")
_CODE = re.compile(r"(?<![^\W_])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{1,8}[-_/]$")
_PATH = re.compile(r"//|www\.|\w\.[a-z]{2,}/|^\(?/|10\.\d{4,9}/", re.I)
_UNSPACED = "\u2e80"  # Chinese, Japanese and Korean begin here
_TOKEN_REACH = 80
SINGLE_GAPS = frozenset((" ", "-", ".", "_", "/", "~"))


@dataclass(frozen=True, slots=True)
class Group:
    """A run of digits, where it starts and ends, and what stands between it and the group before it."""

    digits: str
    start: int
    end: int
    gap: str


def find_clusters(shadow: str) -> Iterator[Sequence[Group]]:
    """Groups that stand so close to each other that they may be one number, in their order."""
    cluster: list[Group] = []
    for match in _DIGITS.finditer(shadow):
        gap = shadow[cluster[-1].end : match.start()] if cluster else ""
        if cluster and not _WIDE.fullmatch(gap):
            yield cluster
            cluster, gap = [], ""
        cluster.append(Group(match[0], match.start(), match.end(), gap))
    if cluster:
        yield cluster


@lru_cache(maxsize=1024)
def is_loose(gap: str) -> bool:
    """Whether `gap` may stand within the number of a telephone or a card."""
    return _LOOSE.fullmatch(gap) is not None


@lru_cache(maxsize=1024)
def is_tight(gap: str) -> bool:
    """Whether what stands on both sides of `gap` belongs together: a dash, a dot, a slash, a bracket."""
    return _TIGHT.fullmatch(gap) is not None


def is_spelled_on(cluster: Sequence[Group], place: int) -> bool:
    """Whether group `place` is one digit more in a row of single digits, so that no number begins with it."""
    own, before = cluster[place], cluster[place - 1]
    return place > 0 and len(own.digits) == len(before.digits) == 1 and own.gap in SINGLE_GAPS


def is_of_word(character: str) -> bool:
    """Whether a number beside `character` is part of a word; not in writing that puts no space between words."""
    return character.isalnum() and character < _UNSPACED


def opens(shadow: str, start: int) -> bool:
    """Whether the number that starts at `start` is no part of a word, a code, an address or a longer number."""
    before = shadow[start - 1 : start] if start else ""
    if not before or before == " ":
        return True
    if is_of_word(before) or before in _ODD_BEFORE:
        return False
    is_after_word = shadow[start - 2 : start - 1].isalnum()
    if before in ".," and shadow[start - 2 : start - 1].isdigit():
        return False
    if before == "_":
        return not is_after_word
    if before in "./":
        token = shadow[max(0, start - _TOKEN_REACH) : start].rsplit(None, 1)[-1]
        return _PATH.search(token) is None
    return not (before == "-" and is_after_word and _CODE.search(shadow, max(0, start - 10), start))
