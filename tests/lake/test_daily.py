"""A day's numbers against plain Python over the same events."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parcook.catalogue.store import Catalogue
from parcook.clock import day_bounds
from parcook.lake.rounds import Rounds
from tests.lake.making import make_lake, numbers_of
from tests.lake.oracle import daily_numbers
from tests.lake.worlds import make_day

BRANCHES = {1: [1, 2, 3], 2: [1, 2]}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2025, 1, 15)),
        ("Asia/Kolkata", date(2025, 1, 15)),
        ("Europe/Madrid", date(2025, 3, 30)),
        ("Europe/Madrid", date(2025, 10, 26)),
        ("Australia/Lord_Howe", date(2025, 4, 6)),
    ],
)
@pytest.mark.parametrize("format", ["parquet", "json"])
def test_the_numbers_of_a_day_are_those_of_plain_python(
    tmp_path: Path, catalogue: Catalogue, zone: str, day: date, format: str
) -> None:
    report_zone = ZoneInfo(zone)
    lake = make_lake(tmp_path, catalogue, zone, format=format)
    events = make_day(day, report_zone, seed=1)
    lake.store.append(events)
    with Rounds(lake) as rounds:
        rounds.run(day_bounds(day, report_zone)[1] + timedelta(hours=2))
    numbers = numbers_of(lake, day)
    expected = daily_numbers(events, day, report_zone, BRANCHES)
    assert {name: numbers[name] for name in expected} == expected
    assert set(numbers["data_checks"].values()) == {1}
    assert numbers["complete"] is True
    lake.store.close()
