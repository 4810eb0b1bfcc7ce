"""The page as parcook itself serves it: what a reader may see, an install without a first day, an edit that arrives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx2
import pytest
import uvicorn
from playwright.sync_api import expect

from parcook.access import Role
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from parcook.wiring import Services
from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.visits import PAGES, Visit
from tests.dashboard.golden import golden_site

HOME = Path(__file__).parents[2] / "homes" / "0.2.0"


@dataclass
class App:
    """A running parcook."""

    url: str
    services: Services

    def sign_in(self, visitor: Visit, role: Role) -> Visit:
        visitor.page.goto(f"{self.url}sign-in?key={self.services.access.create_link(role)}")
        return visitor

    def api(self) -> httpx2.Client:
        secret = self.services.access.create_token(Role.ADMIN).secret
        return httpx2.Client(base_url=f"{self.url}api/v1/", headers={"Authorization": f"Bearer {secret}"})


@contextmanager
def running(home: Path, refresh_url: str, **settings: Any) -> Iterator[App]:
    app = create_app(Settings(home=home, refresh_url=refresh_url, **settings), jobs=False)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.05)
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield App(f"http://127.0.0.1:{port}/", server.lifespan.state[STATE_KEY])
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def golden_app(tmp_path: Path) -> Iterator[App]:
    golden_site(tmp_path / "objects")
    with running(tmp_path, "none://") as app:
        yield app


@pytest.fixture
def young_app(tmp_path: Path) -> Iterator[App]:
    with running(tmp_path, "thread://") as app:
        yield app


@pytest.fixture
def lived_app(tmp_path: Path) -> Iterator[App]:
    """Four days of a few conversations, nothing of which is withheld."""
    copytree(HOME, tmp_path / "home")
    with running(tmp_path / "home", "none://", min_people=1) as app:
        yield app


def test_a_viewer_sees_every_page_with_the_day_so_far(visits: Visits, golden_app: App):
    visitor = golden_app.sign_in(visits(golden_app.url), Role.VIEWER)
    visitor.complaints.clear()
    for page in PAGES:
        visitor.open(f"#/{page}")
        expect(visitor.page.locator("#tabs a")).to_have_count(5)
        expect(visitor.page.locator(".state")).to_have_count(0)
    expect(visitor.page.locator("#today .today")).to_contain_text("Today so far")
    assert visitor.complaints == []


def test_whoever_is_not_signed_in_sees_the_catalogue_and_asks_for_nothing_else(visits: Visits, golden_app: App):
    visitor = visits(golden_app.url)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open("#/overview")
    expect(visitor.page.locator("#tabs a")).to_have_text(["Catalogue"])
    assert [url for url in asked if "insights" in url or "/api/" in url] == []
    assert visitor.complaints == []


def test_a_young_install_says_what_is_still_to_be_done(visits: Visits, young_app: App):
    with young_app.api() as api:
        api.post("ingredients", json={"name": "Gin"}).raise_for_status()
    young_app.services.refresher.refresh(force=True)
    visitor = young_app.sign_in(visits(young_app.url), Role.VIEWER)
    visitor.open("#/overview")
    expect(visitor.page.locator("#today .today")).to_contain_text("0 conversations")
    checklist = visitor.page.locator(".checklist")
    expect(checklist.locator("li")).to_have_count(5)
    expect(checklist.locator("li.done")).to_have_count(2)
    expect(checklist).to_contain_text("parcook token create --role ingest")


def test_an_edit_arrives_in_the_open_page(visits: Visits, young_app: App):
    with young_app.api() as api:
        made = api.post("ingredients", json={"name": "Gin"}).raise_for_status().json()
        lines = [{"ingredient_id": made["id"]}]
        api.post("recipes", json={"name": "Martini", "ingredients": lines}).raise_for_status()
        young_app.services.refresher.refresh(force=True)
        visitor = visits(young_app.url).open("#/catalogue")
        expect(visitor.card("ingredients").locator(".bar-text")).to_have_text(["Gin"])
        expect(visitor.card("ingredients").locator(".bar-value b")).to_have_text(["1"])
        visitor.run("window.stays = true")
        api.post("recipes", json={"name": "Gimlet", "ingredients": lines}).raise_for_status()
        expect(visitor.card("ingredients").locator(".bar-value b")).to_have_text(["2"])  # it asks every 5 s
        assert visitor.run("window.stays") is True
        assert visitor.complaints == []


def test_any_range_of_days_is_answered_by_the_metrics_themselves(visits: Visits, lived_app: App):
    visitor = lived_app.sign_in(visits(lived_app.url), Role.VIEWER).open("#/overview")
    visitor.complaints.clear()
    visitor.page.get_by_role("button", name="Custom").click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_label("From").fill("2026-11-17")
    dialog.get_by_label("To").fill("2026-11-18")
    dialog.get_by_role("button", name="Show").click()
    visitor.page.wait_for_url("**r=2026-11-17..2026-11-18")
    visitor.settle()
    with lived_app.api() as api:
        days = {"from": "2026-11-17", "to": "2026-11-18"}
        recipes = api.get("metrics/recipe_popularity", params=days).raise_for_status().json()["data"]
        hours = api.get("metrics/peak_hours", params=days).raise_for_status().json()["data"]
    assert len(recipes) == 6  # of the twelve that all four days have
    _, *table = visitor.table("top")
    assert [(row[1], row[3], row[5]) for row in table] == [
        (recipe["recipe_name"], str(recipe["conversations"]), str(recipe["mentions"])) for recipe in recipes
    ]
    begun = {(hour["weekday"], int(hour["hour"])): hour["per_hour"] for hour in hours if hour["conversations"]}
    assert set(begun) == {(2, 9), (3, 9)}  # Tuesday and Wednesday
    heat = visitor.card("hours").locator("table.grid tbody tr")
    for (weekday, hour), per_hour in begun.items():
        assert heat.nth(weekday - 1).locator("td").nth(hour).text_content() == f"{per_hour:.1f}"
    _, *active = visitor.table("active")
    assert [row[0] for row in active] == ["2026-11-17", "2026-11-18"]
    expect(visitor.card("categories")).to_contain_text("Too few to tell shares")
    expect(visitor.card("gaps")).to_contain_text("Only for the fixed periods")
    assert visitor.complaints == []


@pytest.mark.parametrize("range", ["2024-01-01..2024-01-31", "2027-01-01..2027-01-31"])
def test_a_range_without_any_days_of_ours_is_empty(visits: Visits, lived_app: App, range: str):
    visitor = lived_app.sign_in(visits(lived_app.url), Role.VIEWER).open(f"#/overview?r={range}")
    for card in ("active", "top", "hours", "categories"):
        expect(visitor.card(card)).to_contain_text("No conversations yet")
    assert visitor.complaints == []


@pytest.mark.parametrize("range", ["2026-11-18..2026-11-17", "2026-02-31..2026-03-01", "2026-11-17", "..", "x..y"])
def test_what_is_no_range_of_days_shows_the_usual_period(visits: Visits, lived_app: App, range: str):
    visitor = lived_app.sign_in(visits(lived_app.url), Role.VIEWER).open(f"#/overview?r={range}")
    _, *table = visitor.table("top")
    assert len(table) == 12
    expect(visitor.card("gaps")).not_to_contain_text("Only for the fixed periods")
