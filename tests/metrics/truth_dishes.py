"""The metrics of dishes as METRICS.md defines them, counted from what was said; rows and columns as they are told.

Names are told in small letters: how a dish is spelled is no part of what is true.
"""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from tests.metrics.truth import DAY, Rows, Truth, folded, is_refused, ratio
from tests.metrics.worlds import MENU, PANTRY, Said


def recipe_popularity(truth: Truth, first: date, last: date) -> Rows:
    rows = _popularity(truth, first, last)
    span = last - first + DAY
    before = {row["recipe_name"]: row["place"] for row in _popularity(truth, first - span, first - DAY)}
    return [{**row, "previous_place": before.get(row["recipe_name"])} for row in rows[:20]]


def _popularity(truth: Truth, first: date, last: date) -> Rows:
    found: dict[str, list[tuple[date, Said]]] = defaultdict(list)
    for day, said in truth.messages(first, last):
        if said.dish is not None:
            found[folded(said.dish)].append((day, said))
    rows = [
        {
            "recipe_name": name,
            "mentions": len(own),
            "user_days": len({(day, said.person) for day, said in own if said.person}),
            "conversations": len({(day, said.talk) for day, said in own}),
            "asked": len({(day, said.talk) for day, said in own if said.role == "user"}),
            "offered": len({(day, said.talk) for day, said in own if said.role == "assistant"}),
        }
        for name, own in found.items()
    ]
    rows.sort(key=lambda row: (-row["conversations"], -row["mentions"], row["recipe_name"]))
    return [{**row, "place": place} for place, row in enumerate(rows, start=1)]


def recipe_categories(truth: Truth, first: date, last: date) -> Rows:
    units, talks = _shared_out(truth, first, last)
    rows = [
        {
            "category": category,
            "conversations": float(own),
            "share": float(own / talks),
            "recipe_conversations": talks,
        }
        for category, own in units.items()
    ]
    return sorted(rows, key=lambda row: (-row["conversations"], row["category"]))


def seasonality(truth: Truth, first: date, last: date) -> Rows:
    months: dict[str, list[date]] = defaultdict(list)
    for day in truth.days(first, last):
        if _shared_out(truth, day, day)[1]:
            months[f"{day:%Y-%m}"].append(day)
    if len(months) < 12:
        return []
    shares: dict[str, dict[str, Fraction]] = {}
    wanted: dict[str, Fraction] = defaultdict(Fraction)
    for month in sorted(months)[-12:]:
        units, talks = _shared_out(truth, months[month][0], months[month][-1])
        shares[month] = {category: own / talks for category, own in units.items()}
        for category, own in units.items():
            wanted[category] += own
    rows = []
    for category in (category for category, own in wanted.items() if own >= 20):
        mean = sum(own.get(category, Fraction()) for own in shares.values()) / 12
        index = {month: float(own.get(category, Fraction()) / mean * 100) for month, own in shares.items()}
        for place, month in enumerate(sorted(index, key=lambda month: (-index[month], month)), start=1):
            share = float(shares[month].get(category, 0))
            rows.append(
                {"category": category, "month": month, "share": share, "season_index": index[month], "place": place}
            )
    return sorted(rows, key=lambda row: (row["place"], -row["season_index"], row["category"]))


def _shared_out(truth: Truth, first: date, last: date) -> tuple[dict[str, Fraction], int]:
    """Each conversation with a dish, shared out evenly among the categories of its dishes; and how many there are."""
    units: dict[str, Fraction] = defaultdict(Fraction)
    talks = 0
    for _, talk in truth.talks(first, last).items():
        found = {said.dish.category for said in talk if said.dish}
        talks += bool(found)
        for category in found:
            units[category] += Fraction(1, len(found))
    return units, talks


def catalogue_gaps(truth: Truth, first: date, last: date) -> Rows:
    before = _gaps(truth, first - (last - first + DAY), first - DAY)
    rows = [
        {
            "name": name,
            "requests": len(own),
            "requests_before": len(before.get(name, ())),
            "user_days": len({(day, said.person) for day, said, _ in own if said.person}),
            "refused": sum(is_no for *_, is_no in own),
        }
        for name, own in _gaps(truth, first, last).items()
    ]
    return sorted(rows, key=lambda row: (-row["requests"], row["name"]))


def _gaps(truth: Truth, first: date, last: date) -> dict[str, list[tuple[date, Said, bool]]]:
    found = defaultdict(list)
    for (day, _), talk in truth.talks(first, last).items():
        for said in talk:
            if said.role == "user" and said.dish is not None:
                is_no = is_refused(truth, talk, said)
                if is_no or said.dish.number is None:
                    found[folded(said.dish)].append((day, said, is_no))
    return found


def ingredient_demand(truth: Truth, first: date, last: date) -> Rows:
    names = list(PANTRY)
    above = {name: _with_ancestors(name) for name in names}
    with_dish: set[tuple[date, str]] = set()
    wanted: dict[str, set[tuple[date, str]]] = defaultdict(set)
    for name, talk in truth.talks(first, last).items():
        for dish in {said.dish for said in talk if said.dish}:
            with_dish.add(name)
            for branch in {branch for own in dish.ingredients for branch in above[own]}:
                wanted[branch].add(name)
    rows = []
    for number, name in enumerate(names, start=1):
        offering = sum(any(name in above[own] for own in dish.ingredients) for dish in MENU)
        demand, supply = ratio(len(wanted[name]), len(with_dish)), offering / len(MENU)
        parent = PANTRY[name]
        rows.append(
            {
                "ingredient_id": number,
                "name": name,
                "parent_id": None if parent is None else names.index(parent) + 1,
                "path": "/" + "".join(f"{names.index(own) + 1}/" for own in reversed(above[name])),
                "conversations": len(wanted[name]),
                "recipe_conversations": len(with_dish),
                "demand_share": demand,
                "recipes": offering,
                "total_recipes": len(MENU),
                "supply_share": supply,
                "lift": None if demand is None else ratio(demand, supply),
            }
        )
    return sorted(rows, key=lambda row: (-row["conversations"], row["name"]))


def _with_ancestors(name: str) -> list[str]:
    """An ingredient and all above it, from itself to its root."""
    parent = PANTRY[name]
    return [name] if parent is None else [name, *_with_ancestors(parent)]
