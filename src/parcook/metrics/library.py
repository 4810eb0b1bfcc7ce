"""The metrics there are, one SQL file each, and asking one: parameters checked and bound, small counts withheld."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from parcook.clock import WEEKDAYS
from parcook.engines.contract import Days, Engine, Session
from parcook.errors import Invalid, NotFound
from parcook.metrics.header import Header, parse_header
from parcook.metrics.threshold import Row, shown_columns, withhold

MAX_DAYS = 731
_WORD = re.compile(r"\w+")
_FORMULA = ("=", "+", "-", "@")
DAY = timedelta(days=1)
_STATE = """
select max(case when complete then date end) as data_through, count(case when complete then 1 end) as complete_days
from daily_metrics
where date between ? and ?
"""


@dataclass(frozen=True)
class Metric:
    """A question about the lake: its name, what its header says, and its one SELECT."""

    name: str
    header: Header
    sql: str

    def describe(self) -> dict[str, Any]:
        """For lists of metrics: title, question, parameters, definition."""
        return {
            "name": self.name,
            "title": self.header.title,
            "question": self.header.question,
            "chart": self.header.chart,
            "unit": self.header.unit,
            "params": [
                {"name": param.name, "type": param.type, "default": param.default} for param in self.header.params
            ],
            "definition": f"{self.name} {self.header.definition}",
        }


@dataclass(frozen=True)
class MetricAnswer:
    """Rows, and how they came about."""

    rows: Sequence[Row]
    metadata: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {"data": list(self.rows), "metadata": dict(self.metadata)}

    def as_csv(self) -> str:
        """As a table; a cell of text that a spreadsheet would run as a formula is quoted by an apostrophe."""
        columns = list(self.rows[0]) if self.rows else list(self.metadata["columns"])
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(row[column]) for column in columns] for row in self.rows)
        return written.getvalue()


@cache
def load_metrics() -> Mapping[str, Metric]:
    """All metrics by name. Raises `ValueError` for a file with a bad header."""
    folder = files("parcook.metrics") / "sql"
    texts = {
        entry.name.removesuffix(".sql"): entry.read_text() for entry in folder.iterdir() if entry.name.endswith(".sql")
    }
    return {name: Metric(name, parse_header(name, text), text) for name, text in sorted(texts.items())}


def find_metric(name: str) -> Metric:
    """The metric of this name. Raises `NotFound` naming the nearest there are."""
    metrics = load_metrics()
    if name not in metrics:
        near = get_close_matches(name[:64], metrics, 3)
        raise NotFound(
            f"there is no such metric; {'did you mean ' + ' or '.join(near) if near else 'see parcook metrics'}"
        )
    return metrics[name]


def answer(
    metric: Metric, engine: Engine, given: Mapping[str, str | None], *, min_people: int, timezone: str
) -> MetricAnswer:
    """The answer of `metric` for the parameters `given`, texts by name.

    Raises `Invalid` for parameters that are unknown, missing or wrong; what the engine raises.
    """
    values = read_values(metric, given)
    looks_back = metric.header.looks_back
    first, last = values["from"], values["to"]
    start = first - (timedelta(days=looks_back) if looks_back is not None else last - first + DAY)
    words = frozenset(_WORD.findall(metric.sql + _STATE))  # a column that is not named is not read: `*` is not portable
    tables = {
        "daily_metrics": Days(first, last, words),
        **dict.fromkeys(metric.header.tables, Days(start, last, words)),
    }
    with engine.reading(tables) as session:
        return ask(metric, session, values, min_people=min_people, timezone=timezone)


def ask(
    metric: Metric,
    session: Session,
    values: Mapping[str, Any],
    *,
    min_people: int,
    timezone: str,
    timeout_s: float = 30.0,
    complete: Sequence[date] | None = None,
) -> MetricAnswer:
    """The answer for `values` in a session that reads the metric's tables and `daily_metrics`.

    `complete` are the days from the first to the last that are complete, in order, where the caller knows: then the
    session is not asked for them.
    """
    result = session.run(metric.sql, [values[param.name] for param in metric.header.params], timeout_s)
    rows, withheld = withhold([_plain(row) for row in result.as_dicts()], metric.header, min_people)
    first, last = values["from"], values["to"]
    if complete is None:
        told = session.run(_STATE, [first.isoformat(), last.isoformat()], timeout_s)
        data_through, complete_days = told.rows[0]
    else:
        told = None
        data_through, complete_days = complete[-1].isoformat() if complete else None, len(complete)
    metadata = {
        "metric": metric.name,
        "definition": f"{metric.name} {metric.header.definition}",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "n": _rests_on(metric.header, rows),
        "complete": complete_days == (last - first).days + 1 and not session.damaged,
        "suppressed": withheld,
        "exact": not metric.header.intervals,
        "estimate": bool(metric.header.intervals),
        "data_through": data_through,
        "timezone": timezone,
        "columns": shown_columns(result.columns, metric.header),
        "summary": _summary(metric, rows),
    }
    if session.damaged:
        metadata["damaged"] = list(session.damaged)
    statements = [result] if told is None else [result, told]
    scanned = [statement.bytes_scanned for statement in statements if statement.bytes_scanned is not None]
    costs = [statement.cost_usd for statement in statements if statement.cost_usd is not None]
    if len(scanned) == len(statements):
        metadata["bytes_scanned"] = sum(scanned)
    if len(costs) == len(statements):
        metadata["cost_usd"] = round(sum(costs), 6)
    return MetricAnswer(rows, metadata)


def read_values(metric: Metric, given: Mapping[str, str | None]) -> dict[str, Any]:
    """The values of the parameters of `metric` that the texts `given` stand for. Raises `Invalid`."""
    names = [param.name for param in metric.header.params]
    if unknown := sorted(set(given) - set(names)):
        raise Invalid(f"{metric.name} takes {', '.join(names)}, not {len(unknown)} other parameters")
    values = {param.name: param.parse(given.get(param.name)) for param in metric.header.params}
    first, last = values["from"], values["to"]
    if last < first:
        raise Invalid("to must not be before from")
    if (last - first).days >= MAX_DAYS:
        raise Invalid(f"ask for up to {MAX_DAYS} days at once")
    if not date(2000, 1, 1) <= first <= last <= date(9000, 1, 1):
        raise Invalid("from and to must be days that events can be of")
    return values


def _rests_on(header: Header, rows: Sequence[Mapping[str, Any]]) -> int:
    """What the answer rests on: its rows, the sum of a column, or the `first` of one that says the same in each row."""
    how, _, what = header.n.rpartition(" ")
    if what == "rows":
        return len(rows)
    return sum(row[what] or 0 for row in (rows[:1] if how == "first" else rows))


def _summary(metric: Metric, rows: Sequence[Row]) -> str:
    """The header's sentence, with the numbers of the row it is about; without them, that there is nothing yet."""
    if not rows:
        return "There is nothing for these days yet."
    row = rows[-1] if metric.header.summary_of == "last" else rows[0]
    try:
        return metric.header.summary.format(**_spoken(row))
    except (TypeError, ValueError):  # a number that is not there: withheld, or not yet to be measured
        return f"{metric.header.title}: too little to say it in one number."


def _spoken(row: Row) -> Row:
    """The row as sentences tell it: weekdays, 1 to 7, by name."""
    return {**row, "weekday": WEEKDAYS[row["weekday"] - 1]} if "weekday" in row else row


def _plain(row: Mapping[str, Any]) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in _FORMULA else value
