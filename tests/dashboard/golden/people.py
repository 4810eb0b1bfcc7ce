"""Golden artifacts that count people: active people, cohorts, growth, features."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.dashboard.golden.parts import Row, Rows, by_period, share, shown
from tests.dashboard.golden.world import (
    FEATURES,
    FIRST,
    LAST,
    MIN_PEOPLE,
    TODAY,
    Talk,
    between,
    by_day,
    every_day,
    is_over,
    of_week,
    people,
    talks,
    weeks,
    window,
)


@cache
def active(day: date, days: int) -> int:
    """People active in the `days` days to `day`."""
    return len(people(between(day - timedelta(days=days - 1), day)))


def activity() -> Row:
    """activity-daily."""
    days = [
        {
            "date": day.isoformat(),
            "dau": active(day, 1),
            "wau": active(day, 7),
            "mau": active(day, 28),
            "visitors": active(day, 1) // 9,
            "conversations": len(by_day()[day]),
            "messages": sum(talk.messages for talk in by_day()[day]),
            "complete": day <= LAST,
        }
        for day in every_day(FIRST, TODAY)
    ]
    return {"days": days, "periods": by_period(_summaries, unit=lambda found: len(people(found)))}


def stickiness(day: date) -> float:
    """Mean daily people of 28 days over the people of those days."""
    return round(mean_daily(day, 28) / active(day, 28), 4)


def mean_daily(day: date, days: int) -> float:
    """Mean people a day in the `days` days to `day`."""
    return round(sum(active(one, 1) for one in every_day(day - timedelta(days=days - 1), day)) / days, 1)


def _summaries(_: list[Talk], before: list[Talk] | None, days: int) -> Rows:
    past = window(days, back=1)[1]
    values: dict[str, tuple[float, float]] = {
        "dau": (mean_daily(LAST, days), mean_daily(past, days) if before is not None else 0),
        "wau": (active(LAST, 7), active(past, 7)),
        "mau": (active(LAST, 28), active(past, 28)),
        "stickiness": (stickiness(LAST), stickiness(past)),
    }
    rows = [
        {"series": name, "value": value, "previous": previous if before is not None else None}
        for name, (value, previous) in values.items()
    ]
    return rows, 0, f"{active(LAST, 28):,} people were active in the 28 days to {LAST:%-d %B}."


@cache
def first_days() -> dict[int, date]:
    """When each person came for the first time."""
    first: dict[int, date] = {}
    for talk in talks():
        first.setdefault(talk.person, talk.day)
    return first


def retention() -> Row:
    """retention: the last 14 cohorts."""
    cohorts, withheld = [], 0
    kept: list[list[tuple[int, int]]] = [[] for _ in range(13)]
    for monday in weeks()[-14:]:
        cohort = {person for person, day in first_days().items() if monday <= day <= monday + timedelta(days=6)}
        cells = [_cell(cohort, monday + timedelta(weeks=week)) for week in range(13)]
        withheld += sum(cell["state"] == "withheld" for cell in cells)
        for found, cell in zip(kept, cells, strict=True):
            found += [(cell["people"], len(cohort))] if cell["state"] == "complete" else []
        cohorts.append({"cohort": monday.isoformat(), "people": shown(len(cohort)), "cells": cells})
    average = [share(sum(now for now, _ in found), sum(size for _, size in found)) for found in kept]
    return {
        "cohorts": cohorts,
        "average": average,
        "people": sum(cohort["people"] or 0 for cohort in cohorts),
        "measurable": True,
        "suppressed": withheld,
    }


def _cell(cohort: set[int], week: date) -> Row:
    if week > TODAY:
        return {"people": None, "share": None, "state": "future"}
    back = len(cohort & people(of_week(week)))
    if back < MIN_PEOPLE:
        return {"people": None, "share": None, "state": "withheld"}
    state = "complete" if is_over(week) else "partial"
    return {"people": back, "share": share(back, len(cohort)), "state": state}


def growth() -> Row:
    """growth: 53 weeks."""
    told: list[dict[str, Any]] = []
    for monday in weeks():
        now = people(of_week(monday))
        before = people(of_week(monday - timedelta(weeks=1)))
        lately = people(between(monday - timedelta(weeks=4), monday - timedelta(days=1)))
        told.append(
            {
                "week_start": monday.isoformat(),
                "people": len(now),
                "new_people": sum(first_days()[person] >= monday for person in now),
                "returning_people": len(now & lately),
                "growth": round((len(now) / len(before) - 1) * 100, 1) if is_over(monday) else None,
                "complete": is_over(monday),
            }
        )
    return {"weeks": told}


def features() -> Row:
    """feature-adoption."""
    return {"periods": by_period(_features, unit=lambda found: len(people(found)))}


def _features(_: list[Talk], before: list[Talk] | None, days: int) -> Rows:
    whole = [monday for monday in weeks() if window(days)[0] <= monday and is_over(monday)] or [weeks()[-2]]
    past = [monday - timedelta(days=days) for monday in whole]
    rows = []
    for name, (_often, since) in FEATURES.items():
        counted = [monday for monday in whole if monday > since]
        earlier = [monday for monday in past if monday > since] if before is not None else []
        users = [_users(name, monday) for monday in counted]
        rows.append(
            {
                "feature": name,
                "share": _mean_share(name, counted),
                "share_before": _mean_share(name, earlier),
                "people": shown(max(users, default=0)),
                "weeks": len(counted),
            }
        )
    rows.sort(key=lambda row: -(row["share"] or 0))
    return rows, 0, f"{rows[0]['feature'].replace('_', ' ').capitalize()} is used by {rows[0]['share']:.0%} of people."


def _users(feature: str, monday: date) -> int:
    return len(people(talk for talk in of_week(monday) if feature in talk.features))


def _mean_share(feature: str, mondays: list[date]) -> float | None:
    shares = [_users(feature, monday) / len(people(of_week(monday))) for monday in mondays]
    return round(sum(shares) / len(shares), 4) if shares else None
