"""A week in sentences and small tables, for those who read mail.

It is what the page said when the week was over: the artifacts as they were at the end of its Sunday, whose 7 days are
the week. No number is made here.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from parcook.artifacts.insights.cook import InsightCook
from parcook.dashboard.cards import Card, Columns, Data, Row, Table, Text, key_numbers, listed, pick_period
from parcook.errors import Invalid, NotFound
from parcook.metrics.threshold import LEAST_BASE

DAYS = 7
ROWS = 5
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True)
class Digest:
    """One ISO week that is over."""

    title: str
    monday: date
    tables: Sequence[Table]

    @property
    def week(self) -> str:
        """The week's name, `2025-W03`."""
        return name_of(self.monday)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=DAYS - 1)

    def as_dict(self) -> dict[str, Any]:
        """As JSON tells it: values as they are, a name for each column."""
        return {
            "week": self.week,
            "first": self.monday.isoformat(),
            "last": self.sunday.isoformat(),
            "parts": [
                {"title": table.title, "sentence": table.sentence, "rows": [_named(row, table) for row in table.rows]}
                for table in self.tables
            ],
        }


def make_digest(insights: InsightCook, monday: date, title: str) -> Digest:
    """The digest of the week that begins on `monday`. Raises `NotFound` if that week is not whole in the lake."""
    sunday = monday + timedelta(days=DAYS - 1)
    artifacts, told = insights.fresh(until=sunday)
    through = told["data_through"]
    if through is None or through < monday.isoformat():
        raise NotFound(f"there are no numbers of {_said(monday)}; `parcook status` says how far they go")
    if through < sunday.isoformat():
        raise NotFound(f"{_said(monday)}, is not whole yet: its numbers go to {date.fromisoformat(through):%-d %B}")
    cards = [card.table(artifacts[card.view], DAYS) for card in CARDS]
    return Digest(title, monday, [*_numbers(artifacts["key-numbers"]), *cards])


def parse_week(text: str) -> date:
    """The Monday of an ISO week such as `2025-W03`. Raises `Invalid`."""
    if match := _WEEK.fullmatch(text):
        with suppress(ValueError):  # there are years without a week 53
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    raise Invalid("write the week as ISO does: 2025-W03")


def last_week(today: date) -> date:
    """The Monday of the last week that was over when `today` began."""
    return today - timedelta(days=today.weekday() + DAYS)


def name_of(monday: date) -> str:
    """The name of a week."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _said(monday: date) -> str:
    return f"{name_of(monday)}, {monday:%-d %B %Y} to {monday + timedelta(days=DAYS - 1):%-d %B %Y}"


def _named(row: Row, table: Table) -> Mapping[str, Any]:
    values = (value.text if isinstance(value, Text) else value for value in row)
    return dict(zip((name for name, _ in table.columns), values, strict=True))


def _days(data: Data) -> Sequence[Any]:
    rows: Sequence[Any] = data["days"][-DAYS:]
    return rows


def _first(data: Data) -> Sequence[Any]:
    rows: Sequence[Any] = data["rows"][:ROWS]
    return rows


def _scarce(data: Data) -> tuple[Columns, Sequence[Row]]:
    """What is asked for most beyond what the catalogue offers, of what is asked for often enough to tell."""
    columns = (("ingredient", "text"), ("of demand", "share"), ("of supply", "share"), ("times as much", "times"))
    period = pick_period(data["periods"], DAYS)
    if period is None:
        return columns, []
    told = zip(data["ingredients"], period["conversations"], period["demand_share"], period["lift"], strict=True)
    often = [
        (one["name"], share, one["supply_share"], lift)
        for one, conversations, share, lift in told
        if lift is not None and conversations >= LEAST_BASE
    ]
    return columns, sorted(often, key=lambda row: (-row[3], row[0]))[:ROWS]


def _numbers(artifact: Mapping[str, Any]) -> list[Table]:
    """The key numbers of the Overview, their sentences above them."""
    table = key_numbers(artifact, "overview", DAYS)
    if table is None:
        return []
    said = " ".join(str(row[-1]) for row in table.rows)
    return [replace(table, sentence=said, columns=table.columns[:-1], rows=[row[:-1] for row in table.rows])]


CARDS = (
    Card("overview", "Active people", "activity-daily", listed(
        ("day", "day", "date"), ("people", "count", "dau"), ("conversations", "count", "conversations"),
        ("messages", "count", "messages"), of=_days)),
    Card("demand", "Top recipes", "top-recipes", listed(
        ("place", "count", "place"), ("recipe", "text", "recipe_name"), ("conversations", "count", "conversations"),
        ("week before", "count", "conversations_before"), of=_first), follows_period=True),
    Card("demand", "What people ask for, against what the catalogue offers", "ingredient-demand", _scarce),
    Card("demand", "Asked for, not in the catalogue", "catalogue-gaps", listed(
        ("asked for", "text", "name"), ("why", "reason", "reason"), ("requests", "count", "requests"),
        ("week before", "count", "requests_before"), of=_first), follows_period=True),
    Card("demand", "Recipe categories", "recipe-categories", listed(
        ("category", "category", "category"), ("share", "share", "share"), ("week before", "share", "share_before"),
        of=_first), follows_period=True),
    Card("conversations", "Did they get to cook?", "outcomes", listed(
        ("recipe conversations", "count", "conversations"), ("got to cook", "share", "cooked_share"),
        ("at least", "share", "cooked_share_low"), ("at most", "share", "cooked_share_high")), follows_period=True),
    Card("conversations", "Tools the assistant used", "tool-usage", listed(
        ("tool", "key", "tool"), ("of conversations", "share", "conversation_share"), ("calls", "count", "calls"),
        ("failed", "count", "failures"), of=_first), follows_period=True),
)  # fmt: skip
