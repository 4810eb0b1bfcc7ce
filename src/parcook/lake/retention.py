"""Nothing is kept longer than was promised: deleting by report day, the lake before the store, and the daily proof."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from parcook.clock import day_bounds, day_of, format_instant, parse_instant
from parcook.conversations.pseudonyms import LEDGER_KIND
from parcook.conversations.tombstones import KIND as TOMBSTONE
from parcook.events.contract import RETENTION_DAYS, Record
from parcook.lake import ledger, snapshot
from parcook.lake.daily import NAMES
from parcook.lake.export import HOURLY
from parcook.lake.people import KEPT_DAYS
from parcook.lake.place import Lake
from parcook.lake.receipts import KIND as ERASURE
from parcook.lake.tables import ACTIVITY, CATALOGUE_INGREDIENTS, DAILY_METRICS, WEEKLY_METRICS, Table

NUMBERS_DAYS = 730
PROOF = "retention_proof"
_PARTITION = re.compile(r"/year=(\d{4})/month=(\d\d)/day=(\d\d)/")


@dataclass(frozen=True)
class Layer:
    """Tables that are kept equally long, and the kind of record that tells of each of their days."""

    name: str
    days: int
    tables: Sequence[Table]
    kinds: Sequence[str]


LAYERS = (
    Layer("lake", RETENTION_DAYS, (*HOURLY, CATALOGUE_INGREDIENTS, NAMES), (ledger.EXPORTS, snapshot.KIND)),
    Layer("activity", KEPT_DAYS, (ACTIVITY,), (ledger.ACTIVITIES,)),
    Layer("daily", NUMBERS_DAYS, (DAILY_METRICS,), (ledger.DAILY, LEDGER_KIND)),
    Layer("weekly", NUMBERS_DAYS, (WEEKLY_METRICS,), (ledger.WEEKLY,)),
)


@dataclass
class Retained:
    """What was deleted, by layer, or with a dry run what would be; and whether the proof holds after it."""

    deleted: dict[str, int] = field(default_factory=dict)
    proof: dict[str, Any] | None = None


def retain(lake: Lake, now: datetime, dry_run: bool = False) -> Retained:
    """Delete what is older than its layer keeps, destroy the keys that are due, and write the proof of the day."""
    if dry_run:
        return Retained({layer.name: len(_expired(lake, layer, now)) for layer in LAYERS})
    retained = Retained(expire(lake, now))
    retained.deleted["keys"] = len(lake.keys.destroy_due(now))
    retained.proof = prove(lake, now)
    lake.records.put(PROOF, day_of(now, lake.zone).isoformat(), retained.proof)
    return retained


def expire(lake: Lake, now: datetime) -> dict[str, int]:
    """Delete what is older than its layer keeps; how many objects, and events, that were, by layer."""
    deleted = {}
    for layer in LAYERS:
        expired = _expired(lake, layer, now)
        for table, path in expired:
            lake.objects_of(table).delete(path)
        deleted[layer.name] = len(expired)
    deleted["events"] = lake.store.sweep(now)
    _forget_records(lake, now)
    return deleted


def prove(lake: Lake, now: datetime) -> dict[str, Any]:
    """The oldest day of each layer beside the oldest that may be there, and the keys that outlived their day."""
    oldest: dict[str, date | None] = {layer.name: _oldest(lake, layer) for layer in LAYERS}
    oldest["events"] = lake.store.oldest_day()
    limits = {layer.name: layer.days for layer in LAYERS} | {"events": RETENTION_DAYS}
    overdue = lake.keys.overdue(now)
    kept = {name: day is None or not _is_over(lake, day, limits[name], now) for name, day in oldest.items()}
    return {
        "proved_at": format_instant(now),
        "oldest": {name: None if day is None else day.isoformat() for name, day in sorted(oldest.items())},
        "limits": dict(sorted(limits.items())),
        "keys_overdue": [day.isoformat() for day in overdue],
        "holds": all(kept.values()) and not overdue,
    }


def last_proof(lake: Lake) -> dict[str, Any] | None:
    """The latest proof; None if there never was one."""
    proofs = list(lake.records.list(PROOF))
    return dict(proofs[-1].document) if proofs else None


def _expired(lake: Lake, layer: Layer, now: datetime) -> list[tuple[Table, str]]:
    return [(table, path) for table, path, day in _objects(lake, layer) if _is_over(lake, day, layer.days, now)]


def _oldest(lake: Lake, layer: Layer) -> date | None:
    return min((day for _, _, day in _objects(lake, layer)), default=None)


def _objects(lake: Lake, layer: Layer) -> Iterator[tuple[Table, str, date]]:
    for table in layer.tables:
        for listed in lake.objects_of(table).list(table.prefix):
            if (match := _PARTITION.search(listed.path)) is not None:
                yield table, listed.path, date(*map(int, match.groups()))


def _is_over(lake: Lake, day: date, days: int, now: datetime) -> bool:
    """Whether `day` ended `days` ago, or longer."""
    return day_bounds(day, lake.zone)[1] + timedelta(days=days) <= now


def _forget_records(lake: Lake, now: datetime) -> None:
    """Forget what the ledgers tell of days that are gone, and what was to be remembered for a time only."""
    snapshots = set()
    for layer in LAYERS:
        for kind in layer.kinds:
            gone = [
                record
                for record in lake.records.list(kind)
                if _is_over(lake, date.fromisoformat(record.key[:10]), layer.days, now)
            ]
            _delete(lake, kind, gone)
            snapshots |= {record.document["snapshot"] for record in gone if kind == snapshot.KIND}
    snapshots -= {record.document["snapshot"] for record in lake.records.list(snapshot.KIND)}
    for name in snapshots:
        lake.objects.delete(snapshot.path_of(name))
    for kind, told, lives in (
        (TOMBSTONE, "until", timedelta()),
        (PROOF, "proved_at", timedelta(days=NUMBERS_DAYS)),
        (ERASURE, "finished_at", timedelta(days=NUMBERS_DAYS)),
    ):
        ended = ((record, record.document[told]) for record in lake.records.list(kind))
        over = [record for record, moment in ended if moment is not None and parse_instant(moment) + lives <= now]
        _delete(lake, kind, over)


def _delete(lake: Lake, kind: str, records: Sequence[Record]) -> None:
    if records:
        lake.records.delete(kind, *(record.key for record in records))
