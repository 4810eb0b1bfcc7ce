"""Days as predicates on partitions: exactly those days, whatever month or year they end in."""

from datetime import date, timedelta

import duckdb
import pytest

from parcook.engines.contract import Days
from parcook.engines.narrowing import narrowed, within

FIRST = date(2023, 11, 1)
ALL = [FIRST + timedelta(days=n) for n in range(500)]


@pytest.fixture(scope="module")
def partitions():
    with duckdb.connect() as connection:
        connection.execute("create table partitions (year integer, month integer, day integer)")
        connection.executemany("insert into partitions values (?, ?, ?)", [(d.year, d.month, d.day) for d in ALL])
        yield connection


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 1, 28), date(2024, 2, 3)),
        (date(2023, 12, 29), date(2024, 1, 4)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2023, 11, 30), date(2025, 1, 1)),
        (None, date(2024, 1, 1)),
        (date(2024, 12, 31), None),
    ],
)
def test_a_predicate_holds_for_its_days_and_no_other(partitions, first: date | None, last: date | None) -> None:
    found = partitions.execute(f"select year, month, day from partitions where {within(Days(first, last))}").fetchall()
    expected = [d for d in ALL if (first is None or d >= first) and (last is None or d <= last)]
    assert sorted(date(*row) for row in found) == expected


def test_tables_are_shadowed_in_front_of_a_statement_and_of_its_own_with() -> None:
    days = {"a": Days(date(2025, 1, 1)), "b": Days(), "c": Days(date(2025, 1, 1))}
    assert narrowed("-- title: X\n-- unit: y\nselect a.x from a join b", days, "lake.s") == (
        "with a as (select * from lake.s.a where year >= 2025"
        " and (year > 2025 or month > 1 or month = 1 and day >= 1))\nselect a.x from a join b"
    )
    assert narrowed("WITH own as (select 1) select x from a, own", days, "lake.s").endswith(
        "),\nown as (select 1) select x from a, own"
    )


def test_what_needs_no_days_stays_as_it_is() -> None:
    assert narrowed("select 1", {"a": Days(date(2025, 1, 1))}, "lake.s") == "select 1"
    assert narrowed("select x from a", {"a": Days()}, "lake.s") == "select x from a"
