"""Object storage that refuses, hangs or answers nonsense: all are served, edits are kept, and it heals by itself."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from parcook import objects
from parcook.access import Role
from parcook.artifacts import triggers
from parcook.artifacts.answers import MAX_AGE_S
from parcook.artifacts.verify import find_faults
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.artifacts.waiting import wait_until
from tests.artifacts.wholeness import check_settled
from tests.conftest import make_token
from tests.hardening.faulty_s3 import FAULTS, FaultyS3, faulty_s3
from tests.hardening.telling import value_of
from tests.servers.s3 import S3Server
from tests.web.problems import expect_problem
from tests.web.stocking import stock

USAGE = "/api/v1/analytics/ingredient-usage"
ANSWERS = [USAGE, "/api/v1/analytics/ingredient-tree", "/api/v1/analytics/recipe-complexity", f"{USAGE}?level=1"]
A_FEW_SECONDS = 4.0
HEALED_WITHIN_S = 20.0


@pytest.fixture(scope="module")
def s3(s3_server: S3Server) -> Iterator[FaultyS3]:
    with faulty_s3(s3_server.endpoint) as server:
        yield server


@pytest.fixture
def settings_on_s3(
    s3: FaultyS3, s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of an installation whose artifacts are in a bucket behind `s3`."""
    for name, value in (s3_server.environment | {"AWS_ENDPOINT_URL": s3.endpoint}).items():
        monkeypatch.setenv(name, value)
    # Else a test would wait for back-off, bursts and time-outs most of the time.
    monkeypatch.setattr(triggers, "POLL_S", 0.1)
    monkeypatch.setattr(triggers, "QUIET_S", 0.05)
    monkeypatch.setitem(objects._CLIENT, "timeout", timedelta(seconds=4))
    yield Settings(home=tmp_path, storage_url=s3_server.new_bucket())
    s3.mend()


@pytest.fixture
def client(settings_on_s3: Settings) -> Iterator[TestClient]:
    """An application, asked as admin, whose small catalogue is cooked."""
    with start(settings_on_s3) as opened:
        stock(opened)
        wait_until(lambda: is_current(opened), HEALED_WITHIN_S)
        yield opened


def start(settings: Settings) -> TestClient:
    headers = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    return TestClient(create_app(settings), "http://127.0.0.1", raise_server_exceptions=False, headers=headers)


def readiness(client: TestClient) -> dict[str, Any]:
    response = client.get("/readyz")
    assert response.status_code == 200, response.text
    return response.json()


def failures_of(client: TestClient) -> float:
    return value_of(client.get("/metrics").text, "parcook_refresh_failures_total")


def is_current(client: TestClient) -> bool:
    return readiness(client)["artifacts"]["current"]


def ask(client: TestClient, path: str, method: str = "GET", **sent: Any) -> httpx2.Response:
    """What is answered, which must be within a few seconds."""
    started = time.monotonic()
    response = client.request(method, path, **sent)
    assert time.monotonic() - started < A_FEW_SECONDS
    return response


def edit(client: TestClient, number: int) -> None:
    response = ask(client, "/api/v1/ingredients", "POST", json={"name": f"Edit {number}"})
    assert response.status_code == 201, response.text


def check_healed(client: TestClient, edits: int) -> None:
    """By itself the stored answers come to be current, are served again and hold every edit. Ends the refreshing."""
    wait_until(lambda: is_current(client) and readiness(client)["artifacts"]["last_error"] is None, HEALED_WITHIN_S)
    for path in ANSWERS:
        wait_until(lambda path=path: client.get(path).json()["metadata"]["source"] == "stored", 2 * A_FEW_SECONDS)
        assert "degraded" not in client.get(path).json()["metadata"]
    services = client.app_state[STATE_KEY]
    services.trigger.stop()  # what fails asks for cooking anew, which may go on for a while
    assert find_faults(services.catalogue, services.storage) == []
    check_settled(services.storage)
    stored = services.storage.get_analytics("ingredient-tree")
    assert {f"Edit {number}" for number in range(edits)} <= {row["ingredient_name"] for row in stored["data"]}


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"none"}))
def test_while_s3_fails_all_is_served_and_kept_and_then_it_heals(client: TestClient, s3: FaultyS3, fault: str) -> None:
    failures = failures_of(client)
    s3.spoil(fault)
    time.sleep(MAX_AGE_S)  # what was read before may be served for so long
    for number, path in enumerate(ANSWERS):
        response = ask(client, path)
        assert response.status_code == 200, response.text
        assert response.json()["metadata"]["degraded"] is True
        edit(client, number)
    assert ask(client, "/api/v1/recipes").status_code == 200
    wait_until(lambda: failures_of(client) > failures, HEALED_WITHIN_S)
    told = ask(client, "/readyz").json()
    assert (told["status"], told["artifacts"]["current"]) == ("degraded", False)
    assert told["artifacts"]["last_error"]
    s3.mend()
    check_healed(client, len(ANSWERS))


@pytest.mark.parametrize("fault", ["503", "hangs"])
def test_a_file_that_s3_refuses_is_soon_told_as_an_outage(client: TestClient, s3: FaultyS3, fault: str) -> None:
    s3.spoil(fault)
    response = ask(client, "/analytics/v1/manifest.json")
    expect_problem(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    s3.mend()
    assert ask(client, "/analytics/v1/manifest.json").status_code == 200


def test_while_s3_hangs_a_crowd_waits_no_longer_than_one(client: TestClient, s3: FaultyS3) -> None:
    s3.spoil("hangs")
    until = time.monotonic() + 4
    statuses: list[int] = []

    def read(path: str) -> None:
        while time.monotonic() < until:
            statuses.append(ask(client, path).status_code)

    with ThreadPoolExecutor(33) as crowd:
        readers = [crowd.submit(read, path) for path in ANSWERS * 8]
        for number in range(5):
            edit(client, number)
            time.sleep(0.5)
        for reader in readers:
            reader.result()
    assert set(statuses) == {200}
    s3.mend()
    check_healed(client, 5)


@pytest.mark.parametrize("fault", ["hangs", "403"])
def test_an_application_starts_while_s3_fails_and_heals_as_well(
    settings_on_s3: Settings, s3: FaultyS3, fault: str
) -> None:
    s3.spoil(fault)
    with start(settings_on_s3) as client:
        stock(client)
        edit(client, 0)
        answer = ask(client, USAGE).json()
        assert (answer["metadata"]["source"], answer["metadata"]["degraded"]) == ("live", True)
        s3.mend()
        check_healed(client, 1)
