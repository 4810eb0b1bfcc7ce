"""A disk that is full: writes are refused as an outage, nothing is half-written, reads go on, and it heals by itself.

No disk is filled. `RLIMIT_FSIZE` of the running server, which another process may change, lets no file grow beyond a
size; Python ignores the signal that comes with it, so that writing fails as on a full disk.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from parcook.artifacts.storage import AnalyticsStorage
from tests.artifacts.wholeness import NAMES, check_settled
from tests.hardening.telling import value_of
from tests.web.problems import expect_problem
from tests.whole.processes import PARCOOK, Installation, Server, wait_until

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process are Linux's")

HEALED_WITHIN_S = 25.0
REFRESH_FAILURES = "parcook_refresh_failures_total"


@contextmanager
def full(server: Server, size: int) -> Iterator[None]:
    """Meanwhile no file that `server` writes may grow beyond `size` bytes."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def names(server: Server, kind: str) -> set[str]:
    response = server.client.get(f"/api/v1/{kind}", params={"limit": 200})
    assert response.status_code == 200, response.text
    return {item["name"] for item in response.json()["items"]}


def version(server: Server) -> int:
    return server.freshness()["catalogue_version"]


def post(server: Server, admin: dict[str, str], path: str, body: dict[str, Any]) -> Any:
    return server.client.post(f"/api/v1{path}", json=body, headers=admin)


def many(prefix: str, count: int) -> dict[str, Any]:
    lines = [{"ingredient_name": "Gin", "amount": 1}]
    recipes = [{"name": f"{prefix} {n}", "instructions": "Stir. " * 200, "ingredients": lines} for n in range(count)]
    return {"recipes": recipes}


def wal_size(folder: Path) -> int:
    return (folder / "home/catalogue.db-wal").stat().st_size


def test_writes_to_a_full_disk_are_refused_and_leave_nothing_behind(installation: Installation) -> None:
    admin = installation.admin()
    with installation.serving() as server:
        assert post(server, admin, "/ingredients", {"name": "Gin"}).status_code == 201
        assert post(server, admin, "/recipes/bulk", many("Before", 20)).status_code == 201
        server.until_current(HEALED_WITHIN_S)
        before, known = version(server), names(server, "recipes")
        with full(server, wal_size(installation.folder)):
            for path, body in (
                ("/ingredients", {"name": "Rum"}),
                ("/recipes", {"name": "Martini", "ingredients": [{"ingredient_id": 1}]}),
                ("/recipes/bulk", many("During", 180)),
                ("/units", {"name": "ounce"}),
            ):
                response = post(server, admin, path, body)
                expect_problem(response, 503, "unavailable")
                assert int(response.headers["retry-after"]) > 0
            deleted = server.client.delete("/api/v1/recipes/1", headers=admin)
            expect_problem(deleted, 503, "unavailable")
            assert (version(server), names(server, "recipes")) == (before, known)
            assert names(server, "ingredients") == {"Gin"}
            usage = server.client.get("/api/v1/analytics/ingredient-usage").json()
            assert usage["data"][0]["hierarchical_usage"] == 20
            found = server.client.get("/api/v1/recipes/search", params={"ingredient": "Gin", "limit": 200}).json()
            assert len(found["items"]) == 20
        assert post(server, admin, "/recipes/bulk", many("After", 100)).status_code == 201
        assert server.client.delete("/api/v1/recipes/1", headers=admin).status_code == 204
        server.until_current(HEALED_WITHIN_S)
        assert len(names(server, "recipes")) == 119
    assert installation.told("verify")["ok"] is True


def test_what_was_acknowledged_while_the_disk_filled_up_is_there(installation: Installation) -> None:
    admin = installation.admin()
    acknowledged: set[str] = set()
    refused = 0
    with installation.serving() as server:
        assert post(server, admin, "/ingredients", {"name": "Gin"}).status_code == 201
        with full(server, wal_size(installation.folder) + 100_000):
            for number in range(40):
                name = f"Recipe {number}"
                response = post(server, admin, "/recipes", {"name": name, "instructions": "Stir. " * 500})
                assert response.status_code in (201, 503), response.text
                acknowledged |= {name} if response.status_code == 201 else set()
                refused += response.status_code == 503
        assert acknowledged
        assert refused
        assert names(server, "recipes") == acknowledged
        assert post(server, admin, "/recipes", {"name": "After"}).status_code == 201
        server.until_current(HEALED_WITHIN_S)
    with installation.serving() as server:
        assert names(server, "recipes") == acknowledged | {"After"}
    assert installation.told("verify")["ok"] is True


def stored_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in (folder / "home/objects").rglob("*") if path.is_file()}


def fill_up(server: Server, _: Path) -> Any:
    return full(server, 100)


@contextmanager
def walled_off(_: Server, folder: Path) -> Iterator[None]:
    """A file stands in the place of the folder, which is moved away."""
    objects = folder / "home/objects"
    objects.rename(folder / "aside")
    objects.write_bytes(b"")
    yield
    objects.unlink()
    (folder / "aside").rename(objects)


@contextmanager
def lost(_: Server, folder: Path) -> Iterator[None]:
    """The same, but afterwards there is nothing at all."""
    objects = folder / "home/objects"
    objects.rename(folder / "aside")
    objects.write_bytes(b"")
    yield
    objects.unlink()


@pytest.mark.parametrize("harm", [fill_up, walled_off, lost])
def test_where_artifacts_cannot_be_written_edits_go_on_and_are_cooked_in_the_end(
    on_postgresql: Installation, harm: Any
) -> None:
    admin, folder = on_postgresql.admin(), on_postgresql.folder
    with on_postgresql.serving() as server:
        assert post(server, admin, "/ingredients", {"name": "Gin"}).status_code == 201
        server.until_current(HEALED_WITHIN_S)
        with harm(server, folder):
            for number in range(3):
                assert post(server, admin, "/ingredients", {"name": f"Edit {number}"}).status_code == 201
            wait_until(lambda: value_of(server.client.get("/metrics").text, REFRESH_FAILURES) > 0, HEALED_WITHIN_S)
            told = server.freshness()
            assert (told["current"], bool(told["last_error"])) == (False, True)
            view = server.client.get("/api/v1/analytics/ingredient-usage", params={"level": 0}).json()
            assert {row["ingredient_name"] for row in view["data"]} == {"Gin", "Edit 0", "Edit 1", "Edit 2"}
            assert view["metadata"]["source"] == "live"
            assert server.client.get("/api/v1/analytics/ingredient-tree").status_code == 200
        server.until_current(HEALED_WITHIN_S)
        wait_until(lambda: server.freshness()["last_error"] is None, HEALED_WITHIN_S)
    storage = AnalyticsStorage(f"file://{folder}/home/objects")
    check_settled(storage)
    tree = storage.get_analytics("ingredient-tree")
    assert {row["ingredient_name"] for row in tree["data"]} == {"Gin", "Edit 0", "Edit 1", "Edit 2"}
    named = {storage.manifest().paths[name] for name in NAMES}
    known = {listed.path for shelf in ("analytics", "insights") for listed in storage.objects.list(shelf)}
    assert stored_files(folder) == {f"home/objects/{path}" for path in known}  # no half-written file stays behind
    assert named <= {path.rpartition("/")[2] for path in known}
    assert on_postgresql.told("verify")["ok"] is True


LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["refresh"], ["token", "create", "--role", "admin"]])
def test_a_full_disk_at_the_start_is_said_in_one_line(installation: Installation, command: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, PARCOOK, *command],
        env=installation.environment,
        cwd=installation.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    with installation.serving() as server:
        assert server.client.get("/readyz").status_code == 200


LOGGING = """
import os, resource, sys, time
from parcook.telemetry import FLUSH_EVERY_S, AccessLog
log = AccessLog(open(sys.argv[1], "w"))
before = resource.getrlimit(resource.RLIMIT_FSIZE)
for word in ("before", "during", "after"):
    size = os.stat(sys.argv[1]).st_size if word == "during" else before[0]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    log.write(word, "GET", "/", 200, 0.1)
    time.sleep(2 * FLUSH_EVERY_S)
log.close()
"""


def test_the_log_goes_on_when_there_is_room_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", LOGGING, tmp_path / "log"], check=True, timeout=60)
    logged = [json.loads(line)["request_id"] for line in (tmp_path / "log").read_text().splitlines()]
    assert (logged[0], logged[-1]) == ("before", "after")
