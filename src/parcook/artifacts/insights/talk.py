"""The artifacts about how conversations go: length, outcomes, tools, hours."""

from parcook.artifacts.insights.days import Day, Window, quantile, sum_up
from parcook.artifacts.insights.questions import Questions, Row, Span, by_period, told
from parcook.artifacts.insights.words import capital, compared, listed, moved
from parcook.clock import WEEKDAYS

GOT_TO_COOK = (
    "Of conversations with a recipe, those in which people said that they cooked it, or went on from it to a next "
    "step, a timer or an end without complaint; not yet checked against labelled conversations."
)
STEPS = ("confirmed", "likely", "engaged", "browsed", "abandoned")
_SMOOTHED = 7


def length(questions: Questions) -> Row:
    """conversation-length."""
    first, last = questions.everything.first, questions.last_complete
    days = [_length_to(questions, Window.ending(day, _SMOOTHED)) for day in Window(first, last).dates()]
    return {"days": days, "periods": by_period(questions, lambda span: _length(questions, span))}


def _length_to(questions: Questions, window: Window) -> Row:
    days = questions.within(window)
    histogram = sum_up(day.lengths for day in days)
    return {
        "day": window.last.isoformat(),
        "conversations": sum(histogram.values()),
        "mean": mean_length(days),
        "lower_quartile": quantile(histogram, 0.25),
        "median": quantile(histogram, 0.5),
        "upper_quartile": quantile(histogram, 0.75),
        "p90": quantile(histogram, 0.9),
    }


def mean_length(days: list[Day]) -> float | None:
    """Messages per conversation."""
    conversations = sum(day.conversations for day in days)
    return sum(day.messages for day in days) / conversations if conversations else None


def _length(questions: Questions, span: Span) -> Row:
    days = questions.within(span.now)
    median = quantile(sum_up(day.lengths for day in days), 0.5)
    row = {
        "mean": mean_length(days),
        "mean_before": span.before and mean_length(questions.within(span.before)),
        "median": median,
    }
    answer = questions.ask("daily_totals", span.now)
    return {**told(answer), "rows": [row], "summary": _length_sentence(row, span.days)}


def _length_sentence(row: Row, days: int) -> str:
    if row["mean"] is None or row["median"] is None:
        return f"There were no conversations in the last {days} days."
    change = compared(row["mean"], row["mean_before"], days)
    return f"A conversation has {row['mean']:.1f} messages{change}; half have up to {row['median']:,}."


def outcomes(questions: Questions) -> Row:
    """outcomes."""
    return {
        "weeks": [_outcomes_of(questions, week) for week in questions.weeks()],
        "periods": by_period(questions, lambda span: _outcomes(questions, span)),
        "calibrated": False,
    }


def _outcomes_of(questions: Questions, week: Window) -> Row:
    rows = questions.ask("completion", week).rows
    steps = {step: (rows[0][step] or 0) if rows else 0 for step in STEPS}
    return {"week_start": week.first.isoformat(), **steps, "complete": questions.is_over(week)}


def _outcomes(questions: Questions, span: Span) -> Row:
    answer = questions.ask("completion", span.now)
    before = questions.rows_before("completion", span)
    ends = [f"{share}{end}" for share in ("confirmed_share", "cooked_share") for end in ("", "_low", "_high")]
    rows = [
        {
            **{name: row[name] for name in ends},
            "cooked_share_before": before[0]["cooked_share"] if before else None,
            "conversations": row["conversations"],
        }
        for row in answer.rows
    ]
    return {**told(answer), "rows": rows, "summary": _outcomes_sentence(rows, span.days)}


def _outcomes_sentence(rows: list[Row], days: int) -> str:
    if not rows or rows[0]["cooked_share"] is None:
        return "There are too few conversations with a recipe to say how many got to cook."
    share, before = rows[0]["cooked_share"], rows[0]["cooked_share_before"]
    return f"An estimated {share:.0%} of recipe conversations got to cook{moved(share, before, days)} (uncalibrated)."


def tools(questions: Questions) -> Row:
    """tool-usage."""
    return {"periods": by_period(questions, lambda span: _tools(questions, span))}


def _tools(questions: Questions, span: Span) -> Row:
    answer = questions.ask("tool_usage", span.now)
    before = questions.rows_before("tool_usage", span)
    past = {row["tool"]: row["conversation_share"] for row in before}
    kept = ("tool", "conversations", "conversation_share", "calls", "failures", "failure_share", "p50_ms", "p95_ms")
    rows = [
        {**{name: row[name] for name in kept}, "conversation_share_before": past.get(row["tool"])}
        for row in sorted(answer.rows, key=lambda row: (-row["conversations"], row["tool"]))
    ]
    return {**told(answer), "rows": rows, "summary": _tools_sentence(rows, span.days)}


def _tools_sentence(rows: list[Row], days: int) -> str:
    if not rows:
        return f"No tool was used in the last {days} days."
    top = rows[0]
    name = capital(listed(top["tool"]))
    if top["conversation_share"] is None:
        return f"{name} is used most: {top['calls']:,} calls."
    change = moved(top["conversation_share"], top["conversation_share_before"], days)
    return f"{name} is in {top['conversation_share']:.0%} of conversations{change}."


def hours(questions: Questions) -> Row:
    """peak-hours: every hour of the week, from Monday on."""
    return {"periods": by_period(questions, lambda span: _hours(questions, span))}


def _hours(questions: Questions, span: Span) -> Row:
    answer = questions.ask("peak_hours", span.now)
    kept = ("conversations", "hours", "per_hour")
    cells = {(row["weekday"], int(row["hour"])): {name: row[name] for name in kept} for row in answer.rows}
    never: Row = {"conversations": 0, "hours": 0.0, "per_hour": None}
    rows = [
        {"weekday": weekday, "hour": hour, **cells.get((weekday, hour), never)}
        for weekday in range(1, 8)
        for hour in range(24)
    ]
    return {**told(answer), "rows": rows, "summary": _hours_sentence(rows)}


def _hours_sentence(rows: list[Row]) -> str:
    conversations, present = sum(row["conversations"] for row in rows), sum(row["hours"] for row in rows)
    if not conversations:
        return "No conversation has begun yet."
    top = max(rows, key=lambda row: row["per_hour"] or 0)
    times = top["per_hour"] / (conversations / present)
    return (
        f"Most begin on {WEEKDAYS[top['weekday'] - 1]}s from {top['hour']:02}:00 to {(top['hour'] + 1) % 24:02}:00, "
        f"{times:.1f} times as many as in a mean hour."
    )
