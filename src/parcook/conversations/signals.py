"""What a message says about how it goes, by English words: next step, thanks, done, refusal, and so on.

Figures made of these are estimates and are named so wherever they are shown.
"""

import re

SIGNALS = (
    "next_step",
    "timer",
    "done",
    "thanks",
    "saved",
    "question",
    "negative",
    "refusal",
    "error",
    "rephrase",
)
"""All there are, in the order of METRICS."""

REPHRASE_WITHIN_S = 120
REPHRASE_ALIKE = 0.6

_USER = {
    "next_step": re.compile(r"\b(?:what(?:'s| is)? next|next step|next\?|what now)", re.I),
    "timer": re.compile(r"\b(?:set|start) an? .{0,20}timer\b", re.I),
    "done": re.compile(r"(?<!not )\b(?:done|finished)\b", re.I),
    "thanks": re.compile(r"(?<!no )\b(?:thanks|thank you)\b", re.I),
    "saved": re.compile(r"\b(?:save|bookmark) (?:this|it|that)\b", re.I),
    "negative": re.compile(r"\b(?:wrong|terrible|awful|useless)\b", re.I),
}
_ASSISTANT = {
    "refusal": re.compile(r"\bi (?:can't|cannot|can not) (?:help|answer)|\bi don't have a recipe", re.I),
    "error": re.compile(r"\bsomething went wrong\b", re.I),
}
_WORD = re.compile(r"\w+")


def find_signals(
    text: str,
    role: str,
    previous_user_text: str | None = None,
    seconds_since_previous: float | None = None,
) -> frozenset[str]:
    """The signals in `text`, said by `role`; roles other than "user" and "assistant" give none.

    `previous_user_text` is the user's turn before, `seconds_since_previous` how long ago it was; without both there
    is no rephrasing.
    """
    lexicon = {"user": _USER, "assistant": _ASSISTANT}.get(role, {})
    found = {signal for signal, pattern in lexicon.items() if pattern.search(text)}
    if role == "user":
        if "?" in text:
            found.add("question")
        if (
            previous_user_text is not None
            and seconds_since_previous is not None
            and 0 <= seconds_since_previous <= REPHRASE_WITHIN_S
            and _alike(text, previous_user_text) >= REPHRASE_ALIKE
        ):
            found.add("rephrase")
    return frozenset(found)


def _alike(one: str, other: str) -> float:
    words, others = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(words & others) / len(words | others) if words and others else 0.0
