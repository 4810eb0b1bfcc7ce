"""Every version opens the homes that earlier versions left."""

import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parcook.artifacts.verify import find_faults
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY

HOMES = sorted(path.parent for path in (Path(__file__).parents[1] / "homes").glob("*/expected.json"))


def test_there_is_a_home_of_every_release():
    assert "0.1.0" in {home.name for home in HOMES}


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
