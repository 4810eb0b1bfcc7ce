"""Metrics: every one of them over 28 days, over a lake of aggregates as large as they get."""

import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.report import Figure, duration
from parcook.lake.place import file_path
from parcook.lake.reading import open_duckdb
from parcook.lake.tables import CATALOGUE_INGREDIENTS, DAILY_METRICS, WEEKLY_METRICS, Table
from parcook.metrics.library import answer, load_metrics
from parcook.objects import Objects

SUBJECT = "Metrics"
NOTE = """\
The numbers of 400 days and 57 weeks as a million messages a month leave them behind, at their limits: 1,000 recipe
names and 200 gaps a day, demand for 610 ingredients, 20 tools. Each metric is asked as over HTTP, for 28 days: the
files it needs are read from their folder anew, the rows made and the threshold applied. *All* is one after the
other; seconds of a processor are what that takes, whoever else was there."""

LAST = date(2025, 12, 31)
DAYS, WEEKS, ROUNDS = 400, 57, 5
NAMES, GAPS, INGREDIENTS, TOOLS = 1_000, 200, 610, 20


def measure(folder: Path) -> Iterator[Figure]:
    """The figures."""
    objects = Objects(f"file://{folder / 'metrics'}")
    _write(objects)
    engine = open_duckdb(objects)
    given = {"from": (LAST - timedelta(days=27)).isoformat(), "to": LAST.isoformat()}
    took: dict[str, list[float]] = {name: [] for name in load_metrics()}
    worked = time.process_time()
    for _ in range(ROUNDS):
        for name, metric in load_metrics().items():
            started = time.perf_counter()
            told = answer(metric, engine, given, min_people=10, timezone="UTC")
            took[name].append(time.perf_counter() - started)
            assert told.metadata["complete"] is True
    worked = (time.process_time() - worked) / ROUNDS
    typical = {name: median(own) for name, own in took.items()}
    slowest = max(typical, key=lambda name: typical[name])
    total = sum(typical.values())
    yield Figure(SUBJECT, f"all {len(typical)} metrics", duration(total), required="<= 5 s", met=total <= 5)
    yield Figure(SUBJECT, "all of them, seconds of a processor", duration(worked))
    yield Figure(SUBJECT, f"the slowest of them, {slowest}", duration(typical[slowest]))


def _write(objects: Objects) -> None:
    chance = random.Random(28)
    for number in range(DAYS):
        day = LAST - timedelta(days=number)
        _put(objects, DAILY_METRICS, day, [_day(chance, day)])
        if number < 28:
            _put(objects, CATALOGUE_INGREDIENTS, day, [_ingredient(n) for n in range(1, INGREDIENTS + 1)])
    monday = LAST - timedelta(days=LAST.weekday() + 7)
    for number in range(WEEKS):
        _put(objects, WEEKLY_METRICS, monday - timedelta(weeks=number), [_week(chance, monday, number)])


def _put(objects: Objects, table: Table, day: date, rows: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    objects.put(file_path(table, day, day.isoformat(), "json"), lines.encode())


def _day(chance: random.Random, day: date) -> dict[str, Any]:
    told: dict[str, Any] = {column.name: 4_200 for column in DAILY_METRICS.columns}
    recipes = {f"Recipe of a usual length {n}": chance.randrange(1, 200) for n in range(NAMES - 1)} | {"…": 900}
    gaps = {f"Something not there {n}": chance.randrange(1, 40) for n in range(GAPS)}
    told |= {column.name: recipes for column in DAILY_METRICS.columns if column.name.startswith("recipes_")}
    told |= {column.name: gaps for column in DAILY_METRICS.columns if column.name.startswith("gaps_")}
    told |= {name: {f"tool_{n}": 500 for n in range(TOOLS)} for name in ("tools_conversations", "tools_calls")}
    told["tools_errors"] = {f"tool_{n}": 20 for n in range(TOOLS)}
    told["tools_ms"] = {f"tool_{n}|{round(2 ** (step / 8))}": 9 for n in range(TOOLS) for step in range(24, 110)}
    told["demand"] = {str(n): chance.randrange(1, 900) for n in range(1, INGREDIENTS + 1)}
    told["categories"] = {f"category_{n}": 27_720 * 100 for n in range(12)}
    told["hours"] = {f"{hour:02d}": 175 for hour in range(24)}
    told["hour_minutes"] = {f"{hour:02d}": 60 for hour in range(24)}
    told["lengths"] = told["user_turns"] = {str(n): 60 for n in range(1, 70)}
    told["outcomes"] = {"confirmed": 40, "likely": 300, "engaged": 500, "browsed": 300, "abandoned": 60}
    told["signals"] = {"any_positive": 900, "any_negative": 300, "none": 3_000}
    told["feedback"] = {"up": 90, "down": 30, "voted": 110}
    told["features"] = {f"feature_{n}": 300 for n in range(20)}
    told["data_checks"] = {"fresh": 1}
    return told | {"date": day.isoformat(), "avg_conversation_length": 7.9, "revision": 0, "complete": True}


def _ingredient(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Ingredient {number}",
        "parent_id": None,
        "path": f"/{number}/",
        "hierarchical_usage": number,
        "total_recipes": 1_356,
    }


def _week(chance: random.Random, last: date, number: int) -> dict[str, Any]:
    start = last - timedelta(weeks=number)
    cohorts = {f"{start - timedelta(weeks=age):%G-W%V}": chance.randrange(20, 200) for age in range(14)}
    return {
        "week": f"{start:%G-W%V}",
        "week_start": start.isoformat(),
        "people": 1_800,
        "new_people": 120,
        "returning_people": 1_500,
        "cohorts": cohorts,
        "feature_people": {f"feature_{n}": chance.randrange(10, 900) for n in range(20)},
        "revision": 0,
        "complete": True,
    }
