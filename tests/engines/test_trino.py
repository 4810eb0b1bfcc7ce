"""Trino as an engine before any Trino answers: addresses, and nobody there, nobody let in, a server at its start."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parcook.engines.contract import Days
from parcook.engines.trino import StoppableHttp, TrinoEngine
from parcook.errors import ParcookError, QueryFailed, SettingsError, Unavailable


@contextmanager
def answering(status: int, document: object = None) -> Iterator[str]:
    """The address of a server that answers everything with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what matters is told by the answers."""

    with serving(Handler) as url:
        yield url


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"trino://ann@127.0.0.1:{http.server_port}/lake/parcook"
        finally:
            http.shutdown()
            thread.join()


def refused_by(url: str) -> ParcookError:
    with TrinoEngine(url).reading({"daily_metrics": Days()}) as session, pytest.raises(ParcookError) as told:
        session.run("select 1 from daily_metrics")
    return told.value


def failed(name: str, message: str, type: str = "USER_ERROR") -> dict[str, object]:
    """What Trino answers for a query that fails at once."""
    error = {"message": message, "errorCode": 1, "errorName": name, "errorType": type}
    return {"id": "1", "infoUri": "", "stats": {"state": "FAILED"}, "error": error}


def test_nobody_there_is_worth_another_try() -> None:
    told = refused_by("trino://ann@127.0.0.1:1/lake/parcook")
    assert isinstance(told, Unavailable)
    assert told.detail == "Trino does not answer"


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_is_told_to_look_at_the_credentials(status: int) -> None:
    with answering(status) as url:
        told = refused_by(url)
    assert isinstance(told, Unavailable)
    assert "check the user and password" in told.detail


MISSING = "line 1:15: Table 'lake.parcook.daily_metrics' does not exist"


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (
            failed("TABLE_NOT_FOUND", MISSING),
            Unavailable,
            "lacks the table daily_metrics: run what `parcook ddl trino`",
        ),
        (failed("SCHEMA_NOT_FOUND", "line 1:15: Schema 'parcook' does not exist"), Unavailable, "lacks the schema"),
        (failed("CATALOG_NOT_FOUND", "line 1:15: Catalog 'lake' not found"), Unavailable, "`parcook ddl trino` prints"),
        (failed("TABLE_NOT_FOUND", "line 1:15: Table 'lake.parcook.mine' does not exist"), QueryFailed, "refused"),
        (failed("SERVER_STARTING_UP", "starting", "INTERNAL_ERROR"), Unavailable, "too little to run it now"),
        (failed("NO_NODES_AVAILABLE", "none", "INTERNAL_ERROR"), Unavailable, "too little to run it now"),
        (failed("QUERY_QUEUE_FULL", "Too many", "INSUFFICIENT_RESOURCES"), Unavailable, "too little to run it now"),
        (failed("DIVISION_BY_ZERO", "Division by zero"), QueryFailed, "Trino refused: Division by zero"),
        (failed("EXCEEDED_TIME_LIMIT", "…", "INSUFFICIENT_RESOURCES"), QueryFailed, "longer than 30 s"),
    ],
)
def test_an_error_of_trinos_is_told_by_what_it_means(
    answer: dict[str, object], kind: Callable[..., ParcookError], told: str
) -> None:
    with answering(200, answer) as url:
        error = refused_by(url)
    assert type(error) is kind
    assert told in error.detail


def test_a_query_cancelled_before_trino_knows_it_is_ended_once_it_does() -> None:
    asked, cancelled, ended = threading.Event(), threading.Event(), threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.set()
            cancelled.wait(30)
            address = f"http://127.0.0.1:{self.server.server_address[1]}/v1/statement/1"
            body = json.dumps({"id": "1", "infoUri": "", "nextUri": address, "stats": {"state": "QUEUED"}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_DELETE(self) -> None:
            ended.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what matters is told by the answers."""

    def cancel() -> None:
        asked.wait(30)
        session.cancel()
        cancelled.set()

    with serving(Slow) as url, TrinoEngine(url).reading({}) as session:
        other = threading.Thread(target=cancel)
        other.start()
        with pytest.raises(QueryFailed, match="the query was cancelled"):
            session.run("select 1")
        other.join()
    assert ended.is_set()


@pytest.mark.parametrize(
    "url",
    [
        "trino://host/lake/parcook",
        "trino://ann@host/lake",
        "trino://ann@host/lake/parcook/more",
        "trino://ann@host/Lake/parcook",
        "trino://ann@/lake/parcook",
        "trino://ann@host/lake/a b",
        "trino://ann@host:http/lake/parcook",
        "trino://ann@[::1/lake/parcook",
    ],
)
def test_a_bad_url_is_refused_with_the_shape_of_a_good_one(url: str) -> None:
    with pytest.raises(SettingsError, match="must look like trino://user@host:8080/catalog/schema"):
        TrinoEngine(url)


def test_a_password_is_sent_over_https_alone() -> None:
    connection = TrinoEngine("trino://ann:p%40ss@host/lake/parcook").connect(StoppableHttp(), 30)
    assert (connection.http_scheme, connection.port) == ("https", 443)
    assert TrinoEngine("trino://ann@host/lake/parcook").connect(StoppableHttp(), 30).http_scheme == "http"
