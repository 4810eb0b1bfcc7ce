"""What runs the SQL behind Athena's protocol: DuckDB in this process, or a Trino."""

import threading
from collections.abc import Callable
from typing import Any

import duckdb
import requests
from trino.exceptions import TrinoQueryError

from parcook.engines.contract import Days
from parcook.engines.duckdb import DuckdbEngine
from parcook.engines.trino import TrinoEngine
from parcook.lake.tables import readable_tables
from tests.servers.athena import Answer, Backend, Refused

SCANNED = 12_000_000  # what each query over DuckDB is said to have scanned


def over_duckdb(engine: DuckdbEngine) -> Callable[[], Backend]:
    """Each query on a connection of its own, whose tables are those of the database `main`."""
    return lambda: _OverDuckdb(engine)


class _OverDuckdb:
    def __init__(self, engine: DuckdbEngine) -> None:
        self._connection, _ = engine.connect({table.name: Days() for table in readable_tables()})

    def run(self, sql: str) -> Answer:
        try:
            cursor = self._connection.execute(sql)
            columns = [(name, str(kind).lower().split("(")[0]) for name, kind, *_ in cursor.description]
            return Answer(columns, cursor.fetchall(), SCANNED)
        except duckdb.CatalogException as error:
            table = str(error).split("Table with name ")[-1].split()[0]
            raise Refused(f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.main.{table}' does not exist") from error
        except duckdb.Error as error:
            raise Refused(f"GENERIC_USER_ERROR: {error}") from error

    def stop(self) -> None:
        self._connection.interrupt()


def over_trino(engine: TrinoEngine) -> Callable[[], Backend]:
    """Each query on a connection of its own, in the catalog of `engine`."""
    return lambda: _OverTrino(engine)


class _OverTrino:
    def __init__(self, engine: TrinoEngine) -> None:
        self._engine = engine
        self._stopped = threading.Event()
        self._cursor: Any = None

    def run(self, sql: str) -> Answer:
        with requests.Session() as http, self._engine.connect(http, 300) as connection:
            self._cursor = connection.cursor()
            try:
                self._cursor.execute(sql)
                rows = self._cursor.fetchall()
            except TrinoQueryError as error:
                raise Refused(f"{error.error_name}: {error.message}") from error
            if self._stopped.is_set():  # the client then ends with the rows it has
                raise Refused("stopped")
            columns = [(column.name, column.type_code.split("(")[0]) for column in self._cursor.description]
            return Answer(columns, rows, self._cursor.stats["physicalInputBytes"])

    def stop(self) -> None:
        self._stopped.set()
        if self._cursor is not None:
            self._cursor.cancel()
