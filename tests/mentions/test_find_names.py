import pytest

from parcook.conversations.mentions import MOST_MENTIONS, KnownNames, Mention, find_mentions, find_names


def test_a_heading_of_an_answer_is_a_name_and_its_sections_are_not():
    text = "# Lemon Garlic Chicken\n\n## Ingredients\n- 1 chicken\n\n## Instructions\n1. **Roast** it."
    assert find_names(text, "assistant") == ["Lemon Garlic Chicken"]


def test_what_somebody_wants_to_make_is_a_name():
    assert find_names("Hi. how do I make British bread pudding?", "user") == ["British bread pudding"]


def test_a_mention_says_where_it_stands():
    text = "Today we will make **Fig Tart**."
    assert find_mentions(text, "assistant") == [Mention("Fig Tart", "pattern", None, None, 21, 29)]
    assert text[21:29] == "Fig Tart"


@pytest.mark.parametrize(
    "text",
    [
        "Ok. I did it. What's next?",
        "time is 20 minutes",
        "It is for 4 people",
        "how do I make it?",
        "how to make the sauce thicker",
        "I need a recipe for dinner",
        "any vegan recipes?",
        "chicken",
        "I don't want to make lasagna",
        "the pancakes are burning",
    ],
)
def test_a_message_without_a_name_names_nothing(text: str):
    assert find_names(text, "user") == []


@pytest.mark.parametrize(
    "text",
    [
        "Take a large bowl and beat 3 eggs.",
        "I don't have a recipe for beef wellington.",
        "Sorry, I couldn't find a recipe for **Sushi**.",
        "Now let's make the filling.",
        "## Tips\n- **Greek salad dressing**: keep it cold",
        "**Ingredients:**\n- **Chicken stock**\n- **Sour cream**",
        "Enjoy your meal!",
    ],
)
def test_instructions_and_refusals_name_nothing(text: str):
    assert find_names(text, "assistant") == []


def test_what_a_person_asks_for_counts_though_there_is_no_recipe():
    assert find_names("you don't have a recipe for beef wellington?", "user") == ["beef wellington"]


def test_a_name_ends_with_the_line_and_has_at_most_eight_words():
    assert find_names("how to make ramen\nwith an egg", "user") == ["ramen"]
    assert find_names("how to make one two three four five six seven eight nine ten", "user") == []


def test_other_roles_name_nothing():
    for role in ("system", "tool", "", "User"):
        assert find_names("# Carrot Cake\n## Ingredients", role) == []


def test_a_name_is_told_once():
    text = "Here's my **Carrot Cake**:\n\n## Carrot Cake\n\n### Ingredients\n- carrots\n\nEnjoy your carrot cake!"
    assert find_names(text, "assistant") == ["Carrot Cake"]


def test_known_names_come_first_and_then_what_stands_first():
    known = KnownNames.of_names(["Paper Plane", "Negroni"])
    text = (
        "You could try one of these cocktails:\n- **Basil Smash**\n- **Negroni**\n- **Gin Rickey**\n- **Paper Plane**"
    )
    assert [(mention.name, mention.method) for mention in find_mentions(text, "assistant", known)] == [
        ("Negroni", "catalogue"),
        ("Paper Plane", "catalogue"),
        ("Basil Smash", "pattern"),
        ("Gin Rickey", "pattern"),
    ]


def test_a_plain_list_of_names_will_do_for_a_catalogue():
    assert find_names("a negroni please", "user", ["Negroni"]) == ["Negroni"]
    assert find_names("a negroni please", "user", iter({"Negroni"})) == ["Negroni"]
    assert find_names("a negroni please", "user", []) == ["negroni"]


def test_a_placeholder_of_the_redactor_is_no_part_of_a_name():
    assert find_names("recipe for [NAME]", "user") == []
    assert find_names("how to make carrot cake [EMAIL]", "user") == ["carrot cake"]


def test_curly_apostrophes_and_letters_that_grow_in_lower_case_do_no_harm():
    assert find_names("let’s make shepherd’s pie", "user") == ["shepherd’s pie"]
    assert find_names("İ" * 5 + " how to make lahmacun?", "user") == ["lahmacun"]


def test_no_message_has_more_mentions_than_the_most():
    text = "Recipes:\n" + "".join(f"- **{word} Cake**\n" for word in map("A{}b".format, range(200)))
    assert len(find_mentions(text, "assistant")) == MOST_MENTIONS
    known = KnownNames.of_names([f"A{number}b Cake" for number in range(200)])
    assert len(find_mentions(text, "assistant", known)) == MOST_MENTIONS
