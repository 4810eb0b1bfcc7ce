"""The access table, tried out whole: every route, every role, by token and by session."""

import itertools
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from parcook.access import Role
from parcook.web.app import create_app, router
from parcook.web.routing import ruled_router
from parcook.web.rules import ACCESS
from tests.conftest import make_token
from tests.web.problems import expect_problem

# Restated here, so that a slip in access.py cannot agree with itself.
MAY = {
    "public": {"public", "ingest", "viewer", "admin"},
    "ingest": {"ingest", "admin"},
    "viewer": {"viewer", "admin"},
    "admin": {"admin"},
}
ROLES = ("ingest", "viewer", "admin")
ARGUMENTS = {
    "ingredient_id": "999999",
    "recipe_id": "999999",
    "unit_id": "999999",
    "analytics_type": "none",
    "file_name": "none.json",
    "metric_name": "daily_totals",
    "user_id": "nobody",
    "conversation_id": "none",
    "request_id": "none",
    "version": "none",
}
UNRULED = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}


def refusal_of(table_role: str, asking: str) -> int | None:
    if asking in MAY[table_role]:
        return None
    return 401 if asking == "public" else 403


def routes_of(routes: list) -> Iterator[tuple[str, object]]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes)
        else:
            yield getattr(route, "path_format", route.path), route  # as the table writes it, without converters


@pytest.mark.parametrize("asking", ["public", *itertools.product(("token", "session"), ROLES)], ids=str)
@pytest.mark.parametrize(("method", "path"), ACCESS, ids=str)
def test_a_route_answers_exactly_the_roles_of_its_row(standing, method, path, asking):
    credentials = {} if asking == "public" else getattr(standing, asking[0])(asking[1])
    response = standing.client.request(method, path.format(**ARGUMENTS), headers=credentials, follow_redirects=False)
    refused_with = response.status_code if response.status_code in (401, 403) else None
    role = "public" if asking == "public" else asking[1]
    assert refused_with == refusal_of(ACCESS[method, path], role), response.text
    assert response.status_code < 500, response.text


def test_every_route_has_a_row_and_every_row_a_route(settings):
    ruled = {
        (method, path)
        for path, route in routes_of(router(settings).routes)
        for method in route.methods
        if isinstance(route, APIRoute)
    }
    assert ruled == set(ACCESS)


def test_only_the_documentation_stands_outside_the_table(settings):
    paths = {path for path, _ in routes_of(create_app(settings).routes)}
    assert paths - {path for _, path in ACCESS} == UNRULED


def test_a_route_without_a_row_cannot_be_made():
    with pytest.raises(RuntimeError, match="no row in the access table"):
        ruled_router("forgotten").get("/forgotten")(lambda: None)


def test_a_route_whose_methods_have_different_rows_cannot_be_made():
    with pytest.raises(RuntimeError, match="no rule that fits all its methods"):
        ruled_router("mixed", prefix="/api/v1").api_route("/units", methods=["GET", "POST"])(lambda: None)


BAD_CREDENTIALS = {
    "unknown": "Bearer parcook_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "no token": "Bearer",
    "blank token": "Bearer   ",
    "no scheme": "parcook_AAAA",
    "another scheme": "Basic YWRtaW46YWRtaW4=",
    "empty": "",
    "not ASCII": "Bearer é".encode("latin-1"),
    "not text": b"Bearer \xff\xfe",
    "very long": "Bearer " + "x" * 60_000,
    "two tokens": "Bearer a b",
    "quotes of SQL": "Bearer ' OR '1'='1",
}


@pytest.mark.parametrize("header", BAD_CREDENTIALS.values(), ids=BAD_CREDENTIALS)
def test_a_bad_bearer_token_is_refused_and_told_how_to_ask(standing, header):
    response = standing.client.post("/api/v1/units", json={"name": "cup"}, headers={"Authorization": header})
    expect_problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="parcook"'


def test_a_revoked_token_is_refused(standing):
    token = standing.services.access.create_token(Role.ADMIN)
    header = {"Authorization": f"Bearer {token.secret}"}
    assert standing.client.post("/api/v1/units", json={}, headers=header).status_code == 422
    standing.services.access.revoke_token(token.id)
    expect_problem(standing.client.post("/api/v1/units", json={}, headers=header), 401, "unauthenticated")


def test_a_bad_token_is_not_saved_by_a_good_session(standing):
    headers = {**standing.session("admin"), "Authorization": "Bearer unknown"}
    expect_problem(standing.client.post("/api/v1/units", json={}, headers=headers), 401, "unauthenticated")


def test_who_may_not_is_told_before_the_body_is_looked_at(standing):
    nobody = standing.client.post("/api/v1/units", content=b"x" * 11_000_000, headers={"Content-Type": "text/plain"})
    expect_problem(nobody, 401, "unauthenticated")
    viewer = standing.client.post("/api/v1/units", content=b"{", headers=standing.token("viewer"))
    expect_problem(viewer, 403, "forbidden")


def test_whoever_keeps_failing_has_to_wait_even_for_the_right_answer(client, settings):
    header = {"Authorization": "Bearer parcook_wrong"}
    answers = [client.post("/api/v1/units", json={}, headers=header) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    right = client.post(
        "/api/v1/units", json={}, headers={"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    )
    expect_problem(right, 429, "too_many_attempts")
    assert 1 <= int(right.headers["retry-after"]) <= 60
    assert client.get("/api/v1/units").status_code == 200
