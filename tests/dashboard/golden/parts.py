"""What all golden artifacts are put together from: periods, shares and intervals."""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any

from tests.dashboard.golden.world import MIN_PEOPLE, PERIODS, Talk, between, earlier, window

Row = dict[str, Any]
Rows = tuple[list[Row], int, str]  # rows, how many were withheld, the sentence


def by_period(
    build: Callable[[list[Talk], list[Talk] | None, int], Rows],
    unit: Callable[[list[Talk]], int] = len,
) -> list[Row]:
    """The four periods; `build` gets the conversations of each, those before, and its days."""
    told = []
    for days in PERIODS:
        first, last = window(days)
        found = between(first, last)
        rows, suppressed, summary = build(found, earlier(days), days)
        told.append(period(days, n=unit(found), suppressed=suppressed, summary=summary, rows=rows))
    return told


def period(days: int, **rest: Any) -> Row:
    """The head of a period."""
    first, last = window(days)
    return {"days": days, "first": first.isoformat(), "last": last.isoformat(), "complete": True, **rest}


def share(part: float, whole: float) -> float | None:
    """A share, if its base is 20 or more."""
    return round(part / whole, 4) if whole >= 20 else None


def shown(people: int) -> int | None:
    """A count of people, unless there are too few."""
    return people if people >= MIN_PEOPLE else None


def wilson(part: int, whole: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share."""
    if whole < 20:
        return None, None
    z = 1.96
    middle = (part + z * z / 2) / (whole + z * z)
    half = z / (whole + z * z) * sqrt(part * (whole - part) / whole + z * z / 4)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def quantile(ordered: Sequence[int], part: float) -> float:
    """The value that a part of `ordered` is at most."""
    return float(ordered[min(len(ordered) - 1, int(part * len(ordered)))])
