"""Making the demonstration: a world's events, replayed into an empty installation, until yesterday.

A record beside the events says which days it has, so that one that was cut short is made to the end, and one that is
there is found at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import as_file, files
from typing import Any

from parcook.catalogue.importing import import_file
from parcook.catalogue.paging import MAX_PAGE
from parcook.catalogue.store import Catalogue
from parcook.clock import day_of, format_instant
from parcook.demo.world import Recipe, World
from parcook.errors import Conflict
from parcook.jobs.backup import DEMO as KIND
from parcook.jobs.replay import Day, Replay
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.wiring import Services

PEOPLE, MONTHS = 2_500, 13
KEY = "world"


@dataclass(frozen=True)
class Made:
    """A demonstration: its days, and how many people and events it is made of; `is_new` if it was made just now."""

    first: date
    last: date
    people: int
    events: int
    is_new: bool


def make_demo(
    services: Services,
    people: int = PEOPLE,
    months: int = MONTHS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Made:
    """Make the demonstration, unless it is there; `progress` hears how many of its days are done.

    Into a catalogue that was never written to, the sample is imported first. Whoever calls it has the shift. Raises
    `Conflict` where there are conversations that are not the demonstration's.
    """
    lake = services.lake
    told = _begun(services, people, months)
    if told["finished_at"] is None:
        _stock(services.catalogue)
        told = {**told, "events": _live(services, told, progress), "finished_at": format_instant(services.clock())}
        lake.records.put(KIND, KEY, told)
        return _made(told, is_new=True)
    return _made(told, is_new=False)


def is_possible(lake: Lake) -> bool:
    """Whether the demonstration is there or may be made: no conversation is here but its own."""
    is_empty = Ledger(lake.records).first_day() is None and lake.store.oldest_day() is None
    return is_empty or lake.records.get(KIND, KEY) is not None


def _begun(services: Services, people: int, months: int) -> Mapping[str, Any]:
    """What is written down of the demonstration, now if nothing was before."""
    lake = services.lake
    if (record := lake.records.get(KIND, KEY)) is not None:
        return record.document
    if not is_possible(lake):
        raise Conflict("there are conversations here already; give the demonstration a PARCOOK_HOME of its own")
    last = day_of(services.clock(), lake.zone) - timedelta(days=1)
    first = last - timedelta(days=round(months * 365.2425 / 12) - 1)
    told = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "people": people,
        "events": 0,
        "finished_at": None,
    }
    lake.records.put(KIND, KEY, told)
    return told


def _made(told: Mapping[str, Any], is_new: bool) -> Made:
    first, last = date.fromisoformat(told["first"]), date.fromisoformat(told["last"])
    return Made(first, last, told["people"], told["events"], is_new)


def _stock(catalogue: Catalogue) -> None:
    """Import the sample into a catalogue that was never written to."""
    if catalogue.state().stamp.version == 0:
        with as_file(files("parcook.demo") / "cocktails.json") as sample:
            import_file(catalogue, sample)


def _live(services: Services, told: Mapping[str, Any], progress: Callable[[int, int], None]) -> int:
    """Replay the world that was begun; how many events it has."""
    made = _made(told, is_new=True)
    world = World(list(_recipes(services.catalogue)), made.first, made.last, made.people, services.lake.zone)
    total = (made.last - made.first).days + 1
    replay = Replay(services.intake, services.lake, services.clock())
    replay.run(_days(world), lambda day: progress((day - made.first).days + 1, total))
    return replay.result.ended["accepted"] + replay.result.ended["duplicate"]


def _days(world: World) -> Iterator[Day]:
    for day, events in world.days():
        yield day, list(enumerate(events))


def _recipes(catalogue: Catalogue) -> Iterator[Recipe]:
    cursor = None
    while True:
        page = catalogue.recipes.list(cursor, MAX_PAGE)
        for recipe in page.items:
            yield Recipe(recipe.name, recipe.category, [line.ingredient_name for line in recipe.ingredients])
        if (cursor := page.next_cursor) is None:
            return
