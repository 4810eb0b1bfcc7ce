"""Names that no catalogue knows, found by where they stand."""

from itertools import islice

from parcook.conversations.categories.lexicon import words_of
from parcook.conversations.mentions import food_words as food
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.dishes_said import find_dishes_said
from parcook.conversations.mentions.mention import Mention
from parcook.conversations.mentions.spoken import find_spoken
from parcook.conversations.mentions.trimming import Span
from parcook.conversations.mentions.written import find_written

MOST_MENTIONS = 50
"""In one message; nobody offers more recipes at once."""


def find_patterns(text: str, role: str, known: list[Mention]) -> list[Mention]:
    """The names that patterns find in `text` beside those that are `known`, as they are said, each once.

    What the layout shows counts before what sentences say: of "a cozy squash soup" and the heading "Roasted Squash
    Soup" it is the heading.
    """
    lower = text.lower().replace("’", "'")
    if len(lower) != len(text):  # a few capitals have small forms of two characters
        lower = "".join(small if len(small := character.lower()) == 1 else character for character in text)
    said = [_words(mention.name) for mention in known]
    found: list[Span] = []
    if role == "assistant" and ("\n" in text or "**" in text or text.startswith("#")):
        for span in islice(find_written(text), MOST_MENTIONS):
            words = _words(span.name)
            if words not in said and not (len(words) == 1 and any(words <= others for others in said)):
                said.append(words)
                found.append(span)
    spoken = list(find_spoken(text, lower, role))
    if not (spoken or found or known):
        spoken = list(find_dishes_said(text, lower, role))
    for span in sorted(spoken, key=lambda span: span.start):
        if len(found) + len(known) >= MOST_MENTIONS:
            break
        words = _words(span.name)
        if not any(words <= others or others <= words for others in said):
            said.append(words)
            found.append(span)
    taken = [(mention.position, mention.end) for mention in known]
    return [
        Mention(span.name, "pattern", None, None, span.start, span.end)
        for span in sorted(found, key=lambda span: span.start)
        if not any(span.start < end and start < span.end for start, end in taken)
    ]


def _words(name: str) -> frozenset[str]:
    """What tells `name` from others."""
    words = name.lower().split()
    telling = [word for word in words if word not in food.MANNER and word not in stop.OPENING]
    return frozenset(words_of(" ".join(telling or words)))
