"""What is written down of an erasure: the request while it is under way, the receipt for good, never whose it was."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from parcook.clock import format_instant
from parcook.conversations.tombstones import bury
from parcook.events.contract import Record, Records

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
    """An erasure under way: the receipt so far, whose it is, and per day the events, rows and activity there were."""

    receipt: Receipt
    reference: str
    days: dict[str, list[int]] = field(default_factory=dict)

    def added_up(self) -> dict[str, int]:
        """Events, rows of the lake and rows of activity over all days."""
        return {
            layer: sum(counts[place] for counts in self.days.values())
            for place, layer in enumerate(("events", "lake", "activity"))
        }


def request_erasure(records: Records, subject: Subject, reference: str, now: datetime) -> Receipt:
    """Write down that the person or conversation `reference` is to be erased; from now on nothing more comes in.

    An erasure of the same that is still under way is the same request.
    """
    for request in running(records):
        if request.reference == reference:
            bury(records, reference, now)
            return request.receipt
    receipt = Receipt(uuid.uuid4().hex, subject, "running", format_instant(now))
    keep(records, Request(receipt, reference))
    bury(records, reference, now)
    return receipt


def keep(records: Records, request: Request) -> None:
    """Write down how far a request is."""
    document = {**request.receipt.as_dict(), "reference": request.reference, "days": request.days}
    records.put(KIND, request.receipt.request_id, document)


def running(records: Records) -> list[Request]:
    """The requests that are under way."""
    return [
        Request(_receipt(record), record.document["reference"], dict(record.document["days"]))
        for record in records.list(KIND)
        if record.document["status"] == "running"
    ]


def find_receipt(records: Records, request_id: str) -> Receipt | None:
    """The receipt of a request, also while it is under way."""
    record = records.get(KIND, request_id)
    return None if record is None else _receipt(record)


def _receipt(record: Record) -> Receipt:
    return Receipt(**{name: record.document[name] for name in Receipt.__dataclass_fields__})
