"""Artifacts that count people: active people, cohorts, growth, features."""

from tests.artifacts.insights.kitchen import period, put_rows, stored
from tests.metrics.lakes import days


def test_active_people_of_every_day_are_told_and_those_of_periods_beside_the_time_before(lake, cook, shelf):
    rows = days("2025-01-01", 60, dau=[10 + day for day in range(60)], wau=100, mau=200, total_conversations=5)
    rows[-1]["complete"] = False
    put_rows(lake, "daily_metrics", rows)
    assert cook.refresh() is True
    told = stored(shelf, "activity-daily")
    assert len(told["data"]["days"]) == 60
    last = told["data"]["days"][-1]
    assert (last["date"], last["dau"], last["complete"]) == ("2025-03-01", 69, False)
    assert told["metadata"]["data_through"] == "2025-02-28"
    week = period(told, 7)
    assert (week["first"], week["last"]) == ("2025-02-22", "2025-02-28")
    assert week["rows"][0] == {"series": "dau", "value": 65.0, "previous": 58.0}
    assert week["rows"][1] == {"series": "wau", "value": 100.0, "previous": 100.0}
    assert week["summary"] == "100 people were active in the last 7 days, about the same as in the 7 days before."


def test_a_time_before_that_the_lake_does_not_reach_is_not_compared_with(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-01-01", 10, dau=12, wau=30, mau=30))
    cook.refresh()
    told = stored(shelf, "activity-daily")
    assert [one["days"] for one in told["data"]["periods"]] == [7, 28]
    assert all(row["previous"] is None for row in period(told, 7)["rows"])
    assert not period(told, 28)["complete"]
    assert period(told, 7)["summary"] == "30 people were active in the last 7 days."
