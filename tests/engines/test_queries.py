"""SQL that somebody typed: one query passes, and nothing else does, whichever engine is to run it."""

import pytest

from parcook.engines.queries import one_query
from parcook.errors import Invalid

MATCHING = (
    "select * from daily_metrics match_recognize (order by date measures a.dau as x pattern (a+) define a as true)"
)


@pytest.mark.parametrize(
    "query",
    [
        "select date, dau from daily_metrics order by date desc",
        "SELECT 1;",
        "select 'drop table daily_metrics; select 2' as text -- ; drop table daily_metrics",
        "with d as (select dau from daily_metrics) select max(dau) from d",
        "(select 1) union all (select 2)",
        "values (1), (2)",
        "table daily_metrics",
        "from daily_metrics",
        "describe daily_metrics",
        "show tables",
        "summarize daily_metrics",
        "pivot daily_metrics on complete in (true, false) using sum(dau)",
        "explain select dau from daily_metrics",
        "explain analyze select dau from daily_metrics",
        "select 'Ñandú 🍋' as name",
        MATCHING,
        "show partitions from daily_metrics",
        "select 1 where",
    ],
)
def test_one_query_passes_as_it_is(query: str) -> None:
    assert one_query(query) == query


@pytest.mark.parametrize(
    "statement",
    [
        "drop table daily_metrics",
        "; drop table daily_metrics",
        "insert into daily_metrics select * from daily_metrics",
        "with d as (select 1) insert into daily_metrics select * from d",
        "update daily_metrics set dau = 0",
        "delete from daily_metrics",
        "merge into daily_metrics using weekly_metrics on false when matched then delete",
        "truncate daily_metrics",
        "alter table daily_metrics rename to mine",
        "create table mine as select 1",
        "copy daily_metrics to 'mine.csv'",
        "set timezone = 'UTC'",
        "call pragma_version()",
        "prepare mine as select 1",
        "execute mine",
        "begin",
        "msck repair table daily_metrics",
        "unload (select 1) to 's3://mine/' with (format = 'parquet')",
        "execute immediate 'drop table daily_metrics'",
        "grant select on daily_metrics to public",
        "explain drop table daily_metrics",
        "explain analyze drop table daily_metrics",
        "EXPLAIN /* */ ANALYZE delete from daily_metrics",
        "explain (analyze) delete from daily_metrics",
        "explain explain select 1",
    ],
)
def test_what_is_no_query_is_refused_with_what_would_be_one(statement: str) -> None:
    with pytest.raises(Invalid, match=r"not (a|one) query.*SELECT, WITH, VALUES, FROM"):
        one_query(statement)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ("select 1; select 2", "it is 2 statements: ask one query at a time"),
        ("select 1; drop table daily_metrics;", "it is 2 statements"),
        ("explain select 1; drop table daily_metrics", "it is 2 statements"),
        (f"{MATCHING.replace('(a+)', '(^a+$)')}; drop table daily_metrics", "it is not one query"),
        ("pivot daily_metrics on complete using sum(dau)", "name them, as ON column IN"),
    ],
)
def test_several_statements_are_refused(statements: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        one_query(statements)


@pytest.mark.parametrize("nothing", ["", " ", "-- a comment", "/* another */", "explain", "explain analyze -- what?"])
def test_nothing_is_no_query(nothing: str) -> None:
    with pytest.raises(Invalid, match="there is no query in it"):
        one_query(nothing)


@pytest.mark.parametrize("before", ["", "explain ", "explain analyze "])
def test_a_comment_that_ends_sooner_elsewhere_hides_no_statement(before: str) -> None:
    """DuckDB's comments nest, those of Trino do not: to it, a DROP comes first here."""
    assert one_query(f"{before}/* /* */ drop table daily_metrics -- */\nselect 1") == f"{before}select 1"


def test_what_is_no_unicode_is_refused() -> None:
    with pytest.raises(Invalid, match="not text in UTF-8"):
        one_query("select '\udcff'")
