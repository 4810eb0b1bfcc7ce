"""Backup and restore of everything: the catalogue, the events and what is beside them, the lake, the restricted tables.

What rests in the store is written as lines of JSON, so it may come back into another kind of store. The keys of days
are never in a backup: what they name stays what nobody can name. The store's own key is, if it is a file; whoever
holds such a backup holds everything. What was erased after a backup is erased again when it is restored.
"""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from parcook.artifacts import annotations
from parcook.catalogue import backup as catalogue_backup
from parcook.clock import day_of, format_instant, parse_instant
from parcook.conversations import features, late_days, tombstones
from parcook.conversations.pseudonyms import INSTALLATION_KIND, LEDGER_KIND
from parcook.errors import SettingsError, Unavailable, UnreadableFile
from parcook.events.contract import Event, Record, Records
from parcook.events.documents import from_document, to_document
from parcook.jobs import replay, work
from parcook.jobs.shift import take_shift
from parcook.lake import ledger, receipts, retention, snapshot
from parcook.lake.erasure import Eraser
from parcook.lake.place import Lake
from parcook.lake.writing import digest
from parcook.objects import Objects
from parcook.wiring import Services

FORMAT = 1
ABOUT_FILE, EVENTS_FILE, RECORDS_FILE, KEY_FILE = "conversations.json", "events.jsonl", "records.jsonl", "secret.key"
AT_ONCE = 500
DEMO = "demo"
KINDS = (
    INSTALLATION_KIND,
    LEDGER_KIND,
    tombstones.KIND,
    features.KIND,
    late_days.KIND,
    ledger.EXPORTS,
    ledger.ACTIVITIES,
    ledger.DAILY,
    ledger.WEEKLY,
    ledger.LAKE,
    snapshot.KIND,
    retention.PROOF,
    receipts.KIND,
    work.KIND,
    replay.KIND,
    annotations.KIND,
    DEMO,
)
"""The kinds of records that a backup holds: all but the keys of days."""


def back_up(services: Services, folder: Path) -> dict[str, Any]:
    """Write a backup into the new or empty `folder`; returns what is in it. Whoever calls it has the shift.

    Raises `Unavailable` if the folder is not empty or cannot be written, or if a store does not answer.
    """
    about = catalogue_backup.back_up(services.catalogue, folder, services.clock)
    now = services.clock()
    try:
        events = _write_lines(folder / EVENTS_FILE, map(to_document, _events(services.lake, now)))
        records = _write_lines(folder / RECORDS_FILE, map(_told, _records(services.lake.records)))
        objects = {name: _copy_out(place, folder / name) for name, place in _places(services.lake).items()}
        key = services.settings.home / KEY_FILE
        has_key = not services.settings.secret_key.get_secret_value() and key.exists()
        if has_key:
            _write(folder / KEY_FILE, key.read_bytes())
        told = {
            "format": FORMAT,
            "created_at": format_instant(now),
            "events": events,
            "records": records,
            "objects": objects,
            "has_secret_key": has_key,
            "sha256": {name: digest((folder / name).read_bytes()) for name in (EVENTS_FILE, RECORDS_FILE)},
        }
        _write(folder / ABOUT_FILE, (json.dumps(told, indent=1) + "\n").encode())
    except OSError as error:
        raise Unavailable(f"cannot write the backup to {folder}: {error}") from error
    return {**about, "conversations": told}


def restore(services: Services, folder: Path) -> dict[str, Any]:
    """Put the backup in `folder` in the place of everything; returns what is in it. It takes the shift by itself.

    Events that are too old by now stay away, and what was erased since is erased again before this returns. A backup
    of the catalogue alone leaves the rest as it is. Raises `UnreadableFile` if `folder` holds no whole backup, and
    `SettingsError` if it was made under another secret key than the one in the environment. A restore that was cut
    short is begun anew.
    """
    told = _check(folder)
    if told is None:
        return catalogue_backup.restore(services.catalogue, folder)
    records = [Record(each["kind"], each["key"], each["document"]) for each in _lines(folder / RECORDS_FILE)]
    _check_key(services, records, folder, told)
    about = catalogue_backup.restore(services.catalogue, folder)  # leases go with it: the shift begins after it
    with take_shift(services.catalogue.database):
        erased_again = _restore_conversations(services, folder, records, told)
    return {**about, "conversations": {**told, "erased_again": erased_again}}


def _restore_conversations(services: Services, folder: Path, records: list[Record], told: Mapping[str, Any]) -> int:
    """Replace all but the catalogue; how many erasures were done again."""
    lake, now = services.lake, services.clock()
    erased_since = _erased_since(lake, parse_instant(told["created_at"]))
    _replace_events(lake, folder, now)
    for name, place in _places(lake).items():
        _copy_in(folder / name, place)
    _replace_records(lake.records, records)
    if told["has_secret_key"]:
        _write(services.settings.home / KEY_FILE, (folder / KEY_FILE).read_bytes())
    _erase_again(lake, erased_since, now)
    retention.retain(lake, now)
    return len(erased_since)


def _places(lake: Lake) -> Mapping[str, Objects]:
    return {"lake": lake.objects, "private": lake.private}


def _events(lake: Lake, now: datetime) -> Iterator[Event]:
    day, last = lake.store.oldest_day(), day_of(now, lake.zone) + timedelta(days=1)  # clocks may be 5 minutes ahead
    while day is not None and day <= last:
        yield from lake.store.day(day, now)
        day += timedelta(days=1)


def _records(records: Records) -> Iterator[Record]:
    for kind in KINDS:
        yield from records.list(kind)


def _told(record: Record) -> dict[str, Any]:
    return {"kind": record.kind, "key": record.key, "document": record.document}


def _erased_since(lake: Lake, moment: datetime) -> list[Record]:
    """The tombstones of what was erased after `moment`."""
    stones = lake.records.list(tombstones.KIND)
    return [stone for stone in stones if parse_instant(stone.document["erased_at"]) >= moment]


def _erase_again(lake: Lake, stones: list[Record], now: datetime) -> None:
    for stone in stones:
        with Eraser(lake) as eraser:
            # A tombstone does not say of what it is: of the other there is nothing.
            eraser.erase("user", stone.key, now)
            eraser.erase("conversation", stone.key, now)
        lake.records.put(tombstones.KIND, stone.key, stone.document)  # it counts from then, and not from now


def _replace_events(lake: Lake, folder: Path, now: datetime) -> None:
    lake.store.sweep(now)
    for chunk in _chunks(_events(lake, now)):
        lake.store.delete(chunk)
    kept = (event for event in map(from_document, _lines(folder / EVENTS_FILE)) if event.expires_at > now.timestamp())
    for chunk in _chunks(kept):
        lake.store.append(chunk)


def _replace_records(records: Records, wanted: list[Record]) -> None:
    there = {(record.kind, record.key) for record in wanted}
    for record in list(_records(records)):
        if (record.kind, record.key) not in there and record.kind != tombstones.KIND:
            records.delete(record.kind, record.key)
    for record in wanted:
        is_older_stone = record.kind == tombstones.KIND and records.get(record.kind, record.key) is not None
        if not is_older_stone:
            records.put(record.kind, record.key, record.document)


def _chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    for event in events:
        chunk.append(event)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _copy_out(place: Objects, folder: Path) -> int:
    listed = place.list("")
    for each in listed:
        blob = place.get(each.path)
        if blob is not None:  # else it was replaced by another file meanwhile, which is no part of this backup
            _write(folder / each.path, blob.body)
    return len(listed)


def _copy_in(folder: Path, place: Objects) -> None:
    wanted = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for listed in place.list(""):
        if listed.path not in wanted:
            place.delete(listed.path)
    for name, path in wanted.items():
        place.put(name, path.read_bytes())


def _check(folder: Path) -> dict[str, Any] | None:
    """What `conversations.json` says; None for a backup of the catalogue alone."""
    try:
        if not (folder / ABOUT_FILE).exists():
            return None
        told: dict[str, Any] = json.loads((folder / ABOUT_FILE).read_text())
        whole = told["format"] == FORMAT and all(
            digest((folder / name).read_bytes()) == sha256 for name, sha256 in told["sha256"].items()
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{folder} holds no backup of parcook's: {error}") from error
    if not whole:
        raise UnreadableFile(f"{folder} is damaged: its files are not what {ABOUT_FILE} says")
    return told


def _check_key(services: Services, records: list[Record], folder: Path, told: Mapping[str, Any]) -> None:
    """Raise `SettingsError` if what is restored could not be read under the key that counts here."""
    own = services.lake.records.get(INSTALLATION_KIND, "secret_key")
    backed_up = next((each for each in records if (each.kind, each.key) == (INSTALLATION_KIND, "secret_key")), None)
    comes_along = told["has_secret_key"] and not services.settings.secret_key.get_secret_value()
    if comes_along or own is None or backed_up is None:
        return
    if own.document["fingerprint"] != backed_up.document["fingerprint"]:
        raise SettingsError(
            f"the backup in {folder} was made under another PARCOOK_SECRET_KEY than the one that is set; set that one"
        )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _write_lines(path: Path, documents: Iterator[dict[str, Any]]) -> int:
    """Write one document a line, readable by the owner only; how many there were."""
    count = 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        for document in documents:
            file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _write(path: Path, body: bytes) -> None:
    """Write a whole file in the place of whatever is there, readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(body)
    draft.replace(path)
