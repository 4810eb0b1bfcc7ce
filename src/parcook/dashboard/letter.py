"""A digest as plain text and as HTML that mail programs show: styles in place, nothing to load, nothing to run."""

from html import escape
from textwrap import wrap

from parcook.dashboard.cards import Table, text_of
from parcook.dashboard.digest import Digest
from parcook.dashboard.words import NUMERIC

WIDTH, MIN_WIDTH, GAP = 78, 12, "  "
_FONT = "font-family:Arial,Helvetica,sans-serif;color:#1e1a15"
_CELL = "padding:4px 10px 4px 0;border-bottom:1px solid #e7e1d7;font-size:14px"


def subject(digest: Digest) -> str:
    """The line a mail would be headed with."""
    return f"{digest.title}: week {digest.monday.isocalendar().week}, {_days(digest)}"


def as_text(digest: Digest) -> str:
    """Sentences and tables in plain text."""
    lines = [subject(digest)]
    for table in digest.tables:
        lines += ["", table.title.upper(), *wrap(table.sentence or "", WIDTH), *_columns(table)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(digest: Digest) -> str:
    """The same as one HTML document; equal digests give equal bytes."""
    title = escape(subject(digest))
    parts = "".join(_html(table) for table in digest.tables)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n'
        '<body style="margin:0;padding:0;background:#f7f5f0">\n<div role="main">\n'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f7f5f0">\n'
        '<tr><td align="center" style="padding:24px 8px">\n'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" '
        'style="width:100%;max-width:600px;background:#ffffff">\n<tr><td style="padding:24px">\n'
        f'<h1 style="margin:0;{_FONT};font-size:20px">{title}</h1>\n{parts}'
        "</td></tr>\n</table>\n</td></tr>\n</table>\n</div>\n</body>\n</html>\n"
    )


def _days(digest: Digest) -> str:
    first, last = digest.monday, digest.sunday
    begin = f"{first:%-d}" if first.month == last.month else f"{first:%-d %B}"
    return f"{begin} to {last:%-d %B %Y}"


def _columns(table: Table) -> list[str]:
    """The table in columns, numbers to the right; the widest is cut where a line would be too long for a mail."""
    if not table.rows:
        return []
    lines = [list(table.columns), *_cells(table)]
    widths = [max(len(line[i][0]) for line in lines) for i in range(len(table.columns))]
    too_much = sum(widths) + len(GAP) * (len(widths) - 1) - WIDTH
    if too_much > 0:
        widest = widths.index(max(widths))
        widths[widest] = max(MIN_WIDTH, widths[widest] - too_much)
    return [
        GAP.join(_fit(text, width, form) for (text, form), width in zip(line, widths, strict=True)) for line in lines
    ]


def _fit(text: str, width: int, form: str) -> str:
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return cut.rjust(width) if form in NUMERIC else cut.ljust(width)


def _html(table: Table) -> str:
    told = (
        f'<h2 style="margin:28px 0 4px;{_FONT};font-size:16px">{escape(table.title)}</h2>\n'
        f'<p style="margin:0 0 8px;{_FONT};font-size:14px">{escape(table.sentence or "")}</p>\n'
    )
    if not table.rows:
        return told
    heads = "".join(
        f'<th scope="col" align="{_side(form)}" style="{_CELL};{_FONT}">{escape(name)}</th>'
        for name, form in table.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(f'<td align="{_side(form)}" style="{_CELL};{_FONT}">{escape(text)}</td>' for text, form in row)
        + "</tr>\n"
        for row in _cells(table)
    )
    return f'{told}<table width="100%" cellpadding="0" cellspacing="0">\n<tr>{heads}</tr>\n{rows}</table>\n'


def _cells(table: Table) -> list[list[tuple[str, str]]]:
    """The texts of each row, each with its form."""
    return [
        [(_clean(text_of(value, form)), form) for value, (_, form) in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]


def _clean(text: str) -> str:
    """A name that came from free text, on one line, without what moves a cursor or turns writing round."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _side(form: str) -> str:
    return "right" if form in NUMERIC else "left"
