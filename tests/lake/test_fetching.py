"""What is read of the lake, and how often: the days asked for, and what changed since the last time."""

from datetime import date
from pathlib import Path

import pytest

from parcook.engines.contract import Days
from parcook.lake.fetching import Files
from parcook.lake.place import file_path
from parcook.lake.tables import CONVERSATIONS, DAILY_METRICS
from parcook.objects import Blob, Listed, Objects

NEW_YEAR = date(2025, 1, 1)


class Watched(Objects):
    """Objects that tell what was asked of them."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.listed: list[str] = []
        self.read: list[str] = []

    def list(self, prefix: str) -> list[Listed]:
        self.listed.append(prefix)
        return super().list(prefix)

    def get(self, path: str) -> Blob | None:
        self.read.append(path)
        return super().get(path)


@pytest.fixture
def objects() -> Watched:
    return Watched("memory://")


def put(objects: Objects, day: date, body: bytes = b"{}\n", hour: int = 0) -> str:
    path = file_path(CONVERSATIONS, day, f"{day}T{hour:02d}Z", "json")
    objects.put(path, body)
    return path


def test_of_a_range_of_days_its_months_are_listed_and_its_files_read(objects: Watched) -> None:
    days = [date(2024, 12, 30), date(2024, 12, 31), NEW_YEAR, date(2025, 1, 2), date(2025, 2, 1)]
    paths = [put(objects, day) for day in days]
    found = Files(objects).read(CONVERSATIONS, Days(days[1], days[3]))
    assert list(found) == paths[1:4]
    assert sorted(objects.listed) == ["conversations/year=2024/month=12", "conversations/year=2025/month=01"]
    assert sorted(objects.read) == paths[1:4]


@pytest.mark.parametrize("days", [Days(), Days(NEW_YEAR, None), Days(None, NEW_YEAR), Days(date(1990, 1, 1), NEW_YEAR)])
def test_without_a_limit_everything_is_listed_once(objects: Watched, days: Days) -> None:
    path = put(objects, NEW_YEAR)
    objects.put("conversations/readme.txt", b"in no partition")
    assert list(Files(objects).read(CONVERSATIONS, days)) == [path]
    assert objects.listed == ["conversations"]


def test_no_day_and_no_file_are_nothing(objects: Watched) -> None:
    put(objects, NEW_YEAR)
    files = Files(objects)
    assert files.read(CONVERSATIONS, Days(date(2025, 1, 2), NEW_YEAR)) == {}
    assert files.read(DAILY_METRICS, Days(NEW_YEAR, NEW_YEAR)) == {}


def test_what_did_not_change_is_read_once(objects: Watched) -> None:
    files, days = Files(objects), Days(NEW_YEAR, NEW_YEAR)
    kept, changed = put(objects, NEW_YEAR, b"1\n", 1), put(objects, NEW_YEAR, b"2\n", 2)
    assert files.read(CONVERSATIONS, days) == files.read(CONVERSATIONS, days) == {kept: b"1\n", changed: b"2\n"}
    put(objects, NEW_YEAR, b"3\n", 2)
    assert files.read(CONVERSATIONS, days) == {kept: b"1\n", changed: b"3\n"}
    assert sorted(objects.read) == [kept, changed, changed]
    objects.delete(kept)
    assert files.read(CONVERSATIONS, days) == {changed: b"3\n"}


def test_what_was_not_asked_for_longest_is_forgotten_first(objects: Watched) -> None:
    files = Files(objects, limit=20)
    days = [Days(day, day) for day in (date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3))]
    first, second, third = (put(objects, asked.first or NEW_YEAR, b"x" * 10) for asked in days)
    for asked in (days[0], days[1], days[0], days[2], days[0], days[1]):
        files.read(CONVERSATIONS, asked)
    assert objects.read == [first, second, third, second]
    put(objects, NEW_YEAR, b"x" * 21)
    assert [len(files.read(CONVERSATIONS, days[0])[first]) for _ in range(2)] == [21, 21]
    assert objects.read[4:] == [first, first]


def test_of_a_folder_nothing_is_remembered(tmp_path: Path) -> None:
    objects = Watched(f"file://{tmp_path}")
    files, path = Files(objects), put(objects, NEW_YEAR)
    for _ in range(2):
        files.read(CONVERSATIONS, Days(NEW_YEAR, NEW_YEAR))
    assert objects.read == [path, path]
