"""A view below one parent, through the whole application in process, with current artifacts stored."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.report import Figure, duration
from bench.usage import SPECIFIED
from bench.worlds import MEDIUM
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.wiring import open_services

SUBJECT = "A view below one parent"
NOTE = """\
`GET …/ingredient-usage?parent_id=…` for every ingredient that has children, in process, without a network, while the
stored artifacts are current. The first view after a start reads the stored tree. Baseline: the specification's
query with its filter by parent, on the same file, for a sample of the same parents, in turns."""

PATH = "/api/v1/analytics/ingredient-usage"
REQUIRED_S = 0.010
STARTS = 5
BASELINE_EVERY = 200


def measure(folder: Path) -> Iterator[Figure]:
    """The figures, from the worlds in `folder`."""
    connection = sqlite3.connect(MEDIUM.path(folder))
    parents = [
        row[0] for row in connection.execute("SELECT DISTINCT parent_id FROM ingredients WHERE parent_id IS NOT NULL")
    ]
    with tempfile.TemporaryDirectory(dir=folder) as home:
        settings = Settings(home=Path(home), catalogue_url=MEDIUM.url(folder), refresh_url="none://")
        services = open_services(settings)
        services.refresher.refresh(force=True)
        services.close()
        with (Path(home) / "access.log").open("w") as log, redirect_stderr(log):
            firsts = [asyncio.run(_view_all(settings, parents[:1], connection))[0][0] for _ in range(STARTS)]
            ours, theirs = asyncio.run(_view_all(settings, parents, connection))
    connection.close()
    later = ours[1:]
    p99 = quantiles(later, n=100)[-1]
    what = f"{MEDIUM}, {len(parents):,} parents"
    yield Figure(
        SUBJECT,
        f"{what}, median",
        duration(median(later)),
        duration(median(theirs)),
        f"{median(theirs) / median(later):.0f} x faster",
        "<= 10 ms",
        median(later) <= REQUIRED_S,
    )
    yield Figure(SUBJECT, f"{what}, p99", duration(p99), required="<= 10 ms", met=p99 <= REQUIRED_S)
    yield Figure(SUBJECT, f"{MEDIUM}, first view after a start", duration(median(firsts)))


async def _view_all(
    settings: Settings, parents: list[int], connection: sqlite3.Connection
) -> tuple[list[float], list[float]]:
    """The times of one view of each parent in a fresh application, and of the baseline on every so many."""
    app = create_app(settings)
    sql = SPECIFIED.format(where="WHERE i.parent_id = :parent_id")
    ours, theirs = [], []
    async with app.router.lifespan_context(app) as state:
        for turn, parent in enumerate(parents):
            started = time.perf_counter()
            status = await _get(app, dict(state or {}), PATH, f"parent_id={parent}")
            ours.append(time.perf_counter() - started)
            assert status == 200
            if turn % BASELINE_EVERY == 0:
                started = time.perf_counter()
                connection.execute(sql, {"parent_id": parent}).fetchall()
                theirs.append(time.perf_counter() - started)
    return ours, theirs


async def _get(app: Any, state: dict[str, Any], path: str, query: str) -> int:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": state,
    }
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status
