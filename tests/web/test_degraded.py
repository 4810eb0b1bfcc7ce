"""What readers get between an edit and its refresh, and while storage fails: an answer, which says what it is."""

import shutil
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from parcook.artifacts.answers import MAX_AGE_S
from tests.web.problems import expect_problem
from tests.web.stocking import stock, usage_rows

ANALYTICS = "/api/v1/analytics"
USAGE = f"{ANALYTICS}/ingredient-usage"
ARTIFACTS = ["ingredient-usage", "ingredient-tree", "recipe-complexity"]
FAILURES = "parcook_storage_failures_total"


@pytest.fixture
def ids(admin):
    return stock(admin)


def ask(client, path=USAGE):
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def counter(client, name):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return next(sample.value for family in families for sample in family.samples if sample.name == name)


def cut_off(folder):
    """Every stored file ends in the middle."""
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:-20])


def scribble(folder):
    """Every stored file holds something else."""
    for file in folder.iterdir():
        file.write_bytes(b'{"data": "lost", "metadata": []}')


def wall_off(folder):
    """The folder cannot be read: a file stands in its place."""
    shutil.rmtree(folder)
    folder.write_bytes(b"")


def swap(folder):
    """The artifacts stand under each other's names."""
    usage, complexity = folder / "ingredient-usage.json", folder / "recipe-complexity.json"
    held = usage.read_bytes()
    usage.write_bytes(complexity.read_bytes())
    complexity.write_bytes(held)
    for file in [*folder.glob("*-tree.*"), folder / "manifest.json"]:
        file.write_bytes(b"[]")


@pytest.mark.parametrize("harm", [cut_off, scribble, wall_off, swap])
def test_answers_go_on_while_storage_fails_and_say_so(admin, services, settings, ids, harm):
    services.refresher.refresh()
    harm(settings.home / "objects/analytics/v1")
    before = counter(admin, FAILURES)
    for name in ARTIFACTS:
        assert ask(admin, f"{ANALYTICS}/{name}")["metadata"]["degraded"] is True
    view = ask(admin, f"{USAGE}?level=1")
    assert view["data"] == usage_rows(ids, "Gin", "Lime", "Rum")
    assert (view["metadata"]["source"], view["metadata"]["degraded"]) == ("live", True)
    assert counter(admin, FAILURES) - before == 4


@pytest.mark.parametrize("harm", [cut_off, scribble, wall_off])
def test_readiness_says_that_storage_fails(admin, services, settings, ids, harm):
    services.refresher.refresh()
    assert admin.get("/readyz").json()["status"] == "ok"
    harm(settings.home / "objects/analytics/v1")
    readiness = admin.get("/readyz")
    assert (readiness.status_code, readiness.json()["status"]) == (200, "degraded")
    assert readiness.json()["artifacts"]["current"] is False
    assert readiness.json()["artifacts"]["error"]


def test_a_file_that_storage_refuses_is_an_outage_and_not_an_absence(admin, services, settings, ids):
    services.refresher.refresh()
    wall_off(settings.home / "objects/analytics/v1")
    response = admin.get("/analytics/v1/manifest.json")
    problem = expect_problem(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    assert str(settings.home) not in str(problem)


@pytest.mark.parametrize("harm", [cut_off, scribble])
def test_the_next_refresh_mends_what_was_harmed(admin, services, settings, ids, harm):
    services.refresher.refresh()
    harm(settings.home / "objects/analytics/v1")
    assert services.refresher.refresh() is True
    for name in ARTIFACTS:
        metadata = ask(admin, f"{ANALYTICS}/{name}")["metadata"]
        assert (metadata["source"], metadata.get("degraded")) == ("stored", None)


def test_what_is_missing_is_computed_and_not_called_degraded(admin, services, settings, ids):
    services.refresher.refresh()
    shutil.rmtree(settings.home / "objects/analytics/v1")
    for path in (*(f"{ANALYTICS}/{name}" for name in ARTIFACTS), f"{USAGE}?level=1"):
        metadata = ask(admin, path)["metadata"]
        assert (metadata["source"], metadata.get("degraded")) == ("live", None)
    assert counter(admin, FAILURES) == 0
    expect_problem(admin.get("/analytics/v1/manifest.json"), 404, "not_found")


def test_artifacts_of_another_storage_version_count_as_missing(admin, services, settings, ids):
    services.refresher.refresh()
    for file in (settings.home / "objects/analytics/v1").iterdir():
        file.write_bytes(file.read_bytes().replace(b'"storage_version":"v1"', b'"storage_version":"v0"'))
    for path in (*(f"{ANALYTICS}/{name}" for name in ARTIFACTS), f"{USAGE}?level=1"):
        metadata = ask(admin, path)["metadata"]
        assert (metadata["source"], metadata.get("degraded")) == ("live", None)


def test_before_the_first_refresh_there_are_no_files(client):
    for name in ("manifest.json", "ingredient-usage.json"):
        expect_problem(client.get(f"/analytics/v1/{name}"), 404, "not_found")


def test_after_an_edit_views_are_live_and_the_artifact_stands_until_the_refresh(admin, services, ids):
    services.refresher.refresh()
    stored = ask(admin)
    assert ask(admin, f"{USAGE}?level=0")["metadata"]["source"] == "stored"
    admin.post("/api/v1/ingredients", json={"name": "Bitters"})
    assert ask(admin) == stored
    view = ask(admin, f"{USAGE}?level=0")
    assert view["data"][-1]["ingredient_name"] == "Bitters"
    assert view["metadata"]["source"] == "live"
    assert view["metadata"]["catalogue_version"] > stored["metadata"]["catalogue_version"]


def test_after_the_refresh_a_view_has_a_new_tag_and_is_stored_again(admin, services, ids):
    services.refresher.refresh()
    before = admin.get(f"{USAGE}?level=0").headers["etag"]
    admin.post("/api/v1/ingredients", json={"name": "Bitters"})
    services.refresher.refresh()
    time.sleep(MAX_AGE_S)  # for so long the process may answer from its last look into storage
    after = admin.get(f"{USAGE}?level=0", headers={"If-None-Match": before})
    assert (after.status_code, after.headers["etag"] == before) == (200, False)
    assert after.json()["metadata"]["source"] == "stored"
