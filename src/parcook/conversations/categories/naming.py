"""The category of a dish by its name alone."""

import re

from parcook.conversations.categories.lexicon import dishes, mixed_kinds, word_list, words_of

_LONGEST_NAME = 200
_LONGEST_TERM = 5
_GLOSS = re.compile(r"\(([^()]*)\)")
# Kinds of dish that are written as one word with what they are made of.
_ENDINGS = {
    "cake": "dessert",
    "kuchen": "dessert",
    "torte": "dessert",
    "cooky": "dessert",
    "bread": "bread",
    "brot": "bread",
    "burger": "sandwich",
    "soup": "soup_stew",
    "suppe": "soup_stew",
    "salat": "salad",
    "wurst": "main",
}


def by_name(name: str) -> tuple[str | None, bool]:
    """The category that `name` says, and whether a word for a kind of dish says it, not just what the dish is made of.

    What stands in brackets is asked where the rest leaves a doubt: "Foithong (Egg Threads in Syrup)".
    """
    name = name[:_LONGEST_NAME]
    doubtful: str | None = None
    for part in (_GLOSS.sub(" ", name), *_GLOSS.findall(name)):
        category, is_certain = _by_words(words_of(part))
        if is_certain:
            return category, True
        doubtful = doubtful or category
    return doubtful, False


def ends_in_kind(name: str) -> bool:
    """Whether the last word of `name`, or the last before "with" and its like, belongs to a kind of dish."""
    words = words_of(_GLOSS.sub(" ", name[:_LONGEST_NAME]))
    while len(words) > 1 and words[-1] in word_list("number"):
        words = words[:-1]
    if " ".join(words) in word_list("cocktail_name"):
        return True
    head = words[: _added_at(words)]
    return bool(head) and (_by_kind(head, words) or (None,))[0] is not None


def _by_words(words: list[str]) -> tuple[str | None, bool]:
    whole = " ".join(words)
    while len(words) > 1 and words[-1] in word_list("number") and whole not in dishes():
        words = words[:-1]
        whole = " ".join(words)
    if whole in word_list("cocktail_name"):
        return "cocktail", True
    if whole in dishes():
        return dishes()[whole], True
    added = _added_at(words)
    # The last word that says anything decides.
    for end in range(added, 0, -1):
        before = words[: end - 1]
        if (kind := _by_kind(words[:end], before + words[added:])) is not None:
            return kind[0], kind[0] is not None or words[end - 1] in word_list("part")
        if (content := _by_content(words[end - 1], words[:added], words)) is not None:
            return content, False
    if _leaning(words) == 0 and not word_list("sweet").isdisjoint(words[:added]):
        return "dessert", False
    return None, False


def _added_at(words: list[str]) -> int:
    return next((at for at, word in enumerate(words) if at > 0 and word in word_list("added")), len(words))


def _by_kind(words: list[str], others: list[str]) -> tuple[str | None] | None:
    """The category of the kind of dish that `words` end with, as a tuple of one; None if they end with no kind."""
    for length in range(min(_LONGEST_TERM, len(words)), 0, -1):
        term = " ".join(words[-length:])
        if term in dishes():
            return (dishes()[term],)
    last = words[-1]
    if last in word_list("part"):
        return (None,)
    if last in mixed_kinds():
        return (mixed_kinds()[last][_leaning(others)],)
    return next(((kind,) for ending, kind in _ENDINGS.items() if last.endswith(ending)), None)


def _by_content(word: str, head: list[str], words: list[str]) -> str | None:
    """The category of a dish that is named by what it is made of."""
    if word in word_list("meat"):
        return "main"
    if word in word_list("vegetable") or word in word_list("savoury"):
        if not word_list("coating").isdisjoint(head):
            return "dessert"
        return "side_snack" if word_list("meat").isdisjoint(words) else "main"
    return "dessert" if word in word_list("fruit") else None


def _leaning(words: list[str]) -> int:
    """0 if `words` are sweet, 1 if any is savoury, 2 if they do not say."""
    if any(word in word_list(kind) for word in words for kind in ("meat", "vegetable", "savoury")):
        return 1
    return 0 if any(word in word_list("sweet") or dishes().get(word) == "dessert" for word in words) else 2
