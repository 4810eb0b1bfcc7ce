"""Golden artifacts about what people want: recipes, categories, seasons, gaps, demand against supply."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

from tests.dashboard.golden.catalogue import COCKTAILS, TOTAL_RECIPES, recipes, usage
from tests.dashboard.golden.parts import Row, Rows, by_period, period, share, shown
from tests.dashboard.golden.talk import with_recipe
from tests.dashboard.golden.world import (
    CATEGORY_OF,
    FIRST,
    GAPS,
    PERIODS,
    Talk,
    between,
    earlier,
    is_over,
    of_week,
    weeks,
    window,
)

TOP = 20
NEAREST = {GAPS[0]: "Negroni", GAPS[1]: "Sourdough loaf"}


def named(found: list[Talk]) -> Counter[str]:
    """Conversations about each recipe."""
    return Counter(talk.recipe for talk in found if talk.recipe is not None)


def categories_of(found: list[Talk]) -> Counter[str]:
    """Conversations about each category."""
    return Counter(CATEGORY_OF[talk.recipe] for talk in found if talk.recipe is not None)


def user_days(found: list[Talk]) -> int | None:
    """People times days, unless there are too few."""
    return shown(len({(talk.person, talk.day) for talk in found}))


def top() -> Row:
    """top-recipes."""
    return {"periods": by_period(_top, unit=lambda found: len(with_recipe(found)))}


def _top(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    now, past = _ranked(named(found)), dict(_ranked(named(before or [])))
    places = {name: place for place, name in enumerate(past, start=1)}
    rows = []
    for place, (name, count) in enumerate(now[:TOP], start=1):
        about = [talk for talk in found if talk.recipe == name]
        mentions = sum(1 + talk.messages // 4 for talk in about)
        rows.append(
            {
                "recipe_name": name,
                "category": CATEGORY_OF[name],
                "conversations": count,
                "conversations_before": past.get(name, 0) if before is not None else None,
                "mentions": mentions,
                "user_days": user_days(about),
                "asked": count,
                "offered": mentions - count,
                "place": place,
                "previous_place": places.get(name),
            }
        )
    return rows, 0, f"{now[0][0]} leads with {now[0][1]:,} conversations, before {now[1][0]} with {now[1][1]:,}."


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def categories() -> Row:
    """recipe-categories."""
    all_weeks = [categories_of(of_week(monday)) for monday in weeks()]
    order = [name for name, _ in _ranked(sum(all_weeks, Counter()))]
    told = [
        {
            "week_start": monday.isoformat(),
            "shares": [round(counted[name] / counted.total(), 4) for name in order],
            "conversations": float(counted.total()),
            "complete": is_over(monday),
        }
        for monday, counted in zip(weeks(), all_weeks, strict=True)
    ]
    return {
        "periods": by_period(_categories, unit=lambda found: len(with_recipe(found))),
        "categories": order,
        "weeks": told,
        "weeks_summary": "Soups give way to salads as the year warms.",
    }


def _categories(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    now, past = categories_of(found), categories_of(before or [])
    rows = [
        {
            "category": name,
            "conversations": float(count),
            "share": share(count, now.total()),
            "share_before": share(past[name], past.total()),
        }
        for name, count in _ranked(now)
    ]
    return rows, 0, f"{rows[0]['share']:.0%} of recipe conversations are about cocktails."


def seasons() -> Row:
    """seasonality: the twelve months of 2025."""
    months = [date(2025, month, 1) for month in range(1, 13)]
    counted = [
        categories_of(between(month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)))
        for month in months
    ]
    rows = []
    for name, _ in _ranked(sum(counted, Counter())):
        shares = [one[name] / one.total() for one in counted]
        mean = sum(shares) / 12
        rows.append({"category": name, "season_index": [round(one / mean * 100, 1) for one in shares]})
    return {"months": [f"{month:%Y-%m}" for month in months], "categories": rows, "months_so_far": 12}


def gaps() -> Row:
    """catalogue-gaps."""
    return {"periods": by_period(_gaps, unit=lambda found: sum(talk.gap is not None for talk in found))}


def _gaps(found: list[Talk], before: list[Talk] | None, _: int) -> Rows:
    rows, withheld = [], 0
    for name in GAPS:
        asked = [talk for talk in found if talk.gap == name]
        if len(asked) < 10 or user_days(asked) is None:
            withheld += bool(asked)
            continue
        refused = len(asked) if name == GAPS[3] else 0
        rows.append(
            {
                "name": name,
                "reason": "refused" if refused else "no_match",
                "requests": len(asked),
                "requests_before": sum(talk.gap == name for talk in before) if before is not None else None,
                "user_days": user_days(asked),
                "refused": refused,
                "nearest": NEAREST.get(name),
                "weeks": [sum(talk.gap == name for talk in of_week(monday)) for monday in weeks()[-13:-1]],
            }
        )
    rows.sort(key=lambda row: (-row["requests"], row["name"]))
    return rows, withheld, f"{len(rows)} things were asked for often and are not in the catalogue."


@cache
def branches() -> dict[str, frozenset[int]]:
    """Each cocktail's ingredients and all that stand above them."""
    paths = {row["ingredient_id"]: [int(step) for step in row["path"].strip("/").split("/")] for row in usage().rows}
    return {
        name: frozenset(step for line in lines for step in paths[line])
        for name, lines in zip(COCKTAILS, recipes(), strict=False)
    }


def demanded(found: list[Talk]) -> Counter[int]:
    """Conversations that ask for each ingredient or anything below it, each once."""
    asked: Counter[int] = Counter()
    for name, count in named(found).items():
        asked.update(dict.fromkeys(branches().get(name, ()), count))
    return asked


def demand() -> Row:
    """ingredient-demand."""
    rows = usage().rows
    ingredients = [
        {
            "ingredient_id": row["ingredient_id"],
            "name": row["ingredient_name"],
            "parent_id": row["parent_id"],
            "path": row["path"],
            "recipes": row["hierarchical_usage"],
            "supply_share": share(row["hierarchical_usage"], TOTAL_RECIPES),
        }
        for row in rows
    ]
    return {
        "ingredients": ingredients,
        "total_recipes": TOTAL_RECIPES,
        "periods": [_demand(days) for days in PERIODS if window(days)[0] >= FIRST],
    }


def _demand(days: int) -> Row:
    found, before = between(*window(days)), earlier(days)
    base, past_base = len(with_recipe(found)), len(with_recipe(before or ()))
    asked, past = demanded(found), demanded(before or [])
    lift: list[float | None] = []
    for row in usage().rows:
        supply = row["hierarchical_usage"] / TOTAL_RECIPES
        lift.append(round(asked[row["ingredient_id"]] / base / supply, 4) if supply else None)
    ids = [row["ingredient_id"] for row in usage().rows]
    return period(
        days,
        n=base,
        suppressed=0,
        summary=_demand_sentence(lift, asked),
        conversations=[asked[one] for one in ids],
        demand_share=[share(asked[one], base) for one in ids],
        demand_share_before=[share(past[one], past_base) for one in ids],
        lift=lift,
    )


def _demand_sentence(lift: list[float | None], asked: Counter[int]) -> str:
    told = [
        (row, times) for row, times in zip(usage().rows, lift, strict=True) if times and asked[row["ingredient_id"]]
    ]
    row, times = max(told, key=lambda one: (one[1], one[0]["ingredient_name"]))
    return f"{row['ingredient_name']} is asked for {times:.1f} times as much as it is offered."
