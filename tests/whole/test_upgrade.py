"""Every version opens the homes that earlier versions left."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.artifacts.verify import find_faults
from parcook.jobs.subjects import held_of, person_ref
from parcook.lake.erasure import Eraser
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from parcook.wiring import open_services
from tests.homes.make_home import daily_totals

HOMES = sorted(path.parent for path in (Path(__file__).parents[1] / "homes").glob("*/expected.json"))


WITH_CONVERSATIONS = [home for home in HOMES if (home / "events.db").exists()]


def test_there_is_a_home_of_every_release():
    assert {"0.1.0", "0.2.0"} <= {home.name for home in HOMES}


@pytest.mark.parametrize("kept", WITH_CONVERSATIONS, ids=lambda home: home.name)
def test_what_was_said_in_a_home_of_an_earlier_version_is_still_held_counted_and_erasable(kept, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(kept, home)
    expected = json.loads((home / "expected.json").read_text())
    now = datetime.fromisoformat(expected["made_at"])
    services = open_services(Settings(home=home, refresh_url="none://"), lambda: now)
    person = person_ref(services.key, expected["person"], "user")
    held = held_of(services.lake, person, now)
    assert [event | then for event, then in zip(held["events"], expected["held"]["events"], strict=True)] == (
        held["events"]
    )
    assert [day | then for day, then in zip(held["activity"], expected["held"]["activity"], strict=True)] == (
        held["activity"]
    )
    assert [day | then for day, then in zip(daily_totals(services), expected["days"], strict=True)] == (
        daily_totals(services)
    )
    services.insights.refresh(force=True)
    assert json.loads(services.shelf.read_file("activity-daily.json").body)["data"]["days"]
    with Eraser(services.lake) as eraser:
        eraser.request("user", person, now)
        assert eraser.erase("user", person, now).status == "done"
    assert held_of(services.lake, person, now)["events"] == []
    assert [day["people"] for day in daily_totals(services)] == [day["people"] - 1 for day in expected["days"]]
    services.close()


@pytest.mark.parametrize("kept", HOMES, ids=lambda home: home.name)
def test_a_home_of_an_earlier_version_is_opened_whole(kept, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(kept, home)
    expected = json.loads((home / "expected.json").read_text())
    settings = Settings(home=home, refresh_url="none://")
    with TestClient(create_app(settings)) as client:
        services = client.app_state[STATE_KEY]
        assert {name: expected[name] for name in ("recipes", "ingredients")} == services.catalogue.counts()
        found = client.get("/api/v1/recipes", params={"limit": 5}).json()["items"]
        assert [recipe | then for recipe, then in zip(found, expected["first_recipes"], strict=True)] == found
        cooked_then = services.storage.get_analytics("ingredient-tree")["data"]
        services.refresher.refresh(force=True)
        tree = client.get("/api/v1/analytics/ingredient-tree").json()
        assert tree["metadata"]["source"] == "stored"
        assert [row | then for row, then in zip(tree["data"], cooked_then, strict=True)] == tree["data"]
        assert find_faults(services.catalogue, services.storage) == []
        headers = {"Authorization": f"Bearer {expected['token']}"}
        assert client.post("/api/v1/ingredients", json={"name": "Newly found"}, headers=headers).status_code == 201
        name = expected["first_recipes"][0]["name"]
        assert name in [
            item["name"] for item in client.get("/api/v1/recipes/search", params={"q": name}).json()["items"]
        ]
