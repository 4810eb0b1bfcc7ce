"""A stand-in for AWS Lambda: it takes invocations over HTTP and records them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class LambdaServer:
    """`invocations` holds (path, invocation type, body); `status` and `silent_for_s` are what a request meets."""

    endpoint: str = ""
    status: int = 202
    silent_for_s: float = 0.0
    invocations: list[tuple[str, str | None, bytes]] = field(default_factory=list)


@contextmanager
def start_lambda() -> Iterator[LambdaServer]:
    lambda_server = LambdaServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            lambda_server.invocations.append((self.path, self.headers.get("X-Amz-Invocation-Type"), body))
            time.sleep(lambda_server.silent_for_s)
            self.send_response(lambda_server.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        lambda_server.endpoint = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield lambda_server
        finally:
            server.shutdown()
