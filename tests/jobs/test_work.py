"""Jobs are due when the ledgers lack something, may be done twice, and catch up after days in which nobody ran them."""

from datetime import date, timedelta

import pytest

from parcook.conversations.tombstones import KIND as TOMBSTONE
from parcook.errors import Corrupt
from parcook.jobs.standing import stand
from parcook.jobs.work import JOBS, Job, do_job, due_jobs, last_run, open_gaps
from parcook.lake.erasure import Eraser
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.receipts import find_receipt
from tests.lake.making import at, event, files_of, numbers_of, ref

DAY = date(2025, 1, 15)


def do_all(lake: Lake, now) -> list[str]:
    """Everything that is due, as a scheduler does it."""
    return [job.name for job in due_jobs(lake, now) if do_job(lake, job, now) is not None]


def test_nothing_is_due_where_nothing_was_ever_stored(lake: Lake) -> None:
    assert do_all(lake, at("2025-01-15 12:00")) == []


def test_an_hour_is_due_once_it_is_over(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 00:20", "c", "ann")])
    assert do_all(lake, at("2025-01-15 00:59")) == ["retention"]
    assert open_gaps(lake, at("2025-01-15 01:00")) == [at("2025-01-15 00:00")]
    assert do_all(lake, at("2025-01-15 01:00")) == ["round"]
    assert open_gaps(lake, at("2025-01-15 01:00")) == []
    assert numbers_of(lake, DAY)["dau"] == 1


def test_doing_what_is_due_twice_changes_nothing(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 00:20", "c", "ann"), event("2025-01-15 03:20", "c", "bob")])
    now = at("2025-01-15 05:00")
    assert do_all(lake, now) == ["round", "retention"]
    before = files_of(lake)
    assert do_all(lake, now) == []
    for job in JOBS:
        do_job(lake, job, now)
    assert files_of(lake) == before


def test_a_week_without_anybody_at_work_is_caught_up_in_one_go(lake: Lake) -> None:
    days = [DAY + timedelta(days=n) for n in range(8)]
    lake.store.append([event(f"{day} 10:20", f"c {day}", "ann") for day in days])
    now = at("2025-01-22 12:00")
    assert len(open_gaps(lake, now)) == 7 * 24 + 12
    assert stand(lake, now).stale == ["178 hours are not in the lake, since 2025-01-15T00Z"]
    do_all(lake, now)
    assert open_gaps(lake, now) == []
    assert [numbers_of(lake, day)["wau"] for day in days] == [1] * 8
    frozen = {day for day, daily in Ledger(lake.records).daily(days[0], days[-1]).items() if daily.frozen_at}
    assert frozen == set(days[:5])
    assert stand(lake, now).stale == []


def test_keys_are_destroyed_as_soon_as_their_time_has_come(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    do_all(lake, at("2025-01-15 12:00"))
    assert lake.keys.entry(DAY).destroyed_at is None
    do_all(lake, at("2025-01-18 23:59"))
    assert lake.keys.entry(DAY).destroyed_at is None
    now = at("2025-01-19 00:00")
    assert "keys" in do_all(lake, now)
    assert lake.keys.entry(DAY).destroyed_at == now
    assert stand(lake, now).proof["holds"] is True


def test_an_erasure_that_was_requested_is_done(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann"), event("2025-01-15 10:21", "d", "bob")])
    now = at("2025-01-15 12:00")
    do_all(lake, now)
    with Eraser(lake) as eraser:
        receipt = eraser.request("user", ref("ann"), now)
    assert do_all(lake, now + timedelta(seconds=1)) == []  # not everybody who takes events in may know of it
    assert do_all(lake, now + timedelta(seconds=2)) == ["erasure"]
    assert find_receipt(lake.records, receipt.request_id).status == "done"
    assert numbers_of(lake, DAY)["dau"] == 1
    assert [record.key for record in lake.records.list(TOMBSTONE)] == [ref("ann")]


def test_a_failure_is_written_down_until_the_job_goes_well_again(lake: Lake) -> None:
    def damage(*_) -> dict:
        raise Corrupt("a file in the lake is damaged")

    first, second, third = at("2025-01-15 10:00"), at("2025-01-15 11:00"), at("2025-01-15 12:00")
    good = Job("round", lambda *_: True, lambda *_: {})
    do_job(lake, good, first)
    with pytest.raises(Corrupt):
        do_job(lake, Job("round", lambda *_: True, damage), second)
    failed = last_run(lake, "round")
    assert (failed.tried_at, failed.done_at, failed.error) == (second, first, "a file in the lake is damaged")
    assert stand(lake, second).stale == ["round failed: a file in the lake is damaged"]
    do_job(lake, good, third)
    assert stand(lake, third).stale == []


def test_two_days_without_a_proof_are_stale(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    do_all(lake, at("2025-01-15 12:00"))
    later = at("2025-01-18 12:00")
    assert [words for words in stand(lake, later).stale if "proof" in words] != []
    do_all(lake, later)
    assert stand(lake, later).stale == []


def test_the_checks_of_the_last_day_are_told(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 10:20", "c", "ann")])
    now = at("2025-01-15 12:00")
    do_all(lake, now)
    told = stand(lake, now).as_dict()
    assert told["data_checks"] == {"date": "2025-01-15", "failed": [], "days": {}}
    assert (told["open_gaps"], told["damaged"], told["late_days"]) == ([], [], [])
    assert told["proof"] == {"proved_at": "2025-01-15T12:00:00.000Z", "holds": True, "age_hours": 0.0}
    assert told["runs"]["round"]["error"] is None


def test_a_gap_is_late_after_two_hours_and_a_proof_is_missing_after_two_days(lake: Lake) -> None:
    lake.store.append([event("2025-01-15 00:20", "c", "ann")])
    do_all(lake, at("2025-01-15 01:00"))
    assert stand(lake, at("2025-01-15 03:59")).late_gaps == []
    assert stand(lake, at("2025-01-15 04:00")).late_gaps == [at("2025-01-15 01:00")]
    assert not stand(lake, at("2025-01-17 01:00")).proof_is_missing
    assert stand(lake, at("2025-01-18 00:01")).proof_is_missing
