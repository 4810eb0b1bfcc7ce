"""What all commands share: where answers and notices go, the services they use, and a bar while they work."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from parcook import wiring
from parcook.settings import load_settings
from parcook.telemetry import configure_logging

FAILED, USAGE, STALE = 1, 2, 3

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
Progress = Callable[[str, int, int], None]

err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def open_services() -> Iterator[wiring.Services]:
    """The services that the environment names, for the length of one command."""
    # A command's own answer says what it did; the log is for what went wrong.
    configure_logging("warning")
    services = wiring.open_services(load_settings())
    try:
        yield services
    finally:
        services.close()


@contextmanager
def progress_bar(is_shown: bool) -> Iterator[Progress | None]:
    """A bar on stderr, one after the other for each phase; nothing if it is not to be shown."""
    if not is_shown:
        yield None
        return
    from rich import progress

    columns = (progress.TextColumn("{task.description:<9}"), progress.BarColumn(), progress.TaskProgressColumn())
    with progress.Progress(*columns, progress.TimeElapsedColumn(), console=err, transient=True) as bars:
        task = bars.add_task("")
        yield lambda phase, done, total: bars.update(task, description=phase, completed=done, total=total)


def answer(document: dict[str, Any], text: str, as_json: bool) -> None:
    """Print an answer on stdout: `document` for machines, `text` for people."""
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        typer.echo(text)
