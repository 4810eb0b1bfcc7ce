"""A lease: at most one holder at a time does a piece of work, across threads, processes and hosts.

Times are the database's own clock. A holder that died on this host is recognised by its process id and
succeeded at once; one that died elsewhere when its lease expires. Correctness must not rest on a lease:
a process that stalls for longer than it holds one will find a second holder beside it.
"""

import os
import socket
import uuid

from sqlalchemy import Connection, delete, func, select, text, update

from parcook.catalogue.database import Database
from parcook.catalogue.tables import leases

DEFAULT_DURATION_S = 30.0

# A row that is not there cannot be locked: two may both find the lease free, and one is first.
_TAKE = text("INSERT INTO leases VALUES (:name, :holder, :expires_at) ON CONFLICT (name) DO NOTHING")

_RUN = uuid.uuid4().hex[:8]  # this process, also where a later one has its id


class Lease:
    """The right to do `name`, for `duration_s` seconds at a time."""

    def __init__(self, database: Database, name: str, duration_s: float = DEFAULT_DURATION_S) -> None:
        self._database = database
        self._name = name
        self._duration_s = duration_s
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{_RUN}:{uuid.uuid4().hex[:8]}"

    def acquire(self) -> bool:
        """Take or renew the lease. False while somebody else holds it."""
        own = leases.c.name == self._name
        with self._database.write_aside() as connection:
            now = self._now(connection)
            held = connection.execute(select(leases.c.holder, leases.c.expires_at).where(own).with_for_update()).first()
            if held is None:
                values = {"name": self._name, "holder": self._holder, "expires_at": now + self._duration_s}
                return connection.execute(_TAKE, values).rowcount == 1
            if held.holder != self._holder and held.expires_at > now and not _has_died(held.holder):
                return False
            connection.execute(update(leases).where(own).values(holder=self._holder, expires_at=now + self._duration_s))
            return True

    def release(self) -> None:
        """Give the lease up, if it is still ours."""
        with self._database.write_aside() as connection:
            connection.execute(delete(leases).where(leases.c.name == self._name, leases.c.holder == self._holder))

    def _now(self, connection: Connection) -> float:
        if self._database.is_sqlite:
            return float(connection.execute(select((func.julianday("now") - 2440587.5) * 86400.0)).scalar_one())
        return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


def _has_died(holder: str) -> bool:
    host, process_id, run, _ = holder.split(":")
    if host != socket.gethostname():
        return False
    if int(process_id) == os.getpid():  # a container that was started again has its predecessor's id
        return run != _RUN
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # alive, and another user's
        return False
    return False
