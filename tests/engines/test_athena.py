"""Athena as an engine: polling, paging, throttling, failures in its own words, and what a query costs."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import httpx2
import pytest

from parcook.engines.athena import PAGE, AthenaEngine
from parcook.engines.contract import Days
from parcook.errors import QueryFailed, SettingsError, Unavailable
from tests.metrics.lakes import days, make_lake
from tests.servers.athena import AthenaServer, start_athena
from tests.servers.athena_backends import SCANNED, over_duckdb
from tests.servers.s3 import S3Server

URL = "athena://analysts/main?output=s3://results/"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AthenaServer]:
    with start_athena(over_duckdb(make_lake(tmp_path, {"daily_metrics": days("2025-01-15", 3)}))) as started:
        for name, value in started.environment.items():
            monkeypatch.setenv(name, value)
        yield started


def run(sql: str, *values: Any, tables: dict[str, Days] | None = None, **options: Any) -> Any:
    with AthenaEngine(URL).reading(tables or {}) as session:
        return session.run(sql, values, **options)


def test_every_page_is_fetched_and_the_row_of_names_is_not_a_row(server: AthenaServer) -> None:
    for rows in (PAGE - 1, PAGE, 2 * PAGE + 5):
        result = run("select i from range(?) as r(i) order by i", rows)
        assert [row[0] for row in result.rows] == list(range(rows))
    assert server.calls["GetQueryResults"] == 1 + 2 + 3


def test_an_answer_tells_what_was_scanned_and_what_it_costs(server: AthenaServer) -> None:
    result = run("select 1")
    assert result.bytes_scanned == SCANNED
    assert result.cost_usd == pytest.approx(SCANNED / 1e12 * 5)
    dear = AthenaEngine(f"{URL}&usd_per_tb=9")
    assert dear.cost(0) == pytest.approx(10e6 / 1e12 * 9), "the smallest query is charged for ten megabytes"


def test_throttling_is_waited_out(server: AthenaServer) -> None:
    server.faults = {
        "StartQueryExecution": ["TooManyRequestsException"] * 2,
        "GetQueryExecution": ["ThrottlingException"],
        "GetQueryResults": ["TooManyRequestsException"],
    }
    assert [tuple(row) for row in run("select 7").rows] == [(7,)]
    assert server.calls["StartQueryExecution"] == 1, "what is answered with a fault starts nothing"


@pytest.mark.parametrize(
    ("code", "raised", "told"),
    [
        ("InvalidRequestException", QueryFailed, "Athena refused: as the test asked for"),
        ("AccessDeniedException", Unavailable, "does not let parcook in"),
        ("UnrecognizedClientException", Unavailable, "does not let parcook in"),
        ("MetadataException", Unavailable, "does not answer now"),
    ],
)
def test_a_refused_call_is_told_by_what_it_means(
    server: AthenaServer, code: str, raised: type[Exception], told: str
) -> None:
    server.faults = {"StartQueryExecution": [code]}
    with pytest.raises(raised, match=told):
        run("select 1")


def test_a_table_that_is_not_declared_leads_to_parcook_ddl(server: AthenaServer) -> None:
    read = {"elsewhere": Days(date(2025, 1, 1))}
    with pytest.raises(Unavailable, match="lacks the table elsewhere: run what `parcook ddl athena` prints"):
        run("select 1 from elsewhere", tables=read)
    with pytest.raises(QueryFailed, match="TABLE_NOT_FOUND"):
        run("select 1 from somebody_elses")


def test_a_query_that_nobody_waits_for_is_stopped(server: AthenaServer) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    with pytest.raises(QueryFailed, match="longer than"):
        run(endless, timeout_s=0.3)
    assert server.calls["StopQueryExecution"] == 1
    assert [query.state for query in server.queries.values()] == ["CANCELLED"]


def test_a_query_that_scans_more_than_its_workgroup_allows_tells_so(server: AthenaServer) -> None:
    server.scan_limit = SCANNED - 1
    with pytest.raises(QueryFailed, match="Bytes scanned limit was exceeded"):
        run("select 1")


def test_nobody_there_and_no_credentials_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, server: AthenaServer, tmp_path: Path
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which keeps the credentials of other tests
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Unavailable, match="no AWS credentials"):
        run("select 1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL_ATHENA", "http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="Athena does not answer"):
        run("select 1")


@pytest.mark.parametrize(
    "url",
    [
        "athena://analysts",
        "athena://[analysts/main",
        "athena:///database",
        "athena://analysts/main/more",
        "athena://analysts/Main",
        "athena://an%20alyst/main",
        "athena://analysts/main?output=/tmp/results",
        "athena://analysts/main?colour=red",
        "athena://analysts/main?usd_per_tb=dear",
        "athena://analysts/main?usd_per_tb=nan",
    ],
)
def test_a_bad_url_is_refused_with_the_shape_of_a_good_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(SettingsError, match="must look like athena://workgroup/database"):
        AthenaEngine(url)


def test_a_region_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="names no region"):
        AthenaEngine(URL)
    with pytest.raises(SettingsError, match="no such region"):
        AthenaEngine(f"{URL}&region=over/there")
    assert AthenaEngine(f"{URL}&region=eu-west-1").client.meta.region_name == "eu-west-1"


@pytest.fixture
def moto(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_ATHENA", s3_server.endpoint)
    return s3_server


def test_another_implementation_of_the_protocol_is_spoken_to_alike(moto: S3Server) -> None:
    """Moto runs no SQL: it queues, ends, and answers what it was told to, typed by its columns."""
    columns = {
        "a": "varchar",
        "b": "bigint",
        "c": "double",
        "d": "boolean",
        "e": "date",
        "f": "timestamp",
        "g": "decimal",
        "h": "array",
    }
    cells = ["b", "7", "1.0E7", "true", "2025-01-15", "2025-01-15 10:00:00.250", "1.50", "[a, b]"]
    queued = {
        "rows": [
            {"Data": [{"VarCharValue": name} for name in columns]},
            {"Data": [{"VarCharValue": cell} for cell in cells]},
            {"Data": [{} for _ in columns]},
        ],
        "column_info": [{"Name": name, "Type": type} for name, type in columns.items()],
    }
    httpx2.post(
        f"{moto.endpoint}/moto-api/static/athena/query-results",
        json={"results": [queued], "region": "us-east-1"},
    ).raise_for_status()
    moments = [date(2025, 1, 15), datetime.fromisoformat("2025-01-15T10:00:00.250")]
    moto.client("athena").create_work_group(Name="analysts", Configuration={})
    assert run("select …").rows == [
        ("b", 7, 1e7, True, *moments, Decimal("1.50"), "[a, b]"),
        (None,) * len(columns),
    ]


def test_a_workgroup_that_is_not_there_is_told(moto: S3Server) -> None:
    with AthenaEngine("athena://nobody/main").reading({}) as session, pytest.raises(QueryFailed, match="WorkGroup"):
        session.run("select 1")
