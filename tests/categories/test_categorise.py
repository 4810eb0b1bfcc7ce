import pytest

from parcook.conversations.categories import CATEGORIES, categorise
from parcook.conversations.categories.lexicon import dishes, read_terms
from tests.categories.score import Dish, score_dishes, sets


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Chocolate Chip Cookie Dough Ice Cream", "dessert"),
        ("Soup Dumplings", "side_snack"),
        ("Bread Pudding", "dessert"),
        ("Potato Salad", "salad"),
        ("Beef Noodle Soup", "soup_stew"),
        ("Banana Bread", "bread"),
        ("Pancake Syrup", "sauce_condiment"),
        ("Chili Lime Chicken", "main"),
        ("Peanut Butter Cookies", "dessert"),
        ("Taco Salad", "salad"),
    ],
)
def test_the_last_word_for_a_kind_of_dish_decides(name, category):
    assert categorise(name) == category


def test_what_comes_after_with_decides_nothing():
    assert categorise("Chicken Tortellini Soup with Salad") == "soup_stew"
    assert categorise("Steak with Peppercorn Sauce") == "main"


def test_a_pie_is_what_is_in_it():
    assert categorise("Apple Pie") == "dessert"
    assert categorise("Leek and Bacon Pie") == "main"
    assert categorise("Mushroom Crêpes") == "main"
    assert categorise("Chocolate Crêpes") == "dessert"


def test_case_accents_plurals_and_numbers_make_no_difference():
    assert categorise("CRÈME BRÛLÉES II") == categorise("creme brulee") == "dessert"


def test_a_gloss_in_brackets_helps_where_the_name_is_foreign():
    assert categorise("Buah Melaka (Malaysian Palm Sugar Dumplings)") == "dessert"


def test_what_says_nothing_is_left_open():
    for name in ("", "   ", "Aunt Mamie's", "Sunday Surprise", "🍳", "Flaky Pie Crust", "12345"):
        assert categorise(name) is None


def test_ingredients_tell_a_cocktail_from_its_name_sake():
    assert categorise("Grasshopper Surprise") is None
    assert categorise("Brown Bear", ["1 oz Kahlúa", "1 oz rum", "cream"]) == "cocktail"
    assert categorise("Fruit Punch", ["4 cups orange juice", "2 cups ginger ale"]) == "drink"
    assert categorise("Fruit Punch", ["4 cups orange juice", "1 cup rum"]) == "cocktail"


def test_a_splash_of_spirit_makes_no_cocktail_of_a_dish():
    assert categorise("Penne alla Vodka", ["penne", "vodka", "cream", "tomato"]) == "pasta_noodle"
    assert categorise("Brandy Butter", ["butter", "sugar", "brandy"]) == "sauce_condiment"
    assert categorise("Sunday Surprise", ["2 chicken breasts", "1 cup sherry", "1 onion"]) == "main"


def test_ingredients_decide_where_the_name_says_nothing():
    assert categorise("Aunt Mamie's", ["2 cups flour", "1 cup sugar", "butter"]) == "dessert"
    assert categorise("Aunt Mamie's", ["8 oz spaghetti", "garlic", "olive oil"]) == "pasta_noodle"
    assert categorise("Aunt Mamie's", []) is None


def test_an_endless_name_or_list_takes_no_time():
    assert categorise("pie " * 10_000) == "dessert"
    assert categorise("what", ["sugar " * 10_000] * 1_000) is None


@pytest.mark.parametrize(("title", "dishes"), list(sets()), ids=lambda value: value if isinstance(value, str) else "")
def test_dishes_get_their_category(title: str, dishes: list[Dish]):
    total, missed = score_dishes(dishes)
    assert total.accuracy >= 0.92, missed
    assert total.precision >= 0.92, missed


def test_every_word_for_a_dish_stands_for_one_category():
    terms = [term for category in CATEGORIES for term in read_terms(f"dishes/{category}.txt")]
    assert len(terms) == len(dishes())
