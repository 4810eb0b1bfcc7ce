"""The words that rules are made of, read once from files beside this one, and the form in which words are compared."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

CATEGORIES = (
    "cocktail",
    "drink",
    "dessert",
    "bread",
    "breakfast",
    "soup_stew",
    "salad",
    "sandwich",
    "pasta_noodle",
    "sauce_condiment",
    "side_snack",
    "main",
)
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"the", "a", "an"})
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@cache
def dishes() -> dict[str, str]:
    """The category of each term of `dishes/`."""
    return {term: category for category in CATEGORIES for term in read_terms(f"dishes/{category}.txt")}


@cache
def word_list(name: str) -> frozenset[str]:
    """The terms of `words/<name>.txt`."""
    return frozenset(read_terms(f"words/{name}.txt"))


@cache
def mixed_kinds() -> dict[str, tuple[str | None, str | None, str | None]]:
    """For kinds of dish that depend on the rest of the name: the category when sweet, when savoury, when neither."""
    kinds: dict[str, tuple[str | None, str | None, str | None]] = {}
    for line in _read("mixed.txt").splitlines():
        if not line.startswith("#"):
            kind, _, categories = line.partition(": ")
            sweet, savoury, neither = (None if word == "-" else word for word in categories.split(", "))
            kinds[kind] = sweet, savoury, neither
    return kinds


def read_terms(path: str) -> list[str]:
    """The terms of a file beside this one, separated by commas, as `words_of` would have their words."""
    return [" ".join(words_of(term)) for term in _read(path).split(",")]


def words_of(text: str) -> list[str]:
    """The words of `text` in the form in which they are compared: no case, accents, apostrophes, plurals, articles."""
    folded = text.casefold().replace("'", "").replace("’", "")
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    return [_singular(word) for word in _WORD.findall(folded) if word not in _ARTICLES]


@lru_cache(maxsize=4096)
def form_of(word: str) -> str:
    """One word in the form of `words_of`; of a hyphenated one, its parts; nothing of an article."""
    return " ".join(words_of(word))


@lru_cache(maxsize=4096)
def _singular(word: str) -> str:
    """`word` without a plural's ending. Cookie and berry end alike: nobody can tell from "cookies" and "berries"."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("loaves"):
        return word[:-3] + "f"
    if len(word) > 5 and word.endswith(("ches", "shes", "xes", "sses", "zzes", "oes")):
        return word[:-2]
    word = word.removesuffix("s")
    return word[:-2] + "y" if word.endswith("ie") and len(word) > 3 else word


def _read(path: str) -> str:
    return files(__package__).joinpath(path).read_text(encoding="utf-8")
