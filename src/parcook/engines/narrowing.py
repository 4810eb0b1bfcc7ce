"""Days into predicates on partitions: how an engine that reads folders by itself is kept from reading them all.

The text of a metric stays as it is; in front of it, each table's name comes to mean the table's rows of those days.
"""

import re
from collections.abc import Mapping
from datetime import date

from parcook.engines.contract import Days

_LEADING_COMMENTS = re.compile(r"(?:\s*--[^\n]*\n)*\s*")
_WITH = re.compile(r"with\s+", re.IGNORECASE)


def narrowed(sql: str, tables: Mapping[str, Days], schema: str) -> str:
    """`sql`, whose tables are those of `schema`, reading only the partitions of the days given for each.

    Comments before the statement are left out. A table without a limit is read whole, one that the statement does not
    name is left out.
    """
    statement = _LEADING_COMMENTS.sub("", sql, count=1)
    shadows = [
        f"{name} as (select * from {schema}.{name} where {predicate})"
        for name, days in tables.items()
        if re.search(rf"\b{name}\b", statement) and (predicate := within(days))
    ]
    if not shadows:
        return statement
    own = _WITH.match(statement)
    return "with " + ",\n".join(shadows) + (",\n" + statement[own.end() :] if own else "\n" + statement)


def within(days: Days) -> str:
    """A predicate on the partition columns year, month and day; empty for days without a limit.

    It names the year apart, because engines cut the range of years before they look at single partitions.
    """
    parts = []
    if days.first is not None:
        parts += [f"year >= {days.first.year}", _beyond(">", days.first)]
    if days.last is not None:
        parts += [f"year <= {days.last.year}", _beyond("<", days.last)]
    return " and ".join(parts)


def _beyond(side: str, day: date) -> str:
    return f"(year {side} {day.year} or month {side} {day.month} or month = {day.month} and day {side}= {day.day})"
