"""The artifacts about what people want: recipes, categories, seasons."""

from collections.abc import Sequence
from datetime import date, timedelta

from parcook.artifacts.insights.days import Window
from parcook.artifacts.insights.questions import Questions, Row, Span, by_period, told
from parcook.artifacts.insights.words import capital, counted, listed, moved

TOP = 20
MONTHS = 12
PEAK = 110
"""The index from which on a month is told as a category's season."""


def top(questions: Questions) -> Row:
    """top-recipes."""
    return {"periods": by_period(questions, lambda span: _top(questions, span))}


def _top(questions: Questions, span: Span) -> Row:
    answer = questions.ask("recipe_popularity", span.now)  # all of them, as key numbers ask too
    past = {row["recipe_name"].lower(): row for row in questions.rows_before("recipe_popularity", span)}
    categories = {name.lower(): category for _, name, category in questions.recipes}
    kept = ("recipe_name", "conversations", "mentions", "user_days", "asked", "offered", "place", "previous_place")
    rows = []
    for row in answer.rows[:TOP]:
        name = row["recipe_name"].lower()
        # A name that is not in the catalogue is listed only once many asked for it: what was before is not known.
        missing = 0 if span.before and name in categories else None
        rows.append(
            {
                **{column: row[column] for column in kept},
                "previous_place": row["previous_place"] if span.before else None,
                "category": categories.get(name),
                "conversations_before": past[name]["conversations"] if name in past else missing,
            }
        )
    withheld = sum(row["suppressed"] for row in answer.rows[:TOP])
    return {**told(answer), "suppressed": withheld, "rows": rows, "summary": _top_sentence(rows, span.days)}


def _top_sentence(rows: list[Row], days: int) -> str:
    if not rows:
        return f"No recipe was talked about in the last {days} days."
    first = rows[0]
    leads = f"{first['recipe_name']} leads with {counted(first['conversations'], 'conversation', 'conversations')}"
    if first["previous_place"] is None:
        return f"{leads}."
    if first["previous_place"] == 1:
        return f"{leads}, as in the {days} days before."
    return f"{leads}, up from place {first['previous_place']}."


def categories(questions: Questions) -> Row:
    """recipe-categories."""
    asked = [(week, questions.ask("recipe_categories", week).rows) for week in questions.weeks()]
    totals: dict[str, float] = {}
    for _, rows in asked:
        for row in rows:
            totals[row["category"]] = totals.get(row["category"], 0) + row["conversations"]
    order = sorted(totals, key=lambda name: (-totals[name], name))
    weeks = [_category_week(questions, week, rows, order) for week, rows in asked]
    return {
        "periods": by_period(questions, lambda span: _categories(questions, span)),
        "categories": order,
        "weeks": weeks,
        "weeks_summary": _weeks_sentence(order, [week for week in weeks if week["complete"]]),
    }


def _category_week(questions: Questions, week: Window, rows: Sequence[Row], order: list[str]) -> Row:
    found = {row["category"]: row for row in rows}
    return {
        "week_start": week.first.isoformat(),
        "shares": [(found[name]["share"] or 0.0) if name in found else 0.0 for name in order],
        "conversations": sum(row["conversations"] for row in rows),
        "complete": questions.is_over(week),
    }


def _weeks_sentence(order: list[str], weeks: list[Row]) -> str | None:
    told_weeks = [week for week in weeks if any(week["shares"])]
    if len(told_weeks) < 2:
        return None
    first, last = told_weeks[0]["shares"], told_weeks[-1]["shares"]
    changes = {name: round(last[place] - first[place], 4) for place, name in enumerate(order)}
    name = max(order, key=lambda name: (abs(changes[name]), changes[name]))
    at = order.index(name)
    verb = "rose" if changes[name] > 0 else "fell"
    return f"{capital(listed(name))} {verb} most, from {first[at]:.0%} to {last[at]:.0%} in {len(told_weeks)} weeks."


def _categories(questions: Questions, span: Span) -> Row:
    answer = questions.ask("recipe_categories", span.now)
    past = {row["category"]: row["share"] for row in questions.rows_before("recipe_categories", span)}
    rows = [
        {
            "category": row["category"],
            "conversations": row["conversations"],
            "share": row["share"],
            "share_before": past.get(row["category"]),
        }
        for row in answer.rows
    ]
    n = answer.rows[0]["recipe_conversations"] if answer.rows else 0
    return {**told(answer), "n": n, "rows": rows, "summary": _categories_sentence(rows, span.days)}


def _categories_sentence(rows: list[Row], days: int) -> str:
    named = [row for row in rows if row["category"] != "uncategorised" and row["share"] is not None]
    if not named:
        return "There are too few conversations with a recipe to tell shares."
    first = named[0]
    change = moved(first["share"], first["share_before"], days)
    return f"{capital(listed(first['category']))} is {first['share']:.0%} of recipe conversations{change}."


def seasons(questions: Questions) -> Row:
    """seasonality: the last twelve whole months, none before there are twelve."""
    months = _whole_months(questions)
    rows: list[Row] = []
    if len(months) >= MONTHS:
        names = [f"{month:%Y-%m}" for month in months[-MONTHS:]]
        window = Window(months[-MONTHS], month_end(months[-1]))
        indices: dict[str, dict[str, float | None]] = {}
        for row in questions.ask("seasonality", window).rows:
            indices.setdefault(row["category"], {})[row["month"]] = row["season_index"]
        ranked = [row["category"] for row in questions.ask("recipe_categories", window).rows]
        rows = [
            {"category": name, "season_index": [indices[name].get(month) for month in names]}
            for name in ranked
            if name in indices
        ]
    shown = [f"{month:%Y-%m}" for month in months[-MONTHS:]] if rows else []
    return {"months": shown, "categories": rows, "months_so_far": len(months)}


def _whole_months(questions: Questions) -> list[date]:
    """The firsts of the months that are wholly in the lake, in order."""
    months = []
    month = questions.everything.first
    month = month if month.day == 1 else month_end(month) + timedelta(days=1)
    while month_end(month) <= questions.last_complete:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months


def month_end(day: date) -> date:
    """The last day of the month that `day` is in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def seasons_summary(_: Questions, data: Row) -> str:
    """When the categories with a season are wanted most."""
    if not data["months"]:
        return f"Seasons are told after twelve whole months; there are {data['months_so_far']} so far."
    peaks = []
    for row in data["categories"]:
        known = [(index, place) for place, index in enumerate(row["season_index"]) if index is not None]
        if known and row["category"] != "uncategorised":
            index, place = max(known, key=lambda one: (one[0], -one[1]))
            if index >= PEAK:
                peaks.append((index, row["category"], date.fromisoformat(f"{data['months'][place]}-01")))
    peaks.sort(key=lambda peak: (-peak[0], peak[1]))
    told_peaks = [f"{listed(name)} in {month:%B}" for _, name, month in peaks[:3]]
    if not told_peaks:
        return "No category is wanted much more in one month than in others."
    return capital(f"{', '.join(told_peaks)}: that is when each is wanted most.")
