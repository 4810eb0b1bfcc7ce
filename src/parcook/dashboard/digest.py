"""A week in sentences and small tables, for those who read mail: everything from the metrics, no number of its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from parcook.dashboard.cards import Table
from parcook.engines.contract import Days, Engine
from parcook.errors import Invalid, NotFound
from parcook.metrics.library import MetricAnswer, ask, find_metric, read_values

LOOK_BACK = timedelta(days=28)
_WEEK = re.compile(r"(\d{4})-W(\d{2})")

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Digest:
    """One ISO week: `complete` if every day of it is over and exported."""

    title: str
    monday: date
    complete: bool
    tables: Sequence[Table]

    @property
    def week(self) -> str:
        """The week's name, `2025-W03`."""
        return name_of(self.monday)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def as_dict(self) -> dict[str, Any]:
        """As JSON tells it: values as they are, a name for each column."""
        return {
            "week": self.week,
            "first": self.monday.isoformat(),
            "last": self.sunday.isoformat(),
            "complete": self.complete,
            "parts": [
                {
                    "title": table.title,
                    "sentence": table.sentence,
                    "rows": [dict(zip((name for name, _ in table.columns), row, strict=True)) for row in table.rows],
                }
                for table in self.tables
            ],
        }


@dataclass(frozen=True)
class Part:
    """A metric in the digest: its columns (name, form, key), and which of its rows, if not all, in which order."""

    metric: str
    columns: Sequence[tuple[str, str, str]]
    choose: Callable[[Rows], Rows] = lambda rows: rows
    limit: int | None = None

    def table(self, told: MetricAnswer) -> Table:
        """The part for an answer of its metric."""
        rows = [[row[key] for *_, key in self.columns] for row in self.choose(told.rows)]
        columns = [(name, form) for name, form, _ in self.columns]
        return Table(find_metric(self.metric).header.title, told.metadata["summary"], columns, rows)


def _scarce(rows: Rows) -> Rows:
    """The five most specific ingredients that are asked for most beyond what the catalogue offers."""
    parents = {row["parent_id"] for row in rows}
    leaves = [row for row in rows if row["ingredient_id"] not in parents and row["lift"] is not None]
    return sorted(leaves, key=lambda row: (-row["lift"], row["name"]))[:5]


PARTS = (
    Part("growth", (("week", "text", "week"), ("people", "count", "people"), ("change", "percent", "growth"))),
    Part("new_and_returning", (
        ("people", "count", "people"), ("new", "count", "new_people"), ("returning", "share", "returning_share"))),
    Part("daily_totals", (
        ("day", "day", "day"), ("people", "count", "people"), ("conversations", "count", "conversations"),
        ("messages", "count", "messages"))),
    Part("recipe_popularity", (
        ("place", "count", "place"), ("recipe", "text", "recipe_name"), ("conversations", "count", "conversations"),
        ("place before", "count", "previous_place")), limit=5),
    Part("ingredient_demand", (
        ("ingredient", "text", "name"), ("of demand", "share", "demand_share"), ("of supply", "share", "supply_share"),
        ("times as much", "times", "lift")), choose=_scarce),
    Part("catalogue_gaps", (
        ("asked for", "text", "name"), ("requests", "count", "requests"), ("week before", "count", "requests_before")),
        limit=5),
    Part("completion", (
        ("recipe conversations", "count", "conversations"), ("got to cook", "share", "cooked_share"),
        ("at least", "share", "cooked_share_low"), ("at most", "share", "cooked_share_high"))),
    Part("satisfaction", (("votes", "count", "votes"), ("up", "share", "up_share"))),
    Part("tool_usage", (
        ("tool", "key", "tool"), ("conversations", "share", "conversation_share"), ("calls", "count", "calls"),
        ("failed", "count", "failures")), choose=lambda rows: rows[:5]),
)  # fmt: skip


def make_digest(engine: Engine, monday: date, *, title: str, min_people: int, timezone: str) -> Digest:
    """The digest of the week that begins on `monday`. Raises `NotFound` if there is nothing of it."""
    sunday = monday + timedelta(days=6)
    names = {table for part in PARTS for table in find_metric(part.metric).header.tables} | {"daily_metrics"}
    told = []
    with engine.reading(dict.fromkeys(sorted(names), Days(monday - LOOK_BACK, sunday))) as session:
        for part in PARTS:
            given = {"from": monday.isoformat(), "to": sunday.isoformat()}
            if part.limit is not None:
                given["limit"] = str(part.limit)
            metric = find_metric(part.metric)
            values = read_values(metric, given)
            told.append(ask(metric, session, values, min_people=min_people, timezone=timezone))
    if all(answer.metadata["data_through"] is None for answer in told):
        raise NotFound(
            f"there is nothing of {name_of(monday)}, {monday:%-d %B %Y} to {sunday:%-d %B %Y}; "
            "`parcook status` says how far the numbers go"
        )
    complete = all(answer.metadata["complete"] for answer in told)
    return Digest(title, monday, complete, [part.table(answer) for part, answer in zip(PARTS, told, strict=True)])


def parse_week(text: str) -> date:
    """The Monday of an ISO week such as `2025-W03`. Raises `Invalid`."""
    if match := _WEEK.fullmatch(text):
        with suppress(ValueError):  # there are years without a week 53
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    raise Invalid("write the week as ISO does: 2025-W03")


def last_week(today: date) -> date:
    """The Monday of the last week that was over when `today` began."""
    return today - timedelta(days=today.weekday() + 7)


def name_of(monday: date) -> str:
    """The name of a week."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
