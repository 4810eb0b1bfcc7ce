"""From where a name is said to the name: where it begins, and where the clause, a mark or the sense ends it."""

import re
from typing import NamedTuple

from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.judging import is_nameable

_LONGEST = 120
_WORD = re.compile(r"\S+")
_BREAK = re.compile(r"[\n.!?;:()\[\]{}|\"“”<>*/,]| [-–—] |…")
_MARKED = re.compile(
    r"(?P<mark>\*{1,3}|_{1,3}|[\"“”'‘`]+)(?=\S)(?P<inside>[^\n*\"“”`]{2,120}?)(?<=\S)(?:(?P=mark)|[\"”’])(?!\w)"
)
_MARK = re.compile(r"\*\*?|[\"“]")
# "A classic **Margarita**": so far before it a name's own mark is looked for.
_NEAR = 40
# Of one recipe among several of a name; French 75 keeps its own.
_NUMBER = re.compile(r"|number|no|#?\d|i{1,3}|i?v|vi{1,3}|i?x")
_AROUND_WORDS = " \t'‘’`_-–—"


class Span(NamedTuple):
    """A name and which characters of the text it is; bold, or in quotes, it is a name wherever a name may stand."""

    name: str
    start: int
    end: int
    is_marked: bool = False


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    is_small: bool


def name_at(text: str, start: int) -> Span | None:
    """The name that begins at `start` or after blanks there."""
    while start < len(text) and text[start] in " \t:,":
        start += 1
    plain = _BREAK.search(text, start, start + _LONGEST)
    if plain is not None and plain.start() - start < _NEAR and _MARK.match(text, plain.start()):
        start = plain.start()
    if marked := _MARKED.match(text, start):
        span = trimmed(text, marked.start("inside"), marked.end("inside"))
        return span and span._replace(is_marked=True)
    return trimmed(text, start, plain.start() if plain else min(len(text), start + _LONGEST))


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The name in `text[start:end]`, without what leads to it and what follows it."""
    words = [
        _Word(match[0].strip(_AROUND_WORDS).lower(), match.start(), match.end(), match[0][0].islower())
        for match in _WORD.finditer(text, start, end)
    ]
    first = _first(words)
    last = _last(words, first)
    while last > first and (words[last - 1].text in stop.CLOSING or _NUMBER.fullmatch(words[last - 1].text)):
        last -= 1
    chosen = words[first:last]
    if not chosen or not is_nameable([word.text for word in chosen]):
        return None
    said = text[chosen[0].start : chosen[-1].end]
    start = chosen[0].start + len(said) - len(said.lstrip(_AROUND_WORDS))
    said = said.strip(_AROUND_WORDS)
    return Span(" ".join(said.split()), start, start + len(said))


def _first(words: list[_Word]) -> int:
    """Where the name begins, once articles, measures and praise are left out; one word stays in any case."""
    at = 0
    while at < len(words) - 1:
        word, following = words[at], words[at + 1]
        if word.text in stop.MEASURES and following.text == "of":
            at += 2
        elif (
            word.text in stop.ARTICLES
            or (word.text in stop.OPENING and (word.is_small or following.is_small))
            or (at and word.is_small and word.text in stop.PRAISE)
            or (at and word.text == "and" and following.text in stop.OPENING)
        ):
            at += 1
        else:
            break
    return at


def _last(words: list[_Word], first: int) -> int:
    """Where the name that begins at `first` ends."""
    for at in range(first + 1, len(words)):
        if words[at].text in stop.ENDING:
            return at
        if words[at].text in stop.JOINING and not _goes_on(words, first, at):
            return at
    return len(words)


def _goes_on(words: list[_Word], first: int, at: int) -> bool:
    """Whether the name goes on after a word like "with" or "in": "Eggs in a Basket", but "bibimbap in Seoul"."""
    joint = words[at].text
    following = words[at + 1].text if at + 1 < len(words) else ""
    after = words[at + 2].text if at + 2 < len(words) else ""
    if (joint, following) == ("in", "a") and after in stop.JARS:
        return True
    if (joint, following) == ("on", "the") and after in stop.SURFACES:
        return True
    if (joint, following, after) == ("for", "two", ""):
        return True
    if not following or following in stop.JOINING[joint] or following[0].isdigit():
        return False
    return joint != "in" or words[at + 1].is_small or not words[first].is_small
