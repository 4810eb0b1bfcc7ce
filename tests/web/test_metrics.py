"""Metrics over HTTP: who may, what is asked, what comes back."""

import csv
import io

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.settings import Settings
from tests.conftest import make_token
from tests.metrics.lakes import days, make_lake
from tests.web.problems import expect_problem

BASE = "/api/v1/metrics"
PERIOD = {"from": "2025-01-15", "to": "2025-01-21"}


@pytest.fixture
def viewer(client: TestClient, settings: Settings) -> TestClient:
    client.headers["Authorization"] = f"Bearer {make_token(settings, Role.VIEWER)}"
    make_lake(
        settings.home / "lake", {"daily_metrics": days("2025-01-15", 7, total_conversations=5, total_messages=20)}
    )
    return client


def test_the_list_says_what_each_asks_and_takes(viewer: TestClient) -> None:
    items = viewer.get(BASE).json()["items"]
    assert len(items) == 19
    active = next(item for item in items if item["name"] == "active_users")
    assert active["title"] == "Active people"
    assert [param["name"] for param in active["params"]] == ["from", "to"]


def test_a_metric_answers_with_its_rows_and_how_they_came_about(viewer: TestClient) -> None:
    told = viewer.get(f"{BASE}/daily_totals", params=PERIOD).json()
    assert [row["conversations"] for row in told["data"]] == [5] * 7
    assert told["metadata"]["complete"] is True
    assert told["metadata"]["n"] == 35


def test_csv_is_the_same_rows(viewer: TestClient) -> None:
    response = viewer.get(f"{BASE}/daily_totals", params=PERIOD | {"format": "csv"})
    assert response.headers["content-type"].startswith("text/csv")
    assert "daily_totals-2025-01-15-2025-01-21.csv" in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["messages"] for row in rows] == ["20"] * 7


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/nothing", PERIOD, 404, "not_found"),
        ("/daily_totals", {}, 422, "invalid"),
        ("/daily_totals", {"from": "2025-01-21", "to": "2025-01-15"}, 422, "invalid"),
        ("/daily_totals", PERIOD | {"limit": "3"}, 422, "invalid"),
        ("/daily_totals", PERIOD | {"colour": "red"}, 422, "invalid"),
        ("/daily_totals", PERIOD | {"from": "2025-01-15' or 1=1 --"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(viewer: TestClient, path, params, status, code) -> None:
    expect_problem(viewer.get(BASE + path, params=params), status, code)


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.INGEST, 403), (Role.ADMIN, 200)])
def test_numbers_are_for_viewers(client: TestClient, settings: Settings, role: Role | None, status: int) -> None:
    headers = {"Authorization": f"Bearer {make_token(settings, role)}"} if role else {}
    assert client.get(BASE, headers=headers).status_code == status
    assert client.get(f"{BASE}/daily_totals", params=PERIOD, headers=headers).status_code == status
