"""A bad network in front of a server: each connection through it may be slow, cut, refused, or answered in its place.

The servers of the tests close a connection after one answer, so a connection is a request.
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
_PIECE = 65_536


@dataclass(frozen=True)
class Fault:
    """What happens to one connection. Each part alone, or together with others."""

    silent_s: float = 0
    """No byte of the answer comes for so long."""
    request_bytes: int | None = None
    """So much of the request reaches the server, then the connection is cut."""
    answer_bytes: int | None = None
    """So much of the answer reaches the client, then the connection is cut. 0: what was done is not told."""
    bytes_a_second: int | None = None
    """How fast the answer comes, in ten pieces a second."""
    instead: bytes | None = None
    """An HTTP answer; the server is not asked."""


GOOD = Fault()
REFUSED = Fault(request_bytes=0)
TOLD_TO_SLOW_DOWN = Fault(
    instead=b"HTTP/1.1 503 Slow Down\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(SLOW_DOWN), SLOW_DOWN)
)


class FaultProxy:
    """A proxy that is listening. `then` is what follows when the faults in store are used up."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.endpoint = ""
        self.then = GOOD
        self.connections = 0
        self._faults: Iterator[Fault] = iter(())
        self._lock = threading.Lock()

    def expect(self, faults: Iterable[Fault], then: Fault = GOOD) -> None:
        """The next connections meet `faults`, one each, asked for as they come, and all after them `then`.

        Counting starts anew.
        """
        with self._lock:
            self._faults = iter(faults)
            self.then = then
            self.connections = 0

    def next(self) -> Fault:
        """The fault of a new connection."""
        with self._lock:
            self.connections += 1
            return next(self._faults, self.then)


@contextmanager
def start_fault_proxy(endpoint: str) -> Iterator[FaultProxy]:
    """A proxy on a free port in front of the server at `endpoint`."""
    parts = urlsplit(endpoint)
    assert parts.hostname
    assert parts.port
    proxy = FaultProxy((parts.hostname, parts.port))

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # either side may go away at any moment: that is what is tried here
                _serve(self.request, proxy.upstream, proxy.next())

    class Server(ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield proxy
        finally:
            server.shutdown()


def _serve(client: socket.socket, upstream: tuple[str, int], fault: Fault) -> None:
    if fault.instead is not None:
        client.recv(_PIECE)
        client.sendall(fault.instead)
        client.shutdown(socket.SHUT_WR)
        while client.recv(_PIECE):  # a connection closed on what was not read takes the answer with it
            pass
        return
    with socket.create_connection(upstream) as server:
        asking = threading.Thread(target=_ask, args=(client, server, fault.request_bytes), daemon=True)
        asking.start()
        _answer(server, client, fault)
        _cut(client, server)
        asking.join()


def _ask(client: socket.socket, server: socket.socket, limit: int | None) -> None:
    with suppress(OSError):
        left = limit
        while left != 0 and (piece := client.recv(_PIECE if left is None else min(left, _PIECE))):
            server.sendall(piece)
            left = None if left is None else left - len(piece)
        if left == 0:
            _cut(client, server)


def _answer(server: socket.socket, client: socket.socket, fault: Fault) -> None:
    left = fault.answer_bytes
    size = _PIECE if fault.bytes_a_second is None else max(1, fault.bytes_a_second // 10)
    with suppress(OSError):
        first = True
        while piece := server.recv(size):
            if first:
                time.sleep(fault.silent_s)
                first = False
            client.sendall(piece if left is None else piece[:left])
            left = None if left is None else left - min(left, len(piece))
            if left == 0:
                return
            if fault.bytes_a_second is not None:
                time.sleep(0.1)


def _cut(*connections: socket.socket) -> None:
    for connection in connections:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
