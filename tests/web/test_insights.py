"""Artifacts about conversations over HTTP: for viewers, as they are stored, and never from a shared cache."""

import gzip
import json

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.settings import Settings
from parcook.web.routing import STATE_KEY
from tests.conftest import make_token
from tests.metrics.lakes import days, make_lake
from tests.web.problems import expect_problem

MANIFEST = "/insights/v1/manifest.json"
BY_NAME = "/api/v1/analytics/activity-daily"


@pytest.fixture
def cooked(client: TestClient, settings: Settings) -> TestClient:
    """A server whose artifacts are cooked; nobody is signed in."""
    make_lake(settings.home / "lake", {"daily_metrics": days("2025-01-15", 7, dau=20, total_conversations=5)})
    assert client.app_state[STATE_KEY].insights.refresh() is True
    return client


@pytest.fixture
def viewer(cooked: TestClient, settings: Settings) -> TestClient:
    cooked.headers["Authorization"] = f"Bearer {make_token(settings, Role.VIEWER)}"
    return cooked


@pytest.mark.parametrize("address", [MANIFEST, BY_NAME, "/insights/v1/growth.json"])
def test_they_are_for_viewers_alone(cooked, settings, address):
    expect_problem(cooked.get(address), 401, "unauthenticated")
    token = make_token(settings, Role.INGEST)
    expect_problem(cooked.get(address, headers={"Authorization": f"Bearer {token}"}), 403, "forbidden")


def test_the_manifest_leads_to_files_that_never_change(viewer):
    manifest = viewer.get(MANIFEST)
    assert manifest.headers["cache-control"] == "private, max-age=0, must-revalidate"
    view = manifest.json()["views"]["activity-daily"]
    file = viewer.get(f"/insights/v1/{view['path']}")
    assert file.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert len(file.content) == view["bytes"]
    assert file.json()["metadata"]["analytics_type"] == "activity-daily"


def test_an_artifact_by_its_name_is_the_stored_one(viewer):
    told = viewer.get(BY_NAME)
    assert told.content == viewer.get("/insights/v1/activity-daily.json").content
    assert told.headers["cache-control"].startswith("private")


def test_what_is_known_is_not_sent_again(viewer):
    etag = viewer.get(MANIFEST).headers["etag"]
    again = viewer.get(MANIFEST, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_compressed_for_those_who_take_it(viewer):
    with viewer.stream("GET", MANIFEST, headers={"Accept-Encoding": "gzip"}) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(body))["generation"] == 1


@pytest.mark.parametrize("address", ["/insights/v1/nothing.json", "/insights/v1/..%2Fsecret.key", "/insights/v1/x"])
def test_what_is_not_there_is_not_found(viewer, address):
    assert viewer.get(address).status_code == 404


def test_an_unknown_name_is_not_found_for_anybody(cooked):
    expect_problem(cooked.get("/api/v1/analytics/nothing"), 404, "not_found")


def test_before_anything_is_cooked_it_is_not_found(client, settings):
    token = make_token(settings, Role.VIEWER)
    expect_problem(client.get(BY_NAME, headers={"Authorization": f"Bearer {token}"}), 404, "not_found")
