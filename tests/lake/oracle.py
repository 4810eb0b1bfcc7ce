"""The numbers of a day by plain Python over its events, straight from METRICS.md, without the lake and without SQL."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from parcook.conversations.signals import find_signals
from parcook.events.contract import Event

ADMIT_ALL = None


def daily_numbers(
    events: Iterable[Event],
    day: date,
    zone: ZoneInfo,
    branches: dict[int, list[int]],
    admitted: set[str] | None = ADMIT_ALL,
) -> dict[str, Any]:
    """All numbers of `day` but people's, checks, `hour_minutes`, `revision` and `complete`."""
    counted = sorted((e for e in events if not e.internal), key=lambda e: (e.ts, e.message_id))
    signals = _signals(counted)
    own = [e for e in counted if e.day == day]
    talks: dict[str, list[Event]] = defaultdict(list)
    for e in own:
        if e.role in ("user", "assistant") and e.message_length is not None:
            talks[e.conversation_id].append(e)
    messages = [e for talk in talks.values() for e in talk]
    names = _Names(messages, admitted)
    calls = _calls(own)
    cooked = {e.conversation_id for e in own if e.feedback_kind == "cooked"}
    with_recipe = {c: talk for c, talk in talks.items() if any(e.recipe_name for e in talk)}
    assessed = {c for c, talk in talks.items() if all(_english(e.locale) for e in talk)}
    shown = {c: {s for e in talks[c] for s in signals[e.message_id]} for c in assessed}
    good = {c for c in assessed if shown[c] & {"thanks", "saved"} or c in cooked}
    bad = {c for c in assessed if shown[c] & {"rephrase", "refusal", "error", "negative"}}
    signal_counts = Counter(s for found in shown.values() for s in found)
    signal_counts.update({"any_positive": len(good), "any_negative": len(bad), "none": len(assessed - good - bad)})
    tools_in = {(name, c) for name, c, _, _ in calls if c in talks}
    requests = [e for e in messages if e.role == "user" and e.recipe_name]
    refused = {e.message_id for e in requests if _answer_refuses(e, talks[e.conversation_id], signals)}
    gaps = [e for e in requests if e.message_id in refused or not names.is_known(e)]
    mentions = [e for e in messages if e.recipe_name]
    return {
        "total_conversations": len(talks),
        "unique_users": len({e.user_ref for e in messages} - {None}),
        "total_messages": len(messages),
        "avg_conversation_length": len(messages) / max(len(talks), 1),
        "unique_recipes": len({e.recipe_name.lower() for e in mentions}),
        "matched_mentions": sum(e.recipe_id is not None for e in mentions),
        "assessed_conversations": len(assessed),
        "recipe_conversations": len(with_recipe),
        "tool_conversations": len({c for _, c in tools_in}),
        "recipes_discussed": names.count((e, e.message_id) for e in mentions),
        "recipes_conversations": names.count((e, e.conversation_id) for e in mentions),
        "recipes_user_days": names.count((e, e.user_ref) for e in mentions if e.user_ref),
        "recipes_asked": names.count((e, e.conversation_id) for e in mentions if e.role == "user"),
        "recipes_offered": names.count((e, e.conversation_id) for e in mentions if e.role == "assistant"),
        "categories": _categories(with_recipe),
        "hours": _counted(f"{talk[0].ts.astimezone(zone).hour:02d}" for talk in talks.values()),
        "lengths": _counted(str(len(talk)) for talk in talks.values()),
        "user_turns": _counted(str(sum(e.role == "user" for e in talk)) for talk in talks.values()),
        "tools_conversations": _counted(name for name, _ in tools_in),
        "tools_calls": _counted(name for name, *_ in calls),
        "tools_errors": _counted(name for name, _, ok, _ in calls if ok is False),
        "tools_ms": _counted(f"{name}|{_bucket(ms)}" for name, _, _, ms in calls if ms is not None),
        "outcomes": _counted(_outcome(talk, signals, c in cooked) for c, talk in with_recipe.items()),
        "signals": {signal: n for signal, n in sorted(signal_counts.items()) if n},
        "feedback": _feedback(own, talks),
        "gaps_requests": names.count((e, e.message_id) for e in gaps),
        "gaps_user_days": names.count((e, e.user_ref) for e in gaps if e.user_ref),
        "gaps_refused": names.count((e, e.message_id) for e in gaps if e.message_id in refused),
        "demand": _demand(messages, branches),
        "features": _counted(
            f for f, _ in {(e.feature, e.conversation_id) for e in own if e.feature and e.conversation_id in talks}
        ),
    }


class _Names:
    """What recipes are called, and which of them are told."""

    def __init__(self, messages: list[Event], admitted: set[str] | None) -> None:
        self._known = {e.recipe_name.lower() for e in messages if e.recipe_name and e.recipe_id is not None}
        uses = Counter((e.recipe_name, e.recipe_id is not None) for e in messages if e.recipe_name)
        spellings: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [1, 0]))
        for (name, known), n in uses.items():
            entry = spellings[name.lower()][name]
            entry[0] = min(entry[0], 0 if known else 1)
            entry[1] -= n
        self._name = {folded: min(found, key=lambda name: (*found[name], name)) for folded, found in spellings.items()}
        self._admitted = admitted

    def is_known(self, e: Event) -> bool:
        return e.recipe_name.lower() in self._known

    def count(self, pairs: Iterable[tuple[Event, str]]) -> dict[str, int]:
        """Distinct second halves by name; those of names that are not told are added up."""
        sets: dict[str, set[str]] = defaultdict(set)
        for e, thing in pairs:
            sets[e.recipe_name.lower()].add(thing)
        counts: Counter[str] = Counter()
        for folded, things in sets.items():
            told = folded in self._known or self._admitted is None or folded in self._admitted
            counts[self._name[folded] if told else "…"] += len(things)
        return dict(sorted(counts.items()))


def _counted(keys: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(keys).items()))


def _english(locale: str | None) -> bool:
    return locale is None or locale.lower().replace("_", "-").split("-")[0] == "en"


def _signals(events: list[Event]) -> dict[str, frozenset[str]]:
    last: dict[str, Event] = {}
    found = {}
    for e in events:
        if e.text is None:
            found[e.message_id] = frozenset()
            continue
        before = last.get(e.conversation_id)
        found[e.message_id] = find_signals(
            e.text, e.role, before and before.text, before and (e.ts - before.ts).total_seconds()
        )
        if e.role == "user":
            last[e.conversation_id] = e
    return found


def _calls(own: list[Event]) -> list[tuple[str, str, bool | None, float | None]]:
    seen: set[str] = set()
    calls = []
    for e in own:
        for call in e.tools:
            if call.call_id is None or call.call_id not in seen:
                calls.append((call.name, e.conversation_id, call.ok, call.duration_ms))
            if call.call_id is not None:
                seen.add(call.call_id)
    return calls


def _bucket(ms: float) -> int:
    return round(2 ** (round(8 * math.log2(max(ms, 1))) / 8))


def _categories(with_recipe: dict[str, list[Event]]) -> dict[str, int]:
    shares: Counter[str] = Counter()
    for talk in with_recipe.values():
        found = sorted({e.category or "uncategorised" for e in talk if e.recipe_name})
        for place, category in enumerate(found):
            shares[category] += 27720 // len(found) + (place < 27720 % len(found))
    return dict(sorted(shares.items()))


def _outcome(talk: list[Event], signals: dict[str, frozenset[str]], cooked: bool) -> str:
    last = signals[talk[-1].message_id]
    if (talk[-1].role == "user" and "question" in last) or "error" in last:
        return "abandoned"
    if cooked:
        return "confirmed"
    first = next(place for place, e in enumerate(talk) if e.recipe_name)
    later = [signals[e.message_id] for e in talk[first + 1 :] if e.role == "user"]
    ending = [signals[e.message_id] for e in talk if e.role == "user"][-2:]
    if any(found & {"next_step", "timer", "done"} for found in later) and not any("negative" in f for f in ending):
        return "likely"
    return "engaged" if later else "browsed"


def _answer_refuses(e: Event, talk: list[Event], signals: dict[str, frozenset[str]]) -> bool:
    answers = [later for later in talk[talk.index(e) + 1 :] if later.role == "assistant"]
    return bool(answers) and "refusal" in signals[answers[0].message_id]


def _feedback(own: list[Event], talks: dict[str, list[Event]]) -> dict[str, int]:
    votes = {}
    for e in own:
        if e.feedback_kind is not None:
            who, what = e.user_ref or e.conversation_id, e.feedback_target or e.conversation_id
            votes[who, what, e.feedback_kind == "cooked"] = e.feedback_kind, e.feedback_value
    counts: Counter[str] = Counter()
    for kind, value in votes.values():
        if kind == "cooked":
            counts["cooked"] += 1
            continue
        if kind == "rating":
            counts[f"rating_{value}"] += 1
        if value in ("up", "4", "5"):
            counts["up"] += 1
        if value in ("down", "1", "2"):
            counts["down"] += 1
    voting = {e.conversation_id for e in own if e.feedback_kind in ("thumb", "rating")} & set(talks)
    if voting:
        counts["voted"] = len(voting)
    return dict(sorted(counts.items()))


def _demand(messages: list[Event], branches: dict[int, list[int]]) -> dict[str, int]:
    wanted: dict[int, set[str]] = defaultdict(set)
    for e in messages:
        for branch in branches.get(e.recipe_id, ()):
            wanted[branch].add(e.conversation_id)
    return dict(sorted((str(branch), len(talks)) for branch, talks in wanted.items()))
