"""`router` in somebody else's application: the rules of its routes come along, and nothing else is touched."""

import pytest
from fastapi import FastAPI, HTTPException
from starlette.testclient import TestClient

import parcook
from parcook.access import Role
from tests.conftest import make_token
from tests.web.problems import expect_problem

INGREDIENTS = "/api/v1/ingredients"


@pytest.fixture
def host(settings):
    """An application of somebody else with a route and a fault of its own."""
    app = FastAPI()

    @app.get("/own")
    def own():
        raise HTTPException(418, "short and stout")

    app.include_router(parcook.router(settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_the_routes_answer_and_ask_for_their_role(host, settings):
    assert host.get("/api/v1/analytics/ingredient-usage").json()["data"] == []
    expect_problem(host.post(INGREDIENTS, json={"name": "Gin"}), 401, "unauthenticated")
    header = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    assert host.post(INGREDIENTS, json={"name": "Gin"}, headers=header).status_code == 201
    assert [item["name"] for item in host.get(INGREDIENTS).json()["items"]] == ["Gin"]


def test_faults_in_our_routes_are_problems_and_those_of_the_host_are_not(host, settings):
    header = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    malformed = host.post(INGREDIENTS, content=b"{", headers=header | {"Content-Type": "application/json"})
    expect_problem(malformed, 400, "malformed_json")
    expect_problem(host.post(INGREDIENTS, json={"name": ""}, headers=header), 422, "invalid")
    expect_problem(host.get(f"{INGREDIENTS}/7"), 404, "not_found")
    assert host.get("/own").json() == {"detail": "short and stout"}


def test_the_limit_on_bodies_comes_along(host, settings):
    header = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}", "Content-Type": "application/json"}
    chunks = (b"x" * 1_000_000 for _ in range(11))
    expect_problem(host.post(INGREDIENTS, content=chunks, headers=header), 413, "too_large")


def test_the_hosts_documentation_lists_our_routes(host):
    assert {"/own", INGREDIENTS, "/healthz"} <= host.get("/openapi.json").json()["paths"].keys()
