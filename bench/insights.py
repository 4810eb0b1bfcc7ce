"""Artifacts about conversations: all fifteen from thirteen months of numbers, and seeing that nothing has changed."""

import gzip
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.report import Figure, duration
from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.storage import InsightStorage
from parcook.catalogue.store import open_catalogue
from parcook.conversations.pseudonyms import DayKeys
from parcook.events.sqlite import SqliteEvents
from parcook.lake.place import Lake, file_path
from parcook.lake.reading import open_duckdb
from parcook.lake.tables import CATALOGUE_INGREDIENTS, DAILY_METRICS, WEEKLY_METRICS, Table
from parcook.objects import Objects

SUBJECT = "Artifacts about conversations"
NOTE = """\
Numbers of 420 days and 60 weeks in a folder, of the size of the demonstration: 300 recipes and 12 gaps a day, demand
for 126 ingredients, 6 tools. *Cooked* is reading them anew, asking every metric for every period, week and course, and
writing fifteen artifacts; its time of one core does not wait for others."""

LAST = date(2025, 12, 31)
DAYS, WEEKS, ROUNDS = 420, 60, 3
RECIPES, GAPS, INGREDIENTS = 300, 12, 126
TOOLS = ("search", "web", "timer", "units", "swap", "scale")


def measure(folder: Path) -> Iterator[Figure]:
    """The figures."""
    catalogue = open_catalogue(f"sqlite:///{folder / 'insights.db'}")
    store = SqliteEvents(folder / "insights-events.db")
    objects, zone = Objects(f"file://{folder / 'insights-lake'}"), ZoneInfo("UTC")
    lake = Lake(objects, objects, store, DayKeys(store.records, zone), catalogue, zone)
    shelf = InsightStorage(Objects(f"file://{folder / 'insights-objects'}"))
    _write(objects)
    cook = InsightCook(lake, lambda: open_duckdb(objects), shelf, {})
    seconds, busy = [], []
    for _ in range(ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        assert cook.refresh(force=True)
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    started = time.perf_counter()
    assert not cook.refresh()
    looked = time.perf_counter() - started
    manifest = shelf.manifest()
    assert manifest is not None  # it was just written
    sent = sum(len(gzip.compress(shelf.read_named(path), 6)) for path in manifest.paths.values())
    store.close()
    catalogue.close()
    yield Figure(SUBJECT, "cooked", duration(median(seconds)))
    typical = median(busy)
    yield Figure(SUBJECT, "cooked, time of one core", duration(typical), required="<= 5 s", met=typical <= 5)
    yield Figure(SUBJECT, "seen to be current", duration(looked))
    kilobytes = sent / 1024
    yield Figure(SUBJECT, "all of them, compressed", f"{kilobytes:.0f} KB", required="<= 60 KB", met=kilobytes <= 60)


def _write(objects: Objects) -> None:
    chance = random.Random(15)
    for number in range(DAYS):
        day = LAST - timedelta(days=number)
        _put(objects, DAILY_METRICS, day, [_day(chance, day)])
    _put(objects, CATALOGUE_INGREDIENTS, LAST, [_ingredient(number) for number in range(1, INGREDIENTS + 1)])
    monday = LAST - timedelta(days=LAST.weekday() + 7)
    for number in range(WEEKS):
        _put(objects, WEEKLY_METRICS, monday - timedelta(weeks=number), [_week(monday - timedelta(weeks=number))])


def _put(objects: Objects, table: Table, day: date, rows: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    objects.put(file_path(table, day, day.isoformat(), "json"), lines.encode())


def _day(chance: random.Random, day: date) -> dict[str, Any]:
    recipes = {f"Recipe {number}": chance.randrange(1, 9) for number in chance.sample(range(RECIPES), 80)}
    gaps = {f"Not there {number}": chance.randrange(1, 5) for number in range(GAPS)}
    told: dict[str, Any] = {column.name: chance.randrange(90, 140) for column in DAILY_METRICS.columns}
    told |= {column.name: recipes for column in DAILY_METRICS.columns if column.name.startswith("recipes_")}
    told |= {column.name: gaps for column in DAILY_METRICS.columns if column.name.startswith("gaps_")}
    told |= {name: {tool: chance.randrange(9, 40) for tool in TOOLS} for name in ("tools_conversations", "tools_calls")}
    told["tools_errors"] = dict.fromkeys(TOOLS, 1)
    told["tools_ms"] = {f"{tool}|{round(2 ** (step / 2))}": 3 for tool in TOOLS for step in range(6, 26)}
    told["demand"] = {str(number): chance.randrange(1, 60) for number in range(1, INGREDIENTS + 1)}
    told["categories"] = {f"category_{number}": 27_720 * chance.randrange(4, 12) for number in range(12)}
    told["hours"] = {f"{hour:02d}": chance.randrange(9) for hour in range(24)}
    told["hour_minutes"] = {f"{hour:02d}": 60 for hour in range(24)}
    told["lengths"] = told["user_turns"] = {str(number): chance.randrange(1, 12) for number in range(1, 16)}
    told["outcomes"] = {"confirmed": 4, "likely": 30, "engaged": 40, "browsed": 20, "abandoned": 6}
    told["signals"], told["feedback"] = {"any_positive": 50, "none": 50}, {"up": 9, "down": 2, "voted": 11}
    told |= {"features": {}, "data_checks": {}, "date": day.isoformat(), "revision": 0, "complete": True}
    return told | {"mau": 600, "wau": 390, "people_91": 900}


def _ingredient(number: int) -> dict[str, Any]:
    above = {"parent_id": None, "path": f"/{number}/", "total_recipes": 304}
    return {"id": number, "name": f"Ingredient {number}", "hierarchical_usage": number, **above}


def _week(start: date) -> dict[str, Any]:
    cohorts = {f"{start - timedelta(weeks=age):%G-W%V}": 60 - 4 * age for age in range(14)}
    people = {"people": 390, "new_people": 58, "returning_people": 300, "cohorts": cohorts}
    features = {"feature_people": {f"feature_{number}": 40 * number for number in range(1, 6)}}
    return {"week": f"{start:%G-W%V}", "week_start": start.isoformat(), **people, **features, "complete": True}
