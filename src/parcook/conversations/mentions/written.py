"""Names in how an answer is laid out: its headings and bold lines, and the lists in which it offers several."""

import re
from collections.abc import Iterator

from parcook.conversations.mentions.judging import is_dish, is_made_apart, might_be_dish
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
_LEADS = (
    re.compile(r"[^\w*\n]{0,6}(?:\*\*\*?|__)(?P<lead>[^*\n]{2,120}?)(?:\*\*\*?|__)"),
    re.compile(r"[^\w\[\n]{0,6}\[(?P<lead>[^\]\n]{2,120})\]\("),
    re.compile(r"(?P<lead>[^\n:–—(.!?]{2,80}?)(?=[ \t]*(?:$|:|[ \t][-–—][ \t]|[–—]|\())", re.MULTILINE),
)
_DASHED = re.compile(r"[^\w\n]{0,6}[A-ZÀ-Þ][^\n:–—.!?]{2,50}? [-–—] \S")
_BOLD = re.compile(r"(?<![*\w])\*\*(?P<inside>[^*\n]{2,80}?)\*\*")
_RECIPE = re.compile(r"\b(?:this|an?|the|my|our)(?: \S+){0,3} recipe\b")
_SENTENCE = re.compile(r"[.!?](?:\s|$)|,$", re.MULTILINE)
_CELL = re.compile(r"[^|\n]{3,80}")
# Which share of a list has to be dishes: where recipes are offered some have names that nobody could tell.
_AMONG_OFFERS, _AMONG_OTHERS = 0.3, 0.6
_LONGEST_TITLE = 120
_LINES_OF_ITEM = 8
_LONGEST_LABEL = 80


def find_written(text: str) -> Iterator[Span]:
    """The names that the layout of `text` shows."""
    lines = read_lines(text)
    # The levels of the title and of the section under which the lines stand: lower than any.
    level = section_level = 8
    in_section = offers = False
    items: list[Line] = []
    rows: list[Line] = []
    for at, line in enumerate(lines):
        if line.kind == "item" or _is_dashed(text, lines, at):
            items.append(line)
        elif line.kind in ("heading", "bold"):
            yield from _from_list(text, items, offers, in_section)
            items = []
            title = text[line.start : min(line.end, line.start + _LONGEST_TITLE)]
            is_below = in_section and line.level > min(level, section_level)
            span = _name_of_title(text, lines, at, offers, is_below)
            if span is not None:
                in_section, level = False, line.level
                yield span
            elif says_section(title):
                section_level = min(line.level, section_level) if is_below else line.level
                in_section, offers = True, False
            else:
                in_section, offers = is_below, says_offer(title)
        elif line.kind == "text" and not (items and _goes_on(lines, at)):
            yield from _from_list(text, items, offers, in_section)
            items = []
            span = _name_of_text(text, lines, at, in_section)
            if span is not None:
                in_section, offers, level = False, False, 7
                yield span
                continue
            if not in_section:
                yield from _from_bold(text, line)
            intro = text[max(line.start, line.end - _LONGEST_TITLE) : line.end]
            if at + 1 < len(lines) and lines[at + 1].kind != "text":
                offers = says_offer(intro)
            if _is_label(intro):
                in_section = says_section(intro) and not says_offer(intro) and not _RECIPE.search(intro)
                section_level = 6
        elif line.kind == "row":
            rows.append(line)
            if at + 1 == len(lines) or lines[at + 1].kind != "row":
                yield from _from_table(text, rows)
                rows = []
    yield from _from_list(text, items, offers, in_section)


def _is_dashed(text: str, lines: list[Line], at: int) -> bool:
    """Whether a line of text and one beside it go "Name — what it is", so that they are a list without bullets."""
    return lines[at].kind == "text" and any(
        _DASHED.match(text, lines[at].start, lines[at].end) and _DASHED.match(text, line.start, line.end)
        for line in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])
        if line.kind == "text"
    )


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


def _from_list(text: str, items: list[Line], offers: bool, in_section: bool) -> Iterator[Span]:
    """The names with which the items of a list begin, if enough of them are dishes."""
    if in_section or not items:
        return
    occasions = [item for item in items if is_occasion(text, item.start, item.end)]
    for item in occasions:
        span = title_name(text, item.start, item.end)
        if span is not None and span.name[0].isupper() and might_be_dish(span.name):
            yield span
    if occasions:
        return
    outer = min(item.level for item in items)
    top = [item for item in items if item.level == outer]
    leads = [lead for item in top if (lead := _lead(text, item)) is not None]
    dishes = sum(is_dish(lead.name) for lead in leads)
    if (
        dishes
        and dishes >= len(top) * (_AMONG_OFFERS if offers else _AMONG_OTHERS)
        and (offers or len(top) > 1 or _is_bold(text, top[0]))
    ):
        yield from (lead for lead in leads if not lead.name[0].isnumeric() or is_dish(lead.name))


def _is_bold(text: str, item: Line) -> bool:
    """Whether all of an item is bold, as of a title with a number."""
    return text.startswith("**", item.start) and text.endswith("**", item.start, item.end)


def _lead(text: str, item: Line) -> Span | None:
    for pattern in _LEADS:
        if found := pattern.match(text, item.start, item.end):
            return None if says_section(found["lead"]) else title_name(text, found.start("lead"), found.end("lead"))
    return None


def _from_table(text: str, rows: list[Line]) -> Iterator[Span]:
    """The dishes in the cells of a table whose head announces dishes or meals."""
    if not says_offer(text[rows[0].start : rows[0].end]):
        return
    for row in rows[1:]:
        for cell in _CELL.finditer(text, row.start, row.end):
            span = title_name(text, cell.start(), cell.end())
            if span is not None and is_dish(span.name) and span.name[0].isupper():
                yield span


def _from_bold(text: str, line: Line) -> Iterator[Span]:
    if text.find("**", line.start, line.end) < 0:
        return
    for bold in _BOLD.finditer(text, line.start, line.end):
        span = title_name(text, bold.start("inside"), bold.end("inside"))
        if span is not None and span.name[0].isupper() and is_dish(span.name) and _is_served(span.name):
            yield span


def _is_served(name: str) -> bool:
    """Whether a dish is no sauce to buy, as Soy Sauce is."""
    return not is_made_apart(name) or len(name.split()) > 2
