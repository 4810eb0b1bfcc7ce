"""The lines of an answer in Markdown: headings, bold lines, items of lists, text; what stands on them and where."""

import re
from typing import Literal, NamedTuple

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?:> ?)?(?:(?P<hashes>\#{1,6})[ \t]+|(?P<bar>\|)|"
    r"(?P<bullet>[-*+•‣▪◦●]|\d{1,2}[.)]|\d\ufe0f?\u20e3|[①-⑳]|[A-Za-z][.)])[ \t]+(?=\S))?"
)
_BOLD_LINE = re.compile(
    r"[^\w*\n]{0,8}(\*\*\*?|__)(?P<inside>[^*\n]{2,120}?)\1[ \t]*:?[ \t]*(?:\([^()\n]{1,60}\))?[ \t]*$"
)
_RULE = re.compile(r"[ \t]*(?:[-=*_] ?){3,}[ \t]*$")


class Line(NamedTuple):
    """A line that is not blank; `text[start:end]` is its content without what marks it."""

    kind: Literal["heading", "bold", "item", "row", "text"]
    level: int
    """Of a heading 1 to 6; a bold line stands below all of them. Of an item, how far it is indented."""
    is_numbered: bool
    start: int
    end: int


def read_lines(text: str) -> list[Line]:
    """The lines of `text` that say something, in order."""
    lines: list[Line] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if line := _read(text, at, end):
            lines.append(line)
        elif lines and _is_underline(text, at, end) and lines[-1].kind == "text":
            lines[-1] = lines[-1]._replace(kind="heading", level=1 if text[end - 1] == "=" else 2)
        at = end + 1
    return lines


def _read(text: str, at: int, end: int) -> Line | None:
    stripped = end
    while stripped > at and text[stripped - 1] in " \t\r#":
        stripped -= 1
    if stripped == at or (text[stripped - 1] in "-=*_" and _RULE.match(text, at, stripped)):
        return None
    marks = _LINE.match(text, at, stripped)
    assert marks is not None  # every part of it may be missing
    start = marks.end()
    if start >= stripped:
        return None
    indent = len(marks["indent"].expandtabs(4))
    bullet = marks["bullet"]
    if marks["hashes"]:
        return Line("heading", len(marks["hashes"]), False, start, stripped)
    if bullet:
        return Line("item", indent, not bullet[0].isalpha() and bullet[0].isnumeric(), start, stripped)
    if marks["bar"]:
        return Line("row", indent, False, start, stripped)
    if text[stripped - 1] in "*_:)" and (bold := _BOLD_LINE.match(text, start, stripped)):
        return Line("bold", 7, False, bold.start("inside"), bold.end("inside"))
    return Line("text", indent, False, start, stripped)


def _is_underline(text: str, at: int, end: int) -> bool:
    line = text[at:end].strip()
    return len(line) >= 3 and set(line) in ({"="}, {"-"})
