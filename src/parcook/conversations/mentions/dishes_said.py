"""Dishes that are named with no other sign than their words: "could it be a tortilla soup?".

They are looked for where nothing else shows a name. What is already in the pan ("the pancakes are golden") is not
meant, and an assistant's instructions are left alone: "add the chicken broth".
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from parcook.conversations.categories.lexicon import dishes, form_of, mixed_kinds, word_list
from parcook.conversations.mentions import food_words as food
from parcook.conversations.mentions.denials import is_denied
from parcook.conversations.mentions.judging import is_plain
from parcook.conversations.mentions.ordinary_words import AMOUNT_UNITS, ORDINARY, PARTS
from parcook.conversations.mentions.trimming import Span

_SENTENCE = re.compile(r"[^.!?:;\n]+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,;:()]")
_LONGEST_KIND = 5
_LONGEST_MODIFIED = 6
# An answer says in the first sentences of its first line what it is about.
_SENTENCES = {"user": 20, "assistant": 3}


def find_dishes_said(text: str, lower: str, role: str) -> Iterator[Span]:
    """The dishes in `text`, each with the words for food before it; `lower` is the same in lower case."""
    end_of_line = lower.find("\n") if role == "assistant" else -1
    up_to = end_of_line if end_of_line >= 0 else len(lower)
    for sentence in islice(_SENTENCE.finditer(lower, 0, up_to), _SENTENCES[role]):
        words = _WORD.findall(sentence[0])
        keys = list(map(form_of, words))
        if _beginnings().isdisjoint(keys) or (role == "assistant" and _instructs(words)):
            continue
        spans = [match.span() for match in _WORD.finditer(lower, sentence.start(), sentence.end())]
        for kind, end in _kinds(keys):
            first = kind
            while first > 0 and end - first < _LONGEST_MODIFIED and _modifies(text, spans, words, first - 1):
                first -= 1
            last = _end_of_addition(words, end) - 1
            if not _is_named(words, first, kind, end) or (role == "assistant" and first == last):
                continue
            start, stop = spans[first][0], spans[last][1]
            if not is_denied(lower, start, start, role):
                yield Span(" ".join(text[start:stop].split()), start, stop)


def _instructs(words: list[str]) -> bool:
    return any(word in food.INSTRUCTING or word.isnumeric() for word in words)


def _modifies(text: str, spans: list[tuple[int, int]], words: list[str], at: int) -> bool:
    """Whether a word before a dish belongs to its name: it is for food, or has a capital inside a sentence."""
    start, end = spans[at]
    return _tells_food(words[at]) or (at > 0 and end - start > 1 and text[start].isupper())


def _kinds(keys: list[str]) -> Iterator[tuple[int, int]]:
    """Where each kind of dish begins and ends."""
    at = 0
    while at < len(keys):
        kind, end = _kind_at(keys, at)
        if end > at:
            yield kind, end
        at = max(end, at + 1)


def _kind_at(keys: list[str], at: int) -> tuple[int, int]:
    """Where the kind of dish that is said from `at` on begins and ends: of "coconut rice pudding" it is the pudding."""
    kind, end = at, at + _length_of_kind(keys, at)
    after = at + 1
    while after <= end < len(keys) and end - at < _LONGEST_MODIFIED:
        if (length := _length_of_kind(keys, after)) and after + length > end:
            kind, end = after, after + length
        after += 1
    return kind, end


def _length_of_kind(keys: list[str], at: int) -> int:
    """How many words from `at` on are a dish, or a kind of dish of which other words make one; 0 if none."""
    if keys[at] not in _beginnings():
        return 0
    for length in range(min(_LONGEST_KIND, len(keys) - at), 0, -1):
        if " ".join(keys[at : at + length]) in dishes():
            return length
    return int(keys[at] in mixed_kinds())


def _end_of_addition(words: list[str], end: int) -> int:
    """`end`, or where "with mango salsa" after it ends."""
    if end + 1 < len(words) and words[end] == "with" and _tells_food(words[end + 1]):
        end += 2
        while end < len(words) and _tells_food(words[end]):
            end += 1
    return end


def _is_named(words: list[str], start: int, at: int, end: int) -> bool:
    """Whether `words[start:end]`, of which those from `at` on say the kind of dish, name one to be made."""
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if before in food.IN_THE_PAN or before in AMOUNT_UNITS or before.isnumeric():
        return False
    if after in PARTS or after in food.VESSELS:
        return False
    if before == "with" and all(is_plain(word) or word == "and" for word in words[start:end]):
        return False
    kind, last = " ".join(map(form_of, words[at:end])), words[end - 1]
    category = dishes().get(kind)
    if category == "sauce_condiment" or (last in food.NOT_ALONE and (category == "drink" or end - start == 1)):
        return False
    if last in food.NOT_ALONE and end - at == 1 and kind not in mixed_kinds():
        return False
    if end - start == 1:
        return not (last in food.KINDS or last in food.VAGUE or last in ORDINARY or kind in mixed_kinds())
    return end - at > 1 or last not in food.KINDS or last in food.HEADS


@cache
def _beginnings() -> frozenset[str]:
    """The words with which dishes begin; of those that may be written with a hyphen, all of them."""
    return frozenset(term.partition(" ")[0] for term in dishes()).union(dishes(), mixed_kinds())


@cache
def _food_words() -> frozenset[str]:
    kinds = ("meat", "vegetable", "fruit", "sweet", "savoury", "plain")
    return frozenset(dishes()).union(*(word_list(kind) for kind in kinds))


def _tells_food(word: str) -> bool:
    if word in food.ACTIONS:
        return False
    if word in food.COOKED or word in food.TASTES or word in food.CUISINES or word in food.COLOURS:
        return True
    return form_of(word) in _food_words()
