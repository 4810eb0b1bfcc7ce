"""The golden site, grown: a thousand ingredients, two years of days."""

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS, Cooked
from parcook.artifacts.models import INSIGHT_SHAPES
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.hierarchy import measure_usage
from tests.dashboard.golden import ABOUT, STAMP, golden_insights, write_insights
from tests.dashboard.golden.world import NOW

INGREDIENTS, RECIPES, DAYS = 1_000, 4_000, 730


def large_site(folder: Path) -> None:
    """Write `analytics/v1/` and `insights/v1/` of that size, in the same shapes."""
    chance = random.Random(1000)
    tree = [(number, _name(chance), chance.randrange(1, number) if number > 12 else None) for number in _ids()]
    pairs = [(recipe, one) for recipe in range(RECIPES) for one in chance.sample(_ids(), chance.randint(2, 9))]
    usage = measure_usage(tree, pairs, RECIPES)
    cooked = Cooked(STAMP, usage, NOW)
    public = {definition.name: cooked.envelope(definition.name, "stored") for definition in DEFINITIONS}
    AnalyticsStorage(f"file://{folder}").put_generation(public, STAMP, NOW, ABOUT, None)
    told = json.loads(json.dumps(golden_insights()))
    _lengthen(told["activity-daily"]["data"]["days"], "date", chance)
    _lengthen(told["conversation-length"]["data"]["days"], "day", chance)
    _widen(told["ingredient-demand"]["data"], usage.rows, chance)
    for name, envelope in told.items():
        INSIGHT_SHAPES[name].model_validate(envelope)
    write_insights(folder, told)


def _ids() -> list[int]:
    return list(range(1, INGREDIENTS + 1))


def _name(chance: random.Random) -> str:
    syllables = ("ba", "cor", "di", "fen", "gua", "lo", "mar", "ni", "pe", "ra", "sto", "tu", "ver", "zi")
    return " ".join("".join(chance.choices(syllables, k=3)).capitalize() for _ in range(chance.randint(1, 2)))


def _lengthen(days: list[dict[str, Any]], key: str, chance: random.Random) -> None:
    """Put days before the first until there are enough, each like one of those there are."""
    first = date.fromisoformat(days[0][key])
    earlier = DAYS - len(days)
    days[:0] = [
        {**days[chance.randrange(300)], key: (first - timedelta(days=back)).isoformat()}
        for back in range(earlier, 0, -1)
    ]


def _widen(demand: dict[str, Any], rows: list[dict[str, Any]], chance: random.Random) -> None:
    """Have the demand of as many ingredients as there are."""
    demand["ingredients"] = [
        {
            "ingredient_id": row["ingredient_id"],
            "name": row["ingredient_name"],
            "parent_id": row["parent_id"],
            "path": row["path"],
            "recipes": row["hierarchical_usage"],
            "supply_share": round(row["hierarchical_usage"] / RECIPES, 4),
        }
        for row in rows
    ]
    asked = [chance.random() < 0.6 for _ in rows]  # the rest is in no recipe that anybody talks about
    for period in demand["periods"]:
        period["conversations"] = [int(chance.paretovariate(0.7)) if is_asked else 0 for is_asked in asked]
        for name in ("demand_share", "demand_share_before", "lift"):
            period[name] = [round(chance.random() / 10, 4) if is_asked else 0.0 for is_asked in asked]
