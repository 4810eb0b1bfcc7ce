"""From where a name is said to the name: where it begins and ends, and whether it is one at all."""

import re
from typing import NamedTuple

from parcook.conversations.categories.lexicon import dishes, word_list, words_of
from parcook.conversations.categories.naming import by_name, ends_in_kind
from parcook.conversations.mentions import stop_words as stop

_MAX_WORDS = 8
_LONGEST = 120
_WORD = re.compile(r"\S+")
_MARKED = re.compile(r"(\*{1,3}|_{1,3}|[\"“”'‘`]+)(?=\S)([^\n*\"“”`]{2,%d}?)(?<=\S)(?:\1|[\"”’])(?!\w)" % _LONGEST)
_BREAK = re.compile(r"[\n.!?;:()\[\]{}|\"“”<>*/,]| [-–—] |…")
# Of one recipe among several of a name; French 75 keeps its own.
_NUMBER = re.compile(r"|number|no|#?\d|i{1,3}|i?v|vi{1,3}|i?x")
_MARK = re.compile(r"\*\*?|[\"“]")
# "A classic **Margarita**": so far before it a name's own mark is looked for.
_NEAR = 40
_PLAIN = " \t'‘’`_-–—"


class Span(NamedTuple):
    """A name and which characters of the text it is; bold, or in quotes, it is a name wherever a name may stand."""

    name: str
    start: int
    end: int
    is_marked: bool = False


def name_at(text: str, start: int) -> Span | None:
    """The name that begins at `start`, or after blanks there, and ends where the clause, the mark or the sense does."""
    while start < len(text) and text[start] in " \t:,":
        start += 1
    plain = _BREAK.search(text, start, start + _LONGEST)
    if plain is not None and plain.end() - start < _NEAR and (mark := _MARK.match(text, plain.start())):
        start = mark.start()
    if marked := _MARKED.match(text, start):
        span = trimmed(text, marked.start(2), marked.end(2))
        return span and span._replace(is_marked=True)
    return trimmed(text, start, plain.start() if plain else min(len(text), start + _LONGEST))


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The name in `text[start:end]`, without what leads to it and what follows it."""
    words = [(m[0].strip(_PLAIN).lower(), m.start(), m.end()) for m in _WORD.finditer(text, start, end)]
    first = _first(text, words)
    last = _last(text, words, first)
    while last > first and (words[last - 1][0] in stop.CLOSING or _NUMBER.fullmatch(words[last - 1][0])):
        last -= 1
    chosen = words[first:last]
    if not chosen or not is_nameable([word for word, _, _ in chosen]):
        return None
    start, end = chosen[0][1], chosen[-1][2]
    name = text[start:end].strip(_PLAIN)
    start = text.index(name, start)
    return Span(" ".join(name.split()), start, start + len(name))


def _first(text: str, words: list[tuple[str, int, int]]) -> int:
    at = 0
    while at < len(words) - 1:
        word, start, _ = words[at]
        if word in stop.MEASURES and words[at + 1][0] == "of":
            at += 2
        elif word in stop.ARTICLES or (word in stop.OPENING and text[words[at + 1][1]].islower()):
            at += 1
        elif at and word in stop.PRAISE and text[start].islower():
            at += 1
        elif at and word == "and" and words[at + 1][0] in stop.OPENING:
            at += 1
        else:
            break
    return at


def _last(text: str, words: list[tuple[str, int, int]], first: int) -> int:
    for at in range(first + 1, len(words)):
        word = words[at][0]
        following = words[at + 1][0] if at + 1 < len(words) else ""
        if word in stop.ENDING:
            return at
        if (ends := stop.JOINING.get(word)) is not None:
            after = words[at + 2][0] if at + 2 < len(words) else ""
            if (word, following, after in stop.JARS) == ("in", "a", True):
                continue
            if (word, following, after) == ("for", "two", ""):
                continue
            if (word, following, after in stop.SURFACES) == ("on", "the", True):
                continue
            if word == "in" and following and text[words[first][1]].islower() and text[words[at + 1][1]].isupper():
                return at
            if not following or following in ends or following[0].isdigit():
                return at
    return len(words)


def is_nameable(words: list[str]) -> bool:
    """Whether `words`, in lower case, are more than a kind of food or a thing that is no food."""
    if sum(word not in stop.CLOSING for word in words) > _MAX_WORDS or words[0] in stop.NO_BEGINNING:
        return False
    if (
        words[-1] in stop.NO_END
        or words[-1] in stop.SEVERAL
        or not any(character.isalpha() for word in words for character in word)
    ):
        return False
    said = [word for word in words if word not in stop.MANNER and word not in stop.VAGUE]
    if all(word in stop.CUISINES for word in said) or (len(said) == 1 and len(said[0]) < 3):
        return False
    if len(words) > 1 and any(word in stop.COOKED for word in words):
        return True
    if len(said) == 2 and said[0] in stop.COLOURS:
        return not is_plain(said[1])
    return len(said) > 1 or not (said[0] in stop.KINDS or is_plain(said[0]))


def is_plain(word: str) -> bool:
    """Whether `word` is something to cook with rather than a dish."""
    forms = words_of(word)
    return " ".join(forms) not in dishes() and all(
        any(form in word_list(kind) for kind in ("meat", "vegetable", "savoury", "sweet", "fruit", "plain"))
        for form in forms
    )


def is_dish(name: str) -> bool:
    """Whether `name` ends by saying what kind of dish it is, so that it names one wherever it stands."""
    words = name.lower().split()
    if not any(character.isalpha() for character in words[0]):
        return False
    category, is_certain = by_name(name)
    if is_certain:
        return category is not None and (name.istitle() or ends_in_kind(name))
    return category is not None and len(words) > 1 and any(word in stop.COOKED for word in words)
