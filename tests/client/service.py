"""A small server with the answers of the tracking API, which can be told to misbehave."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What goes back; of `body` only the first `cut_at` bytes, then the connection is closed."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None


@dataclass
class Service:
    """What was received, by message id, and the faults that the next requests meet, one each."""

    faults: list[Callable[["Service", Events], Answer | None]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    connections: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def texts(self) -> list[str]:
        """The texts that are stored, in the order they came in."""
        return [event["text"] for event in self.events.values()]

    def handle(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """The answer to a request; None is none at all."""
        document = json.loads(body)
        with self.lock:
            self.arrivals.append(time.monotonic())
            self.paths.append(path)
            self.headers.append(headers)
            self.requests.append(document)
            fault = self.faults.pop(0) if self.faults else take_all
        return fault(self, document["events"])


def told(status: int, results: list[dict[str, Any]]) -> Answer:
    return Answer(status, json.dumps({"results": results}).encode())


def take_all(service: Service, events: Events) -> Answer:
    """Store everything, and say so."""
    with service.lock:
        results = []
        for index, event in enumerate(events):
            status = "duplicate" if event["message_id"] in service.events else "accepted"
            service.events.setdefault(event["message_id"], event)
            results.append({"index": index, "message_id": event["message_id"], "status": status})
    return told(202, results)


def refuse(status: int, **headers: str) -> Callable[[Service, Events], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: Answer(status, b'{"detail": "not now"}', named)


def garbage(status: int, body: bytes) -> Callable[[Service, Events], Answer]:
    return lambda *_: Answer(status, body)


def hang_up(*_: object) -> None:
    """No answer, and nothing stored."""


def lose_the_answer(service: Service, events: Events) -> None:
    """Everything stored, and no answer."""
    take_all(service, events)


def cut_the_answer(service: Service, events: Events) -> Answer:
    """Everything stored, and half an answer."""
    whole = take_all(service, events)
    return Answer(whole.status, whole.body, cut_at=len(whole.body) // 2)


def slowly(seconds: float) -> Callable[[Service, Events], Answer]:
    def answer(service: Service, events: Events) -> Answer:
        time.sleep(seconds)
        return take_all(service, events)

    return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the head to be acknowledged
    service: Service

    def setup(self) -> None:
        super().setup()
        self.service.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.service.handle(self.path, dict(self.headers), body)
        self.close_connection = answer is None or answer.cut_at is not None
        if answer is None:
            return
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut_at])

    def log_message(self, *_: object) -> None:
        """Requests are not printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that is gone is no error here."""


@contextmanager
def serving(service: Service, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    handler = type("Handler", (_Handler,), {"service": service})
    server = _Server(("127.0.0.1", port), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    service.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
