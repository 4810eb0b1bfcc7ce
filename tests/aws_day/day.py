"""The day itself: lived once in each house, and everything it tells, in a form in which two can be compared."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from parcook.artifacts.definitions import DEFINITIONS
from parcook.clock import day_of
from parcook.conversations.tombstones import HEARD_AFTER
from parcook.dashboard.publish import publish
from parcook.dashboard.reading import read_generations
from parcook.lake.place import file_path
from parcook.lake.retention import retain
from parcook.lake.tables import DAILY_METRICS, TABLES
from parcook.metrics.library import load_metrics
from parcook.objects import Objects
from tests.aws_day.houses import House
from tests.aws_day.world import DAYS, ERASED, MESSAGES, RECIPES, TREE, messages

BATCH = 500


@dataclass
class Told:
    """What a house told of the day. Maps by name, each value comparable."""

    edits: list[tuple[int, Any]] = field(default_factory=list)
    artifacts: dict[str, Any] = field(default_factory=dict)
    accepted: int = 0
    numbers: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    page: dict[str, bytes] = field(default_factory=dict)
    erasure: dict[str, Any] = field(default_factory=dict)
    held_before: int = 0
    left_of_erased: int = 0
    metrics_after_erasure: dict[str, Any] = field(default_factory=dict)
    retention: dict[str, Any] = field(default_factory=dict)


def live(house: House, published: Objects) -> Told:
    """Live the day in `house`, whose page is published to `published`."""
    told, lake = Told(), house.services.lake
    today = day_of(house.services.clock(), lake.zone)
    told.edits = _edit(house)
    house.refresh()
    told.artifacts = {one.name: house.ask("GET", f"/api/v1/analytics/{one.name}") for one in DEFINITIONS}
    told.accepted = _talk(house, today, lake.zone)
    house.do_what_is_due()
    told.numbers = _numbers(house, today)
    told.metrics = _metrics(house, today)
    publish(house.services.storage.objects, published, "internal")
    for generation in read_generations(published, "internal"):
        for name, body in generation.artifacts.items():
            told.published[generation.folder + name] = _lasting_of(json.loads(body))
    told.page = {path: body for path, body in _files(published).items() if path.startswith(("assets/", "index"))}
    told.held_before = _held_of(house, ERASED)
    told.erasure = _erase(house)
    told.left_of_erased = _held_of(house, ERASED)
    told.metrics_after_erasure = _metrics(house, today)
    told.retention = _retain(house)
    return told


def _edit(house: House) -> list[tuple[int, Any]]:
    ids: dict[str, int] = {}
    answers = []
    for name, parent in TREE:
        answers.append(house.ask("POST", "/api/v1/ingredients", {"name": name, "parent_id": ids.get(parent or "")}))
        ids[name] = answers[-1][1]["id"]
    for name, ingredients in RECIPES:
        lines = [{"ingredient_id": ids[ingredient]} for ingredient in ingredients]
        answers.append(house.ask("POST", "/api/v1/recipes", {"name": name, "ingredients": lines}))
    answers.append(house.ask("DELETE", f"/api/v1/ingredients/{ids['Spirits']}"))  # refused: others are below it
    return [(status, _lasting(body)) for status, body in answers]


def _lasting(body: Any) -> Any:
    """An answer without what no two installations share: moments, versions, ids of requests."""
    passing = {"created_at", "updated_at", "created_by", "request_id", "instance", "version"}
    return {key: value for key, value in body.items() if key not in passing}


def _lasting_of(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """An artifact without when it was made and how often the catalogue had changed, which databases count otherwise."""
    return {**envelope, "metadata": _without(envelope["metadata"], "generated_at", "catalogue_version")}


def _talk(house: House, today: date, zone: ZoneInfo) -> int:
    events, accepted = list(messages(today, zone)), 0
    for start in range(0, MESSAGES, BATCH):
        status, answer = house.ask(
            "POST", "/api/v1/batch", {"historical": True, "events": events[start : start + BATCH]}
        )
        assert status == 202, answer
        accepted += answer["accepted"]
    return accepted


def _numbers(house: House, today: date) -> dict[str, Any]:
    """The daily numbers as they lie in the lake, without the moment they were computed."""
    found = {}
    for number in range(1, DAYS + 1):
        day = today - timedelta(days=number)
        blob = house.services.lake.objects.get(file_path(DAILY_METRICS, day, day.isoformat(), "json"))
        assert blob is not None, day
        found[day.isoformat()] = {key: value for key, value in json.loads(blob.body).items() if key != "computed_at"}
    return found


def _metrics(house: House, today: date) -> dict[str, Any]:
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    found = {}
    for name in load_metrics():
        status, answer = house.ask("GET", f"/api/v1/metrics/{name}?from={first}&to={last}")
        assert status == 200, (name, answer)
        found[name] = (_rounded(answer["data"]), _without(answer["metadata"], "bytes_scanned"))
    return found


def _held_of(house: House, person: str) -> int:
    """How many events and days of activity are held of a person."""
    status, export = house.ask("GET", f"/api/v1/users/{quote(person)}/export")
    assert status == 200, export
    return len(export["events"]) + len(export["activity"])


def _erase(house: House) -> dict[str, Any]:
    status, receipt = house.ask("DELETE", f"/api/v1/users/{quote(ERASED)}")
    assert status == 202, receipt
    time.sleep(HEARD_AFTER.total_seconds())  # what was asked for has then been heard by all who take events in
    house.do_what_is_due()
    done = house.ask("GET", f"/api/v1/erasures/{receipt['request_id']}")[1]
    return {name: done[name] for name in ("status", "layers", "verified")}


def _retain(house: House) -> dict[str, Any]:
    """What is left a year later: of the events nothing, of the lake its numbers."""
    lake = house.services.lake
    later = house.services.clock() + timedelta(days=365)
    retained = retain(lake, later)
    assert retained.proof is not None
    left = {table.name: len(lake.objects_of(table).list(table.prefix)) for table in TABLES}
    events = lake.store.oldest_day()
    return {"deleted": retained.deleted, "holds": retained.proof["holds"], "left": left, "oldest event": events}


def _files(objects: Objects) -> dict[str, bytes]:
    blobs = {listed.path: objects.get(listed.path) for listed in objects.list("")}
    return {path: blob.body for path, blob in blobs.items() if blob is not None}


def _without(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def _rounded(value: Any) -> Any:
    """Doubles as far as both engines add them up alike, which is all but the last bit."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return {key: _rounded(one) for key, one in value.items()} if isinstance(value, dict) else value
