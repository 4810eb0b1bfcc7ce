"""A file of events of the past, read day by day in order, in whatever order they stand in it."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from parcook.clock import day_of
from parcook.conversations.event import read_event
from parcook.errors import Rejected, UnreadableFile
from parcook.jobs.replay import Day, Numbered, Refusal


class ReplayFile:
    """The events in `path`, one JSON object a line. `close()` it.

    Only where each line begins is held in memory. An event that cannot be read, or does not say when it happened, is
    in `refused`. Raises `UnreadableFile` if the file cannot be read.
    """

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._path = path
        self._zone = zone
        self.refused: list[Refusal] = []
        self._lines: dict[date, list[tuple[int, int]]] = {}
        try:
            self._file = path.open("rb")
            self._index()
        except OSError as error:
            raise UnreadableFile(f"cannot read {path}: {error.strerror}") from error

    def __enter__(self) -> "ReplayFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def total_days(self) -> int:
        """How many days there are from the first to the last."""
        return (max(self._lines) - min(self._lines)).days + 1 if self._lines else 0

    def days(self) -> Iterator[Day]:
        """Each day that has events, in their order, with the events and the numbers of their lines."""
        for day in sorted(self._lines):
            yield day, self._read(self._lines[day])

    def _index(self) -> None:
        offset = 0
        for number, line in enumerate(self._file, start=1):
            if line.strip():
                try:
                    moment = read_event(_decoded(line)).timestamp
                    if moment is None:
                        raise Rejected("bad_timestamp", "what is replayed must say when it happened, in timestamp")
                except Rejected as fault:
                    self.refused.append(Refusal(number, fault.code, fault.detail))
                else:
                    self._lines.setdefault(day_of(moment, self._zone), []).append((number, offset))
            offset += len(line)

    def _read(self, lines: Sequence[tuple[int, int]]) -> list[Numbered]:
        events: list[Numbered] = []
        for number, offset in lines:
            self._file.seek(offset)
            events.append((number, _decoded(self._file.readline())))
        return events


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
