"""The metrics of talk as METRICS.md defines them, counted from what was said; rows and columns as they are told."""

import math
from collections import Counter, defaultdict
from datetime import date, timedelta

from parcook.clock import day_bounds
from tests.metrics.truth import Rows, Truth, folded, nearest_rank, outcome, ratio


def daily_totals(truth: Truth, first: date, last: date) -> Rows:
    return [
        {
            "day": day.isoformat(),
            "conversations": len(truth.talks(day, day)),
            "messages": len(truth.messages(day, day)),
            "people": len(truth.active(day, day)),
            "visitors": len(truth.active(day, day, "visitor")),
            "avg_conversation_length": len(truth.messages(day, day)) / max(len(truth.talks(day, day)), 1),
            "complete": True,
        }
        for day in truth.days(first, last)
    ]


def user_engagement(truth: Truth, first: date, last: date) -> Rows:
    return [
        {
            "date": day.isoformat(),
            "total_conversations": len(truth.talks(day, day)),
            "unique_users": len({said.person for _, said in truth.messages(day, day)} - {None}),
            "avg_messages_per_conversation": ratio(len(truth.messages(day, day)), len(truth.talks(day, day))),
        }
        for day in reversed(truth.days(first, last))
    ]


def recipe_diversity(truth: Truth, first: date, last: date) -> Rows:
    return [
        {
            "date": day.isoformat(),
            "unique_recipes": len({folded(said.dish) for _, said in truth.messages(day, day) if said.dish}),
            "total_recipe_mentions": sum(said.dish is not None for _, said in truth.messages(day, day)),
        }
        for day in reversed(truth.days(first, last))
    ]


def conversation_length(truth: Truth, first: date, last: date) -> Rows:
    rows = []
    for day in truth.days(first, last):
        if talks := truth.talks(day, day):
            lengths = [len(talk) for talk in talks.values()]
            turns = [sum(said.role == "user" for said in talk) for talk in talks.values()]
            rows.append(
                {
                    "day": day.isoformat(),
                    "conversations": len(talks),
                    "mean": sum(lengths) / len(lengths),
                    "lower_quartile": nearest_rank(lengths, 25),
                    "median": nearest_rank(lengths, 50),
                    "upper_quartile": nearest_rank(lengths, 75),
                    "p90": nearest_rank(lengths, 90),
                    "user_turns": ratio(sum(turns), sum(own > 0 for own in turns)),
                    "engaged_conversations": sum(own > 0 for own in turns),
                }
            )
    return rows


def peak_hours(truth: Truth, first: date, last: date) -> Rows:
    zone = truth.world.zone
    minutes: Counter[tuple[int, int]] = Counter()
    for day in truth.days(first, last):
        minutes.update(dict.fromkeys(((day.isoweekday(), hour) for hour in range(24)), 0))
        moment, end = day_bounds(day, zone)
        while moment < end:
            minutes[day.isoweekday(), moment.astimezone(zone).hour] += 15
            moment += timedelta(minutes=15)
    begun = Counter(
        (day.isoweekday(), talk[0].at.astimezone(zone).hour) for (day, _), talk in truth.talks(first, last).items()
    )
    rows = [
        {
            "weekday": weekday,
            "hour": f"{hour:02d}",
            "conversations": begun[weekday, hour],
            "hours": lasted / 60,
            "per_hour": ratio(begun[weekday, hour], lasted / 60),
        }
        for (weekday, hour), lasted in minutes.items()
    ]
    return sorted(rows, key=lambda row: (-(row["per_hour"] if row["hours"] else -1), row["weekday"], row["hour"]))


def tool_usage(truth: Truth, first: date, last: date) -> Rows:
    talks = truth.talks(first, last)
    calls = defaultdict(list)
    seen = set()
    for day, said in truth.said(first, last):
        for call in said.calls:
            if call.number is None or (day, said.talk, call.number) not in seen:
                seen.add((day, said.talk, call.number))
                calls[call.tool].append(((day, said.talk), call))
    rows = []
    for tool, own in calls.items():
        times = [_about(call.ms) for _, call in own if call.ms is not None]
        inside = {talk for talk, _ in own if talk in talks}
        failures = sum(call.ok is False for _, call in own)
        rows.append(
            {
                "tool": tool,
                "conversations": len(inside),
                "all_conversations": len(talks),
                "conversation_share": ratio(len(inside), len(talks)),
                "calls": len(own),
                "failures": failures,
                "failure_share": failures / len(own),
                "p50_ms": nearest_rank(times, 50),
                "p95_ms": nearest_rank(times, 95),
            }
        )
    return sorted(rows, key=lambda row: (-row["calls"], row["tool"]))


def _about(ms: float) -> int:
    """The middle of the bucket that a time falls in: eight of them from one power of two to the next."""
    return round(2 ** (round(8 * math.log2(max(ms, 1))) / 8))


def completion(truth: Truth, first: date, last: date) -> Rows:
    clicks = truth.clicks(first, last)
    ended: Counter[str] = Counter()
    for name, talk in truth.talks(first, last).items():
        if any(said.dish for said in talk):
            is_cooked = any(click.vote.kind == "cooked" for click in clicks[name])
            ended[outcome(truth, talk, is_cooked)] += 1
    steps = ("confirmed", "likely", "engaged", "browsed", "abandoned")
    mean = ratio(len(truth.messages(first, last)), len(truth.talks(first, last)))
    return [
        {
            "conversations": ended.total(),
            **{step: ended[step] for step in steps},
            "confirmed_share": ratio(ended["confirmed"], ended.total()),
            "cooked_share": ratio(ended["confirmed"] + ended["likely"], ended.total()),
            "length_band": None if mean is None else "High" if mean > 5 else "Medium" if mean > 3 else "Low",
        }
    ]


def satisfaction(truth: Truth, first: date, last: date) -> Rows:
    last_votes = {}
    for day, said in truth.said(first, last):
        if said.vote is not None:
            whose, about = said.person or said.talk, said.vote.about or said.talk
            last_votes[day, whose, about, said.vote.kind == "cooked"] = said.vote.value
    up = sum(value in ("up", 4, 5) and value is not True for value in last_votes.values())
    down = sum(value in ("down", 1, 2) and value is not True for value in last_votes.values())
    clicks = truth.clicks(first, last)
    voted = sum(any(click.vote.kind != "cooked" for click in own) for own in clicks.values())
    good = bad = silent = assessed = 0
    for name, talk in truth.talks(first, last).items():
        if all(said.english for said in talk):
            shown = frozenset[str]().union(*(truth.means(said) for said in talk))
            is_good = bool(shown & {"thanks", "saved"}) or any(c.vote.kind == "cooked" for c in clicks[name])
            is_bad = bool(shown & {"rephrase", "refusal", "error", "negative"})
            assessed, good, bad = assessed + 1, good + is_good, bad + is_bad
            silent += not (is_good or is_bad)
    talks = len(truth.talks(first, last))
    return [
        {
            "up": up,
            "down": down,
            "votes": up + down,
            "up_share": ratio(up, up + down),
            "conversations": talks,
            "response_rate": ratio(voted, talks),
            "assessed": assessed,
            "positive_share": ratio(good, assessed),
            "negative_share": ratio(bad, assessed),
            "silent_share": ratio(silent, assessed),
        }
    ]
