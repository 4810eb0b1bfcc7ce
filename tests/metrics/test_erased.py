"""After an erasure every metric tells of a world in which that person has never been, as far as it can look back."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.clock import day_bounds
from parcook.engines.contract import Engine
from parcook.lake.erasure import Eraser
from parcook.lake.place import Lake
from parcook.lake.reading import open_duckdb
from parcook.lake.retention import expire
from parcook.lake.rounds import Rounds
from parcook.lake.tables import TABLES
from parcook.lake.writing import as_lines
from parcook.metrics.library import load_metrics
from tests.lake.making import at, event, ref, rows_of
from tests.metrics import test_truth as asking
from tests.metrics.living import FREEZES_AFTER, KEY, installed, live
from tests.metrics.truth import Truth
from tests.metrics.worlds import World, make_world

VICTIM = "person 3"  # of whom there is one endless conversation
FIRST = date(2025, 3, 3)  # a Monday; clocks are put forward on the 30th
DAYS = 35


@pytest.fixture(scope="module")
def world() -> World:
    return make_world("Europe/Madrid", FIRST, DAYS, people=8, talks=8, seed=2)


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[tuple[Lake, Path, str]]:
    """A lake that the person was erased from, its folder, and what was logged all the while."""
    folder, told = tmp_path_factory.mktemp("erased"), _Told()
    logging.getLogger().addHandler(told)
    with installed(folder, world.zone) as (lake, intake):
        live(lake, intake, world)
        now = day_bounds(world.days[-1], world.zone)[1] + FREEZES_AFTER
        lake.keys.destroy_due(now)
        with Eraser(lake) as eraser:
            receipt = eraser.erase("user", KEY.user_ref(VICTIM, "user"), now)
        assert receipt.verified
        yield lake, folder, "\n".join(told.lines)
    logging.getLogger().removeHandler(told)


class _Told(logging.Handler):
    """Everything that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_is_that_of_a_world_without_the_person(
    erased: tuple[Lake, Path, str], world: World, name: str
) -> None:
    engine, without = open_duckdb(erased[0].objects), Truth(world.without(VICTIM))
    for days in (1, 7, 28, DAYS):
        asking.assert_true((without, engine), name, world.days[-days], world.days[-1])


def test_the_person_made_a_difference(world: World) -> None:
    gone = [said for said in world.said if said.person == VICTIM]
    assert len(gone) > 50
    assert len({world.day_of(said) for said in gone}) > 10


def test_no_byte_of_any_layer_and_no_line_of_the_log_names_the_person(
    erased: tuple[Lake, Path, str], world: World
) -> None:
    lake, folder, log = erased
    gone = [said for said in world.said if said.person == VICTIM]
    reference = KEY.user_ref(VICTIM, "user")
    needles = {VICTIM, reference} | {said.talk for said in gone} | {KEY.conversation_id(said.talk) for said in gone}
    needles |= {KEY.message_id(said.talk, said.id) for said in gone}
    needles |= {KEY.call_id(said.talk, call.number) for said in gone for call in said.calls if call.number}
    everything = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    everything |= {  # what lies compressed in Parquet
        f"{table.name} {day}": as_lines(rows_of(lake, table, day)) for table in TABLES for day in world.days
    }
    everything["log"] = log.encode()
    # The tombstone alone may be left, which refuses for 90 days what would be sent again: in the file or its journal.
    assert [record.key for record in lake.records.list("tombstone")] == [reference]
    for path in (folder / "events.db", folder / "events.db-wal"):
        everything[str(path)] = everything[str(path)].replace(f"tombstone{reference}".encode(), b"")
    assert not [place for place, body in everything.items() for needle in needles if needle.encode() in body]


DAY = date(2025, 1, 15)
END = at("2025-01-16 00:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Lake]:
    """One frozen day of two people, and a day long after."""
    with installed(tmp_path, make_world("UTC", DAY, 1).zone) as (lake, _):
        lake.store.append([event("2025-01-15 10:00", f"talk of {who}", who) for who in ("ann", "bob")])
        with Rounds(lake) as rounds:
            rounds.export([DAY], END + FREEZES_AFTER)
            rounds.aggregate([DAY], END + FREEZES_AFTER)
        yield lake


@pytest.mark.parametrize(
    ("age", "conversations", "people"),
    [
        (timedelta(days=89), 1, 1),
        (timedelta(days=90) - SECOND, 1, 1),
        (timedelta(days=90), 2, 1),  # rows are gone, and who was active is kept five days longer
        (timedelta(days=91), 2, 1),
        (timedelta(days=95) - SECOND, 2, 1),
        (timedelta(days=95), 2, 2),
    ],
)
def test_numbers_change_as_long_as_what_they_look_back_on_is_kept(
    kept: Lake, age: timedelta, conversations: int, people: int
) -> None:
    expire(kept, END + age)
    with Eraser(kept) as eraser:
        eraser.erase("user", ref("ann"), END + age)
    (row,) = _rows(open_duckdb(kept.objects), "daily_totals")
    assert (row["conversations"], row["people"]) == (conversations, people)


def test_a_number_over_seven_days_changes_for_88_days(kept: Lake) -> None:
    kept.store.append([event("2025-01-09 10:00", "earlier", "bob")])
    with Rounds(kept) as rounds:
        rounds.backfill(date(2025, 1, 9), DAY, END + FREEZES_AFTER)
    ages = {}
    for days in (88, 89):
        with Eraser(kept) as eraser:
            eraser.erase("user", ref("ann" if days == 88 else "bob"), END + timedelta(days=days))
        (row,) = _rows(open_duckdb(kept.objects), "active_users")
        ages[days] = row["dau"], row["wau"]
    assert ages == {88: (1, 1), 89: (0, 1)}


def _rows(engine: Engine, name: str) -> asking.Rows:
    return asking.rows_of(engine, name, DAY, DAY)
