"""ingredient-demand: what people ask for beside what the catalogue offers, up and down the tree of ingredients."""

from parcook.artifacts.insights.questions import Questions, Row, Span, by_period, told
from parcook.metrics.threshold import LEAST_BASE


def demand(questions: Questions) -> Row:
    """ingredient-demand."""
    offered = sorted(
        questions.ask("ingredient_demand", questions.spans()[0].now).rows,
        key=lambda row: (-row["recipes"], row["name"]),
    )
    ingredients = [
        {
            "ingredient_id": row["ingredient_id"],
            "name": row["name"],
            "parent_id": row["parent_id"],
            "path": row["path"],
            "recipes": row["recipes"],
            "supply_share": row["supply_share"],
        }
        for row in offered
    ]
    order = [row["ingredient_id"] for row in offered]
    return {
        "ingredients": ingredients,
        "total_recipes": offered[0]["total_recipes"] if offered else 0,
        "periods": by_period(questions, lambda span: _demand(questions, span, order)),
    }


def _demand(questions: Questions, span: Span, order: list[int]) -> Row:
    answer = questions.ask("ingredient_demand", span.now)
    now = {row["ingredient_id"]: row for row in answer.rows}
    before = questions.rows_before("ingredient_demand", span)
    past = {row["ingredient_id"]: row["demand_share"] for row in before}
    rows = [now[ingredient] for ingredient in order]
    return {
        **told(answer),
        "n": rows[0]["recipe_conversations"] if rows else 0,
        "summary": _sentence(rows),
        "conversations": [row["conversations"] for row in rows],
        "demand_share": [row["demand_share"] for row in rows],
        "demand_share_before": [past.get(ingredient) for ingredient in order],
        "lift": [_lift(row) for row in rows],
    }


def _lift(row: Row) -> float | None:
    return None if row["supply_share"] is None else row["lift"]


def _sentence(rows: list[Row]) -> str:
    wanted = [row for row in rows if _lift(row) is not None and row["conversations"] >= LEAST_BASE]
    if not wanted:
        return "There are too few recipe conversations to set demand against supply."
    top = max(wanted, key=lambda row: (_lift(row) or 0, row["name"]))
    return (
        f"{top['name']} is asked for {top['lift']:.1f} times as much as it is offered: in {top['demand_share']:.0%} of "
        f"recipe conversations, and in {top['supply_share']:.0%} of recipes."
    )
