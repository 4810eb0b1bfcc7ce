"""Events and lakes to test with: ids are told as short words and made into the store's 32 digits."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.clock import day_bounds, day_of
from parcook.conversations.pseudonyms import DayKeys
from parcook.events.contract import RETENTION_DAYS, Event
from parcook.events.sqlite import SqliteEvents
from parcook.lake.place import Lake, file_path
from parcook.lake.tables import DAILY_METRICS, WEEKLY_METRICS, Table
from parcook.lake.writing import Bench
from parcook.objects import Objects
from tests.catalogue.making import grow, mix

_serial = count()


def ref(word: str) -> str:
    """The store's id for `word`."""
    return hashlib.sha256(word.encode()).hexdigest()[:32]


def at(text: str) -> datetime:
    """An instant in UTC, as `2025-01-15 13:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stock(folder: Path) -> Catalogue:
    """Gin and its kind, with two recipes: 1 is the Negroni, 2 the Martini."""
    opened = open_catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    ids = grow(opened, {"Spirit": {"Gin": {}}, "Vermouth": {}})
    mix(opened, "Negroni", [ids["Gin"], ids["Vermouth"]])
    mix(opened, "Martini", [ids["Gin"]])
    return opened


def event(when: str | datetime, conversation: str, person: str | None = None, **about: Any) -> Event:
    """An event; a user's message unless `about` says otherwise. `text` gives its length too."""
    zone = about.pop("zone", ZoneInfo("UTC"))
    moment = at(when) if isinstance(when, str) else when
    day = about.pop("day", day_of(moment, zone))
    about.setdefault("role", "user")
    text = about.setdefault("text", "hello there")
    about.setdefault("message_length", None if text is None else len(text))
    if person is not None:
        about.setdefault("person_kind", "user")
        about["user_ref"] = ref(person)
    if "recipe_name" in about:
        about.setdefault("has_recipe", True)
        about.setdefault("match_method", "pattern" if about.get("recipe_id") is None else "catalogue")
    return Event(
        conversation_id=ref(conversation),
        message_id=ref(about.pop("message", f"message {next(_serial)}")),
        ts=moment,
        day=day,
        expires_at=int((day_bounds(day, zone)[1] + timedelta(days=RETENTION_DAYS)).timestamp()),
        **about,
    )


def make_lake(folder: Path, catalogue: Catalogue, zone: str = "UTC", **settings: Any) -> Lake:
    """A lake in `folder`, with a store of its own."""
    store = settings.pop("store", None) or SqliteEvents(folder / "events.db")
    report_zone = ZoneInfo(zone)
    return Lake(
        objects=Objects(f"file://{folder / 'lake'}"),
        private=Objects(f"file://{folder / 'private'}"),
        store=store,
        keys=DayKeys(store.records, report_zone),
        catalogue=catalogue,
        zone=report_zone,
        **{"min_people": 1, **settings},
    )


def files_of(lake: Lake, prefix: str = "") -> dict[str, bytes]:
    """Every object below `prefix`, by path."""
    return {listed.path: lake.objects.get(listed.path).body for listed in lake.objects.list(prefix)}


def numbers_of(lake: Lake, day: date) -> dict[str, Any]:
    """The daily numbers as they lie in the lake."""
    return json.loads(lake.objects.get(file_path(DAILY_METRICS, day, day.isoformat(), "json")).body)


def week_of(lake: Lake, monday: date) -> dict[str, Any]:
    """The weekly numbers as they lie in the lake."""
    return json.loads(lake.objects.get(file_path(WEEKLY_METRICS, monday, f"{monday:%G-W%V}", "json")).body)


def rows_of(lake: Lake, table: Table, day: date) -> list[dict[str, Any]]:
    """The rows of a day, by file."""
    with Bench() as bench:
        objects = lake.objects_of(table)
        paths = sorted(listed.path for listed in objects.list(table.partition(day)))
        return [row for path in paths for row in bench.decode(table, path, objects.get(path).body)]
