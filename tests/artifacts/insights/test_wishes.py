"""Artifacts about what people want: recipes, categories, seasons, what they ask for in vain, demand and supply."""

from typing import Any

import pytest

from parcook.lake.place import Lake
from tests.artifacts.insights.kitchen import days_back, period, put_rows, stored
from tests.metrics.lakes import days

UNIT = 27720


def of_recipes(**conversations: int) -> dict[str, Any]:
    """The maps of a day on which so many conversations were about each."""
    maps = ("recipes_discussed", "recipes_conversations", "recipes_user_days", "recipes_asked")
    return {name: dict(conversations) for name in maps} | {"recipes_offered": {}}


def test_top_recipes_tell_their_places_before_and_their_categories(lake: Lake, cook, shelf):
    past, now = of_recipes(Negroni=4, Martini=9, Ramen=20), of_recipes(Negroni=12, Martini=6, Gyoza=3)
    put_rows(lake, "daily_metrics", [{**row, **past} for row in days("2025-01-01", 7)])
    put_rows(lake, "daily_metrics", [{**row, **now} for row in days("2025-01-08", 7)])
    cook.refresh()
    week = period(stored(shelf, "top-recipes"), 7)
    told = [
        (row["recipe_name"], row["place"], row["previous_place"], row["conversations"], row["conversations_before"])
        for row in week["rows"]
    ]
    assert told == [("Negroni", 1, 3, 84, 28), ("Martini", 2, 2, 42, 63), ("Gyoza", 3, None, 21, None)]
    assert week["summary"] == "Negroni leads with 84 conversations, up from place 3."


def test_categories_share_periods_and_weeks(lake, cook, shelf):
    put_rows(
        lake,
        "daily_metrics",
        days(
            "2025-01-06",
            14,
            categories=[{"soup_stew": 6 * UNIT, "salad": 4 * UNIT}] * 7
            + [{"soup_stew": 3 * UNIT, "salad": 7 * UNIT}] * 7,
        ),
    )
    cook.refresh()
    told = stored(shelf, "recipe-categories")
    week = period(told, 7)
    assert week["rows"] == [
        {"category": "salad", "conversations": 49.0, "share": 0.7, "share_before": 0.4},
        {"category": "soup_stew", "conversations": 21.0, "share": 0.3, "share_before": 0.6},
    ]
    assert week["n"] == 70
    assert week["summary"] == "Salad is 70% of recipe conversations, 30 points more than in the 7 days before."
    assert told["data"]["categories"] == ["salad", "soup_stew"]
    assert [row["shares"] for row in told["data"]["weeks"]] == [[0.4, 0.6], [0.7, 0.3]]
    assert told["data"]["weeks_summary"] == "Salad rose most, from 40% to 70% in 2 weeks."


def test_seasons_wait_for_twelve_whole_months(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2024-01-15", 330, categories={"salad": UNIT}))
    cook.refresh()
    told = stored(shelf, "seasonality")
    assert told["data"] == {"months": [], "categories": [], "months_so_far": 10}
    assert told["metadata"]["summary"] == "Seasons are told after twelve whole months; there are 10 so far."


def test_seasons_are_indices_of_twelve_months(lake, cook, shelf):
    wanted = [
        {"salad": 3 * UNIT, "soup_stew": UNIT} if "-07-" in day else {"salad": UNIT, "soup_stew": 3 * UNIT}
        for day in days_back("2024-01-01", 366)
    ]
    put_rows(lake, "daily_metrics", days("2024-01-01", 366, categories=wanted))
    cook.refresh()
    told = stored(shelf, "seasonality")
    assert (told["data"]["months"][0], told["data"]["months"][-1]) == ("2024-01", "2024-12")
    salad = next(row for row in told["data"]["categories"] if row["category"] == "salad")
    assert salad["season_index"][6] == max(salad["season_index"])
    assert sum(salad["season_index"]) / 12 == pytest.approx(100)
    assert "Salad in July" in told["metadata"]["summary"]


def test_gaps_name_the_nearest_recipe_and_count_the_weeks(lake, cook, shelf):
    asked = {"Zero-proof negronis": 3, "Negronis": 2, "Pho": 1}
    rows = days("2025-01-06", 28, gaps_requests=asked, gaps_user_days={**asked, "Pho": 0}, gaps_refused={"Negronis": 2})
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    month = period(stored(shelf, "catalogue-gaps"), 28)
    told = {row["name"]: row for row in month["rows"]}
    assert told["Zero-proof negronis"]["requests"] == 84
    assert told["Zero-proof negronis"]["weeks"] == [0] * 8 + [21] * 4
    assert told["Zero-proof negronis"]["reason"] == "no_match"
    assert told["Zero-proof negronis"]["nearest"] is None
    assert (told["Negronis"]["reason"], told["Negronis"]["nearest"]) == ("refused", "Negroni")
    assert month["summary"].startswith("Zero-proof negronis is asked for in vain most often: 84 requests in 28 days.")


def test_gaps_that_few_people_asked_for_are_not_listed_but_their_number_is_said(lake, cook, shelf):
    rows = days("2025-01-06", 7, gaps_requests={"Pho": 5, "Laksa": 4}, gaps_user_days={"Pho": 5, "Laksa": 1})
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    week = period(stored(shelf, "catalogue-gaps"), 7)
    assert [row["name"] for row in week["rows"]] == ["Pho"]
    assert week["suppressed"] == 1
    assert week["summary"].endswith("1 name is withheld: too few people asked.")


def test_demand_stands_beside_supply_for_each_ingredient(lake, cook, shelf):
    offered = [
        {"id": 1, "name": "Gin", "path": "/1/", "hierarchical_usage": 30, "total_recipes": 60, "day": "2025-01-14"},
        {"id": 2, "name": "Rum", "path": "/2/", "hierarchical_usage": 6, "total_recipes": 60, "day": "2025-01-14"},
    ]
    put_rows(lake, "catalogue_ingredients", offered)
    wanted = [{"1": 5}] * 7 + [{"1": 5, "2": 5}] * 7
    put_rows(lake, "daily_metrics", days("2025-01-01", 14, demand=wanted, recipe_conversations=10))
    cook.refresh()
    told = stored(shelf, "ingredient-demand")
    assert [(row["name"], row["supply_share"]) for row in told["data"]["ingredients"]] == [("Gin", 0.5), ("Rum", 0.1)]
    assert told["data"]["total_recipes"] == 60
    week = period(told, 7)
    assert (week["n"], week["conversations"], week["demand_share"]) == (70, [35, 35], [0.5, 0.5])
    assert week["demand_share_before"] == [0.5, 0.0]
    assert week["lift"] == [1.0, 5.0]
    assert week["summary"] == (
        "Rum is asked for 5.0 times as much as it is offered: in 50% of recipe conversations, and in 10% of recipes."
    )


def test_demand_over_a_tiny_catalogue_has_no_lift(lake, cook, shelf):
    row = {"id": 1, "name": "Gin", "path": "/1/", "hierarchical_usage": 1, "total_recipes": 2, "day": "2025-01-07"}
    put_rows(lake, "catalogue_ingredients", [row])
    put_rows(lake, "daily_metrics", days("2025-01-01", 7, demand={"1": 5}, recipe_conversations=10))
    cook.refresh()
    told = stored(shelf, "ingredient-demand")
    assert (told["data"]["ingredients"][0]["supply_share"], period(told, 7)["lift"]) == (None, [None])


def test_a_category_of_too_few_conversations_has_no_season(lake, cook, shelf):
    wanted = {"salad": UNIT, "dessert": UNIT // 100}
    put_rows(lake, "daily_metrics", days("2024-01-01", 366, categories=wanted))
    cook.refresh()
    told = stored(shelf, "seasonality")
    assert [row["category"] for row in told["data"]["categories"]] == ["salad"]
    assert told["metadata"]["summary"] == "No category is wanted much more in one month than in others."
