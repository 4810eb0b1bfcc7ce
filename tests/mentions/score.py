"""`python -m tests.mentions.score` scores the extractor on all labelled sets; with `-v` it prints what was wrong.

A name found is right if its words, sorted, are 85 % alike those of a labelled one that no other has matched.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.fuzz import token_sort_ratio

from parcook.conversations.mentions import KnownNames, find_names
from tests.mentions.labelled_sets import COOKDIAL, Labelled, cookdial_titles, sets

ALIKE = 85


class Score(NamedTuple):
    """How many names were found rightly, found at all, and there."""

    right: int
    found: int
    there: int
    wrong: list[str]

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / max(self.there, 1)


def score(messages: Iterable[Labelled], find: Callable[[str, str], list[str]] = find_names) -> Score:
    """The score of `find` on `messages`."""
    right = found = there = 0
    wrong = []
    for message in messages:
        missing = list(message.names)
        for name in find(message.text, message.role):
            match = next((other for other in missing if _is_alike(name, other)), None)
            if match is None:
                wrong.append(f"found {name!r} in {message.text[:100]!r}")
            else:
                missing.remove(match)
            found += 1
        right += len(message.names) - len(missing)
        there += len(message.names)
        wrong += [f"missed {name!r} in {message.text[:100]!r}" for name in missing]
    return Score(right, found, there, wrong)


def _is_alike(one: str, other: str) -> bool:
    return token_sort_ratio(one.lower(), other.lower()) >= ALIKE


def find_as_specified(text: str, role: str) -> list[str]:
    """The three patterns of the specification, for scale."""
    for pattern in (
        r"recipe for (.+?)(?:\.|,|!|\?|$)",
        r"how to make (.+?)(?:\.|,|!|\?|$)",
        r"cooking (.+?)(?:\.|,|!|\?|$)",
    ):
        if found := re.search(pattern, text.lower()):
            return [found[1].strip()]
    return []


def scores() -> Iterator[tuple[str, Score, Score]]:
    """Each set's name, our score and that of the specification's patterns."""
    for title, messages in sets().items():
        yield title, score(messages), score(messages, find_as_specified)
    if COOKDIAL.exists():
        known = KnownNames.of_names(cookdial_titles())
        messages = sets()["cookdial"]
        found = score(messages, lambda text, role: find_names(text, role, known))
        yield "cookdial, titles known", found, score(messages, find_as_specified)


if __name__ == "__main__":
    print("| set | names | precision | recall | specified: precision | recall |\n|---|---|---|---|---|---|")
    for title, ours, specified in scores():
        figures = (ours.precision, ours.recall, specified.precision, specified.recall)
        print(f"| {title} | {ours.there} | " + " | ".join(f"{figure:.0%}" for figure in figures) + " |")
        if "-v" in sys.argv:
            print(*ours.wrong, sep="\n")
