"""Dishes that a person names with no other sign than their words: "could it be a tortilla soup?"."""

import re
from collections.abc import Iterator
from functools import cache

from parcook.conversations.categories.lexicon import dishes, form_of, mixed_kinds, word_list
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.denials import is_denied
from parcook.conversations.mentions.ordinary_words import AMOUNT_UNITS, ORDINARY, PARTS
from parcook.conversations.mentions.trimming import Span, is_plain

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,!?;:()\n]")
_LONGEST = 5
_LONGEST_MODIFIED = 6


def find_dishes_said(text: str, lower: str) -> Iterator[Span]:
    """The dishes in `text`, each with the words for food before it; not what is already in the pan ("the pancakes")."""
    words = _WORD.findall(lower)
    keys = list(map(form_of, words))
    beginnings = _beginnings()
    if beginnings.isdisjoint(key.partition(" ")[0] for key in keys):
        return
    spans = [match.span() for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        end = at + _length_at(keys, at) if keys[at].partition(" ")[0] in beginnings else at
        if end > at:
            start = at
            while start > 0 and end - start < _LONGEST_MODIFIED and _tells_food(words[start - 1]):
                start -= 1
            begin, stop_at = spans[start][0], spans[end - 1][1]
            if _is_named(words, start, at, end) and not is_denied(lower, begin, begin, "user"):
                yield Span(" ".join(text[begin:stop_at].split()), begin, stop_at)
        at = max(end, at + 1)


def _length_at(keys: list[str], at: int) -> int:
    """How many words from `at` on are a dish, or a kind of dish that other words make one."""
    for length in range(min(_LONGEST, len(keys) - at), 0, -1):
        if " ".join(keys[at : at + length]) in dishes():
            return length
    return 1 if keys[at] in mixed_kinds() else 0


def _is_named(words: list[str], start: int, at: int, end: int) -> bool:
    """Whether `words[start:end]`, of which those from `at` on say the kind of dish, name one to be made."""
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if (
        before in stop.IN_THE_PAN
        or before in AMOUNT_UNITS
        or before.isdigit()
        or after in PARTS
        or after in stop.VESSELS
    ):
        return False
    if before == "with" and all(is_plain(word) or word == "and" for word in words[start:end]):
        return False
    kind = " ".join(form_of(word) for word in words[at:end])
    last = words[end - 1]
    if dishes().get(kind) == "sauce_condiment" or last in stop.NOT_ALONE:
        return False
    if end - start == 1:
        return last not in stop.KINDS and last not in stop.VAGUE and last not in ORDINARY and kind not in mixed_kinds()
    return end - at > 1 or last not in stop.KINDS or last in stop.HEADS


@cache
def _beginnings() -> frozenset[str]:
    """The words with which dishes begin."""
    return frozenset(term.partition(" ")[0] for term in dishes()) | frozenset(mixed_kinds())


@cache
def _food_words() -> frozenset[str]:
    kinds = ("meat", "vegetable", "fruit", "sweet", "savoury", "plain")
    return frozenset().union(*(word_list(kind) for kind in kinds)) | frozenset(dishes())


def _tells_food(word: str) -> bool:
    if word in stop.ACTIONS:
        return False
    return word in stop.COOKED or word in stop.CUISINES or word in stop.COLOURS or form_of(word) in _food_words()
