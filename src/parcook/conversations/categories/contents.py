"""The category of a dish by what is in it, where its name leaves a doubt."""

from collections.abc import Iterable
from itertools import islice, pairwise

from parcook.conversations.categories.lexicon import word_list, words_of

# No recipe has more ingredients, or longer lines; a hostile list might.
_MAX_LINES = 200
_MAX_LINE = 500
# Of a mixed drink.
_MAX_IN_DRINK = 12


def by_ingredients(said: str | None, is_certain: bool, ingredients: Iterable[str]) -> str | None:
    """The category of a dish of these `ingredients` whose name says `said`, certainly or not."""
    lines = [words_of(line[:_MAX_LINE]) for line in islice(ingredients, _MAX_LINES)]
    if (not is_certain or said in (None, "drink", "cocktail")) and _is_mixed_drink(lines):
        return "cocktail"
    return said if said is not None or is_certain else _by_contents(lines)


def _is_mixed_drink(lines: list[list[str]]) -> bool:
    """Whether spirit is among a few things none of which is cooked."""
    with_spirit = [_has_spirit(line) for line in lines]
    return (
        len(lines) <= _MAX_IN_DRINK
        and any(with_spirit)
        and all(spirit or word_list("solid").isdisjoint(line) for line, spirit in zip(lines, with_spirit, strict=True))
    )


def _has_spirit(line: list[str]) -> bool:
    spirits = word_list("spirit")
    return not spirits.isdisjoint(line) or any(f"{one} {other}" in spirits for one, other in pairwise(line))


def _by_contents(lines: list[list[str]]) -> str | None:
    words = {word for line in lines for word in line}

    def has(kind: str) -> bool:
        return not word_list(kind).isdisjoint(words)

    if has("poured") and all(_is_liquid(line) for line in lines):
        return "drink"
    if has("sugar") and has("baked") and not has("meat") and not has("seasoning"):
        return "bread" if "yeast" in words else "dessert"
    if has("pasta"):
        return "pasta_noodle"
    if has("meat"):
        return "soup_stew" if has("broth") and "potato" in words else "main"
    return "salad" if has("leaf") and "vinegar" in words else None


def _is_liquid(line: list[str]) -> bool:
    return not (word_list("poured").isdisjoint(line) and word_list("stirred_in").isdisjoint(line))
