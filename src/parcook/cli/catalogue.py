"""Commands about the catalogue: loading it, recooking and checking what is stored."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcook.cli.answering import STALE, AsJson, answer, err, open_services, progress_bar

if TYPE_CHECKING:
    from parcook.catalogue.importing import ImportNotice

MANY_WARNINGS, SHOWN_OF_A_KIND = 20, 10

app = typer.Typer()


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="Bulk JSON, JSON lines, schema.org JSON-LD, CSV of ingredients, or SQLite with the core tables."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    if_new: Annotated[
        bool, typer.Option("--if-new", help="Do nothing if the catalogue has ever been written to.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load a catalogue from FILE: all of it, or nothing."""
    from parcook.catalogue.importing import import_file

    with open_services() as services:
        if if_new and services.catalogue.state().stamp.version > 0:
            answer({"skipped": True}, "The catalogue is not new; nothing was imported.", as_json)
            return
        with progress_bar(err.is_terminal and not as_json) as progress:
            report = import_file(services.catalogue, file, dry_run=dry_run, progress=progress)
    if not as_json:  # there they are part of the answer
        for line in (*_told_warnings(report.warnings), *report.notes):
            err.print(line, markup=False)
    text = (
        f"{'Would import' if dry_run else 'Imported'} {report.recipes_created:,} recipes, "
        f"{report.ingredients_created:,} ingredients and {report.units_created:,} units from {file.name}"
        + (f", with {len(report.warnings):,} warnings." if report.warnings else ".")
    )
    answer(report.as_dict(), text, as_json)


@app.command()
def refresh(
    force: Annotated[bool, typer.Option("--force", help="Cook even if nothing has changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the stored artifacts to what the catalogue and the lake say."""
    with open_services() as services:
        cooked = services.refresher.refresh(force) | services.insights.refresh(force)
        freshness = services.refresher.freshness()
    text = (
        f"{'Cooked' if cooked else 'Already current:'} version {freshness.stored_version} "
        f"in {services.settings.storage_url}"
    )
    answer({"cooked": cooked, "current": freshness.current, "version": freshness.stored_version}, text, as_json)
    if not freshness.current:
        err.print("Another process is refreshing, or the catalogue changed meanwhile; it is not current yet.")
        raise typer.Exit(STALE)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Compare every stored artifact with a fresh computation, and check the catalogue's inner order."""
    from parcook.artifacts.verify import find_faults, find_insight_faults

    with open_services() as services:
        faults = find_faults(services.catalogue, services.storage)
        faults += find_insight_faults(services.insights, services.shelf)
    well = "All stored artifacts are what the catalogue and the lake say."
    text = "\n".join(fault["message"] for fault in faults) or well
    answer({"ok": not faults, "faults": faults}, text, as_json)
    if faults:
        raise typer.Exit(STALE)


def _told_warnings(warnings: Sequence["ImportNotice"]) -> Iterator[str]:
    """Each warning on a line; of many, the first of each kind."""
    if len(warnings) <= MANY_WARNINGS:
        yield from (f"warning: {warning.message}" for warning in warnings)
        return
    kinds: dict[str, list[str]] = {}
    for warning in warnings:
        kinds.setdefault(warning.code, []).append(warning.message)
    for code, messages in kinds.items():
        yield f"{len(messages):,} × {code}"
        yield from (f"  {message}" for message in messages[:SHOWN_OF_A_KIND])
        if len(messages) > SHOWN_OF_A_KIND:
            yield f"  … and {len(messages) - SHOWN_OF_A_KIND:,} more; --json lists all"
