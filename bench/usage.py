"""Usage of all ingredients at once, and a whole refresh: against the specification's query, and by size."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.report import Figure, duration
from bench.worlds import LARGE, MEDIUM, SMALL, World
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.hierarchy import UsageRow
from parcook.catalogue.store import open_catalogue

SUBJECT = "Usage of all ingredients at once"
NOTE = """\
Baseline: the specification's query, a correlated `LIKE path || '%'`, on the same SQLite file, over all ingredients
at once. Its results are asserted to be ours. At 5,000 / 20,000 it takes minutes, so it runs on samples of 50
ingredients and its time is scaled to 5,000: the inner query scans all lines whatever the ingredient. There, all our
rows are also compared with a plain count by sets. At 50,000 / 500,000 it was not run. A whole refresh reads, counts,
encodes and writes every artifact, in a process of its own whose peak memory is taken; where it took much longer than
its processor time, the machine was busy with something else."""

ROUNDS = 5
SAMPLE = 50
MB = 1024 * 1024

# The specification's text but for `{where}`, where it filters by parent.
SPECIFIED = """
SELECT
  i.id as ingredient_id,
  i.name as ingredient_name,
  i.path,
  i.parent_id,
  COUNT(DISTINCT ri.recipe_id) as direct_usage,
  (
    SELECT COUNT(DISTINCT ri2.recipe_id)
    FROM recipe_ingredients ri2
    INNER JOIN ingredients i2 ON ri2.ingredient_id = i2.id
    WHERE i2.path LIKE i.path || '%'
  ) as hierarchical_usage,
  EXISTS(SELECT 1 FROM ingredients WHERE parent_id = i.id) as has_children
FROM ingredients i
LEFT JOIN recipe_ingredients ri ON ri.ingredient_id = i.id
{where}
GROUP BY i.id, i.name, i.path, i.parent_id
ORDER BY hierarchical_usage DESC
"""


def measure(folder: Path) -> Iterator[Figure]:
    """The figures, from the worlds in `folder`."""
    yield _beside_the_query(folder, SMALL, samples=1, required=20)
    yield _beside_the_query(folder, MEDIUM, samples=MEDIUM.ingredients // SAMPLE, required=100)
    yield from _on_postgres(folder)
    yield from _refreshes(folder, MEDIUM, required_s=None, required_mb=512)
    yield from _refreshes(folder, LARGE, required_s=6.0, required_mb=1024)


def _beside_the_query(folder: Path, world: World, samples: int, required: float) -> Figure:
    """`samples` is into how many equal parts the baseline is cut, of which each round runs one."""
    catalogue = open_catalogue(world.url(folder))
    queries = AnalyticsQueries(catalogue)
    connection = sqlite3.connect(world.path(folder))
    rows = queries.measure()[1].rows
    assert _told(rows) == _counted_by_sets(world)
    ours, theirs = [], []
    for turn in range(ROUNDS):
        started = time.perf_counter()
        queries.measure()
        ours.append(time.perf_counter() - started)
        where = f"WHERE i.id % {samples} = {turn}" if samples > 1 else ""
        started = time.perf_counter()
        answer = connection.execute(SPECIFIED.format(where=where)).fetchall()
        theirs.append((time.perf_counter() - started) * samples)
        expected = [row for row in rows if samples == 1 or row["ingredient_id"] % samples == turn]
        assert _specified(expected) == set(answer)
    connection.close()
    catalogue.close()
    ratio = median(slow / fast for slow, fast in zip(theirs, ours, strict=True))
    return Figure(
        SUBJECT,
        f"{world}, SQLite",
        duration(median(ours)),
        duration(median(theirs)) + (" (scaled)" if samples > 1 else ""),
        f"{ratio:.0f} x faster",
        f">= {required:.0f} x",
        ratio >= required,
    )


def _told(rows: list[UsageRow]) -> dict[int, tuple[int, int]]:
    return {row["ingredient_id"]: (row["direct_usage"], row["hierarchical_usage"]) for row in rows}


def _specified(rows: list[UsageRow]) -> set[tuple]:
    columns = ("ingredient_id", "ingredient_name", "path", "parent_id", "direct_usage", "hierarchical_usage")
    return {(*(row[column] for column in columns), int(row["has_children"])) for row in rows}


def _counted_by_sets(world: World) -> dict[int, tuple[int, int]]:
    branches = {row[0]: [int(step) for step in row[4].strip("/").split("/")] for row in world.ingredient_rows()}
    direct: dict[int, set[int]] = {ingredient: set() for ingredient in branches}
    whole: dict[int, set[int]] = {ingredient: set() for ingredient in branches}
    for recipe, ingredient, *_ in world.line_rows():
        direct[ingredient].add(recipe)
        for above in branches[ingredient]:
            whole[above].add(recipe)
    return {ingredient: (len(direct[ingredient]), len(whole[ingredient])) for ingredient in branches}


def _refreshes(folder: Path, world: World, required_s: float | None, required_mb: int) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bench.refreshing", world.url(folder)]
    with tempfile.TemporaryDirectory(dir=folder) as storage:
        done = json.loads(subprocess.run([*command, storage], check=True, stdout=subprocess.PIPE).stdout)
    seconds, peak_mb = median(done["seconds"]), done["peak_bytes"] / MB
    yield Figure(
        SUBJECT,
        f"{world}, a whole refresh",
        duration(seconds),
        "not run" if world is LARGE else "",
        required=f"<= {required_s:.0f} s" if required_s else "",
        met=seconds <= required_s if required_s else None,
    )
    yield Figure(SUBJECT, f"{world}, processor time of it", duration(median(done["processor_seconds"])))
    yield Figure(
        SUBJECT,
        f"{world}, peak memory of it",
        f"{peak_mb:.0f} MB",
        required=f"<= {required_mb} MB",
        met=peak_mb <= required_mb,
    )


def _on_postgres(folder: Path) -> Iterator[Figure]:
    import pytest
    from tests.servers.postgres import start_postgres

    what = f"{MEDIUM}, PostgreSQL"
    try:
        with start_postgres() as server:
            url = server.new_database()
            MEDIUM.make_postgres(url)
            yield _postgres_beside_sqlite(url, MEDIUM.url(folder), what)
    except (pytest.skip.Exception, pytest.fail.Exception):
        yield Figure(SUBJECT, what, "not measured")


def _postgres_beside_sqlite(postgres_url: str, sqlite_url: str, what: str) -> Figure:
    catalogues = [open_catalogue(url) for url in (postgres_url, sqlite_url)]
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        answers = []
        for catalogue, own in zip(catalogues, times, strict=True):
            started = time.perf_counter()
            answers.append(AnalyticsQueries(catalogue).measure()[1])
            own.append(time.perf_counter() - started)
        assert answers[0] == answers[1]
    for catalogue in catalogues:
        catalogue.close()
    postgres, sqlite = times
    ratio = median(slow / fast for slow, fast in zip(postgres, sqlite, strict=True))
    return Figure(
        SUBJECT, what, duration(median(postgres)), f"{duration(median(sqlite))} (SQLite)", f"{ratio:.1f} x as long"
    )
