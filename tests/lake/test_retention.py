"""What is kept how long, on both sides of every edge."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from parcook.catalogue.store import Catalogue
from parcook.clock import day_bounds
from parcook.conversations.tombstones import bury
from parcook.lake.ledger import Ledger
from parcook.lake.place import Lake
from parcook.lake.retention import last_proof, prove, retain
from parcook.lake.rounds import Rounds
from tests.catalogue.making import mix
from tests.lake.making import at, event, files_of, make_lake, ref

DAY = date(2025, 1, 15)
END = at("2025-01-16 00:00")
MOMENT = timedelta(seconds=1)


@pytest.fixture
def kept(lake: Lake, rounds: Rounds) -> Lake:
    """One frozen day of one person, and the numbers of its week."""
    lake.store.append([event("2025-01-15 10:00", "a", "ann", recipe_name="Negroni", recipe_id=1)])
    rounds.export([DAY], END + timedelta(hours=50))
    rounds.aggregate([DAY], at("2025-01-23 00:00"))
    return lake


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (89, {"events", "lake", "activity", "daily", "weekly"}),
        (90, {"activity", "daily", "weekly"}),
        (91, {"activity", "daily", "weekly"}),
        (94, {"activity", "daily", "weekly"}),
        (95, {"daily", "weekly"}),
        (727, {"daily", "weekly"}),
        (728, {"daily"}),  # a week is as old as its Monday
        (729, {"daily"}),
        (730, set()),
    ],
)
def test_each_layer_keeps_a_day_as_long_as_was_promised_and_no_longer(kept: Lake, days: int, left: set[str]) -> None:
    retain(kept, END + timedelta(days=days))
    assert layers(kept) == left


@pytest.mark.parametrize(("days", "before"), [(90, "lake"), (90, "events"), (95, "activity"), (730, "daily")])
def test_a_layer_keeps_a_day_until_the_last_second(kept: Lake, days: int, before: str) -> None:
    retain(kept, END + timedelta(days=days) - MOMENT)
    assert before in layers(kept)
    retain(kept, END + timedelta(days=days))
    assert before not in layers(kept)


def test_days_end_when_they_end_in_the_report_zone(tmp_path, catalogue: Catalogue) -> None:
    zone = ZoneInfo("America/New_York")
    lake = make_lake(tmp_path, catalogue, "America/New_York")
    lake.store.append([event("2025-01-16 03:00", "a", zone=zone)])  # still the 15th there
    with Rounds(lake) as rounds:
        rounds.export([DAY], at("2025-01-18 00:00"))
    end = day_bounds(DAY, zone)[1]
    retain(lake, end + timedelta(days=90) - MOMENT)
    assert "lake" in layers(lake)
    retain(lake, end + timedelta(days=90))
    assert "lake" not in layers(lake)
    lake.store.close()


def test_a_dry_run_counts_and_deletes_nothing(kept: Lake) -> None:
    retained = retain(kept, END + timedelta(days=800), dry_run=True)
    assert retained.deleted["lake"] >= 3
    assert retained.deleted["daily"] == 1
    assert layers(kept) == {"events", "lake", "activity", "daily", "weekly"}
    assert last_proof(kept) is None


def test_ledgers_forget_days_with_the_days(kept: Lake) -> None:
    ledger = Ledger(kept.records)
    retain(kept, END + timedelta(days=90))
    assert ledger.export_of(DAY) is None
    assert list(ledger.activities(DAY, DAY)) == [DAY]
    retain(kept, END + timedelta(days=730))
    assert ledger.activities(DAY, DAY) == {}
    assert ledger.daily(DAY, DAY) == {}


def test_nothing_of_a_day_that_expired_is_made_again(kept: Lake, rounds: Rounds) -> None:
    now = END + timedelta(days=90)
    retain(kept, now)
    before = files_of(kept, "aggregated/daily")
    assert rounds.export([DAY], now).exported == []
    assert rounds.aggregate([DAY], now).aggregated == []
    assert files_of(kept, "aggregated/daily") == before
    assert "lake" not in layers(kept)


def test_snapshots_of_the_catalogue_go_with_the_last_day_that_used_them(
    lake: Lake, rounds: Rounds, catalogue: Catalogue
) -> None:
    for day in (DAY, DAY + timedelta(days=1)):
        lake.store.append([event(f"{day} 10:00", "a")])
        rounds.export([day], at(f"{day} 23:00"))
    mix(catalogue, "Late")
    lake.store.append([event("2025-01-17 10:00", "a")])
    rounds.export([date(2025, 1, 17)], at("2025-01-17 23:00"))
    assert len(files_of(lake, "catalogue_snapshots")) == 2
    retain(lake, END + timedelta(days=90))
    assert len(files_of(lake, "catalogue_snapshots")) == 2
    retain(lake, END + timedelta(days=91))
    assert len(files_of(lake, "catalogue_snapshots")) == 1


def test_a_tombstone_stands_for_90_days(lake: Lake) -> None:
    bury(lake.records, ref("ann"), END)
    retain(lake, END + timedelta(days=90) - MOMENT)
    assert len(list(lake.records.list("tombstone"))) == 1
    retain(lake, END + timedelta(days=90))
    assert list(lake.records.list("tombstone")) == []


def test_the_proof_says_how_old_each_layer_is_and_that_it_holds(kept: Lake) -> None:
    proof = retain(kept, END + timedelta(days=80)).proof
    assert proof == last_proof(kept)
    assert proof["holds"] is True
    assert proof["oldest"] == {
        "activity": "2025-01-15",
        "daily": "2025-01-15",
        "events": "2025-01-15",
        "lake": "2025-01-15",
        "weekly": "2025-01-13",
    }
    assert proof["keys_overdue"] == []


def test_the_proof_does_not_hold_before_what_is_due_is_done(kept: Lake) -> None:
    assert prove(kept, END + timedelta(days=10))["keys_overdue"] == ["2025-01-15"]
    late = prove(kept, END + timedelta(days=90))
    assert late["holds"] is False
    retain(kept, END + timedelta(days=90))
    assert prove(kept, END + timedelta(days=90))["holds"] is True


def layers(lake: Lake) -> set[str]:
    """Where anything of the day still is."""
    there = {
        "events": lake.store.oldest_day(),
        "lake": files_of(lake, "conversations") or files_of(lake, "catalogue") or files_of(lake, "names"),
        "activity": lake.private.list("activity"),
        "daily": files_of(lake, "aggregated/daily"),
        "weekly": files_of(lake, "aggregated/weekly"),
    }
    return {name for name, found in there.items() if found}
