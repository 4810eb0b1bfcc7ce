"""A world of real events: its artifacts, those of the world without one of its people, and what is withheld."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from parcook.artifacts.insights.cook import InsightCook
from parcook.jobs.work import INSIGHTS, all_jobs, do_job, due_jobs
from parcook.lake.erasure import Eraser
from parcook.lake.place import Lake
from parcook.lake.reading import open_duckdb
from parcook.metrics.library import answer, find_metric
from tests.artifacts.insights.golden import GOLDEN, as_lines, data_of
from tests.artifacts.insights.kitchen import cook_for, period, shelf_of, stored
from tests.lake.making import ref
from tests.lake.six_people import DAYS, NOW, VICTIM

FIRST_DAY = DAYS[0].isoformat()
WEEK = {"from": DAYS[1].isoformat(), "to": DAYS[7].isoformat()}


@pytest.fixture
def cook(world: Lake, tmp_path: Path) -> InsightCook:
    return cook_for(world, shelf_of(tmp_path))


def asked(lake: Lake, name: str, days: Mapping[str, str] = WEEK) -> list[dict[str, Any]]:
    told = answer(find_metric(name), open_duckdb(lake.objects), days, min_people=lake.min_people, timezone="UTC")
    return list(told.rows)


@pytest.mark.parametrize(
    ("artifact", "metric", "key"),
    [
        ("top-recipes", "recipe_popularity", "recipe_name"),
        ("recipe-categories", "recipe_categories", "category"),
        ("outcomes", "completion", "conversations"),
        ("tool-usage", "tool_usage", "tool"),
    ],
)
def test_rows_are_those_of_the_metric_asked_directly(world, cook, artifact, metric, key):
    told = {row[key]: row for row in period({"data": data_of(cook)[artifact]}, 7)["rows"]}
    direct = {row[key]: row for row in asked(world, metric)}
    assert told.keys() == direct.keys()
    for name, row in told.items():
        shared = row.keys() & direct[name].keys() - {"previous_place"}
        assert {column: row[column] for column in shared} == pytest.approx(
            {column: direct[name][column] for column in shared}, abs=1e-4
        )


def test_what_artifacts_sum_up_themselves_is_what_the_metric_says_of_a_day(world, cook):
    data = data_of(cook)
    days = {day["date"]: day for day in data["activity-daily"]["days"]}
    for row in asked(world, "daily_totals"):
        assert (days[row["day"]]["conversations"], days[row["day"]]["messages"]) == (
            row["conversations"],
            row["messages"],
        )
    first = asked(world, "conversation_length", {"from": FIRST_DAY, "to": FIRST_DAY})[0]
    told = data["conversation-length"]["days"][0]
    assert told == {name: pytest.approx(first[name], abs=1e-4) if name == "mean" else first[name] for name in told}


def test_the_hours_of_a_period_add_up_to_its_conversations(cook):
    data = data_of(cook)
    hours = period({"data": data["peak-hours"]}, 7)
    assert len(hours["rows"]) == 168
    assert sum(row["conversations"] for row in hours["rows"]) == period({"data": data["conversation-length"]}, 7)["n"]


def test_after_an_erasure_the_job_makes_the_artifacts_of_a_world_without_the_person(world, cook, without, tmp_path):
    cook.refresh()
    before = stored(shelf_of(tmp_path), "activity-daily")
    with Eraser(world) as eraser:
        eraser.erase("user", ref(VICTIM), NOW)
    job = next(job for job in due_jobs(world, NOW, all_jobs(cook)) if job.name == INSIGHTS)
    assert do_job(world, job, NOW) == {"cooked": True}
    assert INSIGHTS not in [job.name for job in due_jobs(world, NOW, all_jobs(cook))]
    assert stored(shelf_of(tmp_path), "activity-daily") != before
    assert data_of(cook) == data_of(cook_for(without, shelf_of(tmp_path / "without")))


def test_no_cell_of_a_breakdown_counts_one_to_nine_people(world, tmp_path):
    strict = cook_for(replace(world, min_people=10), shelf_of(tmp_path))
    cells = list(_people_cells(data_of(strict)))
    assert cells
    assert [cell for cell in cells if cell[1] is not None and 0 < cell[1] < 10] == []
    lax = list(_people_cells(data_of(cook_for(world, shelf_of(tmp_path)))))
    assert [cell for cell in lax if cell[1] is not None and 0 < cell[1] < 10]


def _people_cells(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every cell of a breakdown that counts people or user-days, wherever it stands."""
    if isinstance(data, list):
        for own in data:
            yield from _people_cells(own, path)
    elif isinstance(data, dict):
        for name, own in data.items():
            is_breakdown = any(
                part in path for part in ("top-recipes", "retention", "feature-adoption", "catalogue-gaps")
            )
            if is_breakdown and name in ("people", "user_days"):
                yield f"{path}/{name}", own
            yield from _people_cells(own, f"{path}/{name}")


def test_the_artifacts_are_the_golden_ones(cook):
    """After a change that is meant: `python -m tests.artifacts.insights.golden`, and read what it changed."""
    assert as_lines(data_of(cook)) == GOLDEN.read_text()
