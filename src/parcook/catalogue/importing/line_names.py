"""What of a recipe's line is the name of the ingredient, once amount and unit are taken off."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How it is cut, and how large it is: no part of the name.
_CUT = _words(
    """chopped minced diced sliced grated shredded packed sifted melted softened peeled beaten cubed halved quartered
    crushed mashed julienned juiced zested trimmed seeded deseeded cored pitted crumbled drained rinsed thawed chilled
    divided heaped heaping skinless boneless uncooked squeezed extra finely coarsely roughly thinly thickly freshly
    lightly firmly loosely tightly neatly large small medium big jumbo size sized"""
)
# After these words it is another thing.
_KEPT = {
    "minced": _words("beef lamb pork veal meat turkey chicken steak"),
    "mashed": _words("potato potatoes"),
    "crushed": _words("red ice chile chili chilli"),
    "extra": _words("virgin firm lean light sharp dark dry"),
}
# Not a name if they stand alone, as in `fresh, ripe tomatoes`.
_MANNERS = _CUT | _words(
    """fresh ripe dry dried soft raw toasted roasted cooked warm cold hot lean plain good optional optionally fine thin
    thick"""
)
_OF = re.compile(r"(?:(?:of|from|each|an?|the) +)+", re.IGNORECASE)
_END = re.compile(
    r" (?:[-–—+] |(?:for|per|plus|such as|preferably|cut into|cut in|about|at room temperature|if|and/or|e\.g\."
    r"|optional)(?= |$)|or (?=[\d.])|(?:or )?more$)|;|: |\. (?=[A-Z])",
    re.IGNORECASE,
)
_COMMA = re.compile(r",(?!\d)")
EDGES = " .,;:*-–—/\"'"


def find_name(text: str) -> str:
    """What stands before the first comma, dash or `for …`, unless it only says how the thing is; may be empty."""
    text = text.strip(EDGES)
    if of := _OF.match(text):
        text = text[of.end() :]
    parts = [part.strip(EDGES) for part in _COMMA.split(_END.split(f" {text}", maxsplit=1)[0])]
    for part in parts:
        if any(word.lower() not in _MANNERS for word in part.split()):
            return part
    return parts[0]


def without_cut(words: list[str]) -> list[str]:
    """`words` without those on size and cut at both ends; one word is left in any case."""
    start, end = 0, len(words)
    while start < end - 1 and _is_cut(words[start]):
        following = words[start + 1].lower()
        if following in _KEPT.get(words[start].lower(), ()):
            break
        start += 2 if following in ("and", "or", "of", "&") and start < end - 2 else 1
    while end > start + 1 and _is_cut(words[end - 1]):
        end -= 1
    return words[start:end]


def _is_cut(word: str) -> bool:
    return all(half in _CUT for half in word.lower().split("-"))
