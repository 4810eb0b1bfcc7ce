"""What browsers are told beside the answer: who may read it from another site, and what must not be done with it."""

from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.errors import SettingsError
from parcook.settings import Settings, load_settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.web.problems import expect_problem

STORED = "/api/v1/analytics/ingredient-usage"
UNITS = "/api/v1/units"
ALLOWED, ALSO_ALLOWED, FOREIGN = "https://bar.example", "http://localhost:3000", "https://elsewhere.example"
NOT_ALLOWED = [
    FOREIGN,
    "http://bar.example",
    "https://bar.example:8443",
    "https://bar.example.elsewhere.example",
    "https://elsewhere.example/https://bar.example",
    "https://BAR.example",
    "null",
    "*",
    "",
]
SAFETY = {"x-content-type-options": ["nosniff"], "x-frame-options": ["DENY"], "referrer-policy": ["no-referrer"]}


def cors_of(response):
    """The headers by which a browser lets other sites' pages in."""
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


def make_unit(client, **headers):
    """Make something that was not there, with a token."""
    token = client.app_state[STATE_KEY].access.create_token(Role.ADMIN).secret
    return client.post(UNITS, json={"name": uuid4().hex}, headers={"Authorization": f"Bearer {token}", **headers})


def preflight(client, origin, method="POST", path=UNITS, headers="authorization,content-type"):
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options(path, headers=asked)


def varies_by(response):
    return {part.strip().lower() for line in response.headers.get_list("vary") for part in line.split(",")}


def stored_answer(client, **headers):
    """The stored answer as it comes while it is at hand; the first request only brings it there."""
    client.get(STORED)
    return client.get(STORED, headers=headers)


@contextmanager
def open_cooked(home, base_url="http://127.0.0.1", **chosen):
    """An application whose answers are stored."""
    app = create_app(Settings(home=home, refresh_url="none://", **chosen))
    with TestClient(app, base_url=base_url, raise_server_exceptions=False) as client:
        client.app_state[STATE_KEY].refresher.refresh(True)
        yield client


@pytest.fixture
def cooked(tmp_path):
    """Opens an application with settings of its own."""
    with ExitStack() as stack:
        yield lambda **chosen: stack.enter_context(open_cooked(tmp_path / "home", **chosen))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """An application that two other sites' pages may call."""
    with open_cooked(tmp_path_factory.mktemp("shared"), cors_origins=f"{ALLOWED},{ALSO_ALLOWED}") as client:
        yield client


PATHS = {
    "a stored answer": STORED,
    "a file": "/analytics/v1/manifest.json",
    "a list": UNITS,
    "the documentation": "/openapi.json",
    "an unknown path": "/none",
    "an unknown thing": "/api/v1/recipes/999",
    "a wrong question": f"{STORED}?level=x",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_by_default_no_other_sites_page_may_read_anything(cooked, path):
    client = cooked()
    for origin in (ALLOWED, "null"):
        assert cors_of(client.get(path, headers={"Origin": origin})) == {}
        assert cors_of(preflight(client, origin, "GET", path)) == {}
    expect_problem(preflight(client, ALLOWED), 405, "method_not_allowed")
    assert "origin" not in varies_by(stored_answer(client))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_pages_of_the_named_origins_may_read_answers_and_faults(shared, path):
    shared.get(path)
    for origin in (ALLOWED, ALSO_ALLOWED):
        response = shared.get(path, headers={"Origin": origin})
        assert cors_of(response) == {
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "ETag, Location, X-Request-ID",
        }
        assert "origin" in varies_by(response)
    plain = shared.get(path)
    assert (plain.status_code, plain.content) == (response.status_code, response.content)


@pytest.mark.parametrize("origin", NOT_ALLOWED)
@pytest.mark.parametrize("path", [STORED, UNITS])
def test_pages_of_other_origins_may_not(shared, path, origin):
    for response in (shared.get(path, headers={"Origin": origin}), preflight(shared, origin, "GET", path)):
        assert "access-control-allow-origin" not in cors_of(response)
        assert "access-control-allow-credentials" not in cors_of(response)
    assert preflight(shared, origin).status_code == 400


def test_no_cache_mixes_up_answers_for_different_origins(shared):
    for headers in ({}, {"Origin": ALLOWED}, {"Origin": FOREIGN}):
        for response in (stored_answer(shared, **headers), shared.get(UNITS, headers=headers)):
            assert "origin" in varies_by(response)
        tag = stored_answer(shared, **headers).headers["etag"]
        unchanged = stored_answer(shared, **headers, **{"If-None-Match": tag})
        assert unchanged.status_code == 304
        assert {"origin", "accept-encoding"} <= varies_by(unchanged)


def test_a_stored_answer_that_has_not_changed_says_so_to_other_sites_pages(shared):
    tag = stored_answer(shared).headers["etag"]
    response = stored_answer(shared, **{"Origin": ALLOWED, "If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["access-control-allow-origin"] == ALLOWED


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_browsers_are_told_beforehand_what_they_may_send(shared, method):
    response = preflight(
        shared, ALLOWED, method, headers="authorization,content-type,if-match,if-none-match,x-request-id"
    )
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, ALLOWED)
    assert method in response.headers["access-control-allow-methods"].split(", ")
    assert "origin" in varies_by(response)


@pytest.mark.parametrize(("method", "headers"), [("TRACE", ""), ("POST", "x-other"), ("CONNECT", "authorization")])
def test_browsers_are_told_beforehand_what_they_may_not_send(shared, method, headers):
    assert preflight(shared, ALLOWED, method, headers=headers).status_code == 400


def test_a_token_may_be_sent_from_the_named_origins(shared):
    made = make_unit(shared, Origin=ALLOWED)
    assert (made.status_code, made.headers["access-control-allow-origin"]) == (201, ALLOWED)


def test_our_cookie_is_of_no_use_from_another_origin_not_even_a_named_one(shared):
    access = shared.app_state[STATE_KEY].access
    cookie = f"parcook_session={access.open_session(access.create_link(Role.ADMIN))}"
    headers = {"Origin": ALLOWED, "Cookie": cookie}
    expect_problem(shared.post(UNITS, json={"name": "cup"}, headers=headers), 403, "cross_site")
    for response in (preflight(shared, ALLOWED), shared.get(UNITS, headers=headers)):
        assert "access-control-allow-credentials" not in cors_of(response)


def test_a_refusal_can_be_read_by_pages_of_the_named_origins(shared):
    for headers in ({}, {"Authorization": "Bearer parcook_wrong"}):
        response = shared.post(UNITS, json={}, headers={"Origin": ALLOWED} | headers)
        expect_problem(response, 401, "unauthenticated")
        assert response.headers["access-control-allow-origin"] == ALLOWED


def test_a_star_lets_pages_of_all_origins_read_but_not_use_the_cookie(cooked):
    client = cooked(cors_origins="*")
    for origin in (FOREIGN, "null"):
        for response in (stored_answer(client, Origin=origin), client.get(UNITS, headers={"Origin": origin})):
            assert response.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in cors_of(response)
        assert preflight(client, origin).headers["access-control-allow-origin"] == "*"
    assert "origin" in varies_by(stored_answer(client))


# The headers that every response has


def unchanged(client):
    return stored_answer(client, **{"If-None-Match": stored_answer(client).headers["etag"]})


def signed_in(client):
    key = client.app_state[STATE_KEY].access.create_link(Role.ADMIN)
    return client.get("/sign-in", params={"key": key}, follow_redirects=False)


def broken(client):
    @client.app.get("/broken")
    def fail():
        raise ZeroDivisionError

    return client.get("/broken")


def get(path, **options):
    return lambda client: client.get(path, **options)


RESPONSES = {
    "stored answer": (200, stored_answer),
    "stored answer, compressed": (200, lambda client: stored_answer(client, **{"Accept-Encoding": "gzip"})),
    "stored answer, unchanged": (304, unchanged),
    "stored answer, by HEAD": (200, lambda client: client.head(STORED)),
    "narrower view": (200, get(STORED, params={"level": 1})),
    "file": (200, get("/analytics/v1/manifest.json")),
    "list": (200, get(UNITS)),
    "front page": (200, get("/")),
    "tables": (200, get("/tables.html")),
    "file of the page that is not there": (404, get("/assets/none/page.js")),
    "documentation": (200, get("/docs")),
    "health": (200, get("/healthz")),
    "counters": (200, get("/metrics")),
    "made": (201, make_unit),
    "signed in": (303, signed_in),
    "signed out": (204, lambda client: client.post("/sign-out")),
    "sign-in refused": (401, get("/sign-in", params={"key": "x"})),
    "no credential": (401, lambda client: client.post(UNITS, content=b"{")),
    "unknown path": (404, get("/none")),
    "unknown artifact": (404, get("/api/v1/analytics/none")),
    "wrong method": (405, lambda client: client.post(STORED)),
    "wrong question": (422, get(STORED, params={"level": "x"})),
    "error of ours": (500, broken),
    "preflight": (200, lambda client: preflight(client, ALLOWED)),
    "preflight refused": (400, lambda client: preflight(client, FOREIGN)),
}


@pytest.mark.parametrize(("status", "ask"), RESPONSES.values(), ids=RESPONSES)
def test_every_response_forbids_guessing_its_type_framing_it_and_telling_where_one_came_from(shared, status, ask):
    response = ask(shared)
    assert response.status_code == status
    assert {name: response.headers.get_list(name) for name in SAFETY} == SAFETY
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


# Settings


NO_ORIGINS = [
    "bar.example",
    "//bar.example",
    "https://",
    "https://bar.example/",
    "https://bar.example/app",
    "https://bar.example?",
    "https://*.bar.example",
    "https://maria@bar.example",
    "https://bar.example https://other.example",
    "HTTPS://bar.example",
    "https://Bar.example",
    "https://bar.example,app",
]


@pytest.mark.parametrize("origins", NO_ORIGINS)
def test_an_origin_that_no_browser_would_send_stops_the_start(monkeypatch, origins):
    monkeypatch.setenv("PARCOOK_CORS_ORIGINS", origins)
    with pytest.raises(SettingsError, match="PARCOOK_CORS_ORIGINS: write each origin"):
        load_settings()


@pytest.mark.parametrize(
    "proxies", ["*", "10.0.0.0/33", "10.0.0.1/8", "proxy.example", "10.0.0.1 10.0.0.2", "127.0.0.1:80"]
)
def test_a_proxy_that_is_no_network_stops_the_start(monkeypatch, proxies):
    monkeypatch.setenv("PARCOOK_TRUSTED_PROXIES", proxies)
    with pytest.raises(SettingsError, match="PARCOOK_TRUSTED_PROXIES: write each proxy"):
        load_settings()


def test_lists_may_be_written_with_spaces_and_a_comma_at_the_end(monkeypatch):
    monkeypatch.setenv("PARCOOK_CORS_ORIGINS", f" {ALLOWED} , {ALSO_ALLOWED}, ")
    monkeypatch.setenv("PARCOOK_TRUSTED_PROXIES", " 127.0.0.1, 10.0.0.0/8,2001:db8::/32,")
    chosen = load_settings()
    assert chosen.cors_origins == f"{ALLOWED},{ALSO_ALLOWED}"
    assert chosen.trusted_proxies == "127.0.0.1,10.0.0.0/8,2001:db8::/32"


# Cookies


@pytest.mark.parametrize(("scheme", "secure"), [("http", ""), ("https", True)])
def test_the_cookie_is_secure_where_the_connection_is(cooked, scheme, secure):
    client = cooked(base_url=f"{scheme}://bar.example")
    assert SimpleCookie(signed_in(client).headers["set-cookie"])["parcook_session"]["secure"] == secure


def test_without_our_server_nobodys_word_about_the_scheme_is_taken(cooked):
    client = cooked()
    key = client.app_state[STATE_KEY].access.create_link(Role.ADMIN)
    headers = {"X-Forwarded-Proto": "https", "Forwarded": "proto=https"}
    response = client.get("/sign-in", params={"key": key}, headers=headers, follow_redirects=False)
    assert SimpleCookie(response.headers["set-cookie"])["parcook_session"]["secure"] == ""
