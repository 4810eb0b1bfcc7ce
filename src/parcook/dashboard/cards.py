"""Every card of the page as a table: the artifact it is of, its rows and columns. Another card is another entry here.

Cards that follow the period show 28 days; where there is no such period, the longest shorter one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parcook.dashboard.words import NUMBERS, written

DAYS = 28
MOST_USED = 20

Data = Any  # the `data` of an artifact, or one of its periods, as decoded
Row = Sequence[Any]
Columns = Sequence[tuple[str, str]]  # name, and the form its values are written in (`words.py`)
Reader = Callable[[Data], tuple[Columns, Sequence[Row]]]


@dataclass(frozen=True)
class Table:
    """What a card says, without its picture. A cell is a value in the form of its column, or text already written."""

    title: str
    sentence: str | None
    columns: Columns
    rows: Sequence[Row]


@dataclass(frozen=True)
class Text:
    """A cell that is written already, in whatever column it stands."""

    text: str


def text_of(value: Any, form: str) -> str:
    """A cell as people read it."""
    return value.text if isinstance(value, Text) else written(form, value)


@dataclass(frozen=True)
class Card:
    """A card: the page it stands on, its title, its artifact, and how its rows are read."""

    page: str
    title: str
    view: str
    read: Reader
    follows_period: bool = False

    def table(self, artifact: Mapping[str, Any], days: int = DAYS) -> Table:
        """The card of one artifact as stored; of its periods, the one of so many days."""
        data, sentence = artifact["data"], artifact["metadata"]["summary"]
        period = pick_period(data["periods"], days) if isinstance(data, dict) and "periods" in data else None
        if period is not None:
            sentence = period["summary"] or sentence
        columns, rows = self.read((period or {"rows": []}) if self.follows_period else data)
        return Table(self.title, sentence, columns, rows)


def pick_period(periods: Sequence[Mapping[str, Any]], days: int = DAYS) -> Mapping[str, Any] | None:
    """The period of so many days; where there is none, the longest shorter one, else the shortest."""
    fitting = [period for period in periods if period["days"] <= days]
    return fitting[-1] if fitting else (periods[0] if periods else None)


def key_numbers(artifact: Mapping[str, Any], page: str, days: int = DAYS) -> Table | None:
    """The numbers at the head of a page; None before there are any."""
    told = pick_period([one for one in artifact["data"]["pages"] if one["page"] == page], days)
    if told is None:
        return None
    rows = [
        (
            NUMBERS[number["key"]] + (" (estimate)" if number["estimate"] else ""),
            Text(written(number["unit"], number["value"])),
            Text(written(number["unit"], number["previous"])),
            number["sentence"],
        )
        for number in told["numbers"]
    ]
    columns = (("number", "text"), ("value", "count"), ("period before", "count"), ("in words", "text"))
    return Table("Key numbers", None, columns, rows)


def listed(*columns: tuple[str, str, str], of: Callable[[Data], Sequence[Any]] = lambda data: data["rows"]) -> Reader:
    """A reader of named values: each column's name, form and key."""

    def read(data: Data) -> tuple[Columns, Sequence[Row]]:
        return [(name, form) for name, form, _ in columns], [[row.get(key) for *_, key in columns] for row in of(data)]

    return read


def _shown_days(data: Data) -> Sequence[Any]:
    complete = [day for day in data["days"] if day["complete"]]
    return complete[-DAYS:] + [day for day in data["days"] if not day["complete"]]


def _most_used(rows: Data) -> Sequence[Any]:
    return sorted((row for row in rows if not row["has_children"]), key=lambda row: -row["direct_usage"])[:MOST_USED]


def _ingredients(rows: Data) -> tuple[Columns, Sequence[Row]]:
    names = {row["ingredient_id"]: row["ingredient_name"] for row in rows}
    columns = (("ingredient", "text"), ("recipes", "count"), ("named directly", "count"), ("times used", "count"))
    told = [
        (_line(row["path"], names), row["hierarchical_usage"], row["direct_usage"], row["uses"])
        for row in sorted(rows, key=lambda row: _line(row["path"], names))
    ]
    return columns, told


def _line(path: str, names: Mapping[int, str]) -> str:
    """An ingredient with all that stands above it."""
    return " › ".join(names[int(step)] for step in path.strip("/").split("/"))


def _retention(data: Data) -> tuple[Columns, Sequence[Row]]:
    columns = [
        ("first week", "day"),
        ("people", "count"),
        *((f"week {k}", "share") for k in range(len(data["average"]))),
    ]
    rows: list[Row] = [[Text("All, weighted"), data["people"], *data["average"]]] if data["cohorts"] else []
    for cohort in data["cohorts"]:
        rows.append([cohort["cohort"], cohort["people"], *(cell["share"] for cell in cohort["cells"])])
    return columns, rows


def _mix(data: Data) -> tuple[Columns, Sequence[Row]]:
    names = [(written("category", name), "share") for name in data["categories"]]
    rows = [[week["week_start"], week["conversations"], *week["shares"]] for week in data["weeks"]]
    return [("week", "day"), ("conversations", "count"), *names], rows


def _seasons(data: Data) -> tuple[Columns, Sequence[Row]]:
    rows = [[row["category"], *row["season_index"]] for row in data["categories"]]
    return [("category", "category"), *((month, "count") for month in data["months"])], rows


def _demand(data: Data) -> tuple[Columns, Sequence[Row]]:
    columns = (
        ("ingredient", "text"), ("conversations", "count"), ("of demand", "share"), ("period before", "share"),
        ("recipes", "count"), ("of supply", "share"), ("times as much", "times"),
    )  # fmt: skip
    period = pick_period(data["periods"])
    if period is None:
        return columns, []
    asked = zip(
        period["conversations"], period["demand_share"], period["demand_share_before"], period["lift"], strict=True
    )
    rows = [
        (one["name"], count, share, before, one["recipes"], one["supply_share"], lift)
        for one, (count, share, before, lift) in zip(data["ingredients"], asked, strict=True)
        if count or one["recipes"]
    ]
    return columns, rows


def _weeks(data: Data) -> Sequence[Any]:
    rows: Sequence[Any] = data["weeks"]
    return rows


CARDS = (
    Card("audience", "Active people", "activity-daily", listed(
        ("day", "day", "date"), ("daily", "count", "dau"), ("weekly", "count", "wau"), ("monthly", "count", "mau"),
        ("visitors", "count", "visitors"), ("conversations", "count", "conversations"),
        ("messages", "count", "messages"), ("complete", "yes", "complete"), of=_shown_days)),
    Card("audience", "Do new people come back?", "retention", _retention),
    Card("audience", "Growth, week on week", "growth", listed(
        ("week", "day", "week_start"), ("people", "count", "people"), ("new", "count", "new_people"),
        ("returning", "count", "returning_people"), ("change", "percent", "growth"), ("complete", "yes", "complete"),
        of=_weeks)),
    Card("audience", "Peak hours", "peak-hours", listed(
        ("weekday", "weekday", "weekday"), ("hour", "count", "hour"), ("conversations", "count", "conversations"),
        ("hours", "mean", "hours"), ("an hour", "mean", "per_hour")), follows_period=True),
    Card("conversations", "Conversation length", "conversation-length", listed(
        ("messages, mean", "mean", "mean"), ("period before", "mean", "mean_before"), ("median", "count", "median")),
        follows_period=True),
    Card("conversations", "Did they get to cook?", "outcomes", listed(
        ("week", "day", "week_start"), ("cooked, they said", "count", "confirmed"),
        ("likely cooked", "count", "likely"), ("asked on", "count", "engaged"), ("looked", "count", "browsed"),
        ("given up", "count", "abandoned"), ("complete", "yes", "complete"), of=_weeks)),
    Card("conversations", "Tools the assistant used", "tool-usage", listed(
        ("tool", "key", "tool"), ("conversations", "count", "conversations"), ("share", "share", "conversation_share"),
        ("period before", "share", "conversation_share_before"), ("calls", "count", "calls"),
        ("failures", "count", "failures"), ("half within", "ms", "p50_ms"), ("19 of 20 within", "ms", "p95_ms")),
        follows_period=True),
    Card("conversations", "Feature adoption", "feature-adoption", listed(
        ("feature", "key", "feature"), ("share of people", "share", "share"),
        ("period before", "share", "share_before"), ("people", "count", "people"), ("weeks", "count", "weeks")),
        follows_period=True),
    Card("demand", "What people ask for, against what the catalogue offers", "ingredient-demand", _demand),
    Card("demand", "Top 10 recipes", "top-recipes", listed(
        ("place", "count", "place"), ("recipe", "text", "recipe_name"), ("category", "category", "category"),
        ("conversations", "count", "conversations"), ("period before", "count", "conversations_before"),
        ("mentions", "count", "mentions"), ("place before", "count", "previous_place"),
        of=lambda period: period["rows"][:10]), follows_period=True),
    Card("demand", "Recipe categories", "recipe-categories", listed(
        ("category", "category", "category"), ("conversations", "mean", "conversations"), ("share", "share", "share"),
        ("period before", "share", "share_before")), follows_period=True),
    Card("demand", "Categories over time", "recipe-categories", _mix),
    Card("demand", "Seasons", "seasonality", _seasons),
    Card("demand", "Asked for, not in the catalogue", "catalogue-gaps", listed(
        ("asked for", "text", "name"), ("why", "reason", "reason"), ("requests", "count", "requests"),
        ("period before", "count", "requests_before"), ("people × days", "count", "user_days"),
        ("refused", "count", "refused"), ("nearest recipe", "text", "nearest")), follows_period=True),
    Card("catalogue", "Ingredient usage", "ingredient-tree", _ingredients),
    Card("catalogue", "Recipe complexity", "recipe-complexity", listed(
        ("ingredients", "count", "ingredient_count"), ("recipes", "count", "recipe_count"), of=lambda rows: rows)),
    Card("catalogue", "Most used ingredients", "ingredient-tree", listed(
        ("ingredient", "text", "ingredient_name"), ("recipes", "count", "direct_usage"), of=_most_used)),
)  # fmt: skip
