"""Artifacts about how conversations go: length, outcomes, tools, hours."""

from tests.artifacts.insights.kitchen import period, put_rows, stored
from tests.metrics.lakes import days


def test_length_is_that_of_seven_days_and_of_periods(lake, cook, shelf):
    short, long = {"2": 3, "4": 1}, {"10": 4}
    rows = days(
        "2025-01-01",
        14,
        lengths=[short] * 7 + [long] * 7,
        total_conversations=4,
        total_messages=[10] * 7 + [40] * 7,
    )
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    told = stored(shelf, "conversation-length")
    assert told["data"]["days"][0] == {
        "day": "2025-01-01",
        "conversations": 4,
        "mean": 2.5,
        "lower_quartile": 2.0,
        "median": 2.0,
        "upper_quartile": 2.0,
        "p90": 4.0,
    }
    assert [(day["conversations"], day["median"]) for day in told["data"]["days"]][6:] == [
        (28, 2.0), (28, 2.0), (28, 2.0), (28, 4.0), (28, 10.0), (28, 10.0), (28, 10.0), (28, 10.0)
    ]  # fmt: skip
    week = period(told, 7)
    assert (week["rows"], week["n"]) == ([{"mean": 10.0, "mean_before": 2.5, "median": 10.0}], 28)
    assert week["summary"] == (
        "A conversation has 10.0 messages, 300% more than in the 7 days before; half have up to 10."
    )


def test_outcomes_are_estimates_with_intervals_and_weeks_of_counts(lake, cook, shelf):
    ended = {"confirmed": 2, "likely": 3, "engaged": 4, "browsed": 10, "abandoned": 1}
    put_rows(lake, "daily_metrics", days("2025-01-06", 10, outcomes=ended, recipe_conversations=20))
    cook.refresh()
    told = stored(shelf, "outcomes")
    assert told["metadata"]["estimate"] is True
    assert told["metadata"]["formula"].startswith("Of conversations with a recipe")
    [row] = period(told, 7)["rows"]
    assert (row["cooked_share"], row["confirmed_share"], row["conversations"]) == (0.25, 0.1, 140)
    assert row["cooked_share_low"] < 0.25 < row["cooked_share_high"]
    assert row["cooked_share_before"] is None
    assert told["data"]["weeks"] == [
        {"week_start": "2025-01-06", **{step: 7 * count for step, count in ended.items()}, "complete": True},
        {"week_start": "2025-01-13", **{step: 3 * count for step, count in ended.items()}, "complete": False},
    ]
    assert period(told, 7)["summary"] == "An estimated 25% of recipe conversations got to cook (uncalibrated)."


def test_too_few_conversations_have_no_share(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-01-06", 7, outcomes={"likely": 2}, recipe_conversations=2))
    cook.refresh()
    week = period(stored(shelf, "outcomes"), 7)
    assert (week["rows"][0]["cooked_share"], week["rows"][0]["conversations"]) == (None, 14)
    assert week["summary"] == "There are too few conversations with a recipe to say how many got to cook."


def test_tools_are_ranked_by_conversations_beside_the_time_before(lake, cook, shelf):
    rows = days(
        "2025-01-01",
        14,
        total_conversations=10,
        tools_conversations=[{"web_search": 2}] * 7 + [{"web_search": 4, "timer": 5}] * 7,
        tools_calls=[{"web_search": 3}] * 7 + [{"web_search": 9, "timer": 5}] * 7,
        tools_errors={"web_search": 1},
        tools_ms={"web_search|840": 2, "web_search|120": 1},
    )
    put_rows(lake, "daily_metrics", rows)
    cook.refresh()
    week = period(stored(shelf, "tool-usage"), 7)
    assert [row["tool"] for row in week["rows"]] == ["timer", "web_search"]
    search = week["rows"][1]
    assert (search["conversation_share"], search["conversation_share_before"]) == (0.4, 0.2)
    assert (search["calls"], search["failures"], search["p50_ms"], search["p95_ms"]) == (63, 7, 840, 840)
    assert week["rows"][0]["conversation_share_before"] is None
    assert week["summary"] == "Timer is in 50% of conversations."


def test_every_hour_of_the_week_is_there_and_the_busiest_is_said(lake, cook, shelf):
    clock = {f"{hour:02}": 60 for hour in range(24)}
    hours = [{"19": 6, "08": 1} if number == 4 else {"08": 1} for number in range(7)]
    put_rows(lake, "daily_metrics", days("2025-01-06", 7, hours=hours, hour_minutes=clock))
    cook.refresh()
    week = period(stored(shelf, "peak-hours"), 7)
    assert [(row["weekday"], row["hour"]) for row in week["rows"][:2]] == [(1, 0), (1, 1)]
    assert len(week["rows"]) == 168
    assert week["rows"][4 * 24 + 19] == {"weekday": 5, "hour": 19, "conversations": 6, "hours": 1.0, "per_hour": 6.0}
    assert week["summary"] == "Most begin on Fridays from 19:00 to 20:00, 77.5 times as many as in a mean hour."
