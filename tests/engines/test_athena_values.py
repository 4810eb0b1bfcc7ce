"""Values written into a statement: whatever they hold they stay values, and only what is a mark is taken for one."""

from datetime import date

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from parcook.engines.athena_values import bound, literal
from parcook.engines.contract import Value
from parcook.errors import QueryFailed

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))
VALUES = st.one_of(
    TEXTS,
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(9000, 1, 1)),
    st.none(),
)


@given(st.lists(VALUES, min_size=1, max_size=5))
@settings(deadline=None)  # connecting takes as long as it takes
def test_values_come_back_as_they_were(values: list[Value]) -> None:
    columns = ", ".join(f"? as c{number}" for number in range(len(values)))
    with duckdb.connect() as connection:
        row = connection.execute(bound(f"select {columns}", values)).fetchone()
    assert [(type(value), value) for value in row] == [(type(value), value) for value in values]


@given(TEXTS)
@settings(deadline=None)
def test_a_text_is_one_literal_to_trinos_grammar(text: str) -> None:
    statement = sqlglot.parse_one(f"select {literal(text)} as a", read="trino")
    (only,) = statement.expressions
    assert only.alias == "a"
    assert only.this.is_string
    assert only.this.this == text


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 'what?' as a where b = ?", "select 'what?' as a where b = 7"),
        ("select 'it''s ?' as a where b = ?", "select 'it''s ?' as a where b = 7"),
        ('select "odd?name" where b = ?', 'select "odd?name" where b = 7'),
        ("select 1 -- why?\nwhere b = ?", "select 1 -- why?\nwhere b = 7"),
        ("select 1 /* really?\n? */ where b = ?", "select 1 /* really?\n? */ where b = 7"),
        ("select a - -? as b", "select a - -7 as b"),
    ],
)
def test_only_a_mark_is_a_mark(sql: str, expected: str) -> None:
    assert bound(sql, [7]) == expected


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_a_value_written_in_is_never_looked_at_again(first: str, second: str) -> None:
    assert bound("? || ?", [first, second]) == f"{literal(first)} || {literal(second)}"


@pytest.mark.parametrize("values", [[], [1, 2]])
def test_as_many_values_as_marks(values: list[Value]) -> None:
    with pytest.raises(QueryFailed, match=f"takes 1 values and was given {len(values)}"):
        bound("select ?", values)
