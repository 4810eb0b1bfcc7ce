"""DuckDB as an engine: what it takes, how it is stopped, and that it sees nothing but what it was given."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest

from parcook.engines.duckdb import DuckdbEngine, DuckdbSession
from parcook.errors import QueryFailed

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"


@pytest.fixture
def session() -> Iterator[DuckdbSession]:
    with DuckdbEngine(lambda connection, tables: []).reading({}) as opened:
        yield opened


def test_values_are_bound_and_come_back_with_their_types(session: DuckdbSession) -> None:
    values = ["'; drop table x; --", 7, 2.5, True, date(2025, 1, 15), None]
    result = session.run("select ? as a, ? as b, ? as c, ? as d, ? as e, ? as f", values)
    assert list(result.columns) == ["a", "b", "c", "d", "e", "f"]
    assert list(result.rows[0]) == values
    assert [type(value) for value in result.rows[0]] == [type(value) for value in values]


def test_a_query_is_cancelled_from_another_thread_and_its_session_with_it(session: DuckdbSession) -> None:
    timer = threading.Timer(0.1, session.cancel)
    timer.start()
    with pytest.raises(QueryFailed, match="cancelled"):
        session.run(ENDLESS)
    timer.join()
    with pytest.raises(QueryFailed, match="cancelled"):
        session.run("select 1")


def test_a_query_stopped_for_its_time_leaves_the_session_usable(session: DuckdbSession) -> None:
    with pytest.raises(QueryFailed, match=r"longer than 0\.1 s"):
        session.run(ENDLESS, timeout_s=0.1)
    assert list(session.run("select 1").rows) == [(1,)]


@pytest.mark.parametrize(
    ("expression", "as_trino_says"),
    [
        ("7 / 2", 3),
        ("day_of_week(date '2025-01-19')", 7),
        ("day_of_week(date '2025-01-20')", 1),
        ("element_at(map(array['a'], array[1]), 'b')", None),
        ("date_diff('day', date '2025-01-31', date '2025-02-01')", 1),
        ("split_part('a|b', '|', 2)", "b"),
        ("substr('2025-01-15', 1, 7)", "2025-01"),
    ],
)
def test_the_prelude_makes_words_mean_what_they_mean_on_trino(
    session: DuckdbSession, expression: str, as_trino_says: object
) -> None:
    assert session.run(f"select {expression}").rows[0][0] == as_trino_says


def test_nulls_come_last_as_on_trino(session: DuckdbSession) -> None:
    result = session.run("select x from (values (1), (null), (2)) as v(x) order by x")
    assert [row[0] for row in result.rows] == [1, 2, None]
