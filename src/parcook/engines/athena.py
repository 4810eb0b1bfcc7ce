"""Athena as an engine: a query is started, asked after until it ends, and its rows are fetched page by page.

`parcook ddl athena` says how the tables are declared. What a query costs is told with its rows.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, InvalidRegionError, NoCredentialsError, NoRegionError

from parcook.engines.athena_values import bound, read
from parcook.engines.contract import Days, Result, Value
from parcook.engines.narrowing import narrowed
from parcook.engines.refusals import refusal
from parcook.errors import ParcookError, QueryFailed, SettingsError, Unavailable

DEFAULT_USD_PER_TB = 5.0  # in most regions
LEAST_BYTES_CHARGED = 10_000_000
PAGE = 1_000  # GetQueryResults gives no more at once
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 2.0
_SHAPE = (
    "PARCOOK_ENGINE_URL must look like athena://workgroup/database?output=s3://bucket/prefix"
    "; &region=… and &usd_per_tb=… may follow"
)
_NAME = re.compile(r"[a-z0-9_]+")
_WORKGROUP = re.compile(r"[A-Za-z0-9._-]{1,128}")
_PRICE = re.compile(r"\d{1,3}(\.\d+)?")
_ERROR_NAME = re.compile(r"([A-Z][A-Z_]+): ")
_NOT_LET_IN = (
    "AccessDeniedException",
    "ExpiredTokenException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
)
# Retries of the client's own: it waits longer after each, and starts no query twice, by its request token.
_CONFIG = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 6, "mode": "standard"})


class AthenaEngine:
    """An `Engine` at `athena://workgroup/database?output=s3://…`; a workgroup with an output of its own needs none.

    Raises `SettingsError` for another URL, or if nothing names a region. Threads may share it.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise SettingsError(_SHAPE) from error
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.workgroup, self.database = parts.netloc, parts.path.strip("/")
        self.output, region = options.pop("output", None), options.pop("region", None)
        price = options.pop("usd_per_tb", str(DEFAULT_USD_PER_TB))
        is_shaped = parts.scheme == "athena" and _WORKGROUP.fullmatch(self.workgroup) and _NAME.fullmatch(self.database)
        if not is_shaped or options or not _PRICE.fullmatch(price) or not (self.output or "s3://").startswith("s3://"):
            raise SettingsError(_SHAPE)
        self.usd_per_tb = float(price)
        try:
            self.client = boto3.client("athena", region_name=region, config=_CONFIG)
        except InvalidRegionError as error:
            raise SettingsError("PARCOOK_ENGINE_URL: there can be no such region") from error
        except NoRegionError as error:
            raise SettingsError(
                "PARCOOK_ENGINE_URL names no region; add &region=eu-west-1, or set AWS_REGION"
            ) from error

    @contextmanager
    def reading(self, tables: Mapping[str, Days]) -> Iterator["AthenaSession"]:
        """A session that reads of `tables` the partitions of their days; tables not named are read whole."""
        yield AthenaSession(self, tables)

    def cost(self, bytes_scanned: int) -> float:
        """What scanning so much costs in US dollars; even the smallest query is charged for ten megabytes."""
        return max(bytes_scanned, LEAST_BYTES_CHARGED) / 1e12 * self.usd_per_tb


class AthenaSession:
    """A `Session` of one query at a time. Files that are damaged fail the query, so `damaged` stays empty."""

    damaged: Sequence[str] = ()

    def __init__(self, engine: AthenaEngine, tables: Mapping[str, Days]) -> None:
        self._engine = engine
        self._tables = tables
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Stop what runs, from any thread; the session runs nothing more."""
        self._cancelled.set()  # `run` waits on it, and stops the query

    def run(self, sql: str, values: Sequence[Value] = (), timeout_s: float = 30.0) -> Result:
        """Run one statement; raises `QueryFailed` for a fault in it or if it takes too long, `Unavailable` else."""
        deadline = time.monotonic() + timeout_s
        query = self._start(bound(narrowed(sql, self._tables, self._engine.database), values))
        try:
            execution = self._ended(query, deadline, timeout_s)
        except BaseException:  # whatever ends the wait: what nobody waits for need not be paid for
            self._stop(query)
            raise
        self._raise_unless_done(execution["Status"])
        columns, rows = self._fetch(query)
        scanned = execution.get("Statistics", {}).get("DataScannedInBytes", 0)  # CREATE TABLE scans nothing
        return Result(columns, rows, bytes_scanned=scanned, cost_usd=self._engine.cost(scanned))

    def _start(self, statement: str) -> str:
        if self._cancelled.is_set():
            raise QueryFailed("the query was cancelled")
        place = {"ResultConfiguration": {"OutputLocation": self._engine.output}} if self._engine.output else {}
        with _translated():
            started = self._engine.client.start_query_execution(
                QueryString=statement,
                QueryExecutionContext={"Database": self._engine.database},
                WorkGroup=self._engine.workgroup,
                **place,
            )
        return str(started["QueryExecutionId"])

    def _ended(self, query: str, deadline: float, timeout_s: float) -> Mapping[str, Any]:
        wait = FIRST_WAIT_S
        while True:
            with _translated():
                execution = self._engine.client.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            if execution["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return execution  # type: ignore[no-any-return]  # boto3 has no types
            left = deadline - time.monotonic()
            if left <= 0:
                raise QueryFailed(f"the query was stopped: it took longer than {timeout_s:g} s")
            if self._cancelled.wait(min(wait, left)):
                raise QueryFailed("the query was cancelled")
            wait = min(wait * 1.5, LONGEST_WAIT_S)

    def _raise_unless_done(self, status: Mapping[str, Any]) -> None:
        reason = status.get("StateChangeReason", "Athena gives no reason")
        if status["State"] == "CANCELLED":
            raise QueryFailed(f"the query was cancelled: {reason}")
        if status["State"] == "FAILED":
            if status.get("AthenaError", {}).get("Retryable"):
                raise Unavailable(f"Athena could not run it now: {reason}")
            name = _ERROR_NAME.match(reason)
            raise refusal("athena", name[1] if name else "", reason, self._tables)

    def _fetch(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = []
        with _translated():
            pages = self._engine.client.get_paginator("get_query_results").paginate(
                QueryExecutionId=query, PaginationConfig={"PageSize": PAGE}
            )
            for number, page in enumerate(pages):
                info = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
                names = [column["Name"] for column in info]
                given = [row.get("Data", []) for row in page["ResultSet"]["Rows"]]
                if number == 0 and given and [datum.get("VarCharValue") for datum in given[0]] == names:
                    del given[0]  # a SELECT's first row says the names again, EXPLAIN's does not
                rows += [
                    tuple(read(datum, column["Type"]) for datum, column in zip(row, info, strict=True)) for row in given
                ]
        return names, rows

    def _stop(self, query: str) -> None:
        with suppress(ParcookError), _translated():  # it has ended already, or Athena is away: there is more to say
            self._engine.client.stop_query_execution(QueryExecutionId=query)


@contextmanager
def _translated() -> Iterator[None]:
    """What Athena refuses in this block is `QueryFailed`, anything else that goes wrong on the way `Unavailable`."""
    try:
        yield
    except ClientError as error:
        told = error.response["Error"]
        if told["Code"] == "InvalidRequestException":
            raise QueryFailed(f"Athena refused: {told['Message']}") from error
        if told["Code"] in _NOT_LET_IN:
            raise Unavailable(
                f"Athena does not let parcook in ({told['Code']}): check credentials and policy"
            ) from error
        raise Unavailable(f"Athena does not answer now ({told['Code']})") from error
    except NoCredentialsError as error:
        raise Unavailable("Athena cannot be asked: there are no AWS credentials here") from error
    except BotoCoreError as error:
        raise Unavailable("Athena does not answer") from error
