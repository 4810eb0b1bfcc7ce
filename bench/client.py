"""What reporting a message costs the chat, and how much memory it takes while the server is away."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from tests.client.service import Service, serving

from bench.report import Figure
from parcook.client import Tracker

SUBJECT = "The client"
NOTE = """\
`track_message` with a text of 60 characters, two tools and a context: the chat's side of it, call by call, while the
client's own thread sends to a server in the same process, or finds none. Back to back, and with a millisecond between
two calls, when caches have forgotten them, as in a quiet chat. Baseline: `json.dumps` of the same event, likewise.
Memory is what a process grows by that reports 200,000 messages to nobody, with the default limits (10,000 events,
16,000,000 bytes): of 60 characters, and of 3,000, where the bytes are the limit."""

CALLS = 3_000
TEXT = "what can I make with rhubarb, ginger and a little patience?"
MORE = {"tools": [{"name": "web_search", "ok": True}, "cookware_check"], "context": {"channel": "web", "locale": "en"}}
_FILL = """
import re, sys
from parcook.client import Tracker
def used():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1])
tracker = Tracker(sys.argv[1], on_error=lambda *_: None)
tracker.track_message("c-1", "u-1", "user", "hello")
before = used()
for _ in range(200_000):
    tracker.track_message("c-1", "u-1", "user", sys.argv[2])
print((used() - before) / 1024)
tracker.close(0)
"""


def measure(_: Path) -> Iterator[Figure]:
    """The figures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    with serving(Service()) as service:
        for where, url in (("with a server", service.url), ("without a server", nowhere)):
            yield speed(f"{where}, back to back", url, 0)
            yield speed(f"{where}, one a millisecond", url, 0.001)
    for length in (60, 3_000):
        grown = grown_mb(nowhere, "x" * length)
        yield Figure(
            SUBJECT,
            f"memory without a server, {length:,} characters",
            f"{grown:.1f} MB",
            "",
            "",
            "≤ 32 MB",
            grown <= 32,
        )


def speed(how: str, url: str, pause_s: float) -> Figure:
    """How long a call takes, with `pause_s` between two."""
    plain = median(
        timed(lambda: json.dumps({"conversation_id": "c-1", "user_id": "u-1", "text": TEXT} | MORE), pause_s)
    )
    tracker = Tracker(url, on_error=lambda *_: None)
    calls = timed(lambda: tracker.track_message("c-1", "u-1", "user", TEXT, **MORE), pause_s)
    tracker.close(0)
    return Figure(
        SUBJECT,
        f"track_message {how}",
        f"median {median(calls) * 1e6:.1f} µs, p99 {quantiles(calls, n=100)[98] * 1e6:.0f} µs",
        f"json.dumps {plain * 1e6:.1f} µs",
        f"{median(calls) / plain:.1f} x",
        "" if pause_s else "median ≤ 50 µs",
        None if pause_s else median(calls) <= 50e-6,
    )


def timed(call: Callable[[], object], pause_s: float) -> Sequence[float]:
    """The seconds that each of many calls takes."""
    seconds = []
    for _ in range(CALLS):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
        if pause_s:
            time.sleep(pause_s)
    return seconds


def grown_mb(url: str, text: str) -> float:
    """What a process of its own grows by that reports `text` again and again to nobody."""
    command = [sys.executable, "-c", _FILL, url, text]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
