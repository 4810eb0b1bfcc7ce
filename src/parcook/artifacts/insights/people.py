"""The artifacts that count people: active people, cohorts, growth, features."""

from datetime import date, timedelta
from typing import Any

from parcook.artifacts.insights.days import Window
from parcook.artifacts.insights.questions import WEEK, Questions, Row, Span, by_period, told
from parcook.artifacts.insights.words import capital, compared, listed, moved, said_day

COHORTS = 14
WEEKS_AFTER = 13


def activity(questions: Questions) -> Row:
    """activity-daily."""
    rows = questions.by_day("active_users", "day")
    days = [
        {
            "date": day.date.isoformat(),
            **{name: rows.get(day.date, {}).get(name) for name in ("dau", "wau", "mau", "visitors")},
            "conversations": day.conversations,
            "messages": day.messages,
            "complete": day.complete,
        }
        for day in questions.days.values()
    ]
    return {"days": days, "periods": by_period(questions, lambda span: _active_in(questions, span))}


def active_at(questions: Questions, day: date, name: str) -> Any:
    """A column of active people at the end of a day; None where the lake has no such day."""
    return questions.by_day("active_users", "day").get(day, {}).get(name)


def mean_daily(questions: Questions, window: Window) -> float | None:
    """Mean people a day, over the days there are."""
    counts = [active_at(questions, day.date, "dau") for day in questions.within(window)]
    known = [count for count in counts if count is not None]
    return sum(known) / len(known) if known else None


def _active_in(questions: Questions, span: Span) -> Row:
    rows = [
        {
            "series": "dau",
            "value": mean_daily(questions, span.now),
            "previous": span.before and mean_daily(questions, span.before),
        }
    ]
    for series in ("wau", "mau", "stickiness"):
        before = span.before and active_at(questions, span.before.last, series)
        rows.append({"series": series, "value": active_at(questions, span.now.last, series), "previous": before})
    answer = questions.ask("active_users", span.now)
    return {**told(answer), "rows": rows, "summary": _active_sentence(questions, span, rows)}


def _active_sentence(questions: Questions, span: Span, rows: list[Row]) -> str:
    values = {row["series"]: row for row in rows}
    if span.days <= 28:
        row = values["wau" if span.days == 7 else "mau"]
        change = compared(row["value"], row["previous"], span.days)
        return f"{row['value'] or 0:,} people were active in the last {span.days} days{change}."
    row = values["dau"]
    change = compared(row["value"], row["previous"], span.days)
    return f"On a mean day of the last {span.days} days {row['value'] or 0:,.0f} people were active{change}."


def retention(questions: Questions) -> Row:
    """retention: the last 14 cohorts, by ISO week."""
    last = questions.weeks()[-1].first
    window = Window(last - (COHORTS - 1) * WEEK, last)
    answer = questions.ask("retention", window)
    by_cohort: dict[str, list[Row]] = {}
    average: list[float | None] = [None] * WEEKS_AFTER
    withheld = 0
    for row in answer.rows:
        if row["cohort_start"] is None:
            average[row["week_number"]] = row["share"]
            withheld += row["suppressed"]
        else:
            by_cohort.setdefault(row["cohort_start"], []).append(row)
    cohorts = [_cohort(start, rows) for start, rows in sorted(by_cohort.items())]
    return {
        "cohorts": cohorts,
        "average": average,
        "people": sum(cohort["people"] or 0 for cohort in cohorts) if cohorts else None,
        "measurable": any(row["dau"] for row in questions.by_day("active_users", "day").values()),
        "suppressed": withheld + sum(cell["state"] == "withheld" for cohort in cohorts for cell in cohort["cells"]),
    }


def _cohort(start: str, rows: list[Row]) -> Row:
    cells = [_cell(row) for row in sorted(rows, key=lambda row: row["week_number"])]
    return {"cohort": start, "people": rows[0]["cohort_people"], "cells": cells}


def _cell(row: Row) -> Row:
    if row["state"] == "complete" and row["people"] is None:
        return {"people": None, "share": None, "state": "withheld"}
    return {name: row[name] for name in ("people", "share", "state")}


def retention_summary(questions: Questions, data: Row) -> str:
    """What a newcomer does a week and four weeks later."""
    after_one, after_four = data["average"][1], data["average"][4]
    if after_one is None and any(cohort["cells"][1]["state"] in ("complete", "withheld") for cohort in data["cohorts"]):
        return "Too few people have come to say how many are back the week after."
    if after_one is None:
        return "It takes two whole weeks to say who comes back."
    later = "" if after_four is None else f", and {after_four:.0%} four weeks later"
    return f"{after_one:.0%} of people who came for the first time are back the week after{later}."


def growth(questions: Questions) -> Row:
    """growth: up to 53 weeks, none left out."""
    weeks = questions.weeks()
    window = Window(weeks[0].first, weeks[-1].first)
    grown = {row["week_start"]: row for row in questions.ask("growth", window).rows}
    came = {row["week_start"]: row for row in questions.ask("new_and_returning", window).rows}
    nothing = dict.fromkeys(("people", "growth", "new_people", "returning_people"))
    told_weeks = []
    for week in weeks:
        start = week.first.isoformat()
        row = {**nothing, "complete": False, **grown.get(start, {}), **came.get(start, {})}
        kept = ("people", "new_people", "returning_people", "growth", "complete")
        told_weeks.append({"week_start": start, **{name: row[name] for name in kept}})
    return {"weeks": told_weeks}


def growth_summary(questions: Questions, data: Row) -> str:
    """How often of late there were more people than the week before."""
    measured = [week for week in data["weeks"] if week["growth"] is not None][-12:]
    if not measured:
        return "Growth is told once there are two whole weeks."
    more = sum(week["growth"] > 0 for week in measured)
    return f"More people than the week before in {more} of the last {len(measured)} whole weeks."


def features(questions: Questions) -> Row:
    """feature-adoption: over the whole weeks of each period."""
    return {"periods": by_period(questions, lambda span: _features(questions, span))}


def _features(questions: Questions, span: Span) -> Row:
    weeks = Window.ending(questions.last_whole_week + timedelta(days=6), span.days)
    answer = questions.ask("feature_adoption", weeks)
    is_known = questions.known(weeks.before) is not None
    rows = [
        {
            **{name: row[name] for name in ("feature", "share", "people", "weeks")},
            "share_before": row["share_before"] if is_known else None,
        }
        for row in answer.rows
    ]
    window = {"first": weeks.first.isoformat(), "last": weeks.last.isoformat()}
    return {**told(answer), **window, "rows": rows, "summary": _features_sentence(rows, weeks, span.days)}


def _features_sentence(rows: list[Row], weeks: Window, days: int) -> str:
    shown = [row for row in rows if row["share"] is not None]
    if not shown:
        return "No feature is used by enough people yet to say how many."
    top = shown[0]
    change = moved(top["share"], top["share_before"], days)
    name = capital(listed(top["feature"]))
    return f"{name} is used by {top['share']:.0%} of people in a week, to {said_day(weeks.last)}{change}."
