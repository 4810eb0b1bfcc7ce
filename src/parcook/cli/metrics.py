"""Commands that ask: the metrics there are, one of them, or SQL of one's own."""

import csv
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from parcook.cli.answering import STALE, AsJson, answer, err, open_services
from parcook.clock import day_of
from parcook.engines.contract import Days
from parcook.engines.queries import one_query
from parcook.errors import Invalid
from parcook.lake.tables import readable_tables
from parcook.metrics import library

LAST_DAYS = 28

app = typer.Typer()


@app.command()
def metrics(as_json: AsJson = False) -> None:
    """List the metrics there are, and what each asks."""
    items = [metric.describe() for metric in library.load_metrics().values()]
    width = max(len(item["name"]) for item in items)
    answer({"items": items}, "\n".join(f"{item['name']:<{width}}  {item['question']}" for item in items), as_json)


@app.command()
def metric(
    name: Annotated[str, typer.Argument(help="As `parcook metrics` lists them.")],
    first: Annotated[str, typer.Option("--from", help="The first day; 27 days before the last, if not given.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last day; yesterday, if not given.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many rows, where it takes a limit.")] = 0,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a metric for some days. Exit code 3 if they are not complete or a file of theirs is damaged."""
    chosen = library.find_metric(name)
    with open_services() as services:
        today = day_of(services.clock(), services.lake.zone)
        end = last or (today - timedelta(days=1)).isoformat()
        begin = first or _before(end)
        given = {"from": begin, "to": end} | ({"limit": str(limit)} if limit else {})
        told = library.answer(
            chosen,
            services.engine,
            given,
            min_people=services.settings.min_people,
            timezone=services.settings.timezone,
        )
    if as_csv:
        sys.stdout.write(told.as_csv())
    else:
        if not as_json:
            _print_table(told.metadata["columns"], [list(row.values()) for row in told.rows])
        answer(told.as_dict(), told.metadata["summary"], as_json)
    damaged = told.metadata.get("damaged", ())
    _warn_of(damaged)
    if not told.metadata["complete"]:
        if not damaged:
            err.print(f"warning: the answer is incomplete: not every day from {begin} to {end} is there and complete")
        raise typer.Exit(STALE)


@app.command()
def sql(
    statement: Annotated[
        str, typer.Argument(help="One query over the lake's tables, in the dialect of the metrics; it changes nothing.")
    ],
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the lake a question of your own. Exit code 3 if a damaged file had to be left out."""
    try:
        query = one_query(statement)
    except Invalid as error:
        raise typer.BadParameter(error.detail, param_hint="STATEMENT") from None
    with open_services() as services:
        words = query.lower()
        named = {table.name: Days() for table in readable_tables() if table.name in words}
        with services.engine.reading(named) as session:
            result, damaged = session.run(query), list(session.damaged)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    elif as_json:
        told = {"data": result.as_dicts(), "metadata": {"columns": list(result.columns), "damaged": damaged}}
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
    else:
        _print_table(result.columns, [list(row) for row in result.rows])
    _warn_of(damaged)
    if damaged:
        raise typer.Exit(STALE)


def _before(end: str) -> str:
    day = library.find_metric("daily_totals").header.params[1].parse(end)
    return str(day - timedelta(days=LAST_DAYS - 1))


def _warn_of(damaged: Sequence[str]) -> None:
    for path in damaged:
        err.print(f"warning: {path} is damaged and was left out", markup=False)
    if damaged:
        err.print("warning: the answer is incomplete: it lacks what these files hold")


def _print_table(columns: Any, rows: list[list[Any]]) -> None:
    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(str(column))
    for row in rows:
        table.add_row(
            *("" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value) for value in row)
        )
    Console(highlight=False).print(table)
