"""Names that are said in order not to be meant: "I don't have a recipe for …", "anything but lasagna"."""

import re

# How far back a clause is looked at.
_REACH = 90
_CLAUSE_ENDS = re.compile(r"[\n.!?;:(),]")
# An assistant that has no recipe offers none. A person without one still asks for it, unless it is not wanted.
_DENIALS = {
    "assistant": re.compile(r"\b(?:no(?! problem)|not(?! only)|never|without|cannot|unable|[a-z]+n't)\b"),
    "user": re.compile(
        r"\b(?:(?:don't|do not|didn't|doesn't|won't|not|never) (?:really |even )?"
        r"(?:want|like|feel|need|love|going|in the mood)|"
        r"hate|sick of|tired of|instead of|rather than|other than|besides|apart from|no more)\b"
    ),
}


def clause_start(lower: str, end: int) -> int:
    """Where the clause that ends at `end` begins, or as far back as is looked at."""
    start = max(0, end - _REACH)
    for mark in _CLAUSE_ENDS.finditer(lower, start, end):
        start = mark.end()
    return start


def is_denied(lower: str, start: int, end: int, role: str) -> bool:
    """Whether the clause that leads to a cue at `lower[start:end]`, or the cue, says no."""
    return _DENIALS[role].search(lower, clause_start(lower, start), end) is not None
