"""Names said in sentences: "how do I make churros?", "today we are making churros", "your churros are ready"."""

import re
from collections.abc import Iterator

from parcook.conversations.categories.lexicon import dishes, words_of
from parcook.conversations.categories.naming import by_name
from parcook.conversations.mentions import cues
from parcook.conversations.mentions import food_words as food
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.denials import clause_start, is_denied
from parcook.conversations.mentions.judging import is_dish, is_made_apart
from parcook.conversations.mentions.trimming import Span, name_at, trimmed

_LONGEST_ALONE = 60
_WORD = re.compile(r"[^\s*\"“]+")
# Three or more words with capitals inside a sentence; the small words of titles may stand between them.
_TITLE = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: (?:and|with|of|in|à|la|au|de|&|[A-Z][\w'’-]+)){1,9}(?<=\w)")


def find_spoken(text: str, lower: str, role: str) -> Iterator[Span]:
    """The names in the sentences of `text`; `lower` is the same in lower case, character by character."""
    if role == "user" and (alone := _alone(text, lower)) is not None:
        yield alone
        return
    yield from _after_cues(text, lower, role)
    for told in cues.AFTER_NAMES.finditer(lower):
        if (span := _before(text, lower, told.start(), told[0].strip() in ("is", "are"))) is not None:
            yield span
    if role == "assistant":
        for ready in cues.AROUND_NAME.finditer(lower):
            span = trimmed(text, ready.start("name"), ready.end("name"))
            if span is not None and is_dish(span.name):
                yield span
        for title in _TITLE.finditer(text):
            span = trimmed(text, title.start(), title.end())
            if span is not None and len(span.name.split()) > 2 and is_dish(span.name) and not _is_packed(span.name):
                yield span


def _after_cues(text: str, lower: str, role: str) -> Iterator[Span]:
    done = 0
    for cue in cues.BEFORE_NAMES[role].finditer(lower):
        if cue.start() < done or (cue[0] in cues.TITLED and not text[cue.end() + 1 : cue.end() + 2].isupper()):
            continue
        span = name_at(text, cue.end())
        if span is None or not _is_meant(span, cue, role) or is_denied(lower, cue.start(), cue.end(), role):
            continue
        if role == "assistant" and _instructs(lower, cue.start(), span):
            continue
        yield span
        done = span.end
        while (between := cues.BETWEEN_NAMES.match(lower, done)) is not None:
            span = name_at(text, between.end())
            if span is None or not is_dish(span.name):
                break
            yield span
            done = span.end


def _is_meant(span: Span, cue: re.Match[str], role: str) -> bool:
    """Whether what follows `cue` is a name: by the cue, by its own mark, or because it says that it is a dish."""
    is_sure = (role == "assistant" and span.is_marked) or cues.SURE[role].match(cue.string, cue.start(), cue.end() + 1)
    return (bool(is_sure) and not span.name[0].isdigit()) or is_dish(span.name)


def _instructs(lower: str, at: int, span: Span) -> bool:
    """Whether an assistant tells to make a part of the dish."""
    if cues.PART_MADE.match(lower, at):
        return True
    return span.name.islower() and is_made_apart(span.name) and cues.APART_MADE.match(lower, at) is not None


def _before(text: str, lower: str, end: int, is_all: bool) -> Span | None:
    """The dish at the end of the clause that ends at `end`: all of it, or also what comes after words like "want"."""
    start = clause_start(lower, end)
    span = trimmed(text, start, end)
    if span is not None and _is_told(span.name) and " ".join(words_of(span.name)) in dishes():
        return None if is_all and not food.IN_THE_PAN.isdisjoint(lower[start : span.start].split()) else span
    if is_all:
        return None
    for word in _WORD.finditer(lower, start, end):
        if word[0] in stop.LEADING:
            start = word.end()
    span = trimmed(text, start, end)
    return span if span is not None and _is_told(span.name) and is_dish(span.name) else None


def _is_told(name: str) -> bool:
    """Whether something may be told of `name` as of a dish, not as of an ingredient."""
    return name.lower() not in food.NOT_ALONE


def _alone(text: str, lower: str) -> Span | None:
    """The name that is all a person says, but for a please."""
    if len(text) > _LONGEST_ALONE or (said := cues.ALONE.fullmatch(lower)) is None:
        return None
    if not stop.LEADING.isdisjoint(said["name"].split()):
        return None
    span = trimmed(text, said.start("name"), said.end("name"))
    is_all = span is not None and span.end - span.start == said.end("name") - said.start("name")
    return span if span is not None and is_all and is_dish(span.name) else None


def _is_packed(name: str) -> bool:
    """Whether something with capitals rather comes from a packet: Quaker Rice Snacks, Valley Ranch Dressing."""
    return by_name(name)[0] in ("sauce_condiment", "side_snack")
