"""The command that makes the demonstration."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from parcook.cli.answering import AsJson, answer, err, open_services, progress_bar

ENDS_WITHIN_S = 10

app = typer.Typer()


@contextmanager
def in_background() -> Iterator[None]:
    """Make the demonstration in a process of its own, while the block lasts; cut short, the next start makes it."""
    command = [sys.executable, "-m", "parcook.cli", "demo", "--if-possible"]
    making = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    try:
        yield
    finally:
        making.terminate()
        try:
            making.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            making.kill()
            making.wait()


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=1, max=100_000, help="How many people talk.")] = 2_500,
    months: Annotated[int, typer.Option(min=1, max=24, help="For how many months, until yesterday.")] = 13,
    if_possible: Annotated[
        bool, typer.Option("--if-possible", help="Do nothing where there are other conversations already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill an installation with a believable year of conversations, through the real pipeline.

    The same day, people and months always make the same numbers. Once it is there, nothing is made again.
    """
    from parcook.demo.run import is_possible, make_demo
    from parcook.jobs.shift import take_shift

    with open_services() as services, take_shift(services.catalogue.database):
        if if_possible and not is_possible(services.lake):
            answer({"skipped": True}, "There are conversations here already; no demonstration was made.", as_json)
            return
        with progress_bar(err.is_terminal and not as_json) as bar:
            made = make_demo(
                services,
                people,
                months,
                lambda done, total: None if bar is None else bar("demo", done, total),
            )
    told = {
        "first": made.first.isoformat(),
        "last": made.last.isoformat(),
        "people": made.people,
        "events": made.events,
        "is_new": made.is_new,
    }
    text = (
        f"{'Made' if made.is_new else 'There already is'} a demonstration of {made.events:,} events of {made.people:,} "
        f"people, from {made.first} to {made.last}."
    )
    answer(told, text, as_json)
