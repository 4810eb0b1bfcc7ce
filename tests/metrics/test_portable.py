"""The texts of the metrics stay within what DuckDB and Trino understand alike (sqlglot reads, and rewrites nothing)."""

import re
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from parcook.metrics.library import load_metrics

# As sqlglot calls them: `if` is a branch of CASE, `datediff` Trino's date_diff, `dayofweek_iso` day_of_week.
FUNCTIONS = frozenset(
    (
        "and",
        "avg",
        "case",
        "cast",
        "coalesce",
        "count",
        "datediff",
        "dayofweek_iso",
        "if",
        "lag",
        "lower",
        "map_keys",
        "max",
        "min",
        "nullif",
        "or",
        "row_number",
        "split_part",
        "substring",
        "sum",
        "unnest",
    )
)
FORBIDDEN_TYPES = (exp.Qualify, exp.Lambda, exp.Limit, exp.Star, exp.IntDiv, exp.Interval)


def faults(sql: str) -> Iterator[str]:
    """What in `sql` means something else, or nothing, on one of the two engines."""
    try:
        (statement,) = sqlglot.parse(sql, read="trino")
    except (sqlglot.ParseError, ValueError) as error:
        yield f"it is no statement: {error}"
        return
    if not isinstance(statement, exp.Query):
        yield "it is no SELECT"
        return
    for node in statement.walk():
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Count):
            continue
        if isinstance(node, FORBIDDEN_TYPES):
            yield f"{type(node).__name__}: {node.sql()}"
        elif isinstance(node, exp.Func) and _name(node) not in FUNCTIONS:
            yield f"function {_name(node)}"
        elif isinstance(node, exp.Literal) and not node.is_string and "." in node.this and "e" not in node.this.lower():
            yield f"decimal literal {node.this}"
        elif isinstance(node, exp.Div) and not _is_double(node.this) and not _is_whole(node):
            yield f"a ratio that is not cast first: {node.sql()}"
        elif isinstance(node, exp.Group) and any(isinstance(key, exp.Literal) for key in node.expressions):
            yield "GROUP BY by place"
    if statement.args.get("order") is None and statement.find(exp.Unnest, exp.Group) is not None:
        yield "no total order"
    if re.search(r"\w\[", sql):  # the parser takes element_at, which is meant, for the same
        yield "a map read by brackets fails on Trino where the key is missing"
    if "::" in sql or "//" in sql or "approx_" in sql or "group by all" in sql.lower():
        yield "DuckDB's own notation, or an estimate"


def _name(node: exp.Func) -> str:
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    return name.lower()


def _is_double(node: exp.Expression) -> bool:
    """Whether an expression is a double for certain: cast to one, an average, or made of doubles."""
    if isinstance(node, exp.Cast):
        return node.to.this is exp.DataType.Type.DOUBLE
    if isinstance(node, exp.Sum | exp.Paren | exp.Window | exp.Coalesce | exp.Avg | exp.Max):
        return isinstance(node, exp.Avg) or _is_double(node.this)
    if isinstance(node, exp.Div | exp.Mul | exp.Add):
        return _is_double(node.this) or _is_double(node.expression)
    return isinstance(node, exp.Column) and node.name in DOUBLES


DOUBLES = frozenset({"dau_28", "share", "user_turns"})
"""Columns that an inner query has made doubles."""


def _is_whole(node: exp.Div) -> bool:
    """Whether whole division is meant: a number of units by the constant that makes them whole."""
    return isinstance(node.expression, exp.Literal) and node.expression.this == "27720"


@pytest.mark.parametrize("name", load_metrics())
def test_the_text_of_a_metric_is_portable(name: str) -> None:
    assert list(faults(load_metrics()[name].sql)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select a / b as x from t",
        "select 100.0 * a as x from t",
        "select a::double as x from t",
        "select regexp_extract(a, 'x') as x from t",
        "select approx_distinct(a) as x from t",
        "select reduce(map_values(m), 0, (s, x) -> s + x, s -> s) as x from t",
        "select * from t",
        "select a from t limit 5",
        "select a from t qualify row_number() over (order by a) = 1",
        "select m['k'] as x from t",
        "select a, count(*) as n from t group by 1 order by a",
        "select a, count(*) as n from t group by a",
        "select u.k as k from t cross join unnest(map_keys(m)) as u(k)",
        "select current_date as x from t",
        "select d + interval '7' day as x from t",
        "delete from t",
        "select 1; select 2",
        "not sql at all (",
    ],
)
def test_what_is_not_portable_is_found(sql: str) -> None:
    assert list(faults(sql)) != []
