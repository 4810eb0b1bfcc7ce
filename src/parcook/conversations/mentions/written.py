"""Names in how an answer is laid out: its headings and bold lines, and the lists in which it offers several."""

import re
from collections.abc import Iterator

from parcook.conversations.mentions.denials import is_denied
from parcook.conversations.mentions.judging import is_dish, is_made_apart, might_be_dish
from parcook.conversations.mentions.lists import is_dashed, names_in_list, names_in_table
from parcook.conversations.mentions.markdown import Line, read_lines
from parcook.conversations.mentions.titles import is_labelled, is_occasion, says_offer, says_section, title_name
from parcook.conversations.mentions.trimming import Span

_INGREDIENTS = re.compile(
    r"[^\w\n]*(?:ingredients?|what you(?:'|’)?(?:ll)? need|you(?:'|’)?ll need|serves|servings?|yields?)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    _INGREDIENTS.pattern + r"|[^\w\n]*(?:instructions?|directions?|method|steps?|glass(?:ware)?|"
    r"(?:(?:prep(?:aration)?|cook(?:ing)?|total) )?time)\b|"
    r"[-*•\s]*[\d½¼¾⅓⅔⅛][\d/ .–-]*"
    r"(?:cups?|tbsp|tablespoons?|tsp|teaspoons?|oz|ounces?|lbs?|pounds?|g|kg|ml|cloves?|cans?)\b",
    re.IGNORECASE,
)
# How many lines after a title may pass before one of these.
_AHEAD_OF_TITLE, _AHEAD_OF_TEXT = 6, 3
_BOLD = re.compile(r"(?<![*\w])\*\*(?P<inside>[^*\n]{2,80}?)\*\*")
_RECIPE = re.compile(r"\b(?:this|an?|the|my|our)(?: \S+){0,3} recipe\b")
_SENTENCE = re.compile(r"[.!?](?:\s|$)|,$", re.MULTILINE)
_LONGEST_TITLE = 120
# Levels as of headings, which have 1 to 6: of a label in the text, of a title in the text, and below all.
_LABEL, _TITLE, _LOWEST = 6, 7, 8
_LINES_OF_ITEM = 8
_LONGEST_LABEL = 80


def find_written(text: str) -> Iterator[Span]:
    """The names that the layout of `text` shows."""
    return _Reader(text).read()


class _Reader:
    """Reads an answer from top to bottom, and knows what the lines stand under."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = read_lines(text)
        self.level = self.section_level = _LOWEST  # of the last title and of the last section
        self.in_section = False  # where no names are: ingredients, steps, tips
        self.offers = False  # where several recipes are announced
        self.items: list[Line] = []
        self.rows: list[Line] = []

    def read(self) -> Iterator[Span]:
        for at, line in enumerate(self.lines):
            if line.kind == "item" or is_dashed(self.text, self.lines, at):
                self.items.append(line)
            elif line.kind == "row":
                self.rows.append(line)
            elif line.kind == "text" and self.items and _goes_on(self.lines, at):
                continue
            else:
                yield from self._end_list()
                yield from self._read_title(at) if line.kind in ("heading", "bold") else self._read_text(at)
        yield from self._end_list()

    def _end_list(self) -> Iterator[Span]:
        if self.items and not self.in_section:
            yield from names_in_list(self.text, self.items, self.offers)
        if self.rows:
            yield from names_in_table(self.text, self.rows)
        self.items, self.rows = [], []

    def _read_title(self, at: int) -> Iterator[Span]:
        line = self.lines[at]
        title = self.text[line.start : min(line.end, line.start + _LONGEST_TITLE)]
        is_below = self.in_section and line.level > min(self.level, self.section_level)
        span = _name_of_title(self.text, self.lines, at, self.offers, is_below)
        if span is not None:
            self.in_section, self.level = False, line.level
            yield span
        elif says_section(title):
            self.section_level = min(line.level, self.section_level) if is_below else line.level
            self.in_section, self.offers = True, False
        else:
            self.in_section, self.offers = is_below, says_offer(title)

    def _read_text(self, at: int) -> Iterator[Span]:
        line = self.lines[at]
        span = _name_of_text(self.text, self.lines, at, self.in_section)
        if span is not None:
            self.in_section, self.offers, self.level = False, False, _TITLE
            yield span
            return
        if not self.in_section:
            yield from _from_bold(self.text, line)
        intro = self.text[max(line.start, line.end - _LONGEST_TITLE) : line.end]
        if at + 1 < len(self.lines) and self.lines[at + 1].kind != "text":
            self.offers = says_offer(intro)
        if _is_label(intro):
            self.in_section = says_section(intro) and not says_offer(intro) and not _RECIPE.search(intro)
            self.section_level = _LABEL


def _is_label(line: str) -> bool:
    """Whether a line of text heads the lines below it: "Ingredients:", "INSTRUCTIONS"."""
    line = line.rstrip("* \t")
    return len(line) < _LONGEST_LABEL and (line.endswith(":") or (line.isupper() and len(line.split()) < 3))


def _goes_on(lines: list[Line], at: int) -> bool:
    """Whether the text at `at` stands between the items of a list: it is indented, or the list is numbered."""
    if lines[at].level > 0:
        return True
    following = next((line for line in lines[at + 1 : at + 1 + _LINES_OF_ITEM] if line.kind != "text"), None)
    return following is not None and following.kind == "item" and following.is_numbered


def _opens_recipe(text: str, lines: list[Line], at: int, ahead: int, pattern: re.Pattern[str]) -> bool:
    """Whether what `pattern` says comes soon after the title at `at`, before another title."""
    for line in lines[at + 1 : at + 1 + ahead]:
        if pattern.match(text, line.start, line.end):
            return True
        if line.kind in ("heading", "bold"):
            return False
    return False


def _name_of_title(text: str, lines: list[Line], at: int, offers: bool, is_below: bool) -> Span | None:
    """The name that the heading or the bold line at `at` is; `is_below` if it stands inside a section of a recipe."""
    line = lines[at]
    if says_section(text[line.start : line.end]) and not is_occasion(text, line.start, line.end):
        return None
    span = title_name(text, line.start, line.end)
    if span is None:
        return None
    is_offered = offers or is_occasion(text, line.start, line.end)
    if not is_below and (is_dish(span.name) or (is_offered and might_be_dish(span.name))):
        return span
    return span if _opens_recipe(text, lines, at, _AHEAD_OF_TITLE, _OPENING) else None


def _name_of_text(text: str, lines: list[Line], at: int, in_section: bool) -> Span | None:
    """The name that stands alone on a short line of text right above the ingredients."""
    line = lines[at]
    if line.end - line.start > _LONGEST_LABEL or _SENTENCE.search(text, line.start, line.end):
        return None
    if is_labelled(text, line.start, line.end):
        return title_name(text, line.start, line.end)
    if is_occasion(text, line.start, line.end):
        span = title_name(text, line.start, line.end)
        return span if span is not None and might_be_dish(span.name) else None
    following = lines[at + 1] if at + 1 < len(lines) else None
    is_above = following is not None and (following.kind == "item" or text[following.end - 1] == ":")
    ahead, pattern = (1, _INGREDIENTS) if in_section else (_AHEAD_OF_TEXT, _OPENING)
    opens = _opens_recipe(text, lines, at, ahead, pattern)
    if not (opens or (is_above and not in_section)) or says_section(text[line.start : line.end]):
        return None
    span = title_name(text, line.start, line.end)
    return span if span is not None and span.name[0].isupper() and (opens or is_dish(span.name)) else None


def _from_bold(text: str, line: Line) -> Iterator[Span]:
    if text.find("**", line.start, line.end) < 0:
        return
    for bold in _BOLD.finditer(text, line.start, line.end):
        span = title_name(text, bold.start("inside"), bold.end("inside"))
        if span is None or not span.name[0].isupper() or not is_dish(span.name) or not _is_served(span.name):
            continue
        lead = text[line.start : bold.start()].lower().replace("’", "'")
        if not is_denied(lead, len(lead), len(lead), "assistant"):
            yield span


def _is_served(name: str) -> bool:
    """Whether a dish is no sauce to buy, as Soy Sauce is."""
    return not is_made_apart(name) or len(name.split()) > 2
