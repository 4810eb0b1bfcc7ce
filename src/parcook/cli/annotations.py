"""The command for marks on lines of time."""

from datetime import date
from typing import Annotated

import typer

from parcook.cli.answering import AsJson, answer, open_services
from parcook.errors import Invalid, NotFound

app = typer.Typer()


@app.command()
def annotate(
    day: Annotated[str, typer.Argument(metavar="DATE", help="The day, as 2025-01-15.")],
    text: Annotated[str, typer.Argument(help="What happened, in up to 80 characters.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the mark of that day away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Mark a day on every line of time, in place of what it was marked with."""
    from parcook.artifacts import annotations

    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise Invalid("the day must be a date such as 2025-01-15") from None
    if remove and text:
        raise Invalid("a mark is taken away by its day alone; leave the text out")
    with open_services() as services:
        records = services.lake.records
        if not remove:
            mark = annotations.annotate(records, chosen, text)
            answer({"date": day, "text": mark.text}, f"Marked {chosen}: {mark.text}", as_json)
        elif annotations.remove_mark(records, chosen):
            answer({"date": day, "removed": True}, f"The mark of {chosen} is gone.", as_json)
        else:
            raise NotFound(f"{chosen} has no mark")
