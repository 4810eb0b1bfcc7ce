"""`thread://`: bursts coalesce, lost requests heal, failures back off, and a save never waits."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from parcook.artifacts import triggers
from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.triggers import LambdaTrigger, NoTrigger, ThreadTrigger, make_trigger, trigger_analytics_refresh
from parcook.artifacts.verify import find_faults
from parcook.catalogue.store import Catalogue
from parcook.errors import SettingsError
from tests.artifacts.catalogues import add_recipe, fill_tiny, run_outside
from tests.artifacts.conftest import ABOUT
from tests.artifacts.waiting import wait_until
from tests.artifacts.watched import Refusing, Watcher, watch

# A fifth of the real times; no polling unless a test asks for it.
QUIET_S, MAX_WAIT_S, NEVER_S = 0.1, 1.0, 600.0

Start = Callable[..., ThreadTrigger]


@pytest.fixture
def failures() -> list[float]:
    """When `on_failure` was called."""
    return []


@pytest.fixture
def start(
    sqlite_catalogue: Catalogue, storage: AnalyticsStorage, failures: list[float], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    """Starts a trigger over the tiny catalogue; `watcher` sees, and may disturb, what it does with storage."""
    started: list[ThreadTrigger] = []

    def start(watcher: Watcher = lambda *_: None, poll_s: float = NEVER_S) -> ThreadTrigger:
        monkeypatch.setattr(triggers, "POLL_S", poll_s)
        refresher = Refresher(sqlite_catalogue, watch(storage, watcher), ABOUT)
        trigger = ThreadTrigger(refresher, lambda: failures.append(time.monotonic()))
        started.append(trigger)
        trigger.start()
        return trigger

    monkeypatch.setattr(triggers, "QUIET_S", QUIET_S)
    monkeypatch.setattr(triggers, "MAX_WAIT_S", MAX_WAIT_S)
    monkeypatch.setattr(triggers, "MAX_BACK_OFF_S", 0.5)
    fill_tiny(sqlite_catalogue)
    yield start
    for trigger in started:
        trigger.stop()


@pytest.fixture
def generation(storage: AnalyticsStorage) -> Callable[[], int]:
    """How often it has been cooked."""
    return lambda: manifest.generation if (manifest := storage.manifest()) else 0


@pytest.fixture
def is_current(sqlite_catalogue: Catalogue, storage: AnalyticsStorage) -> Callable[[], bool]:
    return lambda: find_faults(sqlite_catalogue, storage) == []


def test_starting_cooks_what_is_behind(start, is_current):
    start()
    wait_until(is_current)


def test_a_request_is_acted_on_after_a_quiet_moment(start, is_current, sqlite_catalogue):
    trigger = start()
    wait_until(is_current)
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    trigger.request()
    assert wait_until(is_current) >= QUIET_S * 0.8


def test_a_burst_of_requests_is_cooked_a_few_times_at_most(start, is_current, generation, sqlite_catalogue):
    trigger = start()
    wait_until(is_current)
    for number in range(20):
        add_recipe(sqlite_catalogue, f"Sour {number}", "Gin")
        trigger.request()
    wait_until(is_current)
    time.sleep(2 * QUIET_S)
    assert 2 <= generation() <= 4


def test_a_steady_stream_of_requests_is_cooked_when_the_longest_wait_is_over(
    start, is_current, generation, sqlite_catalogue, monkeypatch
):
    monkeypatch.setattr(triggers, "QUIET_S", 0.5)
    trigger = start()
    wait_until(is_current)
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    began = time.monotonic()
    while generation() == 1:
        assert time.monotonic() - began < MAX_WAIT_S * 3
        trigger.request()
        time.sleep(0.02)
    assert time.monotonic() - began > MAX_WAIT_S * 0.9


def test_a_lost_request_heals_by_looking(start, is_current, sqlite_catalogue):
    start(poll_s=0.3)
    wait_until(is_current)
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    assert wait_until(is_current) < 2


def test_a_change_by_another_program_is_seen(start, is_current, sqlite_catalogue):
    start(poll_s=0.3)
    wait_until(is_current)
    run_outside(f"sqlite:///{sqlite_catalogue.database.path}", "DELETE FROM recipes WHERE id = 1")
    assert not is_current()
    assert wait_until(is_current) < 2


def test_a_forced_request_cooks_what_is_current(start, is_current, generation):
    trigger = start()
    wait_until(is_current)
    trigger.request(force=True)
    wait_until(lambda: generation() == 2)
    trigger.request()
    time.sleep(3 * QUIET_S)
    assert generation() == 2


def test_a_failure_is_told_and_heals_without_hands(start, is_current, failures, sqlite_catalogue):
    refusing = Refusing()
    trigger = start(refusing, poll_s=0.1)
    wait_until(is_current)
    assert (trigger.last_error, failures) == (None, [])
    refusing.verbs.add("put")
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    wait_until(lambda: len(failures) >= 2)
    assert trigger.last_error == "storage refuses to put"
    assert not is_current()
    refusing.verbs.clear()
    wait_until(is_current)
    wait_until(lambda: trigger.last_error is None)


def test_failures_are_retried_ever_more_slowly_whatever_is_asked(start, failures, monkeypatch):
    monkeypatch.setattr(triggers, "QUIET_S", 0.001)
    trigger = start(Refusing("get"), poll_s=0.05)
    began = time.monotonic()
    while time.monotonic() - began < 1.5:
        trigger.request()
        time.sleep(0.01)
    gaps = [later - earlier for earlier, later in pairwise(failures)]
    assert gaps[0] < gaps[1] < gaps[2]
    assert 4 <= len(failures) <= 8


def test_a_forced_request_survives_failures(start, is_current, generation, failures):
    refusing = Refusing()
    trigger = start(refusing, poll_s=0.05)
    wait_until(is_current)
    refusing.verbs.add("put")
    trigger.request(force=True)
    wait_until(lambda: failures)
    refusing.verbs.clear()
    wait_until(lambda: generation() == 2)


def test_an_unforeseen_fault_does_not_end_the_thread(start, is_current, caplog):
    faults = [RuntimeError("secret"), TypeError("secret")]

    def stumble(*_: str) -> None:
        if faults:
            raise faults.pop()

    trigger = start(stumble, poll_s=0.05)
    wait_until(lambda: trigger.last_error == "internal error")
    wait_until(is_current)
    wait_until(lambda: trigger.last_error is None)
    assert {record.message for record in caplog.records if record.levelname == "ERROR"} == {"refresh failed"}
    assert all(record.exc_info for record in caplog.records if record.levelname == "ERROR")


def test_stopping_finishes_what_is_being_cooked(start, is_current):
    cooking = threading.Event()

    def slow(moment: str, verb: str, path: str) -> None:
        if verb == "put":
            cooking.set()
            time.sleep(0.03)

    trigger = start(slow)
    assert cooking.wait(10)
    trigger.stop()
    assert is_current()


def test_stopping_takes_no_time_when_nothing_is_under_way_or_when_all_fails(start, is_current, failures):
    idle = start()
    wait_until(is_current)
    failing = start(Refusing("get"))
    wait_until(lambda: failures)
    began = time.monotonic()
    idle.stop()
    failing.stop()
    idle.stop()
    assert time.monotonic() - began < 1


def test_a_request_takes_no_time_even_while_cooking_and_after_the_end(start):
    trigger = start(lambda *_: time.sleep(0.01))
    taken = []
    for _ in range(500):
        began = time.perf_counter()
        trigger.request()
        taken.append(time.perf_counter() - began)
        time.sleep(0.001)
    assert sorted(taken)[int(0.98 * len(taken))] < 0.005
    trigger.stop()
    trigger.request()


def test_a_trigger_that_was_never_started_can_be_asked_and_stopped(sqlite_refresher):
    trigger = ThreadTrigger(sqlite_refresher)
    trigger.request()
    trigger.stop()


def test_the_public_function_reaches_the_threads_of_this_process(start, is_current, sqlite_catalogue):
    start()
    wait_until(is_current)
    add_recipe(sqlite_catalogue, "Gin Sour", "Gin")
    trigger_analytics_refresh()
    wait_until(is_current)


def test_the_url_chooses_the_trigger(sqlite_refresher, generation):
    assert isinstance(make_trigger("thread://", sqlite_refresher), ThreadTrigger)
    assert isinstance(make_trigger("lambda://refresh", sqlite_refresher), LambdaTrigger)
    with pytest.raises(SettingsError):
        make_trigger("lambda://", sqlite_refresher)
    none = make_trigger("none://", sqlite_refresher)
    assert isinstance(none, NoTrigger)
    none.start()
    none.request(force=True)
    none.stop()
    assert generation() == 0
