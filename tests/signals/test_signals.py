from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.conversations import signals
from parcook.conversations.signals import SIGNALS, find_signals


def read_examples() -> list[tuple[str, frozenset[str], str]]:
    lines = Path(__file__).with_name("examples.txt").read_text().splitlines()
    parts = [line.split(" | ", 2) for line in lines if line and not line.startswith("#")]
    return [(role, frozenset(said.split()) - {"-"}, text) for role, said, text in parts]


@pytest.mark.parametrize(("role", "expected", "text"), read_examples())
def test_a_message_has_the_signals_it_was_labelled_with(role: str, expected: frozenset[str], text: str):
    assert find_signals(text, role) == expected


def test_every_signal_but_rephrase_has_examples():
    assert set().union(*(expected for _, expected, _ in read_examples())) == set(SIGNALS) - {"rephrase"}


ASKED = "how do I make a fluffy omelette"


def test_the_same_words_again_soon_are_a_rephrasing():
    assert "rephrase" in find_signals("How do I make an omelette fluffy?", "user", ASKED, 30)
    assert "rephrase" in find_signals("how do I make a really fluffy omelette", "user", ASKED, 120)


def test_the_same_words_after_two_minutes_are_none():
    assert "rephrase" not in find_signals(ASKED, "user", ASKED, 120.5)


def test_six_words_of_ten_in_common_are_a_rephrasing_and_five_are_none():
    assert "rephrase" in find_signals("a b c d e f g h", "user", "a b c d e f i j", 1)
    assert "rephrase" not in find_signals("a b c d e g h i", "user", "a b c d e f j", 1)


def test_without_a_turn_before_or_its_age_nothing_is_a_rephrasing():
    assert "rephrase" not in find_signals(ASKED, "user")
    assert "rephrase" not in find_signals(ASKED, "user", ASKED)
    assert "rephrase" not in find_signals(ASKED, "user", None, 10)
    assert "rephrase" not in find_signals(ASKED, "user", ASKED, -1)
    assert "rephrase" not in find_signals("", "user", "", 1)


def test_asking_for_the_next_step_at_each_step_is_no_rephrasing():
    assert find_signals("Ok. What is next?", "user", "Ok. What is next?", 20) == {"next_step", "question"}


def test_only_people_rephrase():
    assert find_signals(ASKED, "assistant", ASKED, 1) == frozenset()


@pytest.mark.parametrize("text", ["", " ", "\n", "\ud800", "🍳" * 50, "İ" * 100, "\x00"])
def test_odd_texts_have_no_signals(text: str):
    assert find_signals(text, "user") == find_signals(text, "assistant") == frozenset()


@pytest.mark.parametrize(
    "unit", ["how ", "not done ", "thanks no ", "i can't ", "set a ", "save this ", "a" * 100, "? ", "'"]
)
def test_the_largest_event_is_read_to_its_end(unit: str):
    text = unit * (32_000 // len(unit))
    assert find_signals(f"{text}. thanks!", "user", text, 1) >= {"thanks"}
    assert find_signals(f"{text}. An error occurred", "assistant") >= {"error"}


PATTERNS = {**signals._OF_USERS, **signals._OF_ASSISTANTS}


@pytest.mark.parametrize("signal", PATTERNS)
@given(data=st.data())
def test_whatever_a_pattern_finds_holds_a_word_that_hints_at_it(signal: str, data: st.DataObject):
    found = data.draw(st.from_regex(PATTERNS[signal], fullmatch=True))
    for sentence in (found, f"({found}, yes"):
        assert any(signal in signals._HINTED[word] for word in sentence.split())


def test_only_so_many_words_are_remembered_and_no_long_ones():
    remembered = signals._Hinted()
    assert "error" in remembered["errors" * 100]
    assert not remembered
    for number in range(signals.MOST_REMEMBERED + 1):
        assert remembered[f"thanks{number}"] == {"thanks"}
    assert len(remembered) == 1
