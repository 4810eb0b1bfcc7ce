"""Values on their way to Athena, as literals in the text, and back from the text that it answers in."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from parcook.engines.contract import Value
from parcook.errors import QueryFailed

_MARKS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\?""", re.DOTALL)


def bound(sql: str, values: Sequence[Value]) -> str:
    """`sql` with `values` written for its `?`, in their order; a `?` in a text, a name or a comment is none.

    Athena takes parameters of its own in WHERE clauses only (as its documentation has it), metrics have them elsewhere
    too. Raises `QueryFailed` if there are more or fewer marks than values.
    """
    left = list(values)
    marks = 0

    def write(found: re.Match[str]) -> str:
        nonlocal marks
        if found[0] != "?":
            return found[0]
        marks += 1
        return literal(left.pop(0)) if left else "?"

    text = _MARKS.sub(write, sql)
    if marks != len(values):
        raise QueryFailed(f"the statement takes {marks} values and was given {len(values)}")
    return text


def literal(value: Value) -> str:
    """`value` as Trino's SQL writes it."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return f"DOUBLE '{value!r}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "float": float,
    "double": float,
    "decimal": Decimal,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


def read(datum: Mapping[str, str], type: str) -> Any:
    """The value of a cell of the column type `type`, None where it is null.

    Arrays and maps stay the text that Athena writes them as, in which a comma may be anybody's.
    """
    text = datum.get("VarCharValue")
    return None if text is None else _READERS.get(type, str)(text)
