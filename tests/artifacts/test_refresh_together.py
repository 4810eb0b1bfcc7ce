"""Several refreshers at once, and edits while one cooks: one at a time, and right in the end."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest

from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.verify import find_faults
from parcook.catalogue.store import Catalogue, open_catalogue
from tests.artifacts.catalogues import add_recipe, fill_tiny, run_outside
from tests.artifacts.conftest import ABOUT
from tests.artifacts.watched import Watcher, watch
from tests.artifacts.wholeness import check_settled, stored_manifest

MANIFEST = "analytics/v1/manifest.json"
ROUNDS = 12


def check_right(catalogue: Catalogue, storage: AnalyticsStorage) -> None:
    assert find_faults(catalogue, storage) == []
    check_settled(storage)
    assert stored_manifest(storage)["catalogue"]["token"] == catalogue.state().stamp.token


def edit_during_the_first_cooks(catalogue: Catalogue, edits: int) -> Watcher:
    """A watcher that adds a recipe in the middle of each of the first `edits` cooks."""
    names = [f"Edit {number}" for number in range(edits)]

    def edit(moment: str, verb: str, path: str) -> None:
        if (moment, verb) == ("after", "put") and path.endswith("/ingredient-usage.json") and names:
            add_recipe(catalogue, names.pop(), "Gin", "Lemon")

    return edit


@pytest.mark.parametrize("edits", [1, 5])
def test_edits_made_during_a_cook_are_in_the_final_artifact(catalogue, storage, edits):
    fill_tiny(catalogue)
    watched = watch(storage, edit_during_the_first_cooks(catalogue, edits))
    assert Refresher(catalogue, watched, ABOUT).refresh() is True
    check_right(catalogue, storage)
    assert stored_manifest(storage)["generation"] == edits + 1
    assert storage.get_analytics("recipe-complexity")["metadata"]["total_recipes"] == 5 + edits


def test_a_stream_of_edits_does_not_keep_one_refresh_busy_for_ever(sqlite_catalogue, storage):
    fill_tiny(sqlite_catalogue)
    watched = watch(storage, edit_during_the_first_cooks(sqlite_catalogue, 1_000))
    refresher = Refresher(sqlite_catalogue, watched, ABOUT)
    assert refresher.refresh() is True
    assert stored_manifest(storage)["generation"] <= 20
    assert Refresher(sqlite_catalogue, storage, ABOUT).refresh() is True
    check_right(sqlite_catalogue, storage)


def edit_and_refresh(name: str, catalogue: Catalogue, storage: AnalyticsStorage, log: Path, barrier: Barrier) -> None:
    """In each round add a recipe and refresh, when the other does; note every step of every cook in the shared log."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    watched = watch(storage, lambda *step: os.write(descriptor, f"{name} {' '.join(step)}\n".encode()) and None)
    refresher = Refresher(catalogue, watched, ABOUT)
    for number in range(ROUNDS):
        barrier.wait(20)
        add_recipe(catalogue, f"{name} {number}", "Gin", "Rye")
        refresher.refresh()
    os.close(descriptor)


def edit_and_refresh_in_a_process(name: str, catalogue_url: str, storage_url: str, log: Path, barrier: Barrier) -> None:
    catalogue = open_catalogue(catalogue_url)
    edit_and_refresh(name, catalogue, AnalyticsStorage(storage_url), log, barrier)
    catalogue.close()


def check_never_two_at_once(log: Path) -> None:
    """From a cook's first write to its last, nobody else wrote."""
    writes = [line.split() for line in log.read_text().splitlines()]
    writes = [(who, moment, path) for who, moment, verb, path in writes if verb == "put"]
    cooking: str | None = None
    cooks: list[str] = []
    for who, moment, path in writes:
        assert cooking in (None, who), f"{who} wrote {path} while {cooking} was cooking"
        cooking = None if (moment, path) == ("after", MANIFEST) else who
        cooks += [who] * (cooking is None)
    assert cooking is None
    assert len(cooks) >= ROUNDS


def test_two_threads_never_cook_at_once_and_end_right(catalogue, storage, tmp_path):
    fill_tiny(catalogue)
    arguments = (catalogue, storage, tmp_path / "log", Barrier(2))
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(edit_and_refresh, name, *arguments) for name in ("one", "two")]:
            done.result()
    Refresher(catalogue, storage, ABOUT).refresh()
    check_never_two_at_once(tmp_path / "log")
    check_right(catalogue, storage)


def test_two_processes_never_cook_at_once_and_end_right(catalogue, catalogue_url, storage, tmp_path):
    fill_tiny(catalogue)
    context = multiprocessing.get_context("spawn")
    arguments = (catalogue_url, storage.objects.url, tmp_path / "log", context.Barrier(2))
    processes = [context.Process(target=edit_and_refresh_in_a_process, args=(n, *arguments)) for n in ("one", "two")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
        process.close()
    Refresher(catalogue, storage, ABOUT).refresh()
    check_never_two_at_once(tmp_path / "log")
    check_right(catalogue, storage)


def test_threads_that_share_a_refresher_take_turns(sqlite_catalogue, sqlite_refresher, storage):
    fill_tiny(sqlite_catalogue)
    with ThreadPoolExecutor(8) as pool:
        cooked = list(pool.map(lambda _: sqlite_refresher.refresh(), range(24)))
    assert cooked.count(True) == 1
    check_right(sqlite_catalogue, storage)


def test_while_somebody_else_holds_the_lease_nothing_is_cooked(catalogue, catalogue_url, storage, refresher):
    fill_tiny(catalogue)
    run_outside(catalogue_url, f"INSERT INTO leases VALUES ('refresh', 'elsewhere:1:2:3', {2e10})")
    assert refresher.refresh() is False
    assert storage.manifest() is None
    run_outside(catalogue_url, "UPDATE leases SET expires_at = 1")
    assert refresher.refresh() is True
    check_right(catalogue, storage)


STALLS = [
    "put analytics/v1/ingredient-usage.json",
    "put analytics/v1/recipe-complexity.json",
    f"put {MANIFEST}",
    "list",
]


@pytest.mark.parametrize("has_edit", [True, False], ids=["an edit meanwhile", "no edit meanwhile"])
@pytest.mark.parametrize("stalled_at", STALLS)
def test_a_holder_that_stalls_beyond_its_lease_does_no_lasting_harm(
    catalogue, catalogue_url, storage, stalled_at, has_edit
):
    fill_tiny(catalogue)
    stalled, go_on = Event(), Event()

    def stall(moment: str, verb: str, path: str) -> None:
        if moment == "before" and f"{verb} {path}".startswith(stalled_at) and not stalled.is_set():
            stalled.set()
            assert go_on.wait(20)

    def later() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=1)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(Refresher(catalogue, watch(storage, stall), ABOUT).refresh)
        assert stalled.wait(20)
        if has_edit:
            add_recipe(catalogue, "Gin Sour", "Gin", "Lemon")
        run_outside(catalogue_url, "UPDATE leases SET expires_at = 1")
        Refresher(catalogue, storage, ABOUT, clock=later).refresh(force=True)
        go_on.set()
        assert slow.result(20) is True
    check_right(catalogue, storage)
    Refresher(catalogue, storage, ABOUT).refresh()
    check_right(catalogue, storage)
