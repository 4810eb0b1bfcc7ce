"""Reporting events over HTTP: the whole pipeline, durable, beside bare inserts of the same rows into SQLite."""

import http.client
import json
import os
import random
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.report import Figure, duration
from bench.servers import BIN, run_server

SUBJECT = "Reporting events"
NOTE = """\
A `parcook serve` with the sample catalogue, on SQLite with `synchronous = FULL`: each answer comes after its events are
on the disk. Messages are what people and an assistant say about drinks, 30 to 600 characters. *Bare* is `INSERT` of the
rows that come of them into a table of the same shape, in the same batches, with the same durability, from one process:
no HTTP, no access check, no redaction, no names. Rates are medians of the rounds'."""

SAMPLE = Path(__file__).parent.parent / "samples" / "cocktails.json"
ROUNDS = 5
BATCH, BATCHES, SENDERS = 100, 40, 2
SINGLES, CLIENTS = 120, 8


def measure(folder: Path) -> Iterator[Figure]:
    """The figures, with a server whose home is in `folder`."""
    home = folder / "ingest"
    settings = {"PARCOOK_HOME": str(home), "PARCOOK_REFRESH_URL": "none://"}
    environment = {**os.environ, **settings}
    run = {"env": environment, "check": True, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    subprocess.run([BIN / "parcook", "import", SAMPLE], **run)
    token = subprocess.run([BIN / "parcook", "token", "create", "--role", "ingest"], **run).stdout.strip()
    command = [BIN / "parcook", "serve", "--port"]
    with run_server(lambda port: [*command, str(port)], "/healthz", home, settings) as port:
        say = _Speaker()
        _send(port, token, [say.batch(BATCH) for _ in range(5)], [])
        batches = [_batched(port, token, say) for _ in range(ROUNDS)]
        singles, latencies = [], []
        for _ in range(ROUNDS):
            rate, own = _single(port, token, say)
            singles.append(rate)
            latencies += own
    bare_batches = [_bare(home / "events.db", folder / f"bare-{number}.db", BATCH) for number in range(ROUNDS)]
    bare_singles = [_bare(home / "events.db", folder / f"bare-single-{number}.db", 1) for number in range(ROUNDS)]
    rate, bare = median(batches), median(bare_batches)
    yield Figure(
        SUBJECT,
        f"{BATCH} events a request, {SENDERS} connections",
        f"{rate:,.0f}/s",
        f"bare {bare:,.0f}/s",
        f"{rate / bare:.0%}",
        "≥ 2,000/s",
        rate >= 2_000,
    )
    rate, bare = median(singles), median(bare_singles)
    slowest = quantiles(latencies, n=100)[98]
    yield Figure(
        SUBJECT,
        f"one event a request, {CLIENTS} clients",
        f"{rate:,.0f}/s, p50 {duration(median(latencies))}, p99 {duration(slowest)}",
        f"bare {bare:,.0f}/s",
        f"{rate / bare:.0%}",
        "≥ 400/s, p99 ≤ 25 ms",
        rate >= 400 and slowest <= 0.025,
    )


class _Speaker:
    """Events as a chatbot reports them, never the same twice."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        self._numbers = count()

    def event(self) -> dict[str, Any]:
        number = next(self._numbers)
        is_user = number % 2 == 0
        drink = self._chance.choice(("negroni", "old fashioned", "gin fizz", "beef stew", "zombie"))
        asked = self._chance.choice(
            ("how do I make a {}?", "can I get {} without ice, for 4 people?", "thanks, next step?")
        )
        told = (
            f"## {drink.title()}\n\n**Ingredients**\n- 30 ml gin\n- 2 oz lime\n\n**Method**\n1. Stir for 20 seconds.\n"
            * 3
        )
        return {
            "message_id": f"m-{number}",
            "conversation_id": f"c-{number // 8}",
            "user_id": f"u-{number % 997}",
            "role": "user" if is_user else "assistant",
            "text": asked.format(drink) if is_user else told,
            "context": {"channel": "web", "locale": "en"},
        }

    def batch(self, size: int) -> bytes:
        return json.dumps({"events": [self.event() for _ in range(size)]}).encode()


def _batched(port: int, token: str, say: _Speaker) -> float:
    """Events a second."""
    shares = [[say.batch(BATCH) for _ in range(BATCHES // SENDERS)] for _ in range(SENDERS)]
    return BATCH * BATCHES / _at_once(port, token, shares, [])


def _single(port: int, token: str, say: _Speaker) -> tuple[float, list[float]]:
    """Events a second, and how long each request took."""
    latencies: list[float] = []
    shares = [[say.batch(1) for _ in range(SINGLES)] for _ in range(CLIENTS)]
    return CLIENTS * SINGLES / _at_once(port, token, shares, latencies), latencies


def _at_once(port: int, token: str, shares: list[list[bytes]], latencies: list[float]) -> float:
    """Seconds until every share is sent, each on a connection of its own."""
    threads = [threading.Thread(target=_send, args=(port, token, share, latencies)) for share in shares]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def _send(port: int, token: str, bodies: list[bytes], latencies: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for body in bodies:
        started = time.perf_counter()
        connection.request("POST", "/api/v1/batch", body, headers)
        response = connection.getresponse()
        response.read()
        latencies.append(time.perf_counter() - started)
        if response.status != 202:
            raise RuntimeError(f"a batch was answered {response.status}")
    connection.close()


def _bare(source: Path, target: Path, size: int) -> float:
    """Rows a second, as many as a round has, into a new file."""
    total = BATCH * BATCHES if size > 1 else CLIENTS * SINGLES
    with sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True) as reading:
        rows = reading.execute("SELECT * FROM events LIMIT ?", (total,)).fetchall()
        schema = [
            sql for (sql,) in reading.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'events' AND sql <> ''")
        ]
    with sqlite3.connect(target, isolation_level=None) as writing:
        writing.execute("PRAGMA journal_mode = WAL")
        writing.execute("PRAGMA synchronous = FULL")
        for statement in schema:
            writing.execute(statement)
        places = ", ".join("?" * len(rows[0]))
        started = time.perf_counter()
        for at in range(0, len(rows), size):
            writing.execute("BEGIN IMMEDIATE")
            writing.executemany(f"INSERT INTO events VALUES ({places})", rows[at : at + size])
            writing.execute("COMMIT")
        return len(rows) / (time.perf_counter() - started)
