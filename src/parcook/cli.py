"""The front door: `parcook serve`, and every job as a command.

Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 something is stale or missing. Answers go to stdout, in JSON
with `--json`; everything else goes to stderr.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from parcook.clock import format_time
from parcook.errors import ParcookError, SettingsError
from parcook.settings import load_settings
from parcook.telemetry import configure_logging
from parcook.wiring import Services, open_services

if TYPE_CHECKING:
    from parcook.catalogue.importing import ImportNotice, Progress

FAILED, USAGE, STALE = 1, 2, 3
MANY_WARNINGS, SHOWN_OF_A_KIND = 20, 10

app = typer.Typer(
    name="parcook",
    help="Analytics for recipe products: cooked ahead, finished to order.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
token_app = typer.Typer(help="Bearer tokens and sign-in links.", no_args_is_help=True)
app.add_typer(token_app, name="token")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Common options."""
    if show_version:
        out.print(f"parcook {version('parcook')}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
) -> None:
    """Serve the API, and keep the stored answers fresh meanwhile."""
    from parcook.web.server import run

    settings = load_settings()
    configure_logging(settings.log_level)
    run(settings, host, port, announce=err.print)


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

    with _services() as services:
        if if_new and services.catalogue.state().stamp.version > 0:
            _answer({"skipped": True}, "The catalogue is not new; nothing was imported.", as_json)
            return
        with _progress_bar(err.is_terminal and not as_json) as progress:
            report = import_file(services.catalogue, file, dry_run=dry_run, progress=progress)
    if not as_json:  # there they are part of the answer
        for line in (*_told_warnings(report.warnings), *report.notes):
            err.print(line, markup=False)
    text = (
        f"{'Would import' if dry_run else 'Imported'} {report.recipes_created:,} recipes, "
        f"{report.ingredients_created:,} ingredients and {report.units_created:,} units from {file.name}"
        + (f", with {len(report.warnings):,} warnings." if report.warnings else ".")
    )
    _answer(report.as_dict(), text, as_json)


@app.command()
def refresh(
    force: Annotated[bool, typer.Option("--force", help="Cook even if nothing has changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the stored artifacts to the catalogue's version."""
    with _services() as services:
        cooked = services.refresher.refresh(force)
        freshness = services.refresher.freshness()
    text = (
        f"{'Cooked' if cooked else 'Already current:'} version {freshness.stored_version} "
        f"in {services.settings.storage_url}"
    )
    _answer({"cooked": cooked, "current": freshness.current, "version": freshness.stored_version}, text, as_json)
    if not freshness.current:
        err.print("Another process is refreshing, or the catalogue changed meanwhile; it is not current yet.")
        raise typer.Exit(STALE)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Compare every stored artifact with a fresh computation, and check the catalogue's inner order."""
    from parcook.artifacts.verify import find_faults

    with _services() as services:
        faults = find_faults(services.catalogue, services.storage)
    text = "\n".join(fault["message"] for fault in faults) or "All stored artifacts are what the catalogue says."
    _answer({"ok": not faults, "faults": faults}, text, as_json)
    if faults:
        raise typer.Exit(STALE)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is in the catalogue and how fresh the stored answers are."""
    from parcook.web.operations import describe

    with _services() as services:
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
    _answer({"catalogue": counts, "artifacts": about}, text, as_json)
    if not freshness.current:
        raise typer.Exit(STALE)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Write a consistent copy of the catalogue to FOLDER, while others go on."""
    from parcook.catalogue.backup import back_up

    with _services() as services:
        about = back_up(services.catalogue, folder)
    counts = about["catalogue"]
    text = f"Backed up {counts['recipes']:,} recipes and {counts['ingredients']:,} ingredients to {folder}"
    _answer(about, text, as_json)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What `parcook backup` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Put the backup in FOLDER in the place of the whole catalogue; a running server follows."""
    from parcook.catalogue import backup as backups

    with _services() as services:
        about = backups.restore(services.catalogue, folder)
        services.refresher.refresh()
    counts = about["catalogue"]
    text = f"Restored {counts['recipes']:,} recipes and {counts['ingredients']:,} ingredients of {about['created_at']}"
    _answer(about, text, as_json)


@token_app.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="ingest, viewer or admin.")],
    link: Annotated[bool, typer.Option("--link", help="Make a one-time sign-in link instead of a token.")] = False,
    base_url: Annotated[str, typer.Option(help="Where the server is reached, for the link.")] = "http://127.0.0.1:8000",
    as_json: AsJson = False,
) -> None:
    """Make a bearer token and print it, alone and only this once."""
    from parcook.access import GRANTABLE, Role

    if role not in GRANTABLE:
        raise typer.BadParameter(f"{role!r} is not one of {', '.join(GRANTABLE)}", param_hint="--role")
    with _services() as services:
        if link:
            url = f"{base_url.rstrip('/')}/sign-in?key={services.access.create_link(Role(role))}"
            _answer({"link": url, "role": role}, url, as_json)
        else:
            token = services.access.create_token(Role(role))
            _answer({"token": token.secret, "role": role, "id": token.id}, token.secret, as_json)


@token_app.command("list")
def token_list(as_json: AsJson = False) -> None:
    """List all tokens ever made; never their secrets."""
    with _services() as services:
        entries = [
            {
                "id": entry.id,
                "role": str(entry.role),
                "created_at": format_time(entry.created_at),
                "revoked_at": format_time(entry.revoked_at) if entry.revoked_at else None,
            }
            for entry in services.access.list_tokens()
        ]
    lines = [
        f"{entry['id']}  {entry['role']:<7} {entry['created_at']}  "
        + (f"revoked {entry['revoked_at']}" if entry["revoked_at"] else "")
        for entry in entries
    ]
    _answer({"tokens": entries}, "\n".join(lines) or "There are no tokens.", as_json)


@token_app.command("revoke")
def token_revoke(
    token_id: Annotated[str, typer.Argument(help="The id that `parcook token list` shows.")], as_json: AsJson = False
) -> None:
    """Let a token count no longer, at once."""
    with _services() as services:
        services.access.revoke_token(token_id)
    _answer({"revoked": token_id}, f"Revoked {token_id}.", as_json)


@contextmanager
def _services() -> Iterator[Services]:
    # A command's own answer says what it did; the log is for what went wrong.
    configure_logging("warning")
    services = open_services(load_settings())
    try:
        yield services
    finally:
        services.close()


@contextmanager
def _progress_bar(is_shown: bool) -> Iterator["Progress | None"]:
    """A bar on stderr, one after the other for each phase; nothing if it is not to be shown."""
    if not is_shown:
        yield None
        return
    from rich import progress

    columns = (progress.TextColumn("{task.description:<9}"), progress.BarColumn(), progress.TaskProgressColumn())
    with progress.Progress(*columns, progress.TimeElapsedColumn(), console=err, transient=True) as bars:
        task = bars.add_task("")
        yield lambda phase, done, total: bars.update(task, description=phase, completed=done, total=total)


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


def _answer(document: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        typer.echo(text)


def main() -> None:
    """Run the command line; parcook's own errors become one line and an exit code."""
    try:
        app()
    except ParcookError as error:
        err.print(f"error: {error.detail}", markup=False, style="red")
        for fault in error.errors:
            where = f"{fault.get('list', 'item')}[{fault.get('index')}]"
            err.print(f"  {where} {fault.get('name') or ''}: {fault['message']}", markup=False)
        sys.exit(USAGE if isinstance(error, SettingsError) else FAILED)
