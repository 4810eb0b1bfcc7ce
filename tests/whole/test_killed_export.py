"""An exporter that is killed: whenever that is, the next one leaves the files as if nothing had been."""

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds
from parcook.objects import Objects
from tests.conftest import zone_at_noon
from tests.whole.processes import PARCOOK, Installation

ZONE = ZoneInfo(zone_at_noon())
TODAY = datetime.now(ZONE).date()
DAYS = [TODAY - timedelta(days=n) for n in (3, 2, 1)]  # whose keys are there still
KILLED_AFTER = (0, 1, 25, 60)  # files written, by one process after the other; a day has 48


def test_an_export_that_is_killed_again_and_again_leaves_the_files_of_one_that_is_not(tmp_path: Path) -> None:
    undisturbed, killed = (Installation(tmp_path / name, {"PARCOOK_TIMEZONE": ZONE.key}) for name in ("one", "other"))
    undisturbed.folder.mkdir()
    track(undisturbed, hours=[12])
    undisturbed.done("export")  # makes the keys of these days, which the copy has too
    track(undisturbed, hours=range(24))
    copytree(undisturbed.folder, killed.folder)
    before = written(undisturbed)
    undisturbed.done("export")
    expected = written(undisturbed)
    assert len(expected) >= len(before) + 2 * 23 * len(DAYS)

    for files in KILLED_AFTER:
        export_until_killed(killed, files)
        assert written(killed).keys() <= expected.keys()
    killed.done("export")
    assert written(killed) == expected
    assert set(killed.told("export")["days"]) <= {str(TODAY)}  # of which an hour may have ended meanwhile


def track(installation: Installation, hours: Iterable[int]) -> None:
    """Two people who talk at these hours of every day, and an assistant who looks something up for each."""
    events = []
    for day in DAYS:
        for hour in hours:
            moment = day_bounds(day, ZONE)[0] + timedelta(hours=hour)
            for person in ("ann", "bob"):
                talk = f"{person} {day} {hour}"
                about = {"conversation_id": talk, "timestamp": moment.isoformat()}
                asked = {"role": "user", "user_id": person, "text": "how do I make a negroni?"}
                answered = {"role": "assistant", "text": "Stir it.", "tools": [{"name": "web_search", "ok": True}]}
                events += [{**about, **said, "message_id": f"{talk} {said['role']}"} for said in (asked, answered)]
    path = installation.folder / "events.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    installation.done("track", "--historical", path)


def export_until_killed(installation: Installation, files: int) -> None:
    """`parcook export`, killed once it has written so many files, unless it has ended by then."""
    before = stamps(installation)
    process = subprocess.Popen(
        [PARCOOK, "export"],
        env=installation.environment,
        cwd=installation.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and len(stamps(installation) - before) < files:
        time.sleep(0.001)
    process.kill()
    process.wait()
    with closing(sqlite3.connect(installation.folder / "home" / "catalogue.db")) as database, database:
        database.execute("DELETE FROM leases")  # which would run out by itself in half a minute


def stamps(installation: Installation) -> set[tuple[Path, int]]:
    """The lake's files, each with the time at which it was written."""
    found = set()
    for path in installation.folder.glob("home/lake/**/*.parquet"):
        try:
            found.add((path, path.stat().st_mtime_ns))
        except FileNotFoundError:  # replaced or deleted meanwhile
            continue
    return found


def written(installation: Installation) -> dict[str, bytes]:
    """Every object of the lake and of what is kept of people."""
    home = installation.folder / "home"
    stores = {name: Objects(f"file://{home / name}") for name in ("lake", "private")}
    return {
        f"{name}/{listed.path}": store.get(listed.path).body
        for name, store in stores.items()
        for listed in store.list("")
    }
