"""The command that tells of a week, for a mail."""

from pathlib import Path
from typing import Annotated

import typer

from parcook.cli.answering import AsJson, answer, open_services
from parcook.clock import day_of
from parcook.dashboard.digest import last_week, make_digest, parse_week
from parcook.dashboard.letter import as_html, as_text
from parcook.dashboard.publish import write_whole
from parcook.errors import Invalid

app = typer.Typer()


@app.command()
def digest(
    week: Annotated[str, typer.Option(help="An ISO week, as 2025-W03; the last one that is over, if not given.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write it as HTML for mail to this file, too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell of one week in sentences and small tables, as plain text on stdout."""
    try:
        asked = parse_week(week) if week else None
    except Invalid as error:
        raise typer.BadParameter(error.detail, param_hint="--week") from None
    with open_services() as services:
        monday = asked or last_week(day_of(services.clock(), services.lake.zone))
        told = make_digest(services.insights, monday, services.settings.site_title)
    if html is not None:
        write_whole(html, as_html(told).encode())
    answer(told.as_dict(), as_text(told).rstrip("\n"), as_json)
