"""A small server with the answers of the tracking API, which can be told to misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[[list[dict[str, Any]]], Answer | None]


class Service:
    """What was received, by message id, and the faults that the next requests meet, one each."""

    def __init__(self) -> None:
        self.faults: list[Fault | str] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.events: dict[str, dict[str, Any]] = {}
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, events: list[dict[str, Any]]) -> Answer:
        """Take all of them."""
        with self._lock:
            results = []
            for index, event in enumerate(events):
                status = "duplicate" if event["message_id"] in self.events else "accepted"
                self.events.setdefault(event["message_id"], event)
                results.append({"index": index, "message_id": event["message_id"], "status": status})
        return told(202, results)

    def handle(self, body: bytes) -> Answer | str:
        document = json.loads(body)
        with self._lock:
            self.requests.append(document)
            fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, str):
            if fault == "answer lost":
                self.answer(document["events"])
            return "hang up"
        return (fault and fault(document["events"])) or self.answer(document["events"])

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.events.values()]


def told(status: int, results: list[dict[str, Any]], **headers: str) -> Answer:
    return status, headers, json.dumps({"results": results}).encode()


def refuse(status: int, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, named, b'{"detail": "not now"}')


@contextmanager
def serving(service: Service, port: int = 0) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            service.paths.append(self.path)
            service.headers.append(dict(self.headers))
            answer = service.handle(self.rfile.read(int(self.headers["Content-Length"])))
            if isinstance(answer, str):
                self.close_connection = True
                self.connection.close()
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        def finish(self) -> None:
            if not self.wfile.closed:
                super().finish()

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A connection cut on purpose is no error."""

    server = Quiet(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def slowly(seconds: float) -> Fault:
    def wait(_: list[dict[str, Any]]) -> None:
        time.sleep(seconds)

    return wait
