"""The numbers of a text as groups of digits, with what stands between them: what cards and telephones are made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DIGITS = re.compile(r"\d+", re.ASCII)
_TIGHT = re.compile(r"[-./()_]{1,2}|\) ?|\)-| ?\(")
_LOOSE = re.compile(r"[ \-./()_]{1,3}")
_WIDE = re.compile(r"[^\w\n]{1,3}|_{1,2}")
_ODD_BEFORE = frozenset("=@_")


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


def is_loose(gap: str) -> bool:
    """Whether `gap` may stand within a telephone number."""
    return _LOOSE.fullmatch(gap) is not None


def is_tight(gap: str) -> bool:
    """Whether what stands on both sides of `gap` belongs together: a dash, a dot, a slash, a bracket."""
    return _TIGHT.fullmatch(gap) is not None


def opens(shadow: str, start: int) -> bool:
    """Whether the number that starts at `start` is no part of a word, an address or a longer number."""
    before = shadow[start - 1 : start] if start else ""
    if before and (before.isalnum() or before in _ODD_BEFORE):
        return False
    if before in (".", ",") and shadow[start - 2 : start - 1].isdigit():
        return False
    # In the path of an address.
    return not (
        before == "/" and shadow[start - 2 : start - 1].isalnum() and "//" in shadow[max(0, start - 80) : start]
    )
