"""What kind of dish a recipe is, by its name and, where known, its ingredients."""

from collections.abc import Iterable

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

_HEADS = {
    "cocktail": "margarita martini daiquiri mojito negroni fizz sour julep",
    "drink": "tea coffee smoothie shake lemonade juice punch",
    "dessert": "cake pie cookies cookie brownies tart pudding cheesecake",
    "bread": "bread rolls loaf focaccia",
    "breakfast": "pancakes waffles omelette granola",
    "soup_stew": "soup stew chili chowder broth",
    "salad": "salad coleslaw",
    "sandwich": "sandwich sandwiches burger burgers wrap",
    "pasta_noodle": "pasta spaghetti lasagna noodles",
    "sauce_condiment": "sauce dressing dip jam salsa",
    "side_snack": "fries potatoes hummus",
    "main": "chicken beef curry roast pizza",
}
_CLASS_OF = {word: category for category, words in _HEADS.items() for word in words.split()}


def categorise(name: str, ingredients: Iterable[str] | None = None) -> str | None:
    """One of `CATEGORIES`, or None when nothing says which."""
    for word in reversed(name.casefold().split()):
        if word in _CLASS_OF:
            return _CLASS_OF[word]
    return None
