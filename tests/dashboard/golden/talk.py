"""Golden artifacts about how conversations go: length, outcomes, tools, hours."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from tests.dashboard.golden.parts import Row, Rows, by_period, quantile, share, wilson
from tests.dashboard.golden.world import (
    FIRST,
    LADDER,
    LAST,
    TOOLS,
    Talk,
    between,
    every_day,
    is_over,
    of_week,
    weeks,
    window,
)

TOOL_TIMES = dict(zip(TOOLS, ((62, 180), (210, 900), (4, 11), (1840, 6200), (35, 90)), strict=True))
WEEKDAY_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def mean_length(found: list[Talk]) -> float | None:
    """Messages per conversation."""
    return round(sum(talk.messages for talk in found) / len(found), 4) if found else None


def length() -> Row:
    """conversation-length."""
    days = []
    for day in every_day(FIRST, LAST):
        found = sorted(talk.messages for talk in between(day - timedelta(days=6), day))
        days.append(
            {
                "day": day.isoformat(),
                "conversations": len(found),
                "mean": round(sum(found) / len(found), 4),
                "lower_quartile": quantile(found, 0.25),
                "median": quantile(found, 0.5),
                "upper_quartile": quantile(found, 0.75),
                "p90": quantile(found, 0.9),
            }
        )
    return {"days": days, "periods": by_period(_length)}


def _length(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    mean, median = mean_length(found), quantile(sorted(talk.messages for talk in found), 0.5)
    row = {"mean": mean, "mean_before": mean_length(before) if before is not None else None, "median": median}
    return [row], 0, f"A conversation has {mean:.1f} messages; half have at most {median:.0f}."


def with_recipe(found: Iterable[Talk]) -> list[Talk]:
    """Those that name a recipe."""
    return [talk for talk in found if talk.recipe is not None]


def cooked(found: Iterable[Talk], *steps: str) -> int:
    """How many recipe conversations ended on one of these steps."""
    return sum(talk.outcome in steps for talk in with_recipe(found))


def outcomes() -> Row:
    """outcomes."""
    told = []
    for monday in weeks():
        ended = Counter(talk.outcome for talk in with_recipe(of_week(monday)))
        steps = {step: ended[step] for step in LADDER}
        told.append({"week_start": monday.isoformat(), **steps, "complete": is_over(monday)})
    periods = by_period(_outcomes, unit=lambda found: len(with_recipe(found)))
    return {"weeks": told, "periods": periods, "calibrated": False}


def _outcomes(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    base = len(with_recipe(found))
    sure, both = cooked(found, "confirmed"), cooked(found, "confirmed", "likely")
    row: Row = {"conversations": base}
    for name, part in (("confirmed_share", sure), ("cooked_share", both)):
        low, high = wilson(part, base)
        row |= {name: share(part, base), f"{name}_low": low, f"{name}_high": high}
    past = with_recipe(before or ())
    row["cooked_share_before"] = share(cooked(past, "confirmed", "likely"), len(past))
    return [row], 0, f"An estimated {both / base:.0%} of recipe conversations got to cook (uncalibrated)."


def tools() -> Row:
    """tool-usage."""
    return {"periods": by_period(_tools)}


def _tools(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    rows = []
    for tool in TOOLS:
        used, past = [_uses(tool, talks) for talks in (found, before or [])]
        failures = sum(tool in talk.failed for talk in found)
        p50, p95 = TOOL_TIMES[tool]
        rows.append(
            {
                "tool": tool,
                "conversations": used,
                "conversation_share": share(used, len(found)),
                "conversation_share_before": share(past, len(before or ())),
                "calls": used + used // 3,
                "failures": failures,
                "failure_share": share(failures, used + used // 3),
                "p50_ms": p50,
                "p95_ms": p95,
            }
        )
    rows.sort(key=lambda row: (-row["conversations"], row["tool"]))
    return rows, 0, f"{rows[0]['tool'].replace('_', ' ').capitalize()} is in {rows[0]['conversation_share']:.0%}."


def _uses(tool: str, found: list[Talk]) -> int:
    return sum(tool in talk.tools for talk in found)


def hours() -> Row:
    """peak-hours."""
    return {"periods": by_period(_hours)}


def _hours(found: list[Talk], _: list[Talk] | None, days: int) -> Rows:
    begun = Counter((talk.day.isoweekday(), talk.hour) for talk in found)
    present = Counter(day.isoweekday() for day in every_day(*window(days)))
    rows = [
        {
            "weekday": weekday,
            "hour": hour,
            "conversations": begun[weekday, hour],
            "hours": float(present[weekday]),
            "per_hour": round(begun[weekday, hour] / present[weekday], 4),
        }
        for weekday in range(1, 8)
        for hour in range(24)
    ]
    (weekday, hour), most = max(begun.items(), key=lambda item: (item[1] / present[item[0][0]], item[0]))
    rate = most / present[weekday]
    return rows, 0, f"{WEEKDAY_NAMES[weekday - 1]} at {hour:02}:00 are busiest, with {rate:.1f} conversations an hour."
