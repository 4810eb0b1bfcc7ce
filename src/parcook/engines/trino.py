"""Trino as an engine: the same texts over the same files, on a cluster, through its own Python client.

The catalog is one of the Hive connector over the lake; `parcook ddl trino` says how its tables are declared.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.exceptions import RequestException
from trino.auth import BasicAuthentication
from trino.dbapi import connect
from trino.exceptions import Error, HttpError, TrinoConnectionError, TrinoQueryError

from parcook.engines.contract import Days, Result, Value
from parcook.engines.narrowing import narrowed
from parcook.engines.refusals import refusal
from parcook.errors import QueryFailed, SettingsError, Unavailable

_NAME = re.compile(r"[a-z0-9_]+")
_NOT_LET_IN = ("error 401", "error 403")  # all that the client tells of a status
_HTTPS_PORT, _HTTP_PORT = 443, 8080
_REQUEST_TIMEOUT_S = 30.0
_SHAPE = "PARCOOK_ENGINE_URL must look like trino://user@host:8080/catalog/schema; with a password it speaks HTTPS"


class TrinoEngine:
    """An `Engine` at `trino://user[:password]@host[:port]/catalog/schema`. Raises `SettingsError` for another URL."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SettingsError(_SHAPE) from error
        names = parts.path.strip("/").split("/")
        if parts.scheme != "trino" or not parts.hostname or not parts.username or len(names) != 2:
            raise SettingsError(_SHAPE)
        if not all(_NAME.fullmatch(name) for name in names):
            raise SettingsError(_SHAPE)
        self.catalog, self.schema = names
        self._host = parts.hostname
        self._user = unquote(parts.username)
        self._password = unquote(parts.password) if parts.password else None
        self._port = port or (_HTTPS_PORT if self._password else _HTTP_PORT)

    @contextmanager
    def reading(self, tables: Mapping[str, Days]) -> Iterator["TrinoSession"]:
        """A session that reads of `tables` the partitions of their days; tables not named are read whole."""
        with StoppableHttp() as http:
            yield TrinoSession(self, tables, http)

    def connect(self, http: requests.Session, timeout_s: float) -> Any:
        """A connection of the client's, whose queries the server ends after `timeout_s`. Nothing is sent yet."""
        return connect(  # type: ignore[no-untyped-call]  # the client's own lacks types
            host=self._host,
            port=self._port,
            user=self._user,
            catalog=self.catalog,
            schema=self.schema,
            source="parcook",
            http_scheme="http" if self._password is None else "https",
            auth=None if self._password is None else BasicAuthentication(self._user, self._password),
            http_session=http,
            request_timeout=_REQUEST_TIMEOUT_S,
            max_attempts=2,
            timezone="UTC",
            legacy_prepared_statements=False,
            heartbeat_interval=None,
            session_properties={"query_max_run_time": f"{max(timeout_s, 0.001) * 1000:.0f}ms"},
        )


class StoppableHttp(requests.Session):
    """HTTP that asks for nothing more once it is stopped: who waits for a query, by asking again and again, comes back.

    The client can cancel by itself, but not before Trino has told it of the query.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """From any thread: whatever asks after this gets `QueryFailed`."""
        self._stopped.set()

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """As of every session; deleting a query is still possible."""
        if self._stopped.is_set() and method != "DELETE":
            raise QueryFailed("the query was cancelled")
        return super().request(method, url, *args, **options)


class TrinoSession:
    """A `Session` on one HTTP session. Files that are damaged fail the query, so `damaged` stays empty."""

    damaged: Sequence[str] = ()

    def __init__(self, engine: TrinoEngine, tables: Mapping[str, Days], http: StoppableHttp) -> None:
        self._engine = engine
        self._tables = tables
        self._http = http

    def cancel(self) -> None:
        """Stop what runs, from any thread; the session runs nothing more."""
        self._http.stop()

    def run(self, sql: str, values: Sequence[Value] = (), timeout_s: float = 30.0) -> Result:
        """Run one statement; raises `QueryFailed` for a fault in it or if it takes too long, `Unavailable` else."""
        statement = narrowed(sql, self._tables, f"{self._engine.catalog}.{self._engine.schema}")
        try:
            with closing(self._engine.connect(self._http, timeout_s)) as connection:
                cursor = connection.cursor()
                try:
                    cursor.execute(statement, list(values))
                    rows = cursor.fetchall()
                except QueryFailed:  # stopped from elsewhere; if Trino is told in vain, its own limit ends the query
                    with suppress(Error, HttpError):
                        cursor.cancel()
                    raise
        except TrinoQueryError as error:
            raise self._told(error, timeout_s) from error
        except (HttpError, TrinoConnectionError, RequestException, OSError) as error:
            if str(error).startswith(_NOT_LET_IN):
                raise Unavailable("Trino does not let parcook in: check the user and password given to it") from error
            raise Unavailable("Trino does not answer") from error
        except Error as error:
            raise QueryFailed(f"Trino refused: {error}") from error
        columns = [column.name for column in cursor.description or ()]
        return Result(columns, rows, bytes_scanned=cursor.stats["physicalInputBytes"])

    def _told(self, error: Any, timeout_s: float) -> QueryFailed | Unavailable:
        if error.error_name == "EXCEEDED_TIME_LIMIT":
            return QueryFailed(f"the query was stopped: it took longer than {timeout_s:g} s")
        if error.error_name == "USER_CANCELED":
            return QueryFailed("the query was cancelled")
        return refusal("trino", error.error_name, error.message, self._tables)
