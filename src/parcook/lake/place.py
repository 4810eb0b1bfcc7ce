"""Where the lake lies, and what it is made from."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from parcook.catalogue.store import Catalogue
from parcook.conversations.pseudonyms import DayKeys
from parcook.errors import Corrupt
from parcook.events.contract import EventStore, Records
from parcook.lake.tables import Format, Table
from parcook.objects import Objects


@dataclass(frozen=True)
class Lake:
    """One installation's lake: its objects, the restricted ones, and the store and catalogue they are made from.

    `zone` is the report zone; `text` says whether redacted text reaches the lake; names that came from free text
    enter the daily numbers once `min_people` user-days are behind them.
    """

    objects: Objects
    private: Objects
    store: EventStore
    keys: DayKeys
    catalogue: Catalogue
    zone: ZoneInfo
    format: Format = "parquet"
    text: Literal["off", "redacted"] = "off"
    min_people: int = 10

    @property
    def records(self) -> Records:
        """The small documents beside the events, where ledgers are kept."""
        return self.store.records

    def objects_of(self, table: Table) -> Objects:
        """Where the files of `table` lie."""
        return self.private if table.restricted else self.objects


def file_path(table: Table, day: date, part: str, format: Format) -> str:
    """The path of one file of `table`: `part` is the UTC hour or the day it holds."""
    return f"{table.partition(day)}/{_STEMS.get(table.name, table.prefix)}-{part}.{format}"


def day_in(path: str) -> date | None:
    """The day of the partition that `path` is in; None for what is in none."""
    parts = dict(piece.split("=", 1) for piece in path.split("/") if "=" in piece)
    try:
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except (KeyError, ValueError):
        return None


def damaged(path: str) -> Corrupt:
    """The error of whoever needs the file of a day and cannot read it."""
    day = day_in(path)
    return Corrupt(f"{path} in the lake is damaged; parcook backfill --from {day} --to {day} makes it anew")


_STEMS = {
    "catalogue_ingredients": "ingredients",
    "daily_metrics": "daily-metrics",
    "weekly_metrics": "weekly-metrics",
}
