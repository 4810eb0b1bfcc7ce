"""A server's thread does what is due; of two, one works; a job that fails does not keep the others from going on."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from parcook.errors import Conflict
from parcook.jobs.scheduler import Scheduler
from parcook.jobs.shift import take_shift, try_shift
from parcook.jobs.work import Job, last_run, open_gaps
from parcook.lake.place import Lake
from parcook.lake.tables import CONVERSATIONS
from tests.lake.making import at, event, files_of

NOW = at("2025-01-15 12:30")


def scheduler(lake: Lake, **about: Any) -> Scheduler:
    return Scheduler(lake, lake.catalogue.database, lambda: NOW, **about)


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_running_scheduler_exports_and_proves_without_being_asked(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    running = scheduler(lake, first_look_s=0.0)
    running.start()
    wait_until(lambda: not open_gaps(lake, NOW) and last_run(lake, "retention") is not None)
    running.stop()
    assert running.last_error is None
    assert len(files_of(lake, CONVERSATIONS.prefix)) == 1


def test_a_look_that_was_asked_for_does_not_wait_for_its_turn(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    running = scheduler(lake, first_look_s=3600.0)
    running.start()
    running.wake()
    wait_until(lambda: not open_gaps(lake, NOW))
    running.stop()


def test_one_that_never_started_can_be_stopped(lake: Lake) -> None:
    scheduler(lake).stop()


def test_while_somebody_is_at_work_nobody_else_is(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    with take_shift(lake.catalogue.database):
        assert scheduler(lake).look() == []
        assert open_gaps(lake, NOW) != []
        with pytest.raises(Conflict, match="another process is at work"), take_shift(lake.catalogue.database, 0.1):
            pass
    assert scheduler(lake).look() == ["round", "retention"]


def test_of_two_schedulers_one_does_each_job(lake: Lake) -> None:
    lake.store.append([event(NOW - timedelta(hours=h), f"c {h}", "ann") for h in range(1, 60)])
    looked: list[list[str]] = []
    both = [threading.Thread(target=lambda: looked.append(scheduler(lake).look())) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    looked.append(scheduler(lake).look())  # whatever was left to the one that came too late
    assert sorted(name for names in looked for name in names) == ["retention", "round"]


def test_the_shift_is_free_again_after_a_failure(lake: Lake) -> None:
    with pytest.raises(RuntimeError, match="at work"), take_shift(lake.catalogue.database):
        raise RuntimeError("at work")
    with try_shift(lake.catalogue.database) as is_ours:
        assert is_ours


def test_a_failing_job_waits_longer_each_time_and_keeps_no_other_from_going_on(lake: Lake) -> None:
    tried: list[str] = []

    def fail(*_: object) -> dict:
        tried.append("bad")
        raise Conflict("something is in the way")

    jobs: Sequence[Job] = (
        Job("bad", lambda *_: True, fail),
        Job("good", lambda *_: True, lambda *_: {}),
    )
    own = scheduler(lake, jobs=jobs, look_every_s=3600.0)
    assert own.look() == ["good"]
    assert own.look() == ["good"]
    assert tried == ["bad"]
    assert own.last_error == "bad: something is in the way"
    assert last_run(lake, "bad").error == "something is in the way"


def test_a_scheduler_outlives_a_store_that_does_not_answer(lake: Lake, tmp_path) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    running = scheduler(lake, first_look_s=0.0, look_every_s=0.02)
    away = tmp_path / "events.db.away"
    (tmp_path / "events.db").rename(away)
    running.start()
    wait_until(lambda: running.last_error is not None)
    away.rename(tmp_path / "events.db")
    wait_until(lambda: running.last_error is None and not open_gaps(lake, NOW))
    running.stop()
