"""What is written down of an erasure: the request while it is under way, the receipt for good, never whose it was."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from parcook.clock import format_instant, parse_instant
from parcook.conversations.tombstones import HEARD_AFTER, bury
from parcook.events.contract import Event, EventStore, Record, Records

KIND = "erasure"

Subject = Literal["user", "conversation"]
Status = Literal["running", "done", "dry_run"]


@dataclass(frozen=True)
class Receipt:
    """What was erased, by layer; never whose. `verified` says that nothing was found when it was looked for again.

    `layers` counts events, rows of the lake, rows of activity, and days whose numbers changed.
    """

    request_id: str
    subject: Subject
    status: Status
    requested_at: str
    finished_at: str | None = None
    layers: dict[str, int] = field(default_factory=lambda: {"events": 0, "lake": 0, "activity": 0, "daily": 0})
    verified: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is told and kept."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Request:
    """An erasure under way: the receipt so far, whose it is, and per day the events, rows and activity there were.

    `asked_at` is when it was asked for last.
    """

    receipt: Receipt
    reference: str
    asked_at: datetime
    days: dict[str, list[int]] = field(default_factory=dict)

    def added_up(self) -> dict[str, int]:
        """Events, rows of the lake and rows of activity over all days."""
        return {
            layer: sum(counts[place] for counts in self.days.values())
            for place, layer in enumerate(("events", "lake", "activity"))
        }


def request_erasure(store: EventStore, subject: Subject, reference: str, now: datetime) -> Receipt:
    """Write down that the person or conversation `reference` is to be erased; from now on nothing more comes in.

    That is all that happened until `now`, and what a clock that was ahead has stored as later. An erasure of the same
    that is still under way is the same request.
    """
    same = (request for request in running(store.records) if request.reference == reference)
    request = next(same, None) or Request(
        Receipt(uuid.uuid4().hex, subject, "running", format_instant(now)), reference, now
    )
    keep(store.records, replace(request, asked_at=now))
    stored = (event.ts for event in events_of(store, subject, reference, now))
    bury(store.records, reference, max([now, *stored]))
    return request.receipt


def events_of(store: EventStore, subject: Subject, reference: str, now: datetime) -> Iterator[Event]:
    """All that is stored of a person or conversation."""
    return (store.person if subject == "user" else store.conversation)(reference, now)


def keep(records: Records, request: Request) -> None:
    """Write down how far a request is."""
    document = {
        **request.receipt.as_dict(),
        "reference": request.reference,
        "asked_at": format_instant(request.asked_at),
        "days": request.days,
    }
    records.put(KIND, request.receipt.request_id, document)


def running(records: Records) -> list[Request]:
    """The requests that are under way."""
    return [_request(record) for record in records.list(KIND) if record.document["status"] == "running"]


def is_heard(request: Request, now: datetime) -> bool:
    """Whether everybody who takes events in knows of it, so that nothing slips in after it is done."""
    return not timedelta() <= now - request.asked_at < HEARD_AFTER  # a clock that was set back is not waited for


def find_receipt(records: Records, request_id: str) -> Receipt | None:
    """The receipt of a request, also while it is under way."""
    record = records.get(KIND, request_id)
    return None if record is None else _receipt(record)


def _request(record: Record) -> Request:
    document = record.document
    asked_at = document.get("asked_at", document["requested_at"])  # before 0.3 a request did not tell it
    return Request(_receipt(record), document["reference"], parse_instant(asked_at), dict(document["days"]))


def _receipt(record: Record) -> Receipt:
    return Receipt(**{name: record.document[name] for name in Receipt.__dataclass_fields__})
