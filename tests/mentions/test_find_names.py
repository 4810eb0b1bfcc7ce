from parcook.conversations.mentions import KnownNames, Mention, find_mentions, find_names


def test_a_heading_of_an_answer_is_a_name_and_its_sections_are_not():
    text = "# Lemon Garlic Chicken\n\n## Ingredients\n- 1 chicken\n\n## Instructions\n1. Roast it."
    assert find_names(text, "assistant") == ["Lemon Garlic Chicken"]


def test_what_somebody_wants_to_make_is_a_name():
    assert find_names("Hi. how do I make British bread pudding?", "user") == ["British bread pudding"]


def test_a_message_without_a_name_names_nothing():
    assert find_names("Ok. I did it. What's next?", "user") == []
    assert find_names("Take a large bowl and beat 3 eggs.", "assistant") == []


def test_a_known_name_is_told_as_the_catalogue_writes_it():
    known = KnownNames([(7, "Crème Brûlée", "dessert")])
    assert find_mentions("some creme brulee perhaps?", "user", known) == [
        Mention("Crème Brûlée", "catalogue", 7, "dessert", 5, 17)
    ]


def test_a_plain_list_of_names_will_do_for_a_catalogue():
    assert find_names("a negroni please", "user", ["Negroni"]) == ["Negroni"]
