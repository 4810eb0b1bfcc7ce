"""An S3 endpoint that can be told to misbehave: it passes on to a real one what it is not told to spoil."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

HANG_S = 120
_HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}


class FaultyS3(ThreadingHTTPServer):
    """Serves `http://127.0.0.1:<port>` for the endpoint `behind`; `fault` says how, `asked` counts the requests."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = httpx2.Client(base_url=behind, timeout=30)
        self.fault: str = "none"
        self.asked = 0
        self.mended = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spoil(self, fault: str) -> None:
        self.mended.clear()
        self.fault = fault

    def mend(self) -> None:
        self.fault = "none"
        self.mended.set()

    def handle_error(self, *_: Any) -> None:
        """A client that gave up waiting is what is wanted here."""


class _Handler(BaseHTTPRequestHandler):
    server: FaultyS3
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        FAULTS[self.server.fault](self, body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def pass_on(self, body: bytes) -> httpx2.Response:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        return self.server.behind.request(self.command, self.path, headers=headers, content=body)

    def log_message(self, *_: Any) -> None:
        pass


def _as_it_is(handler: _Handler, body: bytes) -> None:
    answer = handler.pass_on(body)
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
    handler.answer(answer.status_code, answer.content, kept)


def _says(status: int, body: bytes = b"") -> Callable[[_Handler, bytes], None]:
    return lambda handler, _: handler.answer(status, body, {"content-type": "application/xml"})


def _hang(handler: _Handler, _: bytes) -> None:
    handler.server.mended.wait(HANG_S)
    handler.close_connection = True


def _hang_up(handler: _Handler, _: bytes) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _break_off(handler: _Handler, _: bytes) -> None:
    """Half an answer, and the connection is gone."""
    handler.answer(200, b'{"data": [', {"content-length": "5000", "etag": '"half"'})
    handler.close_connection = True


_LONG_AGO = "Wed, 01 Jan 2025 00:00:00 GMT"
_DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
_NO_BUCKET = b"<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>"

FAULTS: dict[str, Callable[[_Handler, bytes], None]] = {
    "none": _as_it_is,
    "503": _says(503, b"<Error><Code>SlowDown</Code></Error>"),
    "403": _says(403, _DENIED),
    "404": _says(404, _NO_BUCKET),
    "garbage": lambda handler, _: handler.answer(
        200, b"<html>Sign in to the hotel</html>", {"etag": '"x"', "last-modified": _LONG_AGO}
    ),
    "hangs": _hang,
    "hangs up": _hang_up,
    "breaks off": _break_off,
}


@contextmanager
def faulty_s3(behind: str) -> Iterator[FaultyS3]:
    server = FaultyS3(behind)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.mend()
        server.shutdown()
        server.server_close()
        server.behind.close()
        thread.join(10)
