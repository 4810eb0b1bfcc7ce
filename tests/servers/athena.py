"""Athena's protocol on a free port of 127.0.0.1, in front of a DuckDB or a Trino that runs the SQL for real.

Only Amazon has Athena. This speaks what clients see of it: queries that are queued, run and end, pages of text with
types beside it, reasons of failures, throttling, and how much was scanned.
"""

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol


class Refused(Exception):
    """What the SQL engine says against a query, as Athena would put it: `NAME: message`."""


@dataclass(frozen=True)
class Answer:
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    bytes_scanned: int


class Backend(Protocol):
    """Runs one query. Raises `Refused`."""

    def run(self, sql: str) -> Answer: ...

    def stop(self) -> None: ...


@dataclass
class Query:
    text: str
    backend: Backend
    scan_limit: int
    state: str = "QUEUED"
    reason: str = ""
    answer: Answer | None = None

    def run(self) -> None:
        self.state = "RUNNING"
        try:
            self.answer = self.backend.run(self.text)
        except Refused as error:
            if self.state != "CANCELLED":
                self.state, self.reason = "FAILED", str(error)
            return
        if self.answer.bytes_scanned > self.scan_limit:
            self.state, self.reason = "CANCELLED", "Query cancelled! : Bytes scanned limit was exceeded"
        else:
            self.state = "SUCCEEDED"

    def stop(self) -> None:
        if self.state in ("QUEUED", "RUNNING"):
            self.state = "CANCELLED"
            self.backend.stop()


@dataclass
class AthenaServer:
    """A running server. `faults` are codes that the next calls of an action are answered with, `scan_limit` is what the
    workgroup lets a query scan."""

    endpoint: str
    backend: Callable[[], Backend]
    queries: dict[str, Query] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)
    scan_limit: int = 10**12
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL_ATHENA": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def do(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self.calls[action] += 1
        if action == "StartQueryExecution":
            return self._start(request)
        query = self.queries[request["QueryExecutionId"]]
        if action == "GetQueryExecution":
            return {"QueryExecution": _execution(query)}
        if action == "GetQueryResults":
            return _page(query, int(request.get("NextToken", 0)), request["MaxResults"])
        query.stop()
        return {}

    def _start(self, request: Mapping[str, Any]) -> dict[str, Any]:
        name = f"query-{next(self._numbers)}"
        self.queries[name] = query = Query(request["QueryString"], self.backend(), self.scan_limit)
        threading.Thread(target=query.run, daemon=True).start()
        return {"QueryExecutionId": name}


@contextmanager
def start_athena(backend: Callable[[], Backend]) -> Iterator[AthenaServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            action = self.headers["X-Amz-Target"].rpartition(".")[2]
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            faults = served.faults.get(action)
            if faults:
                self._answer(400, {"__type": faults.pop(0), "Message": "as the test asked for"})
            else:
                self._answer(200, served.do(action, request))

        def _answer(self, status: int, document: Mapping[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what matters is told by the answers."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        served = AthenaServer(f"http://127.0.0.1:{http.server_port}", backend)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            for query in served.queries.values():
                query.stop()
            http.shutdown()
            thread.join()


def _execution(query: Query) -> dict[str, Any]:
    status = {"State": query.state} | ({"StateChangeReason": query.reason} if query.reason else {})
    scanned = query.answer.bytes_scanned if query.answer else 0
    return {"Status": status, "Statistics": {"DataScannedInBytes": scanned}}


def _page(query: Query, begin: int, size: int) -> dict[str, Any]:
    """As the API pages: the first row of a SELECT is its names, and counts."""
    assert query.answer is not None
    names = [name for name, _ in query.answer.columns]
    head = [names] if query.text.lstrip().lower().startswith(("select", "with")) else []
    lines = [*head, *query.answer.rows]
    rows = [{"Data": [_datum(value) for value in row]} for row in lines[begin : begin + size]]
    columns = [{"Name": name, "Type": type} for name, type in query.answer.columns]
    more = {"NextToken": str(begin + size)} if begin + size < len(lines) else {}
    return {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}}, **more}


def _datum(value: Any) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": _text(value)}


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_text, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}={_text(item)}" for key, item in value.items()) + "}"
        case _:
            return str(value)
