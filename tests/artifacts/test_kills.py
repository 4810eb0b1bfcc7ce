"""A refresh killed at any step leaves whole files, and the next one heals at once."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.verify import find_faults
from parcook.catalogue.store import Catalogue
from tests.artifacts.catalogues import add_recipe, fill_tiny
from tests.artifacts.killed import Step, refresh_and_be_killed, start_refreshing, watching_steps
from tests.artifacts.wholeness import check_settled, check_whole, immutable_paths

# What a refresh does when the catalogue has changed and two generations are stored.
CALLS = [
    ("Lease.acquire", 1),
    ("AnalyticsQueries.measure", 1),
    ("Lease.acquire", 2),
    *(("Objects.put", number) for number in range(1, 8)),
    ("Objects.list", 1),
    *(("Objects.delete", number) for number in range(1, 4)),
    ("Lease.release", 1),
]
STEPS: list[Step] = [(event, *call) for call in CALLS for event in ("call", "return")]
AT_ONCE_S = 5.0  # a lease left behind would take 30


@pytest.fixture
def changed(catalogue: Catalogue, refresher: Refresher) -> Catalogue:
    """A catalogue that has changed since the second of two generations was stored."""
    fill_tiny(catalogue)
    refresher.refresh()
    add_recipe(catalogue, "Gin Sour", "Gin", "Lemon")
    refresher.refresh()
    add_recipe(catalogue, "Rye Sour", "Rye", "Lemon")
    return catalogue


def check_old_or_new(storage: AnalyticsStorage, versions: set[int]) -> None:
    """All files are whole, and each stable one is of one of these versions of the catalogue."""
    check_whole(storage)
    for listed in storage.objects.list("analytics"):
        document = json.loads(storage.objects.get(listed.path).body)
        version = document.get("metadata", {}).get("catalogue_version") or document["catalogue"]["version"]
        assert version in versions or listed.path in immutable_paths(storage)


def check_heals_at_once(catalogue: Catalogue, storage: AnalyticsStorage, refresher: Refresher) -> None:
    started = time.monotonic()
    was_current = refresher.freshness().current
    assert refresher.refresh() is not was_current
    assert find_faults(catalogue, storage) == []
    check_settled(storage)
    add_recipe(catalogue, f"Sour {started}", "Bourbon", "Lemon")
    assert refresher.refresh() is True
    assert find_faults(catalogue, storage) == []
    check_settled(storage)
    assert len(immutable_paths(storage)) == 6
    assert time.monotonic() - started < AT_ONCE_S


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[1]} {step[2]} {step[0]}")
@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)
def test_killed_at_any_step_it_leaves_whole_files_and_the_next_refresh_heals(
    changed, catalogue_url, storage, refresher, step
):
    old = storage.manifest().stamp.version
    refresh_and_be_killed(catalogue_url, storage.objects.url, step)
    check_old_or_new(storage, {old, changed.state().stamp.version})
    check_heals_at_once(changed, storage, refresher)


@pytest.mark.parametrize("call", [("Lease.acquire", 1), ("Objects.put", 4), ("Objects.put", 7)])
@pytest.mark.parametrize("catalogue_url", ["postgresql"], indirect=True)
def test_killed_while_using_postgresql_the_next_refresh_heals(changed, catalogue_url, storage, refresher, call):
    refresh_and_be_killed(catalogue_url, storage.objects.url, ("return", *call))
    check_whole(storage)
    check_heals_at_once(changed, storage, refresher)


@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)
def test_every_step_of_a_refresh_is_among_those_tried(changed, refresher):
    seen: list[Step] = []
    watching_steps(seen.append, refresher.refresh)
    assert seen == STEPS


@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)
def test_the_very_first_refresh_may_be_killed_too(catalogue, catalogue_url, storage, refresher):
    fill_tiny(catalogue)
    refresh_and_be_killed(catalogue_url, storage.objects.url, ("return", "Objects.put", 3))
    check_whole(storage)
    assert storage.manifest() is None
    assert refresher.refresh() is True
    assert find_faults(catalogue, storage) == []
    check_settled(storage)


@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)
def test_a_new_process_heals_what_a_killed_one_left(changed, catalogue_url, storage):
    refresh_and_be_killed(catalogue_url, storage.objects.url, ("call", "Objects.put", 4))
    environment = os.environ | {"PARCOOK_CATALOGUE_URL": catalogue_url, "PARCOOK_STORAGE_URL": storage.objects.url}
    parcook = Path(sys.executable).with_name("parcook")
    subprocess.run([parcook, "refresh"], env=environment, check=True, capture_output=True, timeout=AT_ONCE_S * 2)
    assert find_faults(changed, storage) == []
    check_settled(storage)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_200_kills_at_random_times_during_a_stream_of_edits(catalogue, catalogue_url, storage, refresher):
    fill_tiny(catalogue)
    chance, number = random.Random(1), 0
    for _ in range(200):
        process = start_refreshing(catalogue_url, storage.objects.url)
        dies_at = time.monotonic() + chance.uniform(0.02, 0.6)
        while time.monotonic() < dies_at:
            number += 1
            added = add_recipe(catalogue, f"Edit {number}", *chance.sample(["Gin", "Rye", "Bourbon", "Lemon"], 2))
            if number % 5:
                catalogue.recipes.delete(added)
        process.kill()
        process.join(20)
        process.close()
        check_whole(storage)
        check_heals_at_once(catalogue, storage, refresher)
