"""DuckDB in this process: a database for each session, filled with what it reads and cut off from all else."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import duckdb

from parcook.engines.contract import Days, Result, Value
from parcook.engines.prelude import MACROS, SETTINGS
from parcook.errors import QueryFailed

Fill = Callable[[duckdb.DuckDBPyConnection, Mapping[str, Days]], Sequence[str]]
"""Makes the tables that are named, with the rows of those days; says which files it could not read."""

_ISOLATED = ("SET enable_external_access = false", "SET lock_configuration = true")


class DuckdbEngine:
    """An `Engine` over what `fill` puts into each session's database."""

    def __init__(self, fill: Fill, threads: int = 2, memory: str = "1GB") -> None:
        self._fill = fill
        self._config = {
            "threads": str(threads),
            "memory_limit": memory,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }

    @contextmanager
    def reading(self, tables: Mapping[str, Days]) -> Iterator["DuckdbSession"]:
        """A session over `tables`, closed at the end of the block."""
        connection, damaged = self.connect(tables)
        with closing(connection):
            yield DuckdbSession(connection, damaged)

    def connect(self, tables: Mapping[str, Days]) -> tuple[duckdb.DuckDBPyConnection, Sequence[str]]:
        """A connection with the prelude and `tables` in it, and the files that could not be read.

        It reaches no file and no network any more. Close it.
        """
        connection = duckdb.connect(config=dict(self._config))
        try:
            for statement in (*SETTINGS, *MACROS):
                connection.execute(statement)
            damaged = self._fill(connection, tables)
            for statement in _ISOLATED:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        return connection, damaged


class DuckdbSession:
    """A `Session` on a connection of its own. One thread at a time, but for `cancel`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, damaged: Sequence[str]) -> None:
        self._connection = connection
        self._cancelled = threading.Event()
        self.damaged = damaged

    def cancel(self) -> None:
        """Stop what runs, from any thread; the session runs nothing more."""
        self._cancelled.set()
        self._connection.interrupt()

    def run(self, sql: str, values: Sequence[Value] = (), timeout_s: float = 30.0) -> Result:
        """Run one statement; raises `QueryFailed` for a fault in it or if it takes longer than `timeout_s`."""
        timer = threading.Timer(timeout_s, self._connection.interrupt)
        timer.start()
        try:
            if self._cancelled.is_set():
                raise QueryFailed("the query was cancelled")
            cursor = self._connection.execute(sql, list(values))
            return Result([column[0] for column in cursor.description or ()], cursor.fetchall())
        except duckdb.InterruptException as error:
            told = "cancelled" if self._cancelled.is_set() else f"stopped: it took longer than {timeout_s:g} s"
            raise QueryFailed(f"the query was {told}") from error
        except duckdb.Error as error:
            raise QueryFailed(f"DuckDB refused: {str(error).splitlines()[0]}") from error
        finally:
            timer.cancel()
