"""Whether a known name in a text stands for the recipe, not for an ingredient or for what the word means otherwise."""

from parcook.conversations.mentions import food_words as food
from parcook.conversations.mentions import ordinary_words as ordinary
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.judging import is_plain

_STOPS = frozenset(",.!?;:")
# How far back the beginning of the line is looked for.
_REACH = 200


def is_meant(words: list[str], first: int, last: int, text: str, start: int, end: int) -> bool:
    """Whether the known name `words[first:last]`, which is `text[start:end]`, is meant.

    After an amount ("2 cups garlic butter") and before a part ("apple pie filling") it is not. An ordinary word needs
    a sign: it is asked for, counted, marked, or has a capital inside a sentence.
    """
    before = words[first - 1] if first else ""
    after = words[last] if last < len(words) else ""
    measure = words[first - 2] if before == "of" and first > 1 else before
    if measure in ordinary.AMOUNT_UNITS or after in ordinary.PARTS:
        return False
    name = " ".join(words[first:last])
    if name not in ordinary.PROPER and not _is_ordinary(name):
        return True
    if before in ordinary.ASKING or after in ordinary.CALLED or last - first == len(words):
        return True
    ends = not after or after in stop.ENDING or after in stop.CLOSING or text[end : end + 1] in _STOPS
    if before in ordinary.COUNTING and ends:
        return True
    line = text.rfind("\n", max(0, start - _REACH), start) + 1
    if text[start - 1 : start] == "*" or text.startswith("#", line):
        return True
    return name not in ordinary.PROPER and text[start].isupper() and not _begins_sentence(text, start)


def _is_ordinary(name: str) -> bool:
    if " " in name:
        return name in ordinary.ORDINARY_PHRASES
    return name in ordinary.ORDINARY or name in food.KINDS or name in food.VAGUE or is_plain(name)


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at].rstrip(" \"“'*-")
    return not before or before[-1] in ".!?:\n"
