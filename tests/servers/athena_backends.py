"""What runs the SQL behind Athena's protocol: DuckDB in this process, or a Trino."""

from collections.abc import Callable

import duckdb
from trino.exceptions import TrinoQueryError

from parcook.engines.contract import Days
from parcook.engines.duckdb import DuckdbEngine
from parcook.engines.trino import StoppableHttp, TrinoEngine
from parcook.errors import QueryFailed
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
        self._http = StoppableHttp()

    def run(self, sql: str) -> Answer:
        with self._http, self._engine.connect(self._http, 300) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute(sql)
                rows = cursor.fetchall()
            except TrinoQueryError as error:
                raise Refused(f"{error.error_name}: {error.message}") from error
            except QueryFailed as error:
                cursor.cancel()
                raise Refused(error.detail) from error
            columns = [(column.name, column.type_code.split("(")[0]) for column in cursor.description]
            return Answer(columns, rows, cursor.stats["physicalInputBytes"])

    def stop(self) -> None:
        self._http.stop()
