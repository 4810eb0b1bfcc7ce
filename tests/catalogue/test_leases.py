"""Leases: one holder at a time, whoever asks; the dead are succeeded."""

import os
import socket
import subprocess
import sys
import threading
import time

from parcook.catalogue.leases import Lease
from parcook.catalogue.store import Catalogue
from tests.catalogue.outside import Outside

HOLD = """
import sys
from parcook.catalogue.leases import Lease
from parcook.catalogue.store import open_catalogue
print(Lease(open_catalogue(sys.argv[1]).database, "work", duration_s=3600).acquire(), flush=True)
sys.stdin.readline()
"""


def hold_elsewhere(url: str) -> subprocess.Popen[str]:
    """A process that has taken the lease and waits for a line before it ends, without giving it back."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_a_lease_is_one_holders_until_it_is_released(catalogue: Catalogue) -> None:
    mine, yours = Lease(catalogue.database, "work"), Lease(catalogue.database, "work")
    assert mine.acquire()
    assert not yours.acquire()
    assert Lease(catalogue.database, "other work").acquire()
    mine.release()
    assert yours.acquire()
    assert not mine.acquire()


def test_a_holder_may_renew_and_others_may_not_release(catalogue: Catalogue, outside: Outside) -> None:
    mine, yours = Lease(catalogue.database, "work"), Lease(catalogue.database, "work")
    assert mine.acquire()
    [(first_end,)] = outside.rows("SELECT expires_at FROM leases")
    yours.release()
    time.sleep(0.01)
    assert mine.acquire()
    [(second_end,)] = outside.rows("SELECT expires_at FROM leases")
    assert first_end < second_end <= time.time() + 60
    assert not yours.acquire()


def test_releasing_what_nobody_holds_does_nothing(catalogue: Catalogue, outside: Outside) -> None:
    Lease(catalogue.database, "work").release()
    assert outside.rows("SELECT * FROM leases") == []


def test_an_expired_lease_goes_to_the_next_and_not_back_by_a_late_release(catalogue: Catalogue) -> None:
    short, next_one = Lease(catalogue.database, "work", duration_s=0.2), Lease(catalogue.database, "work")
    assert short.acquire()
    assert not next_one.acquire()
    time.sleep(0.25)
    assert next_one.acquire()
    short.release()
    assert not short.acquire()


def test_one_of_many_threads_gets_a_free_lease(catalogue: Catalogue) -> None:
    rounds, threads_count = 10, 8
    start = threading.Barrier(threads_count, timeout=20)
    taken: list[tuple[int, bool]] = []

    def take() -> None:
        for number in range(rounds):
            lease = Lease(catalogue.database, f"work {number}")
            catalogue.state()  # so that all have a connection
            start.wait()
            taken.append((number, lease.acquire()))

    threads = [threading.Thread(target=take) for _ in range(threads_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == rounds * threads_count
    assert sorted(number for number, won in taken if won) == list(range(rounds))


def test_one_of_many_threads_gets_an_expired_lease(catalogue: Catalogue, outside: Outside) -> None:
    outside.run("INSERT INTO leases VALUES ('work', 'elsewhere:1:1:dead', 1.0)")
    start = threading.Barrier(8, timeout=20)
    won: list[bool] = []

    def take() -> None:
        lease = Lease(catalogue.database, "work")
        start.wait()
        won.append(lease.acquire())

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_a_process_that_died_on_this_host_is_succeeded_at_once(catalogue: Catalogue, catalogue_url: str) -> None:
    holder = hold_elsewhere(catalogue_url)
    mine = Lease(catalogue.database, "work")
    assert not mine.acquire()
    holder.kill()
    holder.communicate()
    assert mine.acquire()


def test_a_holder_on_another_host_keeps_its_lease_until_it_expires(catalogue: Catalogue, outside: Outside) -> None:
    mine = Lease(catalogue.database, "work")
    outside.run("INSERT INTO leases VALUES ('work', ?, ?)", "elsewhere:999999999:1:x", time.time() + 60)
    assert not mine.acquire()
    outside.run("UPDATE leases SET expires_at = ?", time.time() - 1)
    assert mine.acquire()


def test_a_holder_says_where_it_runs(catalogue: Catalogue, outside: Outside) -> None:
    Lease(catalogue.database, "work").acquire()
    [(holder,)] = outside.rows("SELECT holder FROM leases")
    assert holder.split(":")[:2] == [socket.gethostname(), str(os.getpid())]
