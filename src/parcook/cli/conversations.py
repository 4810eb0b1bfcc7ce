"""Commands about conversations: reporting events from a file."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from parcook.cli.answering import FAILED, AsJson, answer, err, open_services, progress_bar
from parcook.conversations.timing import Arrival
from parcook.errors import UnreadableFile

EVENTS_AT_ONCE = 500
SHOWN_REFUSALS = 20

app = typer.Typer()


@app.command()
def track(
    file: Annotated[Path, typer.Argument(help="Events as the API takes them, one JSON object a line.")],
    historical: Annotated[
        bool, typer.Option("--historical", help="Take events older than 48 hours, up to 90 days.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Store the events in FILE. Running it again changes nothing if every event has its message_id."""
    ended: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []
    lines = _numbered_events(file)
    total = file.stat().st_size if file.is_file() else 0
    with open_services() as services, progress_bar(err.is_terminal and not as_json) as progress:
        read = 0
        while chunk := list(islice(lines, EVENTS_AT_ONCE)):
            outcome = services.intake.take(
                [event for _, _, event in chunk], Arrival(services.clock(), is_historical=historical)
            )
            for (number, size, _), result in zip(chunk, outcome.results, strict=True):
                read += size
                ended[result.status] += 1
                if result.code is not None:
                    refused.append({"line": number, "code": result.code, "detail": result.detail})
            if progress is not None:
                progress("storing", read, total)
    if not as_json:
        for refusal in refused[:SHOWN_REFUSALS]:
            err.print(f"line {refusal['line']}: {refusal['code']}: {refusal['detail']}", markup=False)
        if len(refused) > SHOWN_REFUSALS:
            err.print(f"… and {len(refused) - SHOWN_REFUSALS:,} more; --json lists all")
    answer(
        {
            "accepted": ended["accepted"],
            "duplicates": ended["duplicate"],
            "rejected": ended["rejected"],
            "errors": refused,
        },
        f"Stored {ended['accepted']:,} events from {file.name}; {ended['duplicate']:,} were there already, "
        f"{ended['rejected']:,} were refused.",
        as_json,
    )
    if refused:
        raise typer.Exit(FAILED)


def _numbered_events(file: Path) -> Iterator[tuple[int, int, object]]:
    """(line number, bytes, event) of each line that is not blank; a line that is no JSON is an event that is none."""
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, len(line), _decoded(line)
    except OSError as error:
        raise UnreadableFile(f"cannot read {file}: {error.strerror}") from error


def _decoded(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
