"""What a title says, of a section, a bold line or an item of a list: a name, a section of a recipe, or an offer."""

import re

from parcook.conversations.mentions import stop_words as stop
from parcook.conversations.mentions import title_words as known
from parcook.conversations.mentions.judging import is_nameable
from parcook.conversations.mentions.trimming import Span

_THING = r"(?:recipe|dish|cocktail|drink)"
# "2.", "Option B:", "Recipe #1 –", "Day 3:".
_NUMBERING = re.compile(
    r"(?:(?:the |our |my )?"
    rf"(?:{_THING}s?|options?|meals?|ideas?|days?|courses?|choices?|suggestions?|picks?|week|title|names?|"
    rf"{_THING} (?:name|title)s?|names? of (?:the )?{_THING})"
    r"[ \t]*(?:(?:\#|no\.? ?)?\d{1,2}|[a-z]|one|two|three|four|five)?[ \t]*(?::|[-–—](?=[ \t])|\.(?=[ \t]))|"
    r"\#?\d{1,2}[.):]|[a-z][.)](?=[ \t]))[ \t*_]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?:{_THING}(?: name| title)?|name|title|name of (?:the )?{_THING})[*_]*[ \t]*:[ \t*_]*(?=\S)", re.IGNORECASE
)
_OCCASIONS = (
    *(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: night)?", r"day \d{1,2}", r"night \d", r"meal \d"),
    *("breakfast", "brunch", "lunch", "dinner", "supper", "snacks?", "(?:to )?drinks?", "desserts?", "soup", "salad"),
    *(
        "appeti[sz]ers?",
        "starters?",
        "first course",
        "mains?(?: course| dish)?",
        "entr[eé]es?",
        "sides?(?: dish(?:es)?)?",
    ),
)
_OCCASION = re.compile(
    rf"(?:{'|'.join(_OCCASIONS)})(?: (?:ideas?|options?|tonight|today))?[*_]*[ \t]*(?::|[-–—])[ \t*_]*", re.IGNORECASE
)
_INTRODUCTIONS = (
    r"(?:here's |learn )?how to (?:make|cook|bake|mix|prepare|grill)",
    r"(?:easy |simple |quick |full )?recipes? (?:for|of)",
    r"(?:step-by-step |ultimate |a )?guide to(?: making)?",
    *("making", "let's make", "today's recipe:?", "introducing"),
)
_HOW_TO = re.compile(rf"(?:{'|'.join(_INTRODUCTIONS)})[ \t]+", re.IGNORECASE)
_SUBTITLE = re.compile(r"[ \t]*(?::|[ \t][-–—|•·~]|[-–—]{2}|—)[ \t]+|[ \t]*[–—]")
_MANNER = re.compile(
    r"[ \t]+(?:at home|from scratch|step[- ]by[- ]step|in (?:just |under |only )?\d+ min\w*)\b.*", re.IGNORECASE
)
_ASIDE = re.compile(r"[ \t]*[\(\[][^()\[\]]*[\)\]]?[ \t]*$")
# Of what stands in brackets a dish's other name is kept: "(Pad Krapow)", not "(serves 4)" and "(large batch)".
_KEPT_ASIDE = re.compile(r"[\(\[](?!(?:Serves?|Servings?|Makes|Yields?|About|Optional|Easy)\b)[A-ZÀ-Þ][^()\d]*[\)\]]$")
_BOLD = re.compile(r"\*\*(?P<inside>[^*\n]{2,120}?)\*\*")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def title_name(text: str, start: int, end: int) -> Span | None:
    """The name that the title `text[start:end]` is, without numbers, subtitles and asides; None if it is no name."""
    start, end = _inside_edges(text, start, end)
    for lead in (_NUMBERING, _OCCASION, _HOW_TO):
        if (found := lead.match(text, start, end)) is not None and found.end() < end:
            start, end = found.end(), end
            if (bold := _BOLD.search(text, max(0, start - 3), end + 2)) is not None:
                start, end = bold.span("inside")
            start, end = _inside_edges(text, start, end)
    if (aside := _ASIDE.search(text, start, end)) is not None and not _KEPT_ASIDE.search(text, start, end):
        start, end = _inside_edges(text, start, aside.start())
    if (subtitle := _SUBTITLE.search(text, start + 2, end)) is not None:
        start, end = _inside_edges(text, start, subtitle.start())
    if (manner := _MANNER.search(text, start, end)) is not None:
        end = manner.start()
    words = [
        (match[0].lower().replace("’", "'"), match.start(), match.end()) for match in _WORDS.finditer(text, start, end)
    ]
    while words and words[-1][0] in ("recipe", "recipes"):
        words.pop()
    while len(words) > 1 and words[0][0] in stop.ARTICLES:
        words.pop(0)
    if not words or text[end - 1 : end] in (".", "?") or not is_nameable([word for word, _, _ in words]):
        return None
    start = words[0][1]
    end = max(words[-1][2], end if text[end - 1] == ")" and text[words[-1][2] : end] == ")" else 0)
    name = " ".join(text[start:end].replace("*", "").split())
    return Span(name, start, end)


def _inside_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """`start` and `end` without signs, emoji and marks at either side."""
    while start < end and not (text[start].isalnum() or text[start] in "\"“'("):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ")]\"”'!?.%°’"):
        end -= 1
    return start, end


def says_section(title: str) -> bool:
    """Whether `title` heads a part of a recipe or something about it: ingredients, steps, tips, storage."""
    if (number := _NUMBERING.match(title.lstrip(" #*_"))) is not None:
        title = title.lstrip(" #*_")[number.end() :]
    words = _WORDS.findall(_ASIDE.sub("", title).lower().replace("’", "'"))
    if not words:
        return True
    if words[0] in known.SECTION_BEGINNING or " ".join(words[:2]) in known.SECTION_PAIRS:
        return _HOW_TO.match(title.lstrip(" #*_")) is None
    return any(word in known.SECTION for word in words) or all(word in known.SECTION_ALONE for word in words)


def says_offer(words: str) -> bool:
    """Whether `words` announce several recipes to choose from."""
    found = set(_WORDS.findall(words.lower()))
    return not found.isdisjoint(known.OFFER) and found.isdisjoint(known.SECTION)


def is_labelled(text: str, start: int, end: int) -> bool:
    """Whether a line says that a recipe's name follows: "Recipe: …", "Name of the dish: …"."""
    start, end = _inside_edges(text, start, end)
    return _LABEL.match(text, start, end) is not None


def is_occasion(text: str, start: int, end: int) -> bool:
    """Whether a title begins with the day or the meal that a dish is for."""
    start, end = _inside_edges(text, start, end)
    return _OCCASION.match(text, start, end) is not None
