import pytest

from parcook.conversations.mentions import KnownNames, find_names
from tests.mentions.labelled_sets import Labelled, sets
from tests.mentions.score import find_as_specified, score, scores

SETS = sets()


@pytest.mark.parametrize("title", SETS)
def test_names_are_found_as_labelled(title: str):
    found = score(SETS[title])
    assert found.precision >= (0.92 if "held_out" in title else 0.95), found.wrong
    assert found.recall >= (0.84 if "held_out" in title else 0.9), found.wrong


@pytest.mark.parametrize("title", SETS)
def test_the_patterns_of_the_specification_find_a_fraction(title: str):
    assert score(SETS[title], find_as_specified).recall < score(SETS[title]).recall / 4


@pytest.mark.parametrize("title", [title for title in SETS if title != "cookdial"])
def test_most_messages_without_a_name_name_nothing(title: str):
    silent = [message for message in SETS[title] if not message.names]
    assert len(silent) >= 6
    assert sum(bool(find_names(message.text, message.role)) for message in silent) <= len(silent) * 0.05


@pytest.mark.parametrize("title", [title for title in SETS if title != "cookdial"])
def test_names_of_a_catalogue_are_found_wherever_they_are_said(title: str):
    known = KnownNames.of_names(name for message in SETS[title] for name in message.names)
    found = score(SETS[title], lambda text, role: find_names(text, role, known))
    assert found.recall >= 0.97, found.wrong
    assert found.precision >= 0.92, found.wrong


def test_a_score_counts_what_is_right_found_and_there():
    messages = [Labelled("user", "", ("Carbonara", "beef stew")), Labelled("user", "", ())]
    answers = iter([["beef stews", "ramen"], ["pho"]])
    found = score(messages, lambda text, role: next(answers))
    assert (found.right, found.found, found.there) == (1, 3, 2)
    assert len(found.wrong) == 3


def test_all_sets_are_scored():
    assert [title for title, *_ in scores()][: len(SETS)] == list(SETS)
