"""catalogue-gaps: what people ask for in vain, and the recipe whose name is nearest."""

from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import fuzz, process, utils

from parcook.artifacts.insights.days import Window
from parcook.artifacts.insights.questions import WEEK, Questions, Row, Span, by_period, told
from parcook.artifacts.insights.words import capital, counted

MOST = 50
WEEKS = 12
NEAR = 75
"""How alike two names are at least, of 100, by their words in any order, for one to be told as near the other."""


def gaps(questions: Questions) -> Row:
    """catalogue-gaps: what is asked for often enough to be told."""
    nearest = _Nearest([name for _, name, _ in questions.recipes])
    return {"periods": by_period(questions, lambda span: _gaps(questions, span, nearest))}


def _gaps(questions: Questions, span: Span, nearest: "_Nearest") -> Row:
    answer = questions.ask("catalogue_gaps", span.now)
    rows = [
        {
            "name": row["name"],
            "reason": "refused" if 2 * row["refused"] > row["requests"] else "no_match",
            "requests": row["requests"],
            "requests_before": row["requests_before"] if span.before else None,
            "user_days": row["user_days"],
            "refused": row["refused"],
            "nearest": nearest.to(row["name"]),
            "weeks": [_requests(questions, week, row["name"]) for week in _last_weeks(questions)],
        }
        for row in answer.rows[:MOST]
    ]
    return {**told(answer), "rows": rows, "summary": _gaps_sentence(rows, answer.metadata["suppressed"], span.days)}


def _last_weeks(questions: Questions) -> list[Window]:
    mondays = [questions.last_whole_week - number * WEEK for number in reversed(range(WEEKS))]
    return [Window(monday, monday + timedelta(days=6)) for monday in mondays]


def _requests(questions: Questions, week: Window, name: str) -> int:
    return sum(day.requests.get(name.lower(), 0) for day in questions.within(week))


def _gaps_sentence(rows: list[Row], withheld: int, days: int) -> str:
    hidden = f" {counted(withheld, 'name is', 'names are')} withheld: too few people asked." if withheld else ""
    if not rows:
        return f"Nothing was asked for in vain often in the last {days} days.{hidden}"
    first = rows[0]
    requests = counted(first["requests"], "request", "requests")
    return f"{capital(first['name'])} is asked for in vain most often: {requests} in {days} days.{hidden}"


class _Nearest:
    """Finds the recipe whose name is nearest, among very many."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._sorted = [_words_sorted(name) for name in names]  # once, and not again for each gap
        self._found: dict[str, str | None] = {}

    def to(self, name: str) -> str | None:
        """The nearest name; None if none is near."""
        if name not in self._found:
            found = process.extractOne(_words_sorted(name), self._sorted, scorer=fuzz.ratio, score_cutoff=NEAR)
            self._found[name] = None if found is None else self._names[found[2]]
        return self._found[name]


def _words_sorted(name: str) -> str:
    return " ".join(sorted(utils.default_process(name).split()))
