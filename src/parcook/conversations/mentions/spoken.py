"""Names said in sentences: "how do I make churros?", "today we are making churros", "your churros are ready"."""

import re
from collections.abc import Iterator

from parcook.conversations.categories.lexicon import dishes, words_of
from parcook.conversations.categories.naming import by_name
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.denials import clause_start, is_denied
from parcook.conversations.mentions.trimming import Span, is_dish, name_at, trimmed

_MAKE = (
    r"(?:make|making|cook|cooking|bake|baking|prepare|preparing|grill|grilling|mix up|whip up|whipping up|fry|roast|"
    r"stir up|shake up|brew|smoke|barbecue|bbq)"
)
_WHO = r"(?:i|you|we|one|they|people|someone)"
_WILL = r"(?: will|'ll| are going to|'re going to|'re gonna| are gonna| gonna| am going to|'m going to)"
# All of these begin with a letter. After them stands a name, unless it is nothing that could be one.
_SURE = [
    r"recipes? (?:for|of|called|named|titled)",
    *(rf"{thing}(?: name)?(?: is|'s)? called" for thing in ("recipe", "dish", "drink", "cocktail")),
    *(rf"{thing} name is" for thing in ("recipe", "dish", "drink", "cocktail")),
    *(rf"{thing}(?: is|'s) (?:called|named)" for thing in ("it", "this one", "that one", "one", "which", "that")),
    r"you called,?",
    rf"how (?:to|(?:do|can|could|should|would|did|does|might) {_WHO}) (?:even |best |properly |start )?(?:{_MAKE}|mix|shake|do)",
    *(rf"{who}{_WILL} {_MAKE}" for who in ("we", "you", "i")),
    *(rf"{who}(?: are|'re)(?: now)? (?:making|cooking|baking|preparing|having)" for who in ("we", "you")),
    rf"today,? (?:we|you)(?: will|'ll| can| could)? (?:{_MAKE}|have)",
    rf"let'?s (?:{_MAKE}|try|do)",
    *(
        rf"{wish} (?:to )?{_MAKE}"
        for wish in (
            "ready|like|want|love|wanna|hoping|planning|plan|trying|excited|helps you|help you|help me|learn|learn how|"
            "steps?|started|guide you|instructions|decided"
        ).split("|")
    ),
    rf"we (?:can|could) (?:{_MAKE}|try)",
    r"today'?s (?:dish|recipe|special|cocktail|menu|meal)(?: is| will be|:)",
    r"guide (?:to|for)(?: making| cooking| baking)?",
]
# After these stands a name when an assistant says them; a user's "what about the oil?" asks for none.
_OFFERED = [
    r"enjoy (?:your|the|this|these)",
    *(rf"{word} about(?: (?:trying|making|having|baking|cooking))?" for word in ("what", "how")),
    r"what do you think (?:about|of)",
    r"how do you feel about",
    r"can (?:propose|offer)(?: you)?",
    *(rf"{word}(?: trying| making| you try| you make)?" for word in ("suggest", "recommend")),
    r"dish of (?:today|the day) is",
]
# After these stands a name if it says itself that it is a dish.
_WISHED = [
    r"i(?: really| just|'d| would)?(?: need| crave| choose| pick| go (?:with|for))",
    r"i(?:'d| would) (?:like|love|suggest|recommend)",
    r"i'll go with",
    *(rf"{word} (?:me|us)(?: about)?" for word in ("give", "show", "tell", "find", "send", "get", "teach")),
    *(rf"{word} (?:me|us) through" for word in ("walk", "talk", "guide")),
    *(rf"{word} for" for word in ("instructions", "steps", "ratio", "best", "mood")),
    *(rf"{word} to {_MAKE}" for word in ("order", "time")),
    *(rf"{word} try" for word in ("we", "to", "i")),
    r"craving",
    r"feel(?:ing)? like",
    r"ingredients (?:for|in|of)",
    r"what(?:'s| is) in",
    r"what(?:'s| is) an",
    r"what(?:'s| is) a",
    rf"let me (?:{_MAKE}|try)",
    *(rf"{word} (?:serve|make|do)" for word in ("could", "might")),
    r"goes in(?:to)?",
    r"version of",
    r"mak(?:ing|e(?: me| us)?)",
    r"made",
    r"wants?",
    r"would you like(?: to (?:try|have|see|hear about))?",
    r"do you (?:have|know)",
    r"called",
    r"how (?:long )?(?:do(?:es)?|should|will)",
    r"heard of",
    r"had",
    r"for an?",
]
# The same, if an assistant says it; a person tells what is in the pan.
_HAD = [
    r"i(?:'ve| have|'ve got| have got)?(?: got| found| know| have| like| love)",
    r"here(?:'s| is| are)",
    r"try(?: making| this| these| our| my)?",
    r"enjoy",
    r"do you like",
    r"for",
    *(
        rf"{word}(?: include| are|:)"
        for word in ("recipes", "ideas", "options", "suggestions", "favou?rites", "dishes")
    ),
    *(rf"{word} (?:is|would be)" for word in ("far", "one", "choice", "pick", "option")),
    *(
        rf"{word}s? (?:is|are|would be)"
        for word in ("favou?rite", "dinner", "lunch", "dessert", "dish", "meal", "drink")
    ),
    r"recipe(?=:)",
]


# After these of them only with a capital: "do you like Banana Chip Muffins?"
_TITLED = ("for", "do you like")
# Between names of which one is to be chosen.
_FURTHER = re.compile(r"[*\"”]*(?:,? (?:or|and)|,)(?: maybe| perhaps| even)? ")


def _any_of(cues: list[str]) -> re.Pattern[str]:
    """A pattern for any of `cues`, sorted by first letter, so that at each word few of them are tried."""
    letters = sorted({cue[0] for cue in cues})
    by_letter = (f"{letter}(?:{'|'.join(cue[1:] for cue in cues if cue[0] == letter)})" for letter in letters)
    return re.compile(rf"\b(?=[{''.join(letters)}])(?:{'|'.join(by_letter)})(?=[ :,])(?! to\b)")


_CUES = {"user": _any_of(_SURE + _OFFERED + _WISHED), "assistant": _any_of(_SURE + _OFFERED + _WISHED + _HAD)}
_SURE_CUES = {"user": _any_of(_SURE), "assistant": _any_of(_SURE + _OFFERED)}
# Before these stands a name. Each begins with plain letters, by which it is found fast.
_TOLD = (
    re.compile(r" recipes?\b"),
    re.compile(r" sounds? (?:good|great|nice|perfect|delicious|amazing|lovely|tasty)\b"),
    re.compile(r" is (?:an?|one of|made|famous|known|great|perfect|delicious|basically|traditionally|usually)\b"),
    re.compile(r" it is[.!]"),
    re.compile(r" takes? (?:about|around|only|just|an?|\d)"),
    re.compile(r" (?:hard|easy|difficult|tricky|possible) to (?:make|cook|bake)\b"),
    re.compile(r" (?:is|are)(?: \w+)? on the menu\b"),
)
_READY = re.compile(
    r"\byour (?P<name>[^\n.!?;:(),]{3,60}?) (?:is|are)(?: now| gonna be| going to be| all| almost)* (?:ready|done|complete|finished)\b"
)
_BARE = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|yes|maybe|perhaps|um)[,!.]? )?(?:an? |some )?(?P<name>[^\n.,!?;:\d]{3,50}?)"
    r"(?: recipes?)?(?:,? (?:please|pls|plz|thanks|for \w+))?[?!. ]*"
)
_PART_MADE = re.compile(r"(?:make|making) the ")
_WORD = re.compile(r"[^\s*\"“]+")
_TITLE = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: (?:and|with|of|in|à|la|au|de|&|[A-Z][\w'’-]+)){1,9}(?<=\w)")


def find_spoken(text: str, lower: str, role: str) -> Iterator[Span]:
    """The names in the sentences of `text`; `lower` is the same in lower case, character by character."""
    if role == "user" and (bare := _bare(text, lower)) is not None:
        yield bare
        return
    done = 0
    for cue in _CUES[role].finditer(lower):
        if cue.start() < done:
            continue
        span = name_at(text, cue.end())
        if span is None:
            continue
        if is_denied(lower, cue.start(), cue.end(), role) or (
            role == "assistant" and _PART_MADE.match(lower, cue.start())
        ):
            continue
        is_sure = (role == "assistant" and span.is_marked) or _SURE_CUES[role].match(lower, cue.start(), cue.end() + 1)
        if cue[0] in _TITLED and not span.name[0].isupper():
            continue
        while span is not None and ((is_sure and not span.name[0].isdigit()) or is_dish(span.name)):
            done = span.end
            yield span
            is_sure = None
            further = _FURTHER.match(lower, done)
            span = name_at(text, further.end()) if further else None
    for told in _TOLD:
        for found in told.finditer(lower):
            span = _before(text, lower, found.start())
            if span is not None:
                yield span
    if role == "assistant":
        for ready in _READY.finditer(lower):
            span = trimmed(text, ready.start("name"), ready.end("name"))
            if span is not None and is_dish(span.name):
                yield span
        for title in _TITLE.finditer(text):
            span = trimmed(text, title.start(), title.end())
            if span is not None and len(span.name.split()) > 2 and is_dish(span.name) and _is_served(span.name):
                yield span


def _bare(text: str, lower: str) -> Span | None:
    """The name that is all a person says, but for a please."""
    if len(text) > 60 or (said := _BARE.fullmatch(lower)) is None:
        return None
    span = trimmed(text, said.start("name"), said.end("name"))
    if span is None or span.end - span.start < said.end("name") - said.start("name") or not is_dish(span.name):
        return None
    return span


def _is_served(name: str) -> bool:
    """Whether a dish is no thing from a packet, such as Quaker Rice Snacks or Valley Ranch Dressing."""
    return by_name(name)[0] not in ("sauce_condiment", "side_snack")


def _before(text: str, lower: str, end: int) -> Span | None:
    """The dish at the end of the clause that ends at `end`: the whole clause, or what comes after words like "want"."""
    start = clause_start(lower, end)
    span = trimmed(text, start, end)
    if span is not None and " ".join(words_of(span.name)) in dishes():
        return span
    for word in _WORD.finditer(lower, start, end):
        if word[0] in stop.LEADING:
            start = word.end()
    span = trimmed(text, start, end)
    return span if span is not None and is_dish(span.name) else None
