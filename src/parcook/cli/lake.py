"""Commands about the lake: exporting, computing, deleting in time, and replaying the past."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from parcook.cli.answering import FAILED, STALE, AsJson, answer, err, open_services, progress_bar
from parcook.clock import parse_hour
from parcook.wiring import Services

if TYPE_CHECKING:
    from parcook.lake.rounds import Done, Rounds

SHOWN_REFUSALS = 20
Moment = TypeVar("Moment", date, datetime)

app = typer.Typer()


@app.command()
def export(
    hour: Annotated[str | None, typer.Option(help="One UTC hour, as 2025-01-15T13Z; else all that are due.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring stored events into the lake. Exporting an hour again changes nothing but what came late."""
    only = None if hour is None else _read(parse_hour, hour, "--hour", "2025-01-15T13Z")
    with at_work() as (services, rounds):
        now = services.clock()
        if only is None:
            days = rounds.export(rounds.due(now), now).exported
            text = f"Exported {_days(days)}." if days else "Everything is in the lake."
            answer({"days": [day.isoformat() for day in days]}, text, as_json)
        else:
            has_changed = rounds.export_hour(only, now)
            text = f"Exported {hour}." if has_changed else f"{hour} is in the lake as it is stored."
            answer({"hour": hour, "changed": has_changed}, text, as_json)


@app.command()
def aggregate(
    of: Annotated[str | None, typer.Option("--date", help="One report day, as 2025-01-15; else all due.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compute the numbers of days that are not frozen, and of the weeks they end, from what is in the lake.

    Without --date this is a whole round: what is not in the lake yet is exported first, and what came late revised.
    """
    day = None if of is None else _day(of, "--date")
    with at_work() as (services, rounds):
        now = services.clock()
        done = rounds.run(now) if day is None else rounds.aggregate([day], now)
    _tell(done, as_json)


@app.command()
def backfill(
    first: Annotated[str, typer.Option("--from", help="The first report day, as 2025-01-15.")],
    last: Annotated[str, typer.Option("--to", help="The last one.")],
    as_json: AsJson = False,
) -> None:
    """Export days anew, and revise every number that looks back on them, frozen or not."""
    start, end = _day(first, "--from"), _day(last, "--to")
    with at_work() as (services, rounds):
        done = rounds.backfill(start, end, services.clock())
    _tell(done, as_json)


@app.command()
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted; delete nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete what is older than was promised, destroy the keys that are due, and prove it."""
    from parcook.jobs.shift import take_shift
    from parcook.lake import retention

    with open_services() as services, take_shift(services.catalogue.database):
        retained = retention.retain(services.lake, services.clock(), dry_run)
    counts = ", ".join(f"{layer} {count:,}" for layer, count in retained.deleted.items())
    holds = retained.proof is None or bool(retained.proof["holds"])
    proved = "" if retained.proof is None else " Nothing is kept too long." if holds else " Something is kept too long!"
    text = f"{'Would delete' if dry_run else 'Deleted'}: {counts}.{proved}"
    answer({"dry_run": dry_run, "deleted": retained.deleted, "proof": retained.proof}, text, as_json)
    if not holds:
        raise typer.Exit(STALE)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Events as the API takes them, one JSON object a line, in any order.")],
    as_json: AsJson = False,
) -> None:
    """Take in events of the past, day by day, as if each day were today: of old days the numbers stay and no rows."""
    from parcook.jobs.replay import Replay
    from parcook.jobs.replay_file import ReplayFile
    from parcook.jobs.shift import take_shift

    with open_services() as services, ReplayFile(file, services.lake.zone) as events:
        with (
            take_shift(services.catalogue.database),
            progress_bar(err.is_terminal and not as_json) as progress,
        ):
            replaying = Replay(services.intake, services.lake, services.clock())
            done: Counter[str] = Counter()

            def on_day(_: date) -> None:
                done["days"] += 1
                if progress is not None:
                    progress("replaying", done["days"], max(events.total_days, done["days"]))

            result = replaying.run(events.days(), on_day)
        refused = [*events.refused, *result.refused]
    if not as_json:
        for refusal in refused[:SHOWN_REFUSALS]:
            err.print(f"line {refusal.number}: {refusal.code}: {refusal.detail}", markup=False)
        if len(refused) > SHOWN_REFUSALS:
            err.print(f"… and {len(refused) - SHOWN_REFUSALS:,} more; --json lists all")
    told = {
        "accepted": result.ended["accepted"],
        "duplicates": result.ended["duplicate"],
        "rejected": len(refused),
        "days": result.days,
        "errors": [{"line": each.number, "code": each.code, "detail": each.detail} for each in refused],
    }
    text = (
        f"Replayed {told['accepted']:,} events of {result.days:,} days from {file.name}; {told['duplicates']:,} were "
        f"there already, {len(refused):,} were refused."
    )
    answer(told, text, as_json)
    if refused:
        raise typer.Exit(FAILED)


@contextmanager
def at_work() -> Iterator[tuple[Services, "Rounds"]]:
    """The services and their lake's rounds, while nobody else works on it."""
    from parcook.jobs.shift import take_shift
    from parcook.lake.rounds import Rounds

    with open_services() as services, take_shift(services.catalogue.database), Rounds(services.lake) as rounds:
        yield services, rounds


def _tell(done: "Done", as_json: bool) -> None:
    told = {
        "exported": [day.isoformat() for day in done.exported],
        "aggregated": [day.isoformat() for day in done.aggregated],
        "weeks": [monday.isoformat() for monday in done.weeks],
    }
    text = f"New numbers of {_days(done.aggregated)}." if done.aggregated else "No number has changed."
    answer(told, text, as_json)


def _days(days: list[date]) -> str:
    return f"{len(days):,} days, {min(days)} to {max(days)}" if len(days) > 1 else str(days[0])


def _day(text: str, option: str) -> date:
    return _read(date.fromisoformat, text, option, "2025-01-15")


def _read(parse: Callable[[str], Moment], text: str, option: str, example: str) -> Moment:
    try:
        return parse(text)
    except ValueError:
        raise typer.BadParameter(f"write it as {example}", param_hint=option) from None
