"""Signing in by a link, staying signed in by a cookie, and what other sites' pages cannot do with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from starlette.testclient import TestClient

from parcook.access import LINK_LIFETIME, SESSION_LIFETIME, Access, Role
from parcook.catalogue.credentials import Credentials
from parcook.clock import utc_now
from parcook.web.app import create_app
from tests.web.problems import expect_problem

OWN = "http://127.0.0.1"


def sign_in(client, key):
    return client.get("/sign-in", params={"key": key}, follow_redirects=False)


def add_unit(client, name, headers):
    return client.post("/api/v1/units", json={"name": name}, headers=headers)


def at(services, moment):
    """Access to the same credentials for somebody who lives at `moment`."""
    return Access(Credentials(services.catalogue.database), clock=lambda: moment)


def test_a_link_opens_a_session_once(client, services):
    key = services.access.create_link(Role.ADMIN)
    first = sign_in(client, key)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    client.cookies.clear()
    expect_problem(sign_in(client, key), 401, "unauthenticated")
    assert "set-cookie" not in sign_in(client, key).headers


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(client, services):
    response = sign_in(client, services.access.create_link(Role.VIEWER))
    cookie = SimpleCookie(response.headers["set-cookie"])["parcook_session"]
    assert cookie["httponly"] is True
    assert (cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == ("lax", "/", "")
    assert int(cookie["max-age"]) == SESSION_LIFETIME.total_seconds()
    assert response.headers["cache-control"] == "no-store"
    assert set(response.headers.get_list("referrer-policy")) == {"no-referrer"}


@pytest.mark.parametrize(("scheme", "secure"), [("http", ""), ("https", True)])
def test_over_https_the_cookie_never_goes_out_in_clear(settings, scheme, secure):
    with TestClient(create_app(settings), base_url=f"{scheme}://example.com") as client:
        key = client.app_state["parcook"].access.create_link(Role.ADMIN)
        cookie = SimpleCookie(sign_in(client, key).headers["set-cookie"])["parcook_session"]
    assert cookie["secure"] == secure


def test_of_two_who_use_a_link_at_once_one_gets_in(client, services):
    key = services.access.create_link(Role.ADMIN)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: sign_in(client, key).status_code, range(8)))
    assert sorted(statuses) == [303] + [401] * 7


@pytest.mark.parametrize("key", ["", "unknown", "é", "x" * 200, "' OR '1'='1", "\x00"])
def test_a_link_that_nobody_made_opens_nothing(client, key):
    response = sign_in(client, key)
    expect_problem(response, 401, "unauthenticated")
    assert "set-cookie" not in response.headers


def test_a_link_expires_after_its_lifetime_and_not_before(client, services):
    lifetime_ago = utc_now() - LINK_LIFETIME
    expired = at(services, lifetime_ago - timedelta(minutes=1)).create_link(Role.ADMIN)
    still_good = at(services, lifetime_ago + timedelta(minutes=1)).create_link(Role.ADMIN)
    expect_problem(sign_in(client, expired), 401, "unauthenticated")
    assert sign_in(client, still_good).status_code == 303


def test_an_expired_session_is_nobody(client, services):
    past = at(services, utc_now() - SESSION_LIFETIME - timedelta(minutes=1))
    session = past.open_session(past.create_link(Role.ADMIN))
    expect_problem(add_unit(client, "cup", {"Cookie": f"parcook_session={session}"}), 401, "unauthenticated")


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(client, services):
    sign_in(client, services.access.create_link(Role.ADMIN))
    copy = {"Cookie": f"parcook_session={client.cookies['parcook_session']}"}
    assert add_unit(client, "cup", {}).status_code == 201
    response = client.post("/sign-out")
    assert response.status_code == 204
    assert "parcook_session" not in client.cookies
    expect_problem(add_unit(client, "dash", copy), 401, "unauthenticated")
    assert client.post("/sign-out").status_code == 204


@pytest.mark.parametrize(
    "sent_along",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://127.0.0.1.elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_another_sites_page_cannot_change_anything_with_our_cookie(standing, sent_along):
    before = standing.services.catalogue.state().stamp
    response = add_unit(standing.client, "cup", standing.session("admin") | sent_along)
    expect_problem(response, 403, "cross_site")
    assert standing.services.catalogue.state().stamp == before


@pytest.mark.parametrize(
    "sent_along",
    [{}, {"Origin": OWN}, {"Sec-Fetch-Site": "same-origin", "Origin": OWN}, {"Sec-Fetch-Site": "none"}],
    ids=str,
)
def test_our_own_page_may_change_things(client, services, sent_along):
    session = services.access.open_session(services.access.create_link(Role.ADMIN))
    assert add_unit(client, "cup", {"Cookie": f"parcook_session={session}", **sent_along}).status_code == 201


def test_a_token_works_from_anywhere_as_no_browser_sends_it_unasked(admin):
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert add_unit(admin, "cup", foreign).status_code == 201


def test_no_secret_reaches_a_log_line(capsys, caplog, settings):
    caplog.set_level("DEBUG")
    with TestClient(create_app(settings), base_url=OWN) as client:  # here, as it keeps the stderr of its start
        access = client.app_state["parcook"].access
        key, token = access.create_link(Role.ADMIN), access.create_token(Role.ADMIN).secret
        session = sign_in(client, key).cookies["parcook_session"]
        assert add_unit(client, "cup", {"Authorization": f"Bearer {token}"}).status_code == 201
        assert sign_in(client, key).status_code == 401
    own_lines = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    logged = capsys.readouterr().err + "\n".join(own_lines)
    assert logged.count('"route": "/sign-in"') == 2
    assert [secret for secret in (key, token, session) if secret in logged] == []
