"""Where names of recipes are said: after certain words, and in the headings and bold spans of answers."""

import re

from parcook.conversations.mentions.mention import Mention

_MAX_WORDS = 8
_CUE = re.compile(
    r"\b(?:recipe for|how (?:to|do (?:i|you|we)) (?:make|bake|cook|grill|mix|prepare)"
    r"|(?:we will|we are|we're|going to|gonna|let's|ready to) (?:make|making|cook|cooking|bake|prepare)"
    r"|enjoy your) +(?:(?:an?|the|some|your|my) +)?([^\n.,!?:;()]{3,80})",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(?:#{1,6} +|\*\*)([^\n*#:]{3,80})(?:\*\*)?:?[ \t]*$", re.MULTILINE)
_SECTION = re.compile(
    r"(?:ingredients?|instructions?|directions?|method|steps?|notes?|tips?|equipment|nutrition"
    r"|variations?|for the|step \d)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:it|that|this|them|these|dinner|lunch|something|sure|\d)\b", re.IGNORECASE)


def find_patterns(text: str, role: str) -> list[Mention]:
    """The names that patterns find in `text`, as they are said."""
    spans = [(m.start(1), m[1]) for m in _CUE.finditer(text)]
    if role == "assistant":
        spans += [(m.start(1), m[1]) for m in _TITLE.finditer(text) if not _SECTION.match(m[1])]
    found = []
    for start, span in sorted(spans):
        name = span.strip(" *_\"'")
        if name and len(name.split()) <= _MAX_WORDS and not _NOTHING.match(name):
            found.append(Mention(name, "pattern", None, None, start, start + len(span)))
    return found
