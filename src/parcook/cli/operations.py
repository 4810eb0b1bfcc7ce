"""Commands for the operator: how it stands, backup and restore."""

from pathlib import Path
from typing import Annotated

import typer

from parcook.cli.answering import STALE, AsJson, answer, open_services

app = typer.Typer()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is in the catalogue and how fresh the stored answers are."""
    from parcook.web.operations import describe

    with open_services() as services:
        counts = services.catalogue.counts()
        freshness = services.refresher.freshness()
    about = describe(freshness)
    if freshness.generated_at is None:
        stored = freshness.error or "nothing is stored yet; run `parcook refresh`, or `parcook serve`"
    elif freshness.current:
        stored = f"current, cooked {about['generated_at']}"
    else:
        behind = "" if about["lag_seconds"] is None else f" for {about['lag_seconds']:.0f} s"
        stored = f"behind{behind}: version {freshness.stored_version} is stored"
    text = (
        f"Catalogue  {counts['recipes']:,} recipes, {counts['ingredients']:,} ingredients, "
        f"version {freshness.catalogue_version}\nArtifacts  {stored}"
    )
    answer({"catalogue": counts, "artifacts": about}, text, as_json)
    if not freshness.current:
        raise typer.Exit(STALE)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Write a consistent copy of the catalogue to FOLDER, while others go on."""
    from parcook.catalogue.backup import back_up

    with open_services() as services:
        about = back_up(services.catalogue, folder)
    counts = about["catalogue"]
    text = f"Backed up {counts['recipes']:,} recipes and {counts['ingredients']:,} ingredients to {folder}"
    answer(about, text, as_json)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What `parcook backup` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Put the backup in FOLDER in the place of the whole catalogue; a running server follows."""
    from parcook.catalogue import backup as backups

    with open_services() as services:
        about = backups.restore(services.catalogue, folder)
        services.refresher.refresh()
    counts = about["catalogue"]
    text = f"Restored {counts['recipes']:,} recipes and {counts['ingredients']:,} ingredients of {about['created_at']}"
    answer(about, text, as_json)
