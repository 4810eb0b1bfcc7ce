"""The head of a metric's file: comment lines `-- name: value` that say what it is, before the one SELECT."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parcook.errors import Invalid

_LINE = re.compile(r"-- (?P<name>[a-z_]+): (?P<value>.+)")
_PARAM = re.compile(r"(?P<name>[a-z_]+) (?P<type>date|integer)(?: = (?P<default>\S+))?")
_LEAST = re.compile(r"(?P<least>\d+|min_people) (?P<what>[a-z_0-9]+)")
_OF = re.compile(r"(?P<what>[a-z_0-9]+) (?:of|to) (?P<base>[a-z_0-9]+)")
_TOTALS = re.compile(r"(?P<value>\S+) in (?P<column>[a-z_0-9]+) by (?P<by>[a-z_0-9]+)")
REQUIRED = ("title", "question", "chart", "unit", "params", "tables", "definition", "n", "summary")
OPTIONAL = ("people", "tied", "shares", "intervals", "least", "totals", "looks_back", "summary_of")
MAX_INTEGER = 10_000


@dataclass(frozen=True)
class Param:
    """A parameter of a metric, bound to the `?` of its place."""

    name: str
    type: str
    default: int | None

    def parse(self, text: str | None) -> Any:
        """The value that `text` gives. Raises `Invalid` saying what it must be."""
        if text is None:
            if self.default is None:
                raise Invalid(f"{self.name} is missing")
            return self.default
        try:
            if self.type == "date":
                return date.fromisoformat(text)
            number = int(text)
        except ValueError:
            example = "a date such as 2025-01-15" if self.type == "date" else "a whole number"
            raise Invalid(f"{self.name} must be {example}") from None
        if not 1 <= number <= MAX_INTEGER:
            raise Invalid(f"{self.name} must be 1 to {MAX_INTEGER:,}")
        return number


@dataclass(frozen=True)
class Totals:
    """Which rows are totals: those with `value` in `column`, each over the other rows with the same in `by`.

    A row in which a count of people is null, as it has not been counted yet, is no part of a total.
    """

    value: str
    column: str
    by: str


@dataclass(frozen=True)
class Header:
    """What a metric's file says of itself.

    `n` is what an answer rests on: `rows`, a column to be added up, or `first` and one that is the same in every row.
    `people` are the columns that count people or user-days and stay under the threshold; `tied` maps a column to the
    one of these that it would give away, with which it is withheld; `shares` and `intervals` map a share to the column
    it is a share of; `least` maps a column to the least that a row needs in it to be told at all, None for the
    threshold; `totals` are the rows that sum up others, if any do; `looks_back` is how many days before the first it
    needs, None for as many as are asked for.
    """

    title: str
    question: str
    chart: str
    unit: str
    definition: int
    params: Sequence[Param]
    tables: Sequence[str]
    n: str
    summary: str
    summary_of: str
    people: Sequence[str]
    tied: Mapping[str, str]
    shares: Mapping[str, str]
    intervals: Mapping[str, str]
    least: Mapping[str, int | None]
    totals: Totals | None
    looks_back: int | None


def parse_header(name: str, text: str) -> Header:
    """The header of the file of metric `name`. Raises `ValueError` naming what is missing or wrong."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        match = _LINE.fullmatch(line)
        if match is None or match["name"] in told or match["name"] not in (*REQUIRED, *OPTIONAL):
            raise ValueError(f"{name}.sql: this line of the header says nothing: {line}")
        told[match["name"]] = match["value"].strip()
    if missing := [field for field in REQUIRED if field not in told]:
        raise ValueError(f"{name}.sql: the header lacks {', '.join(missing)}")
    if "totals" in told and "least" in told:
        raise ValueError(f"{name}.sql: a total gives away the rows that are left out for want of their least")
    return Header(
        title=told["title"],
        question=told["question"],
        chart=told["chart"],
        unit=told["unit"],
        definition=int(told["definition"]),
        params=[_param(name, part) for part in _parts(told["params"])],
        tables=_parts(told["tables"]),
        n=told["n"],
        summary=told["summary"],
        summary_of=told.get("summary_of", "first"),
        people=_parts(told.get("people", "")),
        tied=_pairs(name, told.get("tied", "")),
        shares=_pairs(name, told.get("shares", "")),
        intervals=_pairs(name, told.get("intervals", "")),
        least=dict(_least(name, part) for part in _parts(told.get("least", ""))),
        totals=_totals(name, told["totals"]) if "totals" in told else None,
        looks_back=None if told.get("looks_back") == "period" else int(told.get("looks_back", "0")),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _param(name: str, text: str) -> Param:
    match = _PARAM.fullmatch(text)
    if match is None:
        raise ValueError(f"{name}.sql: {text!r} is no parameter; write from date, or limit integer = 20")
    return Param(match["name"], match["type"], int(match["default"]) if match["default"] else None)


def _least(name: str, text: str) -> tuple[str, int | None]:
    match = _LEAST.fullmatch(text)
    if match is None:
        raise ValueError(f"{name}.sql: {text!r} is no least number; write 10 requests, or min_people user_days")
    return match["what"], None if match["least"] == "min_people" else int(match["least"])


def _totals(name: str, text: str) -> Totals:
    match = _TOTALS.fullmatch(text)
    if match is None:
        raise ValueError(f"{name}.sql: {text!r} names no rows; write all in city by month")
    return Totals(match["value"], match["column"], match["by"])


def _pairs(name: str, text: str) -> dict[str, str]:
    pairs = {}
    for part in _parts(text):
        if (match := _OF.fullmatch(part)) is None:
            raise ValueError(f"{name}.sql: {part!r} names no second column; write share of people")
        pairs[match["what"]] = match["base"]
    return pairs
