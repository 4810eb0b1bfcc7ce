"""Looking inside ingredients: by mouse, by keyboard, by a link, and back out again."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, artifact
from tests.dashboard.browser.visits import Visit


@pytest.fixture
def visitor(visits: Visits, site: Site) -> Visit:
    return visits(site.url).open("#/catalogue")


def expect_inside(visitor: Visit, *path: str) -> None:
    """One is inside the last of `path`, and the crumbs lead there."""
    expect(visitor.page.locator(".crumbs button")).to_have_text(["All ingredients", *path])


def row_of(site: Site, name: str) -> dict:
    return next(row for row in artifact(site.folder, "ingredient-tree")["data"] if row["ingredient_name"] == name)


def test_by_mouse_a_tile_and_a_row_lead_down_and_crumbs_lead_up(visitor: Visit, site: Site):
    card = visitor.card("ingredients")
    card.locator(".tile", has_text="Spirits").first.click()
    expect_inside(visitor, "Spirits")
    card.locator(".bar-row", has_text="Whiskey").first.click()
    expect_inside(visitor, "Spirits", "Whiskey")
    whiskey = row_of(site, "Whiskey")
    assert visitor.page.url.endswith(f"ing={whiskey['ingredient_id']}")
    expect(card.locator(".crumbs-end")).to_contain_text(f"{whiskey['hierarchical_usage']} of 412 recipes")
    card.locator(".crumbs button", has_text="All ingredients").click()
    expect_inside(visitor)


def test_tiles_and_rows_tell_recipes_once(visitor: Visit, site: Site):
    visitor.card("ingredients").locator(".tile", has_text="Spirits").first.click()
    expect_inside(visitor, "Spirits")
    inside = [
        row
        for row in artifact(site.folder, "ingredient-tree")["data"]
        if row["parent_id"] == row_of(site, "Spirits")["ingredient_id"]
    ]
    rows = visitor.card("ingredients").locator(".bar-row")
    told = dict(
        zip(
            rows.locator(".bar-text").all_text_contents(), rows.locator(".bar-value b").all_text_contents(), strict=True
        )
    )
    assert {row["ingredient_name"]: str(row["hierarchical_usage"]) for row in inside}.items() <= told.items()


def test_by_keyboard_enter_leads_down_and_escape_up(visitor: Visit):
    visitor.card("ingredients").locator("button.tile", has_text="Spirits").first.press("Enter")
    expect_inside(visitor, "Spirits")
    visitor.card("ingredients").locator("button.bar-row", has_text="Whiskey").press("Enter")
    expect_inside(visitor, "Spirits", "Whiskey")
    visitor.page.keyboard.press("Escape")
    expect_inside(visitor, "Spirits")
    visitor.page.keyboard.press("Escape")
    expect_inside(visitor)


def test_back_and_forward_are_steps_up_and_down(visitor: Visit):
    visitor.card("ingredients").locator(".tile", has_text="Spirits").first.click()
    expect_inside(visitor, "Spirits")
    visitor.page.go_back()
    expect_inside(visitor)
    visitor.page.go_forward()
    expect_inside(visitor, "Spirits")


def test_a_link_leads_straight_inside(visitor: Visit, site: Site):
    visitor.open(f"#/catalogue?ing={row_of(site, 'Whiskey')['ingredient_id']}")
    expect_inside(visitor, "Spirits", "Whiskey")


@pytest.mark.parametrize("number", ["999999", "1%3Cb%3E", "-1"])
def test_a_link_to_no_ingredient_leads_to_the_top(visitor: Visit, number: str):
    visitor.open(f"#/catalogue?ing={number}")
    expect_inside(visitor)
    assert visitor.complaints == []


def test_a_slash_finds(visitor: Visit, site: Site):
    visitor.page.keyboard.press("/")
    field = visitor.page.locator("#find")
    expect(field).to_be_focused()
    field.fill("whiskey")
    field.press("Enter")
    expect_inside(visitor, "Spirits", "Whiskey")


def test_a_slash_on_another_page_leads_to_the_catalogue(visitor: Visit):
    visitor.open("#/overview").page.keyboard.press("/")
    expect(visitor.page).to_have_url(re.compile("#/catalogue"))
    expect(visitor.page.locator("#find")).to_be_visible()
