"""The metrics of people as METRICS.md defines them, by sets of who wrote when; rows and columns as they are told."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from tests.metrics.truth import DAY, Rows, Truth, ratio

WEEK = timedelta(days=7)
SILENCE_DAYS = 90


def active_users(truth: Truth, first: date, last: date) -> Rows:
    began = truth.world.days[0]
    rows = []
    for day in truth.days(first, last):
        month = [day - n * DAY for n in range(28)]
        mau = len(truth.active(month[-1], day))
        mean = sum(len(truth.active(own, own)) for own in month) / 28
        rows.append(
            {
                "day": day.isoformat(),
                "dau": len(truth.active(day, day)),
                "wau": len(truth.active(day - 6 * DAY, day)),
                "mau": mau,
                "visitors": len(truth.active(day, day, "visitor")),
                "stickiness": ratio(mean, mau) if month[-1] >= began else None,
                "complete": True,
            }
        )
    return rows


def people_windows(truth: Truth, first: date, last: date) -> Rows:
    def people(days: int, day: date) -> int | None:
        return len(truth.active(day - (days - 1) * DAY, day)) if days <= 91 and day in truth.world.days else None

    return [
        {
            "days": days,
            "people": people(days, last),
            "people_before": people(days, last - days * DAY),
            "measurable": days <= 91,
        }
        for days in (7, 28, 91, 364)
    ]


def new_and_returning(truth: Truth, first: date, last: date) -> Rows:
    rows = []
    for monday in weeks(truth, first, last):
        people = truth.active(monday, monday + 6 * DAY)
        looks_back = (monday - truth.world.days[0]).days
        new = sum(monday <= day <= monday + 6 * DAY for day in _first_days(truth, monday).values())
        returning = len(people & truth.active(monday - 4 * WEEK, monday - DAY)) if looks_back >= 28 else None
        rows.append(
            {
                "week": f"{monday:%G-W%V}",
                "week_start": monday.isoformat(),
                "people": len(people),
                "new_people": new if looks_back >= SILENCE_DAYS else None,
                "returning_people": returning,
                "returning_share": None if returning is None else ratio(returning, len(people)),
                "complete": is_complete(truth, monday),
            }
        )
    return rows


def growth(truth: Truth, first: date, last: date) -> Rows:
    told = set(weeks(truth, date.min, last))
    rows = []
    for monday in weeks(truth, first, last):
        people, before = (len(truth.active(start, start + 6 * DAY)) for start in (monday, monday - WEEK))
        both = is_complete(truth, monday) and is_complete(truth, monday - WEEK)
        rows.append(
            {
                "week": f"{monday:%G-W%V}",
                "week_start": monday.isoformat(),
                "people": people,
                "people_before": before if monday - WEEK in told else None,
                "growth": (people - before) / before * 100 if both and before else None,
                "complete": is_complete(truth, monday),
            }
        )
    return rows


def retention(truth: Truth, first: date, last: date) -> Rows:
    told = set(weeks(truth, date.min, last))
    rows, averages = [], [[0, 0, 0] for _ in range(13)]
    for cohort in weeks(truth, first, last):
        size = len(_of_cohort(truth, cohort, cohort))
        for number in range(13 if size else 0):
            week = cohort + number * WEEK
            is_known = week in told and is_complete(truth, cohort) and is_complete(truth, week)
            people = len(_of_cohort(truth, cohort, week)) if is_known else None
            state = "future" if week not in told else "complete" if is_known else "partial"
            rows.append(_cell(f"{cohort:%G-W%V}", cohort.isoformat(), number, size, people, state))
            if people is not None:
                averages[number] = [own + more for own, more in zip(averages[number], (1, size, people), strict=True)]
    for number, (count, size, people) in enumerate(averages if rows else ()):
        state = "complete" if count else "future"
        rows.append(_cell("average", None, number, size if count else None, people if count else None, state))
    return rows


def _cell(
    cohort: str, start: str | None, number: int, size: int | None, people: int | None, state: str
) -> dict[str, Any]:
    share = people / size if people is not None and size else None
    return {
        "cohort": cohort,
        "cohort_start": start,
        "week_number": number,
        "cohort_people": size,
        "people": people,
        "share": share,
        "state": state,
    }


def feature_adoption(truth: Truth, first: date, last: date) -> Rows:
    used: dict[tuple[str, date], set[str]] = defaultdict(set)
    for day, said in truth.said(date.min, date.max):
        if said.feature is not None and said.person is not None and said.kind == "user":
            used[said.feature, day - day.weekday() * DAY].add(said.person)
    span = last - first + DAY
    rows = []
    for feature in {feature for feature, _ in used}:
        appeared = min(monday for name, monday in used if name == feature)
        now, before = (
            [
                (len(used[feature, monday]), len(truth.active(monday, monday + 6 * DAY)))
                for monday in weeks(truth, start, end - 6 * DAY)
                if monday > appeared and is_complete(truth, monday)
            ]
            for start, end in ((first, last), (first - span, first - DAY))
        )
        if now:
            rows.append(
                {
                    "feature": feature,
                    "share": _mean_share(now),
                    "share_before": _mean_share(before),
                    "people": max(people for people, _ in now),
                    "people_before": max((people for people, _ in before), default=None),
                    "active_people": min(active for _, active in now),
                    "active_people_before": min((active for _, active in before), default=None),
                    "weeks": len(now),
                }
            )
    return sorted(rows, key=lambda row: (-row["share"], row["feature"]))


def _mean_share(weeks: list[tuple[int, int]]) -> float | None:
    shares = [people / active for people, active in weeks if active]
    return sum(shares) / len(shares) if shares else None


def weeks(truth: Truth, first: date, last: date) -> list[date]:
    """The Mondays from `first` to `last` of weeks that ended within the world, whole or begun before it."""
    mondays = {day - day.weekday() * DAY for day in truth.world.days}
    return sorted(m for m in mondays if first <= m <= last and m + 6 * DAY in truth.world.days)


def is_complete(truth: Truth, monday: date) -> bool:
    return all(monday + n * DAY in truth.world.days for n in range(7))


def _first_days(truth: Truth, monday: date) -> dict[str, date]:
    """Of who wrote in a week, their first day: as far back as no silence was longer than 90 days."""
    return {person: _first_day(truth, person, monday) for person in truth.active(monday, monday + 6 * DAY)}


def _first_day(truth: Truth, person: str, monday: date) -> date:
    days = [day for day in truth.world.days if day <= monday + 6 * DAY and person in truth.active(day, day)]
    first = days[-1]
    for day in reversed(days):
        if (first - day).days > SILENCE_DAYS:
            break
        first = day
    return first


def _of_cohort(truth: Truth, cohort: date, week: date) -> set[str]:
    """Who wrote in `week` and came first in the week of `cohort`."""
    first_days = _first_days(truth, week)
    return {person for person, day in first_days.items() if cohort <= day <= cohort + 6 * DAY}
