"""What kind of dish a recipe is, by its name and, where they are known, its ingredients.

What a dish is stands at the end of its name, or at the end of what comes before "with" or "in": a beef noodle soup is
a soup, a bread pudding a pudding. The words for it are data, one file a category in `dishes/`.
"""

from collections.abc import Iterable

from parcook.conversations.categories.contents import by_ingredients
from parcook.conversations.categories.lexicon import CATEGORIES
from parcook.conversations.categories.naming import by_name

__all__ = ["CATEGORIES", "categorise"]


def categorise(name: str, ingredients: Iterable[str] | None = None) -> str | None:
    """One of `CATEGORIES`, or None when it would be a guess.

    `ingredients` are names or whole lines ("2 oz gin"), in any order. They decide where the name leaves a doubt.
    """
    said, is_certain = by_name(name)
    if ingredients is None:
        return said
    return by_ingredients(said, is_certain, ingredients)
