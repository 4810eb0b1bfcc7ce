"""The contract of engines on each: DuckDB, Athena's protocol over DuckDB and, with `make test-trino`, over Trino."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from parcook.engines.athena import AthenaEngine
from parcook.engines.contract import Days, Engine
from parcook.errors import QueryFailed
from tests.metrics.lakes import days, make_lake
from tests.servers.athena import start_athena
from tests.servers.athena_backends import over_duckdb, over_trino

ROWS = days("2025-01-30", 4, total_conversations=[1, 2, 3, 4], recipes_discussed={"Spritz": 2, "Água, fresca": 1})
ENGINES = [
    "duckdb",
    "athena",
    pytest.param("trino", marks=pytest.mark.trino),
    pytest.param("athena on trino", marks=pytest.mark.trino),
]
_MANY = "from unnest(sequence(1, 10000)) as a(x) cross join unnest(sequence(1, 10000)) as b(y)"
ENDLESS = {
    "duckdb": "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n",
    "trino": f"select count(*) {_MANY} cross join unnest(sequence(1, 10000)) as c(z) where x + y < z",
}


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def engine(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """An engine over a lake of four days."""
    if "trino" in kind:
        server = request.getfixturevalue("trino")
        make_lake(server.folder / tmp_path.name, {"daily_metrics": ROWS})
        inner = server.declare(f"local:///{tmp_path.name}", "json")
        backend, database = over_trino(inner), inner.schema
    else:
        inner = make_lake(tmp_path, {"daily_metrics": ROWS})
        backend, database = over_duckdb(inner), "main"
    if "athena" not in kind:
        yield inner
        return
    with start_athena(backend) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield AthenaEngine(f"athena://analysts/{database}?output=s3://results/")


@pytest.fixture
def endless(kind: str) -> str:
    return ENDLESS["trino" if "trino" in kind else "duckdb"]


def test_values_are_bound_and_come_back_with_their_types(engine: Engine) -> None:
    values = ["'; drop table x; -- ?", 7, 2.5, True, date(2025, 1, 15), None]
    with engine.reading({}) as session:
        result = session.run("select ? as a, ? as b, ? as c, ? as d, ? as e, cast(? as varchar) as f", values)
    assert list(result.columns) == ["a", "b", "c", "d", "e", "f"]
    assert list(result.rows[0]) == values
    assert [type(value) for value in result.rows[0]] == [type(value) for value in values]


def test_only_the_days_asked_for_are_read(engine: Engine) -> None:
    with engine.reading({"daily_metrics": Days(date(2025, 1, 31), date(2025, 2, 1))}) as session:
        result = session.run("select d.date, d.total_conversations from daily_metrics d order by d.date")
    assert [tuple(row) for row in result.rows] == [("2025-01-31", 2), ("2025-02-01", 3)]


def test_no_rows_still_have_names(engine: Engine) -> None:
    with engine.reading({"daily_metrics": Days(date(2024, 1, 1), date(2024, 1, 2))}) as session:
        result = session.run("select d.date as day, d.dau from daily_metrics d")
    assert (list(result.columns), list(result.rows)) == (["day", "dau"], [])


def test_text_comes_back_as_it_is_written_and_nothing_is_not_empty(engine: Engine) -> None:
    text = "\"double\" 'single' \\back ?,\ttab\nline\x7f Ñandú 🍋"
    with engine.reading({}) as session:
        result = session.run("select ? as a, ? as b, cast(null as varchar) as c", [text, ""])
    assert list(result.rows[0]) == [text, "", None]


def test_a_bad_query_fails_with_the_reason_and_leaves_the_session_usable(engine: Engine) -> None:
    with engine.reading({"daily_metrics": Days()}) as session:
        with pytest.raises(QueryFailed, match="no_such_column"):
            session.run("select no_such_column from daily_metrics")
        assert [tuple(row) for row in session.run("select count(*) from daily_metrics").rows] == [(4,)]


def test_values_and_marks_must_be_as_many(engine: Engine) -> None:
    with engine.reading({}) as session:
        for values in ([1], [1, 2, 3]):
            with pytest.raises(QueryFailed):
                session.run("select ? as a, ? as b", values)


def test_a_query_that_takes_too_long_is_stopped_and_the_session_is_usable(engine: Engine, endless: str) -> None:
    with engine.reading({}) as session:
        with pytest.raises(QueryFailed, match=r"longer than 0\.5 s"):
            session.run(endless, timeout_s=0.5)
        assert [tuple(row) for row in session.run("select 1").rows] == [(1,)]


def test_a_query_is_cancelled_from_another_thread_and_its_session_with_it(engine: Engine, endless: str) -> None:
    with engine.reading({}) as session:
        timer = threading.Timer(1.0, session.cancel)
        timer.start()
        with pytest.raises(QueryFailed, match="cancelled"):
            session.run(endless)
        timer.join()
        with pytest.raises(QueryFailed, match="cancelled"):
            session.run("select 1")


def test_threads_share_an_engine(engine: Engine) -> None:
    told: list[int] = []

    def ask(number: int) -> None:
        with engine.reading({"daily_metrics": Days()}) as session:
            result = session.run("select max(total_conversations) + ? from daily_metrics", [number], timeout_s=120)
            told.append(result.rows[0][0])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [4, 5, 6, 7]
