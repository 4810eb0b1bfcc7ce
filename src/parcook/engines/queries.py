"""SQL that somebody typed: one query is let through to an engine, whichever it is, and nothing that changes anything.

DuckDB's parser tells what a text is, and runs nothing for it. A WITH of DuckDB's may still write, into the session's
own copy of the tables; Trino and Athena have no such statement.
"""

import re
from contextlib import closing

import duckdb

from parcook.errors import Invalid

_WORD = re.compile(rb"\w+")
_QUERIES_ON_TRINO = ("select", "with", "values", "show", "describe")
_KINDS = "SELECT, WITH, VALUES, FROM, TABLE, DESCRIBE, SHOW, SUMMARIZE, or EXPLAIN of one of them"


def one_query(sql: str) -> str:
    """`sql` without the comments before its first word, if it is one query, or EXPLAIN or EXPLAIN ANALYZE of one.

    Those comments are left out because engines differ in where one ends. What DuckDB cannot read is let through if it
    begins as queries do on Trino and no semicolon divides it: nothing that begins so writes there or on Athena, and
    DuckDB itself will say what it cannot read. Raises `Invalid` for anything else.
    """
    try:
        text = sql.encode()  # tokens are told by bytes
    except UnicodeEncodeError as error:
        raise Invalid("it is not text in UTF-8") from error
    starts = [start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    words = [_word_at(text, start) for start in starts[:2]]
    explaining = words if words == ["explain", "analyze"] else words[:1] if words[:1] == ["explain"] else []
    rest = starts[len(explaining) :]
    if not rest:
        raise Invalid(f"there is no query in it: write {_KINDS}")
    query = text[rest[0] :].decode()
    is_divided = any(text.startswith(b";", start) for start in rest[:-1])
    _check(query, may_be_trinos=_word_at(text, rest[0]) in _QUERIES_ON_TRINO and not is_divided)
    return " ".join([*explaining, query])


def _word_at(text: bytes, start: int) -> str:
    found = _WORD.match(text, start)
    return found[0].decode().lower() if found else ""


def _check(query: str, may_be_trinos: bool) -> None:
    try:
        with closing(duckdb.connect()) as connection:
            kinds = [statement.type for statement in connection.extract_statements(query)]
    except duckdb.ParserException as error:
        if may_be_trinos:
            return
        raise Invalid(f"it is not one query ({_KINDS}): {str(error).splitlines()[0]}") from error
    if len(kinds) != 1:
        raise Invalid(f"it is {len(kinds)} statements: ask one query at a time")
    if kinds == [duckdb.StatementType.MULTI]:
        raise Invalid("a PIVOT that looks for its values is several statements: name them, as ON column IN (1, 2)")
    if kinds != [duckdb.StatementType.SELECT]:
        raise Invalid(f"it is not a query: only {_KINDS} is run")
