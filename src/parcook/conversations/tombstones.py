"""What was erased stays erased: a tombstone refuses events of before the erasure that are sent once more."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from parcook.clock import format_instant, parse_instant
from parcook.errors import Rejected
from parcook.events.contract import RETENTION_DAYS, Event, Records

KIND = "tombstone"
LOOK_EVERY = timedelta(seconds=1)
HEARD_AFTER = 2 * LOOK_EVERY
"""So long after an erasure was asked for, whoever takes events in refuses what belongs to it."""


class Tombstones:
    """Erased people and conversations, by their stored references. Threads may share it.

    They are few and are read at most once a second, so an erasure by another process counts a second later at the
    latest; erasing sweeps up what came in meanwhile.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._erased: Mapping[str, datetime] = {}
        self._looked_at: datetime | None = None

    def refuse(self, event: Event, now: datetime) -> None:
        """Raise `Rejected` with `erased` for an event of before its person's or conversation's erasure."""
        erased = self._current(now)
        for reference in (event.user_ref, event.conversation_id):
            if reference is not None and reference in erased and event.ts <= erased[reference]:
                raise Rejected("erased", "what this event belongs to was erased after it happened")

    def _current(self, now: datetime) -> Mapping[str, datetime]:
        with self._lock:
            if self._looked_at is None or not timedelta() <= now - self._looked_at < LOOK_EVERY:
                self._erased = {
                    record.key: parse_instant(record.document["erased_at"]) for record in self._records.list(KIND)
                }
                self._looked_at = now
            return self._erased


def bury(records: Records, reference: str, moment: datetime) -> None:
    """Refuse, for as long as events live, what belongs to `reference` and happened until `moment`."""
    before = erased_until(records, reference)
    erased_at = moment if before is None else max(before, moment)
    until = erased_at + timedelta(days=RETENTION_DAYS)
    records.put(KIND, reference, {"erased_at": format_instant(erased_at), "until": format_instant(until)})


def erased_until(records: Records, reference: str) -> datetime | None:
    """Until when what belongs to `reference` is refused; None if it is not."""
    record = records.get(KIND, reference)
    return None if record is None else parse_instant(record.document["erased_at"])
