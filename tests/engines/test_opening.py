"""The engine that PARCOOK_ENGINE_URL names answers behind every door, and its faults are told there."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.engines.athena import AthenaEngine
from parcook.engines.duckdb import DuckdbEngine
from parcook.engines.trino import TrinoEngine
from parcook.errors import SettingsError
from parcook.lake.opening import open_engine
from parcook.objects import Objects
from parcook.settings import Settings, load_settings
from parcook.web.app import create_app
from tests.conftest import make_token
from tests.dashboard.typed import CommandLine
from tests.metrics.lakes import days, make_lake
from tests.servers.athena import AthenaServer, start_athena
from tests.servers.athena_backends import SCANNED, over_duckdb

PERIOD = {"from": "2025-01-15", "to": "2025-01-21"}
ATHENA = "athena://analysts/main?output=s3://results/"


@pytest.fixture
def athena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AthenaServer]:
    """One whose lake has a week of rows, where that of the settings is empty."""
    rows = days("2025-01-15", 7, total_conversations=5, total_messages=20)
    with start_athena(over_duckdb(make_lake(tmp_path / "far away", {"daily_metrics": rows}))) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def viewer(tmp_path: Path, athena: AthenaServer) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path / "home", engine_url=ATHENA, refresh_url="none://")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        client.headers["Authorization"] = f"Bearer {make_token(settings, Role.VIEWER)}"
        yield client


def test_a_url_opens_its_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    objects = Objects(f"file://{tmp_path}")
    assert isinstance(open_engine("duckdb://", objects), DuckdbEngine)
    assert isinstance(open_engine(ATHENA, objects), AthenaEngine)
    assert isinstance(open_engine("trino://parcook@127.0.0.1:8080/lake/parcook", objects), TrinoEngine)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("duckdb:///some/where.db", "DuckDB takes nothing more"),
        ("trino://127.0.0.1:8080/lake/parcook", "must look like trino://user@host"),
        ("trino://parcook@127.0.0.1:8080/lake", "must look like trino://user@host"),
        ("athena://analysts", "must look like athena://workgroup/database"),
    ],
)
def test_a_bad_url_is_told_by_its_shape(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        open_engine(url, Objects(f"file://{tmp_path}"))


def test_another_scheme_is_refused_and_a_password_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_ENGINE_URL", "presto://ann:hunter2@host/lake/parcook")
    with pytest.raises(SettingsError, match="PARCOOK_ENGINE_URL must begin with one of duckdb://, athena://") as told:
        load_settings()
    assert "hunter2" not in told.value.detail
    assert "hunter2" not in repr(Settings(engine_url="trino://ann:hunter2@host/lake/parcook"))


def test_a_metric_over_http_is_asked_of_it_and_tells_what_that_cost(viewer: TestClient) -> None:
    told = viewer.get("/api/v1/metrics/daily_totals", params=PERIOD).json()
    assert [row["conversations"] for row in told["data"]] == [5] * 7
    assert told["metadata"]["complete"] is True
    assert told["metadata"]["bytes_scanned"] == 2 * SCANNED
    assert told["metadata"]["cost_usd"] == pytest.approx(2 * SCANNED / 1e12 * 5)


def test_an_engine_that_is_away_is_503_and_worth_another_try(
    viewer: TestClient, athena: AthenaServer, caplog: pytest.LogCaptureFixture
) -> None:
    athena.faults = {"StartQueryExecution": ["AccessDeniedException"]}
    response = viewer.get("/api/v1/metrics/daily_totals", params=PERIOD)
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"
    assert response.headers["Retry-After"] == "2"
    (why,) = (record.reason for record in caplog.records if record.message == "request failed")
    assert "does not let parcook in" in why
    assert viewer.get("/api/v1/metrics/daily_totals", params=PERIOD).status_code == 200


@pytest.fixture
def command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CommandLine]:
    """In this process; what a command does to all logging is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield CommandLine(tmp_path, monkeypatch, capsys)
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_command_line_asks_it_too(
    athena: AthenaServer, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARCOOK_ENGINE_URL", ATHENA)
    told = command_line.run("metric", "daily_totals", "--from", PERIOD["from"], "--to", PERIOD["to"], "--json")
    assert [row["messages"] for row in json.loads(told.stdout)["data"]] == [20] * 7
    newest = command_line.run("sql", "select max(d.date) as newest from daily_metrics d", "--json")
    assert json.loads(newest.stdout)["data"] == [{"newest": "2025-01-21"}]
    refused = command_line.run("sql", "select missing from daily_metrics")
    assert refused.code == 1
    assert "Athena refused" in refused.stderr


@pytest.mark.parametrize("statement", ["drop table daily_metrics", "select 1; select 2", ""])
def test_the_command_line_sends_it_nothing_but_one_query(
    athena: AthenaServer, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    monkeypatch.setenv("PARCOOK_ENGINE_URL", ATHENA)
    refused = command_line.run("sql", statement)
    assert (refused.code, refused.stdout) == (2, "")
    assert "query" in refused.stderr
    assert athena.calls["StartQueryExecution"] == 0
