"""Names in lists and tables: the dishes that an answer offers to choose from, or plans for days and meals."""

import re
from collections.abc import Iterator

from parcook.conversations.mentions.judging import is_dish, might_be_dish
from parcook.conversations.mentions.markdown import Line
from parcook.conversations.mentions.titles import is_occasion, says_offer, says_section, title_name
from parcook.conversations.mentions.trimming import Span

_LEADS = (
    re.compile(r"[^\w*\n]{0,6}(?:\*\*\*?|__)(?P<lead>[^*\n]{2,120}?)(?:\*\*\*?|__)"),
    re.compile(r"[^\w\[\n]{0,6}\[(?P<lead>[^\]\n]{2,120})\]\("),
    re.compile(r"(?P<lead>[^\n:–—(.!?]{2,80}?)(?=[ \t]*(?:$|:|[ \t][-–—][ \t]|[–—]|\())", re.MULTILINE),
)
_DASHED = re.compile(r"[^\w\n]{0,6}[A-ZÀ-Þ][^\n:–—.!?]{2,50}? [-–—] \S")
_CELL = re.compile(r"[^|\n]{3,80}")
# Which share of a list has to be dishes: where recipes are offered some have names that nobody could tell.
_AMONG_OFFERS, _AMONG_OTHERS = 0.3, 0.6


def names_in_list(text: str, items: list[Line], offers: bool) -> Iterator[Span]:
    """The names with which items begin, if enough are dishes; `offers` if the list is announced as one of recipes."""
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


def names_in_table(text: str, rows: list[Line]) -> Iterator[Span]:
    """The dishes in the cells of a table whose head announces dishes or meals."""
    if not says_offer(text[rows[0].start : rows[0].end]):
        return
    for row in rows[1:]:
        for cell in _CELL.finditer(text, row.start, row.end):
            span = title_name(text, cell.start(), cell.end())
            if span is not None and is_dish(span.name) and span.name[0].isupper():
                yield span


def is_dashed(text: str, lines: list[Line], at: int) -> bool:
    """Whether a line of text and one beside it go "Name — what it is", so that they are a list without bullets."""
    return lines[at].kind == "text" and any(
        _DASHED.match(text, lines[at].start, lines[at].end) and _DASHED.match(text, line.start, line.end)
        for line in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])
        if line.kind == "text"
    )


def _is_bold(text: str, item: Line) -> bool:
    """Whether all of an item is bold, as of a title with a number."""
    return text.startswith("**", item.start) and text.endswith("**", item.start, item.end)


def _lead(text: str, item: Line) -> Span | None:
    for pattern in _LEADS:
        if found := pattern.match(text, item.start, item.end):
            return None if says_section(found["lead"]) else title_name(text, found.start("lead"), found.end("lead"))
    return None
