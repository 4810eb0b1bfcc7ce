"""Killed while it stores, a process loses nothing that was answered, and whoever sends again completes the rest."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parcook.events.opening import open_events
from tests.events.making import NOON
from tests.events.storing import BATCH, event_of

MOST = 200_000  # events; none of the trials gets so far


def store_until_killed(url: str, first: int, alive_s: float) -> int:
    """The number of the first event that was not answered."""
    command = [sys.executable, "-m", "tests.events.storing", url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(alive_s)
        process.kill()
        answered = [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return int(answered[-1]) + 1 if answered else first


def kill_again_and_again(url: str, kills: int) -> None:
    chance, next_one = random.Random(kills), 0
    for _ in range(kills):
        next_one = store_until_killed(url, next_one, chance.uniform(0, 0.3))
    assert 0 < next_one < MOST
    store = open_events(url)
    try:
        sent = [event_of(number) for number in range(next_one + BATCH)]
        kept = list(store.day(NOON.date(), NOON))
        assert kept[:next_one] == sent[:next_one]
        assert {event.message_id for event in kept} <= {event.message_id for event in sent}
        assert not any(store.append(sent[:next_one]))
        store.append(sent[next_one:])
        assert list(store.day(NOON.date(), NOON)) == sent
    finally:
        store.close()


def test_two_kills_lose_nothing_that_was_answered(events_url: str) -> None:
    kill_again_and_again(events_url, 2)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_kills_lose_nothing_that_was_answered(events_url: str) -> None:
    kill_again_and_again(events_url, 100)
