"""From the rows of one day to its numbers: what SQL counts, and what it takes to tell recipes by their names.

A recipe goes by one name, however it is spelled: the catalogue's, or else the one most used on this day. A name of
free text is told if enough people used it in the weeks before; the others, and what is beyond the most used ones,
are added up under one sign.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from parcook.lake import daily_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OTHERS = "…"
MAX_NAMES = 1_000
WHOLE_SHARE = 27_720  # can be divided by 1 to 12 without a remainder

Admits = Callable[[str], bool]
"""Whether a name of free text, in small letters, may be told."""


@dataclass(frozen=True)
class Counted:
    """What the rows of one day say.

    `numbers` are those of `daily_metrics` that come from them alone; `user_days` says how many people named each
    recipe; `sound` holds the checks of the rows themselves.
    """

    numbers: Mapping[str, Any]
    user_days: Mapping[str, int]
    rows: int
    mentions: int
    sound: Mapping[str, bool]


def prepare(connection: "DuckDBPyConnection") -> None:
    """Make what `count_day` looks through, over tables `day_rows` and `day_calls`, which must be there."""
    for view in daily_sql.VIEWS:
        connection.execute(view)


def count_day(connection: "DuckDBPyConnection", day: date, admits: Admits) -> Counted:
    """The numbers of `day`, whose rows are in `day_rows` and `day_calls`."""
    for table in daily_sql.TABLES:
        connection.execute(table)
    of_rows = _one(connection, daily_sql.OF_ROWS, {"day": day})
    numbers: dict[str, Any] = {name: {} for name in daily_sql.MAPS}
    for name, key, number in sorted(connection.execute(daily_sql.ALL_MAPS).fetchall()):
        numbers[name][key] = number
    numbers |= _one(connection, daily_sql.OF_TALKS, {})
    numbers |= {name: of_rows[name] for name in ("unique_users", "matched_mentions")}
    names = _Names(connection, admits)
    numbers["unique_recipes"] = len(names)
    user_days = dict(connection.execute(daily_sql.USER_DAYS).fetchall())
    numbers |= _recipes(connection, names, user_days) | _gaps(connection, names) | _subjects(connection)
    return Counted(
        numbers,
        {folded: people for folded, people in user_days.items() if people},
        of_rows["rows"],
        of_rows["mentions"],
        {
            "unique_message_id": of_rows["ids_are_unique"],
            "not_null_keys": of_rows["keys_are_there"],
            "partition_is_local_date": of_rows["day_is_right"],
        },
    )


class _Names:
    """What the day's recipes are called, by their names in small letters."""

    def __init__(self, connection: "DuckDBPyConnection", admits: Admits) -> None:
        spellings: dict[str, list[tuple[bool, int, str]]] = {}
        for folded, name, uses, is_known in connection.execute(daily_sql.SPELLINGS).fetchall():
            spellings.setdefault(folded, []).append((not is_known, -uses, name))
        best = {folded: min(found) for folded, found in spellings.items()}
        self._names = {folded: name for folded, (_, _, name) in best.items()}
        self._known = {folded for folded, (is_unknown, _, _) in best.items() if not is_unknown}
        self._told = {folded for folded in best if folded in self._known or admits(folded)}

    def __len__(self) -> int:
        return len(self._names)

    def is_known(self, folded: str) -> bool:
        """Whether the catalogue has it."""
        return folded in self._known

    def tell(self, chosen_by: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
        """`counts` by the names that are told: if there are too many, those that `chosen_by` has most of."""
        ranked = sorted(self._told & chosen_by.keys(), key=lambda folded: (-chosen_by[folded], folded))[:MAX_NAMES]
        told = {folded: self._names[folded] for folded in ranked}
        by_name: Counter[str] = Counter()
        for folded, number in counts.items():
            by_name[told.get(folded, OTHERS)] += number
        return {name: number for name, number in sorted(by_name.items()) if number}


def _recipes(
    connection: "DuckDBPyConnection", names: _Names, user_days: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    columns = ("recipes_discussed", "recipes_conversations", "recipes_asked", "recipes_offered")
    counts = _columns(connection, daily_sql.RECIPES, columns) | {"recipes_user_days": user_days}
    return {name: names.tell(counts["recipes_conversations"], of_name) for name, of_name in counts.items()}


def _gaps(connection: "DuckDBPyConnection", names: _Names) -> dict[str, dict[str, int]]:
    """Requests for what the catalogue lacks, and of what it has those that were refused."""
    columns = ("gaps_requests", "gaps_user_days")
    refused = _columns(connection, daily_sql.REFUSED, columns)
    counts = {
        name: of_name | {folded: number for folded, number in asked.items() if not names.is_known(folded)}
        for (name, of_name), asked in zip(
            refused.items(), _columns(connection, daily_sql.REQUESTS, columns).values(), strict=True
        )
    }
    counts["gaps_refused"] = refused["gaps_requests"]
    return {name: names.tell(counts["gaps_requests"], of_name) for name, of_name in counts.items()}


def _subjects(connection: "DuckDBPyConnection") -> dict[str, dict[str, int]]:
    """What conversations were about: by category, each conversation shared out, and by branch, each in all of its."""
    branches: dict[int, Collection[int]] = dict(connection.execute(daily_sql.BRANCHES).fetchall())
    categories: Counter[str] = Counter()
    demand: Counter[str] = Counter()
    for recipes, found, conversations in connection.execute(daily_sql.SUBJECTS).fetchall():
        share, left = divmod(WHOLE_SHARE, len(found))
        for place, category in enumerate(found):
            categories[category] += (share + (place < left)) * conversations
        for branch in {branch for recipe in recipes or () for branch in branches[recipe]}:
            demand[str(branch)] += conversations
    return {"categories": dict(sorted(categories.items())), "demand": dict(sorted(demand.items()))}


def _one(connection: "DuckDBPyConnection", query: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The only row that `query` answers with, by its columns."""
    found = connection.execute(query, values)
    names = [column[0] for column in found.description]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def _columns(connection: "DuckDBPyConnection", query: str, names: Collection[str]) -> dict[str, dict[str, int]]:
    """What `query` answers with, column by column, each by the key in the first."""
    rows = connection.execute(query).fetchall()
    return {name: {row[0]: row[place] for row in rows} for place, name in enumerate(names, start=1)}
