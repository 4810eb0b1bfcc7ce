"""Single keys: pages, periods, comparison, theme, help; not with modifiers, not while one types."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site
from tests.dashboard.browser.visits import PAGES, Visit


@pytest.fixture
def visitor(visits: Visits, site: Site) -> Visit:
    return visits(site.url).open("#/overview")


def expect_address(visitor: Visit, address: str) -> None:
    expect(visitor.page).to_have_url(re.compile(re.escape(address) + "$"))


def test_digits_are_pages(visitor: Visit):
    for key, page in enumerate(PAGES, 1):
        visitor.page.keyboard.press(str(key))
        expect_address(visitor, f"#/{page}")
        expect(visitor.page.locator("#tabs [aria-current]")).to_have_text(page.capitalize())


def test_letters_are_periods(visitor: Visit):
    for key, text, days in (("w", "7 days", "7d"), ("q", "13 weeks", "91d"), ("y", "52 weeks", "364d")):
        visitor.page.keyboard.press(key)
        expect_address(visitor, f"#/overview?r={days}")
        expect(visitor.page.locator("#period [aria-pressed=true]")).to_have_text(text)
    visitor.page.keyboard.press("M")
    expect_address(visitor, "#/overview")


def test_x_compares_and_does_not(visitor: Visit):
    expect(visitor.page.locator("#card-active .before")).to_have_count(3)
    visitor.page.keyboard.press("x")
    expect(visitor.page.locator("#compare")).to_have_attribute("aria-pressed", "false")
    expect(visitor.page.locator("#card-active .before")).to_have_count(0)
    visitor.page.keyboard.press("x")
    expect(visitor.page.locator("#card-active .before")).to_have_count(3)


def test_t_goes_round_the_themes_and_the_next_visit_remembers(visitor: Visit):
    html = visitor.page.locator("html")
    for theme in ("light", "dark", "auto", "light", "dark"):
        visitor.page.keyboard.press("t")
        expect(html).to_have_attribute("data-theme", theme)
    visitor.open()
    expect(html).to_have_attribute("data-theme", "dark")


def test_a_question_mark_lists_the_keys_and_can_switch_them_off(visitor: Visit):
    visitor.page.keyboard.press("?")
    dialog = visitor.page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    visitor.page.keyboard.press("2")  # a dialog is no place for them
    dialog.get_by_label("Single-key shortcuts on").uncheck()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    visitor.page.keyboard.press("2")
    expect_address(visitor, "#/overview")


@pytest.mark.parametrize("chord", ["Control+2", "Alt+2", "Meta+2", "Control+Shift+x", "Alt+w"])
def test_keys_with_modifiers_are_the_browsers(visitor: Visit, chord: str):
    visitor.page.keyboard.press(chord)
    expect(visitor.page.locator("#compare")).to_have_attribute("aria-pressed", "true")
    expect_address(visitor, "#/overview")


def test_whoever_types_is_left_alone(visitor: Visit):
    visitor.open("#/catalogue")
    field = visitor.page.locator("#find")
    field.press_sequentially("3wx?t/")
    expect(field).to_have_value("3wx?t/")
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "auto")
    expect_address(visitor, "#/catalogue")


def test_back_undoes_the_choice_of_a_period(visitor: Visit):
    visitor.page.get_by_role("button", name="13 weeks").click()
    expect_address(visitor, "#/overview?r=91d")
    visitor.page.go_back()
    expect(visitor.page.locator("#period [aria-pressed=true]")).to_have_text("28 days")


def test_the_first_tab_stop_skips_to_the_numbers(visitor: Visit):
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator("[data-skip]")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#main")).to_be_focused()
