import pytest

from parcook.conversations.mentions import KnownNames, Mention, find_mentions, find_names


def test_a_known_name_is_told_as_the_catalogue_writes_it():
    known = KnownNames([(7, "Crème Brûlée", "dessert")])
    assert find_mentions("some creme brulee perhaps?", "user", known) == [
        Mention("Crème Brûlée", "catalogue", 7, "dessert", 5, 17)
    ]


def test_an_alias_tells_the_recipe_it_stands_for():
    known = KnownNames([(1, "Pad Krapow", "main"), (2, "Negroni", None)], [("Thai Basil Chicken", 1), ("Ghost", 9)])
    mention = Mention("Pad Krapow", "catalogue", 1, "main", 4, 22)
    assert find_mentions("the thai basil chicken", "user", known) == [mention]
    assert find_names("a ghost", "user", known) == []


def test_of_recipes_with_one_name_the_first_is_told():
    known = KnownNames([(3, "Apple Pie", None), (4, "APPLE PIE", None)])
    assert [mention.recipe_id for mention in find_mentions("apple pie", "user", known)] == [3]


def test_a_name_counts_before_what_is_derived_from_another():
    known = KnownNames([(1, "Apple Pie II", None), (2, "Apple Pie", None)])
    assert [mention.recipe_id for mention in find_mentions("apple pie", "user", known)] == [2]


@pytest.mark.parametrize(
    "said",
    [
        "dark 'n' stormy",
        "DARK ’N’ STORMY!",
        "a dark n stormy, please",
        "(dark-n-stormy)",
        "*Dark 'n' Stormy*",
        "dark n stormies",
    ],
)
def test_case_marks_and_number_make_no_difference(said: str):
    assert find_names(said, "user", ["Dark 'n' Stormy"]) == ["Dark 'n' Stormy"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Eggnog II", "eggnog"),
        ("Gin & Jam", "gin and jam"),
        ("Chilcano (Peruvian Mule)", "a chilcano"),
        ("Chilcano (Peruvian Mule)", "a peruvian mule"),
        ("Grandma's Gingersnaps", "grandmas gingersnaps"),
        ("Shepherd's Pie", "shepherds pie"),
        ("Corpse Reviver No. 2", "corpse reviver no 2"),
        ("Piña Colada", "pina coladas"),
        ("Smørrebrød", "smorrebrod"),
    ],
)
def test_a_name_is_found_as_people_say_it(name: str, said: str):
    assert find_names(f"I'd like {said} now", "user", [name]) == [name]


def test_only_whole_words_are_a_name():
    assert find_names("the ginger is in", "user", ["Gin"]) == []
    assert find_names("kirsch", "user", ["Kir"]) == []


def test_the_longest_name_wins():
    known = ["Gin Fizz", "Ramos Gin Fizz", "Fizz"]
    assert find_names("one Ramos gin fizz", "user", known) == ["Ramos Gin Fizz"]
    assert find_names("chicken pot pie soup", "user", ["Chicken Pot", "Pot Pie Soup"]) == ["Pot Pie Soup"]


@pytest.mark.parametrize(
    "text",
    [
        "Could I have a sour, please?",
        "sour recipe",
        "How do I shake a sour?",
        "Then I had a Sour with them.",
        "make sour",
        "Sour",
        "Try the **sour**",
        "## Sour\nEgg white",
    ],
)
def test_an_ordinary_word_is_a_name_where_the_recipe_is_meant(text: str):
    assert "Sour" in find_names(text, "user", ["Sour"])


@pytest.mark.parametrize(
    "text",
    [
        "it has a sour taste",
        "Sour cream goes in",
        "the milk is sour",
        "a cup of sour cream",
        "two sour apples",
        "add the sour",
    ],
)
def test_an_ordinary_word_is_no_name_elsewhere(text: str):
    assert find_names(text, "user", ["Sour"]) == []


def test_words_of_the_kitchen_are_no_names_in_passing():
    known = ["Water", "Toast", "Butter", "Mule", "Last Word"]
    assert find_names("add water and butter, then toast it", "assistant", known) == []
    assert find_names("can you repeat the last word?", "user", known) == []
    assert find_names("how do I make a last word?", "user", known) == ["Last Word"]


def test_a_place_needs_more_than_its_capital():
    assert find_names("I live in Brooklyn now", "user", ["Brooklyn"]) == []
    assert find_names("I'd like a Brooklyn.", "user", ["Brooklyn"]) == ["Brooklyn"]


def test_an_amount_or_a_part_is_of_another_recipe():
    known = ["Garlic Butter", "Apple Pie", "Martini"]
    assert find_names("spread 2 tablespoons of garlic butter on it", "assistant", known) == []
    assert find_names("one can apple pie filling", "assistant", known) == []
    assert find_names("strain into a martini glass", "assistant", known) == []
    assert find_names("let's make garlic butter", "assistant", known) == ["Garlic Butter"]


def test_a_name_without_words_is_never_found():
    assert find_names("!!! ??? 🍰", "user", ["🍰", "", "!!!"]) == []
