"""The client in processes of their own: alone with Python, at the end, forked, and with a server that is killed."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import parcook.client
from parcook.access import Role
from parcook.client import Tracker
from parcook.events.opening import open_events
from parcook.settings import Settings
from tests.client.conftest import Told
from tests.client.service import Service
from tests.conftest import make_token
from tests.whole.processes import Installation

PACKAGE = Path(parcook.client.__file__).parent


def run(code: str, *arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """`code` in a Python that knows nothing but the standard library and what is in `folder`."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"
    command = [sys.executable, "-I", "-S", "-c", start, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def alone(folder: Path) -> Path:
    """A copy of the client's files, and of the package's own `__init__`, in `folder`; nothing else of parcook."""
    shutil.copytree(PACKAGE, folder / "parcook" / "client", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE.parent / "__init__.py", folder / "parcook")
    return folder


BARE = """
import sys
assert not any("site-packages" in path for path in sys.path)
from parcook.client import Tracker, ConversationTracker
foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"__main__", "parcook"}
assert not foreign, foreign
tracker = Tracker(sys.argv[1], linger_s=30)
tracker.track_message("c", None, "user", "from a bare interpreter")
"""


def test_it_needs_nothing_but_python_and_the_end_of_the_process_sends_what_waits(
    service: Service, tmp_path: Path
) -> None:
    ended = run(BARE, service.url, folder=alone(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert service.texts == ["from a bare interpreter"]


AN_ERROR = """
import sys
from parcook.client import Tracker
Tracker(sys.argv[1], linger_s=30).track_message("c", None, "user", "last words")
raise SystemExit("the chat failed")
"""


def test_a_process_that_fails_still_sends_what_waits_of_a_tracker_that_nobody_kept(
    service: Service, tmp_path: Path
) -> None:
    ended = run(AN_ERROR, service.url, folder=alone(tmp_path))
    assert (ended.returncode, ended.stderr) == (1, "the chat failed\n")
    assert service.texts == ["last words"]


def test_a_process_whose_server_is_away_ends_all_the_same_and_says_what_is_lost(nowhere: str, tmp_path: Path) -> None:
    ended = run(BARE, nowhere, folder=alone(tmp_path))
    assert ended.returncode == 0
    assert ended.stderr.splitlines() == [
        "unavailable: the server takes no events now (ConnectionRefusedError); they wait",
        "lost: events that could not be sent before the end: 1",
    ]


FORK = """
import os, sys
from parcook.client import Tracker
tracker = Tracker(sys.argv[1], linger_s=30)
tracker.track_message("c", None, "user", "before")
assert sys.argv[2] == "waiting" or tracker.flush()
children = []
for number in range(4):
    child = os.fork()
    if child == 0:
        assert tracker.track_message("c", None, "user", f"child {number}").queued
        os._exit(0 if tracker.flush() else 1)
    children.append(child)
tracker.track_message("c", None, "user", "after")
statuses = [os.waitpid(child, 0)[1] for child in children]
assert tracker.close() and not any(statuses), statuses
"""
SAID = ["after", "before", "child 0", "child 1", "child 2", "child 3"]


def test_forked_workers_go_on_with_queues_of_their_own_while_the_parents_is_waiting(
    service: Service, tmp_path: Path
) -> None:
    ended = run(FORK, service.url, "waiting", folder=alone(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert sorted(service.texts) == SAID
    assert sum(len(request["events"]) for request in service.requests) == len(SAID)


def test_forked_workers_do_not_share_the_parents_open_connection(service: Service, tmp_path: Path) -> None:
    ended = run(FORK, service.url, "connected", folder=alone(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert sorted(service.texts) == SAID
    assert service.connections == 5


def kill_while_messages_come_in(installation: Installation, address: str, kills: int) -> None:
    settings = Settings(home=installation.folder / "home")
    errors = Told()
    tracker = Tracker(address, make_token(settings, Role.INGEST), linger_s=0.01, batch_size=20, on_error=errors.tell)
    port = address.rpartition(":")[2]
    with chatting(tracker) as said:
        for _ in range(kills):
            with installation.serving("--port", port) as server:
                time.sleep(random.uniform(0.1, 0.5))
                server.process.kill()
    with installation.serving("--port", port):
        assert tracker.close(60)
    assert set(errors.codes) == {"unavailable"}
    assert said
    assert Counter(texts(settings)) == Counter(said)


def test_a_server_killed_twice_ends_up_with_each_message_once(tmp_path: Path, nowhere: str) -> None:
    kill_while_messages_come_in(Installation(tmp_path), nowhere, 2)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_server_killed_thirty_times_ends_up_with_each_message_once(tmp_path: Path, nowhere: str) -> None:
    kill_while_messages_come_in(Installation(tmp_path), nowhere, 30)


@contextmanager
def chatting(tracker: Tracker) -> Iterator[list[str]]:
    """Messages that are reported one after the other while the block runs: their texts so far."""
    said: list[str] = []
    stop = threading.Event()

    def chat() -> None:
        while not stop.wait(0.01):
            said.append(f"message {len(said)}")
            tracker.track_message("c-1", "u-1", "user", said[-1])

    thread = threading.Thread(target=chat)
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join()


def texts(settings: Settings) -> list[str | None]:
    """The texts of all events that are stored."""
    store = open_events(f"sqlite:///{settings.home / 'events.db'}")
    try:
        now = datetime.now(UTC)
        days = {(now - timedelta(minutes=5)).date(), now.date()}
        return [event.text for day in days for event in store.day(day, now)]
    finally:
        store.close()
