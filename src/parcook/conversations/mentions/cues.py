"""What is said right before or after a recipe's name."""

import re

_MAKE = (
    r"(?:make|making|cook|cooking|bake|baking|prepare|preparing|grill|grilling|mix up|whip up|whipping up|fry|roast|"
    r"stir up|shake up|brew|smoke|barbecue|bbq)"
)
_WHO = r"(?:i|you|we|one|they|people|someone)"
_CAN = "do|can|could|should|would|did|does|might"
_WILL = r"(?: will|'ll| are going to|'re going to|'re gonna| are gonna| gonna| am going to|'m going to)"
_THING = ("recipe", "dish", "drink", "cocktail")
_WISH = (
    *(
        "ready",
        "like",
        "want",
        "love",
        "wanna",
        "hoping",
        "planning",
        "plan",
        "trying",
        "excited",
        "decided",
        "started",
    ),
    *("helps? you", "help me", "guide you", "learn", "learn how", "steps?", "instructions"),
)

# All of these begin with a letter. After them stands a name, unless it is nothing that could be one.
_SURE = [
    r"recipes? (?:for|of|called|named|titled)",
    *(rf"{thing}(?: name)?(?: is|'s)? called" for thing in _THING),
    *(rf"{thing} name is" for thing in _THING),
    *(rf"{thing}(?: is|'s) (?:called|named)" for thing in ("it", "this one", "that one", "one", "which", "that")),
    r"you called,?",
    rf"how to (?:even |best |properly |start )?(?:{_MAKE}|mix|shake|do)",
    rf"how (?:{_CAN}) {_WHO} (?:even |best |properly |start )?(?:{_MAKE}|mix|shake|do)",
    *(rf"{who}{_WILL} {_MAKE}" for who in ("we", "you", "i")),
    *(rf"{who}(?: are|'re)(?: now)? (?:making|cooking|baking|preparing|having)" for who in ("we", "you")),
    rf"today,? (?:we|you)(?: will|'ll| can| could)? (?:{_MAKE}|have)",
    rf"let'?s (?:{_MAKE}|try|do)",
    *(rf"{wish} (?:to )?{_MAKE}" for wish in _WISH),
    rf"we (?:can|could) (?:{_MAKE}|try)",
    r"today'?s (?:dish|recipe|special|cocktail|menu|meal)(?: is| will be|:)",
    r"guide (?:to|for)(?: making| cooking| baking)?",
]
# After these stands a name when an assistant says them; a person's "what about the oil?" asks for none.
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
    *(rf"{word} try" for word in ("we", "to", "i", "let me")),
    rf"let me {_MAKE}",
    *(rf"{word} (?:serve|make|do)" for word in ("could", "might")),
    r"craving",
    r"feel(?:ing)? like",
    r"ingredients (?:for|in|of)",
    r"what(?:'s| is) (?:in|an?)",
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
    r"save(?: the| this| that)?",
    r"had",
    r"for an?",
]
# The same, if an assistant says it; a person tells what is in the pan.
_HAD = [
    r"i(?:'ve| have|'ve got| have got)?(?: got| found| know| have| like| love)",
    r"here(?:'s| is| are)",
    *(rf"{this} (?:your|an?|my|our)" for this in ("that's", "this is", "that is")),
    r"try(?: making| this| these| our| my)?",
    r"enjoy",
    r"do you like",
    r"for(?: the)?",
    *(
        rf"{word}(?: [\w' ]{{1,40}}?)?(?: include| are|:)"
        for word in ("recipes", "ideas", "options", "suggestions", "favou?rites", "dishes")
    ),
    *(rf"{word} (?:is|would be)" for word in ("far", "one", "choice", "pick", "option")),
    *(
        rf"{word}s? (?:is|are|would be)"
        for word in ("favou?rite", "dinner", "lunch", "dessert", "dish", "meal", "drink")
    ),
    r"recipe(?=:)",
]
# Before these stands a name.
_TOLD = [
    r"recipes?\b",
    r"sounds? (?:good|great|nice|perfect|delicious|amazing|lovely|tasty|fun)\b",
    r"is (?:an?|one of|made|famous|known|great|perfect|delicious|basically|traditionally|usually)\b",
    r"are (?:an?|one of|made|famous|known|great|perfect|delicious|basically|traditionally|usually)\b",
    r"(?:is|are)\b",
    r"(?:only )?needs?\b",
    r"uses\b",
    r"coming (?:right )?up\b",
    r"it is[.!]",
    r"takes? (?:about|around|only|just|an?|\d)",
    *(rf"{effort} to (?:make|cook|bake)\b" for effort in ("hard", "easy", "difficult", "tricky", "possible")),
    r"(?:is|are)(?: \w+)? on the menu\b",
]


def _any_of(cues: list[str]) -> re.Pattern[str]:
    """A pattern for any of `cues`, sorted by first letter, so that at each word few of them are tried."""
    letters = sorted({cue[0] for cue in cues})
    by_letter = (f"{letter}(?:{'|'.join(cue[1:] for cue in cues if cue[0] == letter)})" for letter in letters)
    return re.compile(rf"\b(?=[{''.join(letters)}])(?:{'|'.join(by_letter)})(?=[ :,])(?! to\b)")


BEFORE_NAMES: dict[str, re.Pattern[str]] = {
    "user": _any_of(_SURE + _OFFERED + _WISHED),
    "assistant": _any_of(_SURE + _OFFERED + _WISHED + _HAD),
}
"""For each role, in lower case, what stands before a name."""

SURE: dict[str, re.Pattern[str]] = {"user": _any_of(_SURE), "assistant": _any_of(_SURE + _OFFERED)}
"""Those of them after which a name need not say that it is a dish."""

TITLED = ("for", "for the", "do you like")
"""Those after which a name has to have a capital: "do you like Banana Chip Muffins?"."""

AFTER_NAMES = re.compile(f" (?:{'|'.join(_TOLD)})")
"""What stands after a name that says that it is a dish."""

AROUND_NAME = re.compile(
    r"your (?P<name>[^\n.!?;:(),]{3,60}?) (?:is|are)(?: now| gonna be| going to be| all| almost)* "
    r"(?:ready|done|complete|finished)\b"
)
"""How an assistant says that a dish is ready."""

BETWEEN_NAMES = re.compile(r"[*\"”]*(?:,? (?:or|and)|,)(?: maybe| perhaps| even)? ")
"""What stands between names of which one is to be chosen."""

ALONE = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|yes|maybe|perhaps|um)[,!.]? )?(?:an? |some )?(?P<name>[^\n.,!?;:\d]{3,50}?)"
    r"(?: recipes?)?(?:,? (?:please|pls|plz|thanks|for \w+))?[?!. ]*"
)
"""A whole message that may be a name and no more."""

PART_MADE = re.compile(r"mak(?:e|ing) the ")
APART_MADE = re.compile(r"mak(?:e|ing) (?:an?|some) ")
"""Instructions: "make the roux", "make a quick pan sauce"."""
