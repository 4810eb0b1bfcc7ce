"""The page over HTTP: what it is for whom, under which policy, below any path, and not sent twice."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import parcook
from parcook.access import Role
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.dashboard.golden import golden_site
from tests.web.problems import expect_problem


def settings_of(home: Path, **options) -> Settings:
    return Settings(home=home, refresh_url="none://", **options)


@pytest.fixture
def home(tmp_path) -> Path:
    """An installation that holds the golden artifacts."""
    golden_site(tmp_path / "objects")
    return tmp_path


@pytest.fixture
def client(home):
    with TestClient(create_app(settings_of(home)), base_url="http://127.0.0.1") as opened:
        yield opened


def sign_in(client: TestClient, role: Role) -> None:
    key = client.app_state[STATE_KEY].access.create_link(role)
    assert client.get("/sign-in", params={"key": key}).status_code == 200  # it leads to the page


def test_the_page_asks_for_what_its_reader_may_see(client):
    assert 'data-audience="public" data-poll="app"' in client.get("/").text
    sign_in(client, Role.VIEWER)
    assert 'data-audience="internal" data-poll="app"' in client.get("/").text


@pytest.mark.parametrize(
    ("role", "audience"), [(Role.INGEST, "public"), (Role.VIEWER, "internal"), (Role.ADMIN, "internal")]
)
def test_who_may_report_may_not_read(client, role, audience):
    sign_in(client, role)
    assert f'data-audience="{audience}"' in client.get("/").text


def test_every_file_that_the_page_names_is_served_with_its_type_for_ever(client):
    named = set(re.findall(r'(?:href|src)="(assets/[^"]+)"', client.get("/").text))
    named |= set(re.findall(r'(?:href|src)="(assets/[^"]+)"', client.get("/tables.html").text))
    types = {}
    for address in named:
        response = client.get(address)
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"
        types[address.rpartition("/")[2]] = response.headers["content-type"]
    assert types == {
        "page.js": "text/javascript; charset=utf-8",
        "page.css": "text/css; charset=utf-8",
        "tables.css": "text/css; charset=utf-8",
        "icon.svg": "image/svg+xml",
    }


@pytest.mark.parametrize("path", ["000000000000/page.js", "x/../../settings.py", "%2e%2e/pages.py", "x/page.js%00"])
def test_a_file_that_the_page_does_not_have_is_not_there(client, path):
    expect_problem(client.get(f"/assets/{path}"), 404, "not_found")


@pytest.mark.parametrize("address", ["/", "/tables.html"])
def test_pages_are_asked_for_again_and_sent_once(client, address):
    first = client.get(address, headers={"Accept-Encoding": "identity"})
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Cookie, Accept-Encoding"
    again = client.get(address, headers={"Accept-Encoding": "identity", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
        assert gzip.decompress(b"".join(response.iter_raw())) == first.content
        assert response.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("address", ["/", "/tables.html"])
def test_the_policy_of_a_page_lets_nothing_in_and_nobody_frame_it(client, address):
    response = client.get(address)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert (response.headers["referrer-policy"], response.headers["x-content-type-options"]) == (
        "no-referrer",
        "nosniff",
    )


def test_the_origins_of_the_settings_may_frame_it(home):
    framing = settings_of(home, frame_ancestors="https://intranet.example,https://wiki.example")
    with TestClient(create_app(framing), base_url="http://127.0.0.1") as client:
        policy = client.get("/").headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors https://intranet.example https://wiki.example")


def test_tables_show_what_the_caller_may_read(client):
    assert "Top 10 recipes" not in client.get("/tables.html").text
    sign_in(client, Role.VIEWER)
    assert "Top 10 recipes" in client.get("/tables.html").text


def test_tables_follow_the_artifacts(client, home):
    before = client.get("/tables.html").text
    client.app_state[STATE_KEY].refresher.refresh(force=True)
    after = client.get("/tables.html").text
    assert "Spirits" in before
    assert "Spirits" not in after


def test_below_a_path_in_another_application_it_is_the_same_page(home):
    host = FastAPI()
    host.include_router(parcook.router(settings_of(home)), prefix="/bar")
    with TestClient(host, base_url="http://127.0.0.1") as client:
        page = client.get("/bar/")
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        for address in re.findall(r'(?:href|src)="(assets/[^"]+)"', page.text):
            assert client.get(f"/bar/{address}").status_code == 200
        assert client.get("/bar/tables.html").status_code == 200
        assert client.get("/bar/analytics/v1/manifest.json").status_code == 200


def test_storage_that_does_not_answer_is_said_and_not_shown_as_nothing(client, home):
    shutil.rmtree(home / "objects/analytics/v1")
    (home / "objects/analytics/v1").write_bytes(b"")
    assert client.get("/").status_code == 200
    expect_problem(client.get("/tables.html"), 503, "unavailable")
