"""Small lakes for tests of metrics: rows with what matters in them, and sensible nothings for the rest."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from parcook.engines.duckdb import DuckdbEngine
from parcook.lake.place import file_path
from parcook.lake.reading import open_duckdb
from parcook.lake.tables import TABLES_BY_NAME, Table
from parcook.objects import Objects

DAMAGED = [f"aggregated/daily/year=2025/month=01/day={day}/daily-metrics-2025-01-{day}.json" for day in (16, 18)]
"""Files of the days 16 and 18 January 2025, as `damage` leaves them behind."""

_NOTHING = {"map(varchar, bigint)": {}, "bigint": 0, "double": 0.0, "boolean": True}


def make_lake(folder: Path, tables: Mapping[str, list[dict[str, Any]]]) -> DuckdbEngine:
    """An engine over a lake with these rows; each goes to the day that it is of."""
    objects = Objects(f"file://{folder}")
    for name, rows in tables.items():
        by_day: dict[date, list[dict[str, Any]]] = {}
        for row in rows:
            filled = fill(TABLES_BY_NAME[name], row)
            by_day.setdefault(day_of(filled), []).append(filled)
        for day, own in by_day.items():
            lines = "".join(json.dumps({k: v for k, v in row.items() if k != "day"}) + "\n" for row in own)
            objects.put(file_path(TABLES_BY_NAME[name], day, day.isoformat(), "json"), lines.encode())
    return open_duckdb(objects)


def damage(folder: Path) -> None:
    """Cut the files that are `DAMAGED` short, in the lake in `folder`."""
    for path in DAMAGED:
        whole = (folder / path).read_bytes()
        (folder / path).write_bytes(whole[: len(whole) // 2])


def fill(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """`row` with a value for every column. Raises `KeyError` for a column that the table does not have."""
    known = {column.name: column.type for column in table.columns} | {"day": "varchar"}
    for name in row:
        known[name]  # a slip in a test must not pass for a null
    filled = {name: _NOTHING.get(type) for name, type in known.items() if name != "day"}
    if table.name == "weekly_metrics":
        monday = date.fromisoformat(str(row["week_start"]))
        year, week, _ = monday.isocalendar()
        filled |= {"week": f"{year}-W{week:02d}"}
    return filled | {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def day_of(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(row.get("date") or row.get("week_start") or row.get("day")))


def days(first: str, count: int, **columns: Any) -> list[dict[str, Any]]:
    """`count` daily rows from `first` on; a column given as a list has a value for each day."""
    start = date.fromisoformat(first)
    return [
        {"date": (start + timedelta(days=number)).isoformat()}
        | {name: value[number] if isinstance(value, list) else value for name, value in columns.items()}
        for number in range(count)
    ]
