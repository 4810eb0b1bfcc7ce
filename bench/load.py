"""A load generator: keep-alive connections over the loopback, one request at a time on each, for a bounded time.

HTTP clients in Python spend more on a request than the server under test does. This one sends ready bytes,
and of an answer reads only what it must: that it is a 200, and that it is as long as the first.
"""

import select
import socket
import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from typing import TypeVar

CONNECTIONS = 16
PATIENCE_S = 5.0
_BUFFER = 1 << 18

T = TypeVar("T", int, bytes)


@dataclass(frozen=True)
class Load:
    """What came back: requests per second, and the latencies at that load in seconds."""

    rate: float
    latencies: list[float]


class Generator:
    """Processes that ask; made once, as starting them takes longer than a measurement."""

    def __init__(self, processes: ProcessPoolExecutor, count: int) -> None:
        self._processes = processes
        self._count = count

    def run(self, port: int, path: str, seconds: float) -> Load:
        """Ask `path` of 127.0.0.1:`port` for `seconds`. Raises `RuntimeError` for any answer but a whole 200."""
        share = CONNECTIONS // self._count
        running = [self._processes.submit(_ask, port, path, seconds, share) for _ in range(self._count)]
        parts = [part.result(seconds + 4 * PATIENCE_S) for part in running]
        rate = sum(len(latencies) / took for latencies, took in parts)
        return Load(rate, [latency for latencies, _ in parts for latency in latencies])


@contextmanager
def open_generator() -> Iterator[Generator]:
    """A generator that leaves one core to the server under test."""
    count = min(4, max(1, (cpu_count() or 2) - 1))
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as processes:
        yield Generator(processes, count)


def _ask(port: int, path: str, seconds: float, count: int) -> tuple[array, float]:
    """The latencies of whole answers, and how long it took to get them."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode()
    connections = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(count)]
    try:
        length = _content_length(connections[0], request)
        by_number = {connection.fileno(): connection for connection in connections}
        return _ask_on(by_number, request, length, seconds)
    finally:
        for connection in connections:
            connection.close()


def _content_length(connection: socket.socket, request: bytes) -> int:
    """The length of the body that `request` is answered with."""
    connection.sendall(request)
    answer = b""
    length = missing = None
    while missing != 0:
        answer += _some(connection.recv(_BUFFER))
        if length is None and b"\r\n\r\n" in answer:
            head = answer.partition(b"\r\n\r\n")[0].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if length is not None:
            missing = length - len(answer.partition(b"\r\n\r\n")[2])
    assert length is not None
    return length


def _ask_on(connections: dict[int, socket.socket], request: bytes, length: int, seconds: float) -> tuple[array, float]:
    # The innermost loop of the bench: if it were slower than the server under test, servers would look alike.
    now = time.perf_counter
    latencies = array("d")
    buffer = bytearray(_BUFFER)
    missing = dict.fromkeys(connections, -1)  # -1 until the head of an answer has come
    asked_at = dict.fromkeys(connections, 0.0)
    ready = select.poll()
    for number, connection in connections.items():
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        ready.register(number, select.POLLIN)
    started = now()
    for number, connection in connections.items():
        asked_at[number] = now()
        connection.send(request)
    while now() - started < seconds:
        events = ready.poll(PATIENCE_S * 1000)
        if not events:
            raise RuntimeError(f"no answer in {PATIENCE_S:.0f} s")
        for number, _ in events:
            connection = connections[number]
            received = _some(connection.recv_into(buffer))
            left = missing[number]
            if left < 0:
                if not buffer.startswith(b"HTTP/1.1 200 "):
                    raise RuntimeError(f"the server answered {bytes(buffer[:100])!r}")
                left = buffer.index(b"\r\n\r\n", 0, received) + 4 + length  # a head comes in one piece
            left -= received
            if left:
                missing[number] = left
                continue
            finished = now()
            latencies.append(finished - asked_at[number])
            asked_at[number] = finished
            missing[number] = -1
            connection.send(request)
    return latencies, now() - started


def _some(received: T) -> T:
    if not received:
        raise RuntimeError("the server closed a connection")
    return received
