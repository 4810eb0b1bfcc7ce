"""Files of the lake for whoever reads them: found by month, fetched side by side, and remembered while they stay.

A listing tells the ETag of each object, so what did not change since it was last read is not read again. A folder
on this machine is as quick as memory, and nothing of it is remembered.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from parcook.engines.contract import Days
from parcook.lake.place import day_in
from parcook.lake.tables import Table
from parcook.objects import Listed, Objects

AT_ONCE = 8
REMEMBERED_BYTES = 256 * 1024 * 1024
MOST_MONTHS = 36  # of more, one listing of everything is quicker


class Files:
    """The files in `objects`. Threads may share it; at most `limit` bytes are remembered."""

    def __init__(self, objects: Objects, limit: int = REMEMBERED_BYTES) -> None:
        self._objects = objects
        self._limit = 0 if objects.url.startswith("file://") else limit
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._size = 0

    def read(self, table: Table, days: Days) -> dict[str, bytes]:
        """The files of `table` in the partitions of `days`, by path, in its order. Raises `Unavailable`."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            listed = [each for found in pool.map(self._objects.list, _prefixes(table, days)) for each in found]
            wanted = sorted((each for each in listed if _is_within(each.path, days)), key=lambda each: each.path)
            bodies = list(pool.map(self._body, wanted))
        return {each.path: body for each, body in zip(wanted, bodies, strict=True) if body is not None}

    def _body(self, listed: Listed) -> bytes | None:
        with self._lock:
            etag, body = self._remembered.get(listed.path, (None, b""))
            if etag is not None and etag == listed.etag:
                self._remembered.move_to_end(listed.path)
                return body
        blob = self._objects.get(listed.path)
        if blob is None:
            return None
        if blob.etag is not None:
            self._remember(listed.path, blob.etag, blob.body)
        return blob.body

    def _remember(self, path: str, etag: str, body: bytes) -> None:
        if len(body) > self._limit:
            return
        with self._lock:
            self._size += len(body) - len(self._remembered.pop(path, ("", b""))[1])
            self._remembered[path] = etag, body
            while self._size > self._limit:
                _, (_, oldest) = self._remembered.popitem(last=False)
                self._size -= len(oldest)


def _prefixes(table: Table, days: Days) -> Sequence[str]:
    """The folders that hold `days`: months, of which one listing tells all, or everything where there is no limit."""
    if days.first is None or days.last is None or (days.last - days.first).days > 31 * MOST_MONTHS:
        return [table.prefix]
    steps = ((days.last - days.first).days + 1) if days.first <= days.last else 0
    months = (table.partition(days.first + timedelta(days=n)).rpartition("/")[0] for n in range(steps))
    return list(dict.fromkeys(months))


def _is_within(path: str, days: Days) -> bool:
    day = day_in(path)
    return day is not None and (days.first is None or day >= days.first) and (days.last is None or day <= days.last)
