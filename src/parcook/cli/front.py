"""The command line as a whole: `parcook serve`, and each subject's commands.

Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 something is stale or missing. Answers go to stdout, in JSON
with `--json`; everything else goes to stderr.
"""

import sys
from contextlib import nullcontext
from importlib.metadata import version
from typing import Annotated

import typer

from parcook.cli import (
    annotations,
    catalogue,
    conversations,
    ddl,
    demo,
    digest,
    lake,
    metrics,
    operations,
    people,
    publish,
    tokens,
)
from parcook.cli.answering import FAILED, USAGE, err
from parcook.errors import ParcookError, SettingsError
from parcook.settings import load_settings
from parcook.telemetry import configure_logging

app = typer.Typer(
    name="parcook",
    help="Analytics for recipe products: cooked ahead, finished to order.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Common options."""
    if show_version:
        typer.echo(f"parcook {version('parcook')}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
    no_jobs: Annotated[
        bool, typer.Option("--no-jobs", help="Leave exporting, computing, erasing and deleting to another process.")
    ] = False,
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Make the demonstration meanwhile, if there is nothing else yet.")
    ] = False,
) -> None:
    """Serve the API, and keep the stored answers and numbers fresh meanwhile."""
    from parcook.web.server import run

    settings = load_settings()
    configure_logging(settings.log_level)
    with demo.in_background() if with_demo else nullcontext():
        run(settings, host, port, announce=err.print, jobs=not no_jobs)


for subject in (catalogue, conversations, lake, metrics, annotations, ddl, people, demo, publish, digest, operations):
    app.add_typer(subject.app)
app.add_typer(tokens.app, name="token")


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
