import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcook.conversations.mentions import KnownNames, find_mentions

LARGEST = 32_000
KNOWN = KnownNames.of_names(["Sour", "Chocolate Cake", "Cake", "Gin Fizz", "a a a a b"])
UNITS = [
    "enjoy your ",
    "how to make ",
    " recipe",
    " is a recipe",
    "for A",
    "recipe for **",
    '"a ',
    "# Cake\n",
    "- **Chocolate Cake**\n",
    "Cake\nIngredients\n",
    "x\n---\n",
    "1. x\nfoo\n",
    "Name — what\n",
    "| Cake ",
    "chocolate cake ",
    "Aa And ",
    "sour ",
    "a ",
    "1 ",
    "(",
    "*",
    "_a",
    "'",
    "\n",
    " ",
    "🍰",
    "\ud800",
    "İ",
    "é",
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("role", ["user", "assistant"])
def test_the_largest_event_is_read_whatever_it_repeats(unit: str, role: str):
    for text in (unit * (LARGEST // len(unit)), "recipe for " + unit * 50 + "x" * LARGEST):
        for mention in find_mentions(text, role, KNOWN):
            assert 0 <= mention.position < mention.end <= len(text)


WORDS = [
    "how to make",
    "recipe for",
    "**",
    "#",
    "\n",
    "- ",
    "1. ",
    "Cake",
    "sour",
    "gin fizz",
    "the",
    "Ingredients",
    ":",
    ".",
    "—",
    "İ",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS) | st.text(alphabet=string.printable + "é🍰’", max_size=5), max_size=40),
    st.booleans(),
)
def test_every_mention_names_a_place_in_the_text(parts: list[str], is_user: bool):
    text = " ".join(parts)
    for mention in find_mentions(text, "user" if is_user else "assistant", KNOWN):
        assert mention.name
        assert 0 <= mention.position < mention.end <= len(text)
        if mention.method == "pattern":
            said = " ".join(text[mention.position : mention.end].replace("*", "").split())
            assert mention.name.replace("*", "").split()[0] in said
