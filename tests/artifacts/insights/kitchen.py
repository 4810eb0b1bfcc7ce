"""Lakes of given numbers, and cooks for them."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.storage import InsightStorage
from parcook.lake.place import Lake, file_path
from parcook.lake.reading import open_duckdb
from parcook.lake.tables import TABLES_BY_NAME
from parcook.objects import Objects
from tests.artifacts.conftest import ABOUT
from tests.lake.making import at
from tests.metrics.lakes import day_of, fill

NOON = at("2025-03-10 12:00")


def put_rows(lake: Lake, table: str, rows: list[dict[str, Any]]) -> None:
    """Write rows into the lake as they would be after a day's work."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        filled = fill(TABLES_BY_NAME[table], row)
        by_day.setdefault(day_of(filled), []).append(filled)
    for day, own in by_day.items():
        lines = "".join(json.dumps({k: v for k, v in row.items() if k != "day"}) + "\n" for row in own)
        part = f"{day:%G-W%V}" if table == "weekly_metrics" else day.isoformat()
        lake.objects.put(file_path(TABLES_BY_NAME[table], day, part, "json"), lines.encode())


def shelf_of(folder: Path) -> InsightStorage:
    """The shelf beside a lake."""
    return InsightStorage(Objects(f"file://{folder / 'objects'}"))


def cook_for(lake: Lake, shelf: InsightStorage) -> InsightCook:
    """A cook at work at noon."""
    return InsightCook(lake, lambda: open_duckdb(lake.objects), shelf, ABOUT, lambda: NOON)


def stored(shelf: InsightStorage, name: str) -> Any:
    """An artifact, or the manifest, as it is stored under its stable name."""
    found = shelf.objects.get(shelf.key(f"{name}.json"))
    assert found is not None, f"{name} is not stored"
    return json.loads(found.body)


def period(envelope: Mapping[str, Any], days: int) -> Any:
    """One of an artifact's periods."""
    return next(one for one in envelope["data"]["periods"] if one["days"] == days)


def days_back(first: str, count: int) -> list[str]:
    """So many days from `first` on."""
    return [(date.fromisoformat(first) + timedelta(days=number)).isoformat() for number in range(count)]
