"""Whether a phrase could be a recipe's name, and whether it says by itself that it is a dish."""

from collections.abc import Sequence

from parcook.conversations.categories.lexicon import dishes, word_list, words_of
from parcook.conversations.categories.naming import by_name, ends_in_kind
from parcook.conversations.mentions import food_words as food
from parcook.conversations.mentions import stop_words as stop

_MAX_WORDS = 8
_TO_COOK_WITH = ("meat", "vegetable", "savoury", "sweet", "fruit", "plain")


def is_nameable(words: Sequence[str]) -> bool:
    """Whether `words`, in lower case, are more than a kind of food, an ingredient, or a thing that is no food.

    Small words ("and", "with", "of") do not count among the eight that a name may have.
    """
    if sum(word not in stop.CLOSING for word in words) > _MAX_WORDS or words[0] in stop.NO_BEGINNING:
        return False
    if words[-1] in stop.NO_END or words[-1] in food.SEVERAL or not any(map(_has_letter, words)):
        return False
    said = [word for word in words if word not in food.MANNER and word not in food.VAGUE]
    if all(word in food.CUISINES for word in said):
        return False
    if len(said) == 1:
        return len(said[0]) > 2 and said[0] not in food.KINDS and said[0] not in food.COOKED and not is_plain(said[0])
    if not food.COOKED.isdisjoint(said):
        return True
    return not (len(said) == 2 and said[0] in food.COLOURS and is_plain(said[1]))


def is_plain(word: str) -> bool:
    """Whether `word` is something to cook with rather than a dish."""
    forms = words_of(word)
    return " ".join(forms) not in dishes() and all(
        any(form in word_list(kind) for kind in _TO_COOK_WITH) for form in forms
    )


def is_dish(name: str) -> bool:
    """Whether `name` ends by saying what kind of dish it is, so that it names one wherever it stands."""
    words = name.lower().split()
    if not _has_letter(words[0]):
        return False
    category, is_certain = by_name(name)
    if is_certain:
        return category is not None and (name.istitle() or ends_in_kind(name))
    return category is not None and len(words) > 1 and not food.COOKED.isdisjoint(words)


def might_be_dish(name: str) -> bool:
    """Whether `name` says at least what it is made of: enough where dishes are announced."""
    return by_name(name)[0] is not None


def is_made_apart(name: str) -> bool:
    """Whether `name` is a sauce, a dip or the like, which more often goes with a dish than it is one."""
    return by_name(name)[0] == "sauce_condiment"


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))
