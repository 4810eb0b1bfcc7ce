"""An event as it travels: its id, its time, its bytes. A chat pays for what is done here, so it is done tersely."""

import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)


def new_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7), which sorts by time: 48 bits of milliseconds, 74 random ones."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    digits = f"{value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def written(moment: datetime | str | None) -> str:
    """RFC 3339 in UTC, with its offset: now for None; a datetime without a zone is local; a text is left as it is."""
    if isinstance(moment, str):
        return moment
    moment = datetime.now(UTC) if moment is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def encoded(event: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, without what is None.

    What JSON does not know goes as its text, halves of surrogate pairs as question marks. Raises for NaN, for keys
    that are no text, for circles.
    """
    given = {name: value for name, value in event.items() if value is not None}
    return _ENCODER.encode(given).encode("utf-8", "replace")
