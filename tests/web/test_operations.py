"""What an operator sees: health, readiness, counters, request ids, logs, and faults without their insides."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.telemetry import JsonFormatter
from parcook.web.app import create_app
from tests.conftest import make_token
from tests.web.problems import expect_problem
from tests.web.stocking import stock

INSIDES = ["sqlite", "psycopg", "postgres", "Traceback", "recipe_ingredients", "SELECT", "127.0.0.1", "parcook/", ".db"]


@contextmanager
def logged(settings) -> Iterator[tuple[TestClient, StringIO]]:
    """An application, and the log lines it has written once it is closed."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("parcook").addHandler(handler)
    try:
        with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
            yield client, lines
    finally:
        logging.getLogger("parcook").removeHandler(handler)


def samples(client):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def lose_database(url):
    """The database is gone while the application runs."""
    target = make_url(url)
    if target.drivername == "sqlite":
        path = Path(str(target.database))
        path.rename(path.with_suffix(".gone"))
        return
    neighbour = target.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(neighbour, autocommit=True) as server:
        server.execute(f"DROP DATABASE {target.database} WITH (FORCE)")


def drop_table(services, table):
    with services.catalogue.database.write_aside() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")


def test_health_asks_nobody(client, settings):
    lose_database(settings.catalogue_url)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readiness_tells_age_and_lag(admin, services):
    stock(admin)
    before = admin.get("/readyz").json()
    version = services.catalogue.state().stamp.version
    nothing = {"stored_version": None, "generated_at": None, "age_seconds": None, "lag_seconds": None}
    artifacts = {"current": False, "catalogue_version": version, **nothing, "error": None, "last_error": None}
    jobs = {"last_run_at": None, "last_error": None, "open_gaps": 0, "failed_checks": [], "proof_holds": None}
    assert before == {"status": "ok", "artifacts": artifacts, "jobs": {**jobs, "stale": False}}
    services.refresher.refresh()
    current = admin.get("/readyz").json()["artifacts"]
    assert (current["current"], current["stored_version"], current["lag_seconds"]) == (True, version, 0.0)
    assert 0 <= current["age_seconds"] < 60
    admin.post("/api/v1/units", json={"name": "cup"})
    behind = admin.get("/readyz").json()["artifacts"]
    assert (behind["current"], behind["stored_version"], behind["catalogue_version"]) == (False, version, version + 1)
    assert 0 <= behind["lag_seconds"] < 60


def test_readiness_and_answers_fail_as_problems_while_the_database_is_gone(client, settings):
    lose_database(settings.catalogue_url)
    for path in ("/readyz", "/api/v1/recipes", "/api/v1/analytics/ingredient-usage?level=1"):
        response = client.get(path)
        problem = expect_problem(response, 503, "unavailable")
        assert int(response.headers["retry-after"]) > 0
        assert [word for word in INSIDES if word.lower() in str(problem).lower()] == []
    assert samples(client)["parcook_catalogue_up", ()] == 0


def test_stored_answers_outlive_the_database(admin, services, settings):
    stock(admin)
    services.refresher.refresh()
    lose_database(settings.catalogue_url)
    answer = admin.get("/api/v1/analytics/ingredient-usage")
    assert (answer.status_code, answer.json()["metadata"]["source"]) == (200, "stored")


def test_counters_go_by_the_template_of_the_route(admin, services):
    ids = stock(admin)
    services.refresher.refresh()
    before = samples(admin)
    for ingredient_id in ids.values():
        admin.get(f"/api/v1/ingredients/{ingredient_id}")
    admin.get("/api/v1/ingredients/999999")
    admin.get("/nowhere/1")
    admin.get("/nowhere/2")
    admin.request("BREW", "/nowhere/3")
    for _ in range(3):
        admin.get("/api/v1/analytics/ingredient-usage")
    after = samples(admin)

    def grown(route, method, status):
        key = ("parcook_http_requests_total", (("method", method), ("route", route), ("status", status)))
        return after.get(key, 0) - before.get(key, 0)

    assert grown("/api/v1/ingredients/{ingredient_id}", "GET", "200") == len(ids)
    assert grown("/api/v1/ingredients/{ingredient_id}", "GET", "404") == 1
    assert grown("unmatched", "GET", "404") == 2
    assert grown("unmatched", "OTHER", "404") == 1
    assert grown("/api/v1/analytics/ingredient-usage", "GET", "200") == 3
    seconds = ("parcook_http_request_seconds_count", (("route", "/api/v1/analytics/ingredient-usage"),))
    assert after[seconds] - before.get(seconds, 0) == 3
    assert after["parcook_catalogue_up", ()] == 1
    assert after["parcook_catalogue_version", ()] == after["parcook_artifact_version", ()] > 0
    assert after["parcook_artifact_lag_seconds", ()] == 0


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 64, "0"])
def test_a_sane_request_id_is_kept(client, given):
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", " ", "x" * 65, 'a"b', "a b", "a\\nb", "é".encode(), b"\xff", "a;b", "{}", "a/b"])
def test_an_odd_request_id_is_replaced(client, given):
    made = client.get("/healthz", headers={"X-Request-ID": given}).headers.get_list("x-request-id")
    assert len(made) == 1
    assert re.fullmatch(r"[0-9a-f]{8}-\d+", made[0])


def test_every_answer_has_an_id_of_its_own(client):
    paths = ["/healthz", "/healthz", "/nowhere", "/api/v1/recipes/1", "/api/v1/analytics/ingredient-usage", "/docs"]
    ids = [client.get(path).headers["x-request-id"] for path in paths]
    assert len(set(ids)) == len(paths)


def test_the_access_log_has_templates_and_no_addresses(capsys, settings):
    with logged(settings) as (client, _):
        client.get("/api/v1/ingredients/424242?secret=hunter2", headers={"X-Request-ID": "mine"})
        client.get("/api/v1/analytics/ingredient-usage", headers={"X-Request-ID": "second"})
        client.get("/hunter2/424242", headers={"X-Request-ID": "third"})
        client.post("/api/v1/units", content=b"hunter2")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if '"parcook.access"' in line]
    assert "hunter2" not in written
    assert "424242" not in written
    assert [(line["request_id"], line["method"], line["route"], line["status"]) for line in lines[:3]] == [
        ("mine", "GET", "/api/v1/ingredients/{ingredient_id}", 404),
        ("second", "GET", "/api/v1/analytics/ingredient-usage", 200),
        ("third", "GET", "unmatched", 404),
    ]
    assert (lines[3]["route"], lines[3]["status"]) == ("/api/v1/units", 401)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"]) for line in lines)
    assert all(line["ms"] >= 0 for line in lines)


def test_a_table_that_is_gone_is_told_to_the_operator_alone(settings):
    with logged(settings) as (client, lines):
        header = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}", "X-Request-ID": "broken"}
        drop_table(client.app_state["parcook"], "recipe_ingredients")
        asked = [
            client.get("/api/v1/analytics/recipe-complexity", headers=header),
            client.get("/api/v1/recipes?limit=1", headers=header),
            client.post("/api/v1/recipes", json={"name": "Martini"}, headers=header),
            client.post("/api/v1/recipes/bulk", json={"recipes": [{"name": "Martini"}]}, headers=header),
        ]
    for response in asked:
        problem = expect_problem(response, 503, "unavailable")
        assert [word for word in INSIDES if word.lower() in str(problem).lower()] == []
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    failures = [line for line in told if line["message"] == "request failed"]
    assert len(failures) == len(asked)
    assert all(line["request_id"] == "broken" for line in failures)
    assert all("recipe_ingredients" in line["reason"] for line in failures)


@pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)  # PostgreSQL keeps its texts text
def test_an_unknown_fault_is_an_internal_error_with_a_full_log(settings):
    with logged(settings) as (client, lines):
        services = client.app_state["parcook"]
        with services.catalogue.database.write_aside() as connection:
            connection.exec_driver_sql("INSERT INTO recipes (name, description) VALUES ('Odd', x'ff')")
        response = client.get("/api/v1/recipes/1", headers={"X-Request-ID": "broken"})
    problem = expect_problem(response, 500, "internal")
    assert problem["detail"].startswith("internal error")
    assert [word for word in INSIDES if word.lower() in str(problem).lower()] == []
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    failure = next(line for line in told if line["level"] == "error")
    assert failure["request_id"] == "broken"
    assert "Traceback" in failure["exception"]
    assert "ValidationError" in failure["exception"]
