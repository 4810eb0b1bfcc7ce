"""`tables.html`: everything that the page shows, as plain tables, for whoever has or wants no JavaScript."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from parcook.clock import parse_time
from parcook.dashboard.cards import CARDS, Table, key_numbers, text_of
from parcook.dashboard.reading import Generation
from parcook.dashboard.shell import GENERATOR, HTML, POLICY, File, Shell
from parcook.dashboard.words import NUMERIC, humanise, written

PAGES = ("overview", "catalogue", "audience", "conversations", "demand")


def tables_page(generations: Sequence[Generation], shell: Shell) -> File:
    """The tables of all artifacts in `generations`. Equal artifacts give equal bytes."""
    told = {name: json.loads(body) for generation in generations for name, body in generation.artifacts.items()}
    sections = {page: list(_tables(page, told)) for page in PAGES}
    shown = [page for page, tables in sections.items() if tables]
    about = generations[-1].about if generations else {}
    title = str(about.get("site", {}).get("title", "Recipe analytics"))
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>',
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        GENERATOR,
        f"<title>{escape(title)}, as tables</title>",
        f'<link rel="icon" href="assets/{shell.version}/icon.svg" type="image/svg+xml">',
        f'<link rel="stylesheet" href="assets/{shell.version}/tables.css">',
        "</head>\n<body>\n<header>",
        f"<h1>{escape(title)}, as tables</h1>",
        f"<p>{escape(_freshness(about))}</p>",
        '<nav aria-label="Pages"><ul>',
        *(f'<li><a href="#{page}">{humanise(page)}</a></li>' for page in shown),
        '<li><a href="./">With charts</a></li>',
        "</ul></nav>\n</header>\n<main>",
    ]
    for page in shown:
        lines.append(f'<section aria-labelledby="{page}">\n<h2 id="{page}">{humanise(page)}</h2>')
        for table in sections[page]:
            lines += _html(table, page)
        lines.append("</section>")
    if not shown:
        lines.append(
            "<p>Nothing was cooked yet. Run “parcook refresh” once; every change after that keeps it current.</p>"
        )
    lines.append("</main>\n</body>\n</html>\n")
    return File("\n".join(lines).encode(), HTML)


_POLICY = POLICY.format(script="'none'", style="'self'", connect="'none'")


def _tables(page: str, told: dict[str, Any]) -> Iterator[Table]:
    if "key-numbers" in told and (numbers := key_numbers(told["key-numbers"], page)):
        yield numbers
    yield from (card.table(told[card.view]) for card in CARDS if card.page == page and card.view in told)


def _freshness(about: Any) -> str:
    if not about:
        return ""
    through = about.get("data_through")
    days = f" Complete days up to {written('day', through)}." if through else ""
    periods = " Cards that follow a period show 28 days." if through else ""
    cooked = f"{parse_time(about['generated_at']):%-d %b %Y, %H:%M} UTC"
    return f"Cooked {cooked}.{days}{periods} Days and hours are those of {about['timezone']}."


def _html(table: Table, page: str) -> Iterator[str]:
    title = escape(table.title)
    yield f"<h3>{title}</h3>"
    if table.sentence:
        yield f"<p>{escape(table.sentence)}</p>"
    if not table.rows:
        yield "<p>Nothing yet.</p>"
        return
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{humanise(page)}: {title}">\n<table>'
    heads = "".join(f'<th scope="col"{_class(form)}>{escape(name)}</th>' for name, form in table.columns)
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        yield (
            "<tr>" + "".join(_cell(value, form, is_head=i == 0) for i, (value, (_, form)) in enumerate(cells)) + "</tr>"
        )
    yield "</tbody>\n</table>\n</div>"


def _cell(value: Any, form: str, is_head: bool) -> str:
    text = escape(text_of(value, form))
    return f'<th scope="row"{_class(form)}>{text}</th>' if is_head else f"<td{_class(form)}>{text}</td>"


def _class(form: str) -> str:
    return ' class="number"' if form in NUMERIC else ""
