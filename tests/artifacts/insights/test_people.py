"""Artifacts that count people: active people, cohorts, growth, features."""

import pytest

from parcook.lake.place import Lake
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


def cohort_weeks() -> list[dict[str, object]]:
    """Four weeks: 40 people come in the first, 30 of them are back, then 4; 12 come in the second."""
    return [
        {"week_start": "2025-01-06", "people": 40, "new_people": 40, "cohorts": {"2025-W02": 40}},
        {"week_start": "2025-01-13", "people": 42, "new_people": 12, "cohorts": {"2025-W02": 30, "2025-W03": 12}},
        {"week_start": "2025-01-20", "people": 4, "new_people": 0, "cohorts": {"2025-W02": 4}},
        {"week_start": "2025-01-27", "people": 9, "new_people": 9, "cohorts": {"2025-W05": 9}, "complete": False},
    ]


@pytest.fixture
def weeks(lake: Lake) -> None:
    put_rows(lake, "daily_metrics", days("2025-01-06", 23, dau=20, mau=40, complete=[True] * 21 + [False] * 2))
    put_rows(lake, "weekly_metrics", cohort_weeks())


@pytest.mark.usefixtures("weeks")
def test_cells_of_cohorts_say_what_kind_of_number_they_are(cook, shelf):
    cook.refresh()
    told = stored(shelf, "retention")
    first = told["data"]["cohorts"][0]
    assert (first["cohort"], first["people"]) == ("2025-01-06", 40)
    assert [cell["state"] for cell in first["cells"][:5]] == ["complete", "complete", "withheld", "partial", "future"]
    assert first["cells"][1] == {"people": 30, "share": 0.75, "state": "complete"}
    assert first["cells"][2] == {"people": None, "share": None, "state": "withheld"}
    assert told["data"]["measurable"] is True
    assert told["metadata"]["summary"] == "58% of people who came for the first time are back the week after."


@pytest.mark.usefixtures("weeks")
def test_an_average_from_which_a_withheld_cell_could_be_reckoned_is_withheld(lake, cook, shelf):
    cook.refresh()
    told = stored(shelf, "retention")["data"]
    assert told["average"][:4] == [1.0, 0.5769, None, None]
    assert told["suppressed"] == 2
    weeks = cohort_weeks()
    weeks[2]["cohorts"] = {"2025-W02": 11, "2025-W03": 3}
    weeks[1]["cohorts"] = {"2025-W02": 4, "2025-W03": 12}
    put_rows(lake, "weekly_metrics", weeks)
    cook.refresh()
    told = stored(shelf, "retention")
    assert told["data"]["average"][:4] == [1.0, None, 0.275, None]
    assert told["data"]["suppressed"] == 3
    assert told["metadata"]["summary"] == "Too few people have come to say how many are back the week after."


@pytest.mark.usefixtures("weeks")
def test_growth_tells_every_week_and_none_of_an_unfinished_one(cook, shelf):
    cook.refresh()
    told = stored(shelf, "growth")
    assert [week["growth"] for week in told["data"]["weeks"]] == [None, 5.0, pytest.approx(-90.4762), None]
    assert [week["new_people"] for week in told["data"]["weeks"]] == [40, 12, 0, 9]
    assert told["metadata"]["summary"] == "More people than the week before in 1 of the last 2 whole weeks."


def test_a_week_without_numbers_is_not_left_out_of_growth(lake, cook, shelf):
    put_rows(lake, "daily_metrics", days("2025-01-06", 21, dau=20))
    put_rows(lake, "weekly_metrics", [row for row in cohort_weeks()[:3] if row["week_start"] != "2025-01-13"])
    cook.refresh()
    weeks = stored(shelf, "growth")["data"]["weeks"]
    assert [week["week_start"] for week in weeks] == ["2025-01-06", "2025-01-13", "2025-01-20"]
    assert weeks[1] == {
        "week_start": "2025-01-13",
        "people": None,
        "new_people": None,
        "returning_people": None,
        "growth": None,
        "complete": False,
    }


def test_features_are_told_of_whole_weeks_and_few_people_are_withheld(lake, cook, shelf):
    used = [{"timer": 5 + week, "saved": 30 + 10 * week} for week in range(6)]
    mondays = ["2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27", "2025-02-03", "2025-02-10"]
    rows = [
        {"week_start": monday, "people": 100, "feature_people": people}
        for monday, people in zip(mondays, used, strict=True)
    ]
    put_rows(lake, "daily_metrics", days("2025-01-06", 44, dau=20))
    put_rows(lake, "weekly_metrics", rows)
    cook.refresh()
    week = period(stored(shelf, "feature-adoption"), 7)
    assert (week["first"], week["last"]) == ("2025-02-10", "2025-02-16")
    assert {row["feature"]: (row["share"], row["people"]) for row in week["rows"]} == {
        "saved": (0.8, 80),
        "timer": (0.1, 10),
    }
    before = {row["feature"]: row["share_before"] for row in week["rows"]}
    assert before == {"saved": 0.7, "timer": None}
    assert week["summary"] == (
        "Saved is used by 80% of people in a week, to 16 February, 10 points more than in the 7 days before."
    )
