"""Names said in sentences: "how do I make churros?", "today we are making churros", "your churros are ready"."""

import re
from collections.abc import Iterator

from parcook.conversations.categories.naming import by_name
from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions.trimming import Span, is_dish, name_at, trimmed

_MAKE = (
    r"(?:make|making|cook|cooking|bake|baking|prepare|preparing|grill|grilling|mix up|whip up|whipping up|fry|roast|"
    r"stir up|shake up|brew|smoke|barbecue|bbq)"
)
_WHO = r"(?:i|you|we|one|they|people|someone)"
# After these stands a name, unless it is nothing that could be one.
_SURE = (
    r"recipes? (?:for|of|called|named|titled)|(?:recipe|dish|drink|cocktail)(?: name)?(?: is|'s)? called|"
    r"(?:it|this one|that one|one|which|that)(?: is|'s) (?:called|named)|you called,?|"
    rf"how (?:to|(?:do|can|could|should|would|did|does|might) {_WHO}) (?:even |best |properly |start )?(?:{_MAKE}|mix|shake|do)|"
    rf"(?:we|you|i)(?: will|'ll| are going to|'re going to|'re gonna| are gonna| gonna| am going to|'m going to) {_MAKE}|"
    r"(?:we|you)(?: are|'re)(?: now)? (?:making|cooking|baking|preparing|having)|"
    rf"today,? (?:we|you)(?: will|'ll| can| could)? (?:{_MAKE}|have)|let'?s (?:{_MAKE}|try|do)|"
    rf"(?:ready|like|want|love|wanna|hoping|planning|plan|trying|excited|helps? you|help me|learn|learn how|"
    rf"steps?|started|guide you|instructions|decided) (?:to )?{_MAKE}|"
    rf"we (?:can|could) (?:{_MAKE}|try)|today'?s (?:dish|recipe|special|cocktail|menu|meal)(?: is| will be|:)|"
    r"(?:recipe|dish|drink|cocktail) name is|guide (?:to|for)(?: making| cooking| baking)?"
)
# After these stands a name when an assistant says them; a user's "what about the oil?" asks for none.
_OFFERED = (
    r"enjoy (?:your|the|this|these)|(?:what|how) about(?: (?:trying|making|having|baking|cooking))?|"
    r"what do you think (?:about|of)|how do you feel about|can (?:propose|offer)(?: you)?|"
    r"(?:suggest|recommend)(?: trying| making| you try| you make)?|dish of (?:today|the day) is"
)
# After these stands a name if it says itself that it is a dish.
_WISHED = (
    r"i(?: really| just|'d| would)?(?: need| crave| choose| pick| go with)|i(?:'d| would) (?:like|love|suggest|recommend)|"
    r"(?:give|show|tell|find|send|get|teach) (?:me|us)(?: about)?|(?:walk|talk|guide) (?:me|us) through|"
    r"craving|mood for|feel(?:ing)? like|ingredients (?:for|in|of)|what(?:'s| is) in|goes in(?:to)?|i'll go with|"
    rf"(?:order|time) to {_MAKE}|(?:instructions|steps|ratio|best) for|version of|making|make(?: me| us)?|made|wants?|"
    r"would you like(?: to (?:try|have|see|hear about))?|do you (?:like|have|know)|called|how (?:long )?(?:do(?:es)?|should|will)|"
    r"heard of|had|(?:we|to|i) try|for an?"
)
# The same, if an assistant says it; a person tells what is in the pan.
_HAD = (
    r"i(?:'ve| have|'ve got| have got)?(?: got| found| know| have| like| love)|here(?:'s| is| are)|"
    r"try(?: making| this| these| our| my)?|enjoy|(?:far|one|choice|pick|favou?rite|option) (?:is|would be)"
)
_FOLLOWING = r"(?=[ :,])(?! to\b)"
_CUES = {
    "user": re.compile(rf"\b(?:(?P<sure>{_SURE})|(?P<wished>{_OFFERED}|{_WISHED})){_FOLLOWING}"),
    "assistant": re.compile(rf"\b(?:(?P<sure>{_SURE}|{_OFFERED})|(?P<wished>{_WISHED}|{_HAD})){_FOLLOWING}"),
}
# Before these stands a name.
_TOLD = re.compile(
    r"(?P<recipe> recipes?\b)|(?P<ready> (?:is|are)(?: now| gonna be| going to be| all| almost)* "
    r"(?:ready|done|complete|finished|on the menu)\b)|(?P<sounds> sounds? (?:good|great|nice|perfect|delicious|amazing|lovely|tasty)\b)"
    r"|(?P<kind> (?:is|are) (?:an?|one of|the) (?:[^\n.!?;:]{1,40} )?(?:recipe|dish|dessert|cocktail|drink|soup|stew|salad|bread|snack|dip|classic|favou?rite|staple)s?\b)"
    r"|(?P<chosen> it is[.!])|(?P<takes> takes? (?:about|around|only|just|an?|\d))"
    r"|(?P<effort> (?:hard|easy|difficult|tricky|possible) to (?:make|cook|bake)\b)"
)
_DENIALS = {
    "assistant": re.compile(r"\b(?:no(?! problem)|not(?! only)|never|without|cannot|unable|[a-z]+n't)\b"),
    "user": re.compile(
        r"\b(?:(?:don't|do not|didn't|doesn't|won't|not|never) (?:really |even )?(?:want|like|feel|need|love|going|in the mood)|"
        r"hate|sick of|tired of|instead of|rather than|other than|besides|apart from|no more)\b"
    ),
}
_BARE = re.compile(r"(?:(?:hi|hello|hey|ok|okay|yes|maybe|perhaps|um)[,!.]? )?(?:an? |some )?(?P<name>[^\n.,!?;:\d]{3,50}?)"
                   r"(?: recipes?)?(?:,? (?:please|pls|plz|thanks|for \w+))?[?!. ]*")
_PART_MADE = re.compile(r"(?:make|making) the ")
_CLAUSE_ENDS = re.compile(r"[\n.!?;:(),]")
_REACH = 90
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
        if _is_denied(lower, cue, role) or (role == "assistant" and _PART_MADE.match(lower, cue.start())):
            continue
        is_sure = cue.lastgroup == "sure" or (role == "assistant" and span.is_marked)
        if (is_sure and not span.name[0].isdigit()) or is_dish(span.name):
            done = span.end
            yield span
    for told in _TOLD.finditer(lower):
        if (before := _before(text, lower, told, role)) is not None and is_dish(before.name):
            yield before
    if role == "assistant":
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


def _is_denied(lower: str, cue: re.Match[str], role: str) -> bool:
    """Whether the clause before `cue` says no: an assistant that has no recipe, a person who does not want it."""
    start = max(0, cue.start() - _REACH)
    for mark in _CLAUSE_ENDS.finditer(lower, start, cue.start()):
        start = mark.end()
    return _DENIALS[role].search(lower, start, cue.end()) is not None


def _is_served(name: str) -> bool:
    """Whether a dish is no thing from a packet, such as Quaker Rice Snacks or Valley Ranch Dressing."""
    return by_name(name)[0] not in ("sauce_condiment", "side_snack")


def _before(text: str, lower: str, told: re.Match[str], role: str) -> Span | None:
    """What may be a name in the clause before `told`."""
    end = told.start()
    start = max(0, end - _REACH)
    for mark in _CLAUSE_ENDS.finditer(lower, start, end):
        start = mark.end()
    kind = told.lastgroup
    if kind == "ready":
        own = lower.rfind("your ", start, end)
        return trimmed(text, own, end) if own >= 0 and role == "assistant" else None
    if kind == "kind":
        return trimmed(text, start, end)
    for word in _WORD.finditer(lower, start, end):
        if word[0] in stop.LEADING:
            start = word.end()
    return trimmed(text, start, end)
