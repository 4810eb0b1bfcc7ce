"""Taking a line of a recipe apart into amount, unit and name."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.catalogue.importing.ingredient_lines import MAX_CHARACTERS, read_amount, split_line
from parcook.catalogue.importing.measures import MEASURES, find_measure
from parcook.catalogue.importing.plurals import other_forms, pluralise, singularise
from parcook.catalogue.importing.values import MAX_AMOUNT
from tests.servers.missing import lacking

SHARED = Path(__file__).parents[3] / "shared/data/catalogue"

PLAIN = [
    ("3 cups bread flour", 3, "cup", "bread flour"),
    ("1 cup sour cherries", 1, "cup", "sour cherries"),
    ("2 tablespoons of honey", 2, "tablespoon", "honey"),
    ("6 Tbsp. soy sauce", 6, "tablespoon", "soy sauce"),
    ("2 T butter", 2, "tablespoon", "butter"),
    ("2 t salt", 2, "teaspoon", "salt"),
    ("1 c. sugar", 1, "cup", "sugar"),
    ("450 g potatoes", 450, "gram", "potatoes"),
    ("500g rye flour", 500, "gram", "rye flour"),
    ("2L water", 2, "litre", "water"),
    ("4 cl Gin", 4, "centilitre", "Gin"),
    ("1 1/2 fl. oz. gin", 1.5, "fluid ounce", "gin"),
    ("3 fluid ounces pisco", 3, "fluid ounce", "pisco"),
    ("2 lbs minced beef", 2, "pound", "minced beef"),
    ("1 kg. beef", 1, "kilogram", "beef"),
    ("3 sprigs thyme", 3, "sprig", "thyme"),
    ("2 dashes Angostura bitters", 2, "dash", "Angostura bitters"),
    ("12 leaves of chard", 12, "leaf", "chard"),
    ("2 loaves ciabatta", 2, "loaf", "ciabatta"),
    ("4 eggs", 4, None, "eggs"),
    ("1 bay leaf", 1, None, "bay leaf"),
    ("5 dried figs", 5, None, "dried figs"),
    ("Nutmeg", None, None, "Nutmeg"),
    ("Salt and pepper", None, None, "Salt and pepper"),
]
NUMBERS = [
    ("½ cup oats", 0.5, "cup", "oats"),
    ("1½ cups oats", 1.5, "cup", "oats"),
    ("2 ¾ cups oats", 2.75, "cup", "oats"),
    ("1 1/2 cups oats", 1.5, "cup", "oats"),
    ("1-1/2 cups oats", 1.5, "cup", "oats"),
    ("1 and 1/2 cups oats", 1.5, "cup", "oats"),
    ("1⁄4 cup oats", 0.25, "cup", "oats"),
    ("1 &frac12; cups oats", 1.5, "cup", "oats"),
    ("1,5 dl Sahne", 1.5, "decilitre", "Sahne"),
    ("0,125 l Sahne", 0.125, "litre", "Sahne"),
    (".5 tsp salt", 0.5, "teaspoon", "salt"),
    ("1,000 g sugar", 1000, "gram", "sugar"),
    ("1-2 cloves garlic", 1, "clove", "garlic"),
    ("2 – 3 tbsp water", 2, "tablespoon", "water"),
    ("3 to 4 carrots", 3, None, "carrots"),
    ("2 or 3 limes", 2, None, "limes"),
    ("1½-2 kg potatoes", 1.5, "kilogram", "potatoes"),
    ("1/2-3/4 cup milk", 0.5, "cup", "milk"),
    ("2 x 400 g tins tomatoes", 800, "gram", "tomatoes"),
    ("3 × 50 ml cream", 150, "millilitre", "cream"),
    ("2 14.5-oz cans lentils", 29, "ounce", "lentils"),
    ("2 x eggs", 2, None, "eggs"),
    ("half a lemon", 0.5, None, "lemon"),
    ("½ of a cucumber", 0.5, None, "cucumber"),
    ("an egg", 1, None, "egg"),
    ("two and a half cups water", 2.5, "cup", "water"),
    ("a dozen oysters", 12, None, "oysters"),
    ("half a dozen eggs", 6, None, "eggs"),
    ("2 dozen mussels", 24, None, "mussels"),
    ("about 3 cups stock", 3, "cup", "stock"),
    ("1/0 cup salt", None, "cup", "salt"),
    ("0 cups salt", 0, "cup", "salt"),
]
VAGUE = [
    ("a pinch of salt", 1, "pinch", "salt"),
    ("Pinch of salt", 1, "pinch", "salt"),
    ("a few drops of vanilla essence", None, "drop", "vanilla essence"),
    ("Drops of saline", None, "drop", "saline"),
    ("a large handful of fresh spinach", 1, "handful", "fresh spinach"),
    ("a little olive oil", None, None, "olive oil"),
    ("some chives", None, None, "chives"),
    ("pepper to taste", None, None, "pepper"),
    ("2 tbsp sugar, or to taste", 2, "tablespoon", "sugar"),
    ("Butter, as needed", None, None, "Butter"),
]
BRACKETS_AND_TAILS = [
    ("4 oz (100 g) butter", 4, "ounce", "butter"),
    ("1 (9 inch) deep dish pie crust", 1, None, "deep dish pie crust"),
    ("1 (14 oz) can crushed tomatoes", 1, "can", "crushed tomatoes"),
    ("1 tin (400 ml) coconut milk", 1, "can", "coconut milk"),
    ("1 stick (½ cup) butter", 1, "stick", "butter"),
    ("2 cups stock (see note (below))", 2, "cup", "stock"),
    ("1 cup flour (sifted", 1, "cup", "flour"),
    ("[optional] 1 cup nuts", 1, "cup", "nuts"),
    ("2 (12 fluid ounce) cans or bottles beer", 2, "can", "beer"),
    ("225g/8oz self-raising flour", 225, "gram", "self-raising flour"),
    ("3 ounces / 85 grams chocolate", 3, "ounce", "chocolate"),
    ("1 lb 8 oz dried spaghetti", 1.5, "pound", "dried spaghetti"),
    ("1 cup plus 2 tablespoons sugar", 1.125, "cup", "sugar"),
    ("400g tin chopped tomatoes", 400, "gram", "chopped tomatoes"),
    ("a 14-ounce can of black beans", 14, "ounce", "black beans"),
    ("1-inch piece of ginger, peeled", 1, "inch", "ginger"),
    ("9-inch pie crust", None, None, "pie crust"),
    ("1 9-inch deep-dish pie crust", 1, None, "deep-dish pie crust"),
    ("1 litre oil for deep frying", 1, "litre", "oil"),
    ("100 g sugar + extra for dusting", 100, "gram", "sugar"),
    ("2 cups water, or more as needed", 2, "cup", "water"),
    ("3 plums - stoned and sliced", 3, None, "plums"),
    ("4 cloves garlic, peeled, crushed", 4, "clove", "garlic"),
]
NAMES = [
    ("½ cup packed brown sugar", 0.5, "cup", "brown sugar"),
    ("2 large eggs, beaten", 2, None, "eggs"),
    ("1 egg beaten", 1, None, "egg"),
    ("¼ cup finely chopped onion", 0.25, "cup", "onion"),
    ("1 tbsp freshly squeezed lemon juice", 1, "tablespoon", "lemon juice"),
    ("2 medium-sized carrots", 2, None, "carrots"),
    ("4 skinless, boneless chicken breasts", 4, None, "chicken breasts"),
    ("3 fresh, ripe tomatoes", 3, None, "ripe tomatoes"),
    ("3 tablespoons extra virgin olive oil", 3, "tablespoon", "extra virgin olive oil"),
    ("2 heaping tablespoons cocoa", 2, "tablespoon", "cocoa"),
    ("3 garlic cloves, minced", 3, "clove", "garlic"),
    ("2 celery stalks", 2, "stalk", "celery"),
    ("3 cloves", 3, None, "cloves"),
    ("1 teaspoon ground cloves", 1, "teaspoon", "ground cloves"),
    ("juice of 1 lemon", 1, None, "lemon juice"),
    ("the juice of half a lemon", 0.5, None, "lemon juice"),
    ("Juice and zest of 2 limes", 2, None, "lime juice and zest"),
    ("grated zest of 3 oranges", 3, None, "orange zest"),
    ("1 cup 2% milk", 1, "cup", "2% milk"),
    ("2% milk", None, None, "2% milk"),
    ("200 g 00 flour", 200, "gram", "00 flour"),
    ("7-Up", None, None, "7-Up"),
    ("1 can 7-Up", 1, "can", "7-Up"),
    ("1 cup half-and-half", 1, "cup", "half-and-half"),
    ("Half and half", None, None, "Half and half"),
    ("• 3 carrots, diced", 3, None, "carrots"),
    ("- 1 cup rice", 1, "cup", "rice"),
    ("<b>2</b> cups rice<ref>Any kind will do.</ref>", 2, "cup", "rice"),
    ("Butter 100 g", 100, "gram", "Butter"),
    ("Basmati rice – 2 cups", 2, "cup", "Basmati rice"),
    ("Eggs: 3", 3, None, "Eggs"),
    ("Heinz 57", None, None, "Heinz 57"),
]


@pytest.mark.parametrize(
    ("text", "amount", "unit", "name"), [*PLAIN, *NUMBERS, *VAGUE, *BRACKETS_AND_TAILS, *NAMES], ids=lambda value: None
)
def test_a_line_is_taken_apart(text: str, amount: float | None, unit: str | None, name: str) -> None:
    line = split_line(text)
    assert line is not None
    assert (line.amount, line.unit, line.name) == (amount, unit, name)


@pytest.mark.parametrize(
    "text", ["", "  ", "75%", "1 tsp", "| 250 g", "12", "For the sauce:", "For the sauce", "!Weight", "(optional)", "—"]
)
def test_a_line_without_an_ingredient_is_none(text: str) -> None:
    assert split_line(text) is None


def test_the_name_with_its_words_on_size_and_cut_is_kept_beside() -> None:
    line = split_line("2 cups finely chopped red onions")
    assert line is not None
    assert (line.name, line.full_name) == ("red onions", "finely chopped red onions")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2", 2),
        (" 1 1/2 ", 1.5),
        ("¾", 0.75),
        ("2-3", 2),
        ("a dozen", 12),
        ("a few", None),
        ("2 cups", None),
        ("", None),
    ],
)
def test_an_amount_that_stands_alone_is_read(text: str, amount: float | None) -> None:
    assert read_amount(text) == amount


def test_every_spelling_of_a_unit_means_one_unit() -> None:
    for measure in MEASURES:
        for label in (measure.name, pluralise(measure.name), measure.abbreviation, *measure.spellings):
            if label and len(label) > 1:
                assert find_measure(label) is measure
                assert find_measure(label.upper()) is measure
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert find_measure("barrel") is None


@pytest.mark.parametrize(
    ("one", "many"), [("egg", "eggs"), ("berry", "berries"), ("tomato", "tomatoes"), ("radish", "radishes")]
)
def test_singular_and_plural_lead_to_each_other(one: str, many: str) -> None:
    assert pluralise(one) == many
    assert singularise(many) == one
    assert singularise(one) == one
    assert f"red {many}" in other_forms(f"red {one}")
    assert f"red {one}" in other_forms(f"red {many}")


PIECES = """1 2 10 1/2 0/0 1/ ½ ⅓ 1,5 .5 1.2.3 - – x × to or and a an half dozen few cup cups g oz lb tin cans of , ; :
    . ( ) [ <ref </ref> <b> &amp; % juice zest the minced large fresh garlic cloves flour Öl 醤油 for plus / + each ! |
    999999999"""
PIECED = st.lists(st.sampled_from(PIECES.split()))


@given(st.one_of(st.text(), PIECED.map(" ".join), PIECED.map("".join)))
def test_any_text_has_an_answer_that_a_recipe_may_hold(text: str) -> None:
    line = split_line(text)
    if line is None:
        return
    assert line.amount is None or (math.isfinite(line.amount) and 0 <= line.amount <= MAX_AMOUNT)
    assert line.unit is None or find_measure(line.unit) is not None
    assert any(map(str.isalpha, line.full_name))
    assert line.name
    assert line.name in line.full_name


def test_a_line_without_end_is_cut() -> None:
    line = split_line("1 cup " + "sugar " * 10_000)
    assert line is not None
    assert len(line.name) < MAX_CHARACTERS
    assert split_line("1 " * 10_000) is None
    assert split_line("(" * 10_000) is None
    assert split_line("juice of " * 10_000) is not None


def real_lines() -> Iterator[str]:
    for name in ("wikibooks_recipes.jsonl", "cookdial_recipes.jsonl"):
        if not (SHARED / name).exists():
            lacking(name, f"it is looked for in {SHARED}")
        for row in (SHARED / name).read_text().splitlines():
            yield from json.loads(row)["ingredients"]


def test_lines_of_real_recipes_give_short_names_without_numbers() -> None:
    # Rows of tables and captions that came along with the recipes are no lines of theirs.
    lines = [line for line in real_lines() if not line.startswith(("|", "!", "{", "<ref", "thumb|"))]
    assert len(lines) > 3_500
    good = [
        line
        for line in lines
        if (found := split_line(line)) and len(found.name.split()) <= 6 and not any(map(str.isdigit, found.name))
    ]
    assert len(good) / len(lines) >= 0.98


def test_lines_of_real_recipes_keep_their_amounts() -> None:
    lines = [line for line in real_lines() if line[0].isdigit() and not line.startswith(("20%", "24x8"))]
    assert len(lines) > 3_000
    assert [line for line in lines if (found := split_line(line)) and found.amount is None] == []
