"""What reporting a message costs the chat, and how much memory it takes while the server is away."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from bench.report import Figure
from parcook.client import Tracker

SUBJECT = "The client"
NOTE = """\
`track_message` with a text of 60 characters, two tools and a context, while its thread sends to a server that is away:
the chat's side of it, call by call. Baseline: `json.dumps` of the same event. Memory is what a process grows by that
reports 200,000 messages to nobody, with the default limits (10,000 events, 16 MB)."""

CALLS = 9_000
_FILL = """
import re, sys
from parcook.client import Tracker
def used():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1])
before = used()
tracker = Tracker(sys.argv[1], linger_s=0.01)
for number in range(200_000):
    tracker.track_message("c-1", "u-1", "user", "what can I make with rhubarb, ginger and a little patience?")
print((used() - before) / 1024)
tracker.close(0)
"""


def measure(_: Path) -> Iterator[Figure]:
    """The figures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    text = "what can I make with rhubarb, ginger and a little patience?"
    tools, context = [{"name": "web_search", "ok": True}, "cookware_check"], {"channel": "web", "locale": "en"}
    event = {"message_id": "0" * 36, "conversation_id": "c-1", "user_id": "u-1", "role": "user", "text": text}
    tracker = Tracker(url)
    calls, plain = [], []
    for _ in range(CALLS):
        started = time.perf_counter()
        tracker.track_message("c-1", "u-1", "user", text, tools=tools, context=context)
        between = time.perf_counter()
        json.dumps(event | {"tools": tools, "context": context})
        calls.append(between - started)
        plain.append(time.perf_counter() - between)
    tracker.close(0)
    ours, theirs = median(calls), median(plain)
    yield Figure(
        SUBJECT,
        "track_message",
        f"median {ours * 1e6:.1f} µs, p99 {quantiles(calls, n=100)[98] * 1e6:.0f} µs",
        f"json.dumps {theirs * 1e6:.1f} µs",
        f"{ours / theirs:.1f} x",
        "median ≤ 50 µs",
        ours <= 50e-6,
    )
    grown = float(subprocess.run([sys.executable, "-c", _FILL, url], check=True, stdout=subprocess.PIPE).stdout)
    yield Figure(SUBJECT, "memory while the server is away", f"{grown:.1f} MB", "", "", "bounded", grown <= 64)
