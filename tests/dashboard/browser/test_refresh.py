"""News arrives in a page that stays: what changed is drawn anew in its place, and nothing is ever blank."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, published
from tests.dashboard.browser.visits import Visit
from tests.dashboard.golden import golden_insights, golden_site, write_insights

# Notes every moment in which a card or the strip of numbers is without anything, and which cards stand there.
WATCH = """() => {
    window.stood = [...document.querySelectorAll('.card')];
    window.blanks = [];
    new MutationObserver(() => {
        for (const box of document.querySelectorAll('.card-body, .numbers-box')) {
            if (!box.childElementCount || box.querySelector('.skeleton')) window.blanks.push(box.parentElement.id);
        }
    }).observe(document.getElementById('main'), { childList: true, subtree: true });
}"""
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # as when somebody comes back to the tab


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Site]:
    """A published page that a trial may publish again."""
    golden_site(tmp_path / "source")
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as served:
        yield served


def publish_again(place: Site, generation: int, sentence: str) -> None:
    """Another generation, with another sentence above the top recipes."""
    told = json.loads(json.dumps(golden_insights()))
    for period in told["top-recipes"]["data"]["periods"]:
        period["summary"] = sentence
    source = place.folder.parent / "source"
    write_insights(source, told, generation)
    published(source, place.folder)


def watched(visits: Visits, place: Site) -> Visit:
    visitor = visits(place.url).open("#/overview")
    visitor.run(WATCH)
    place.answers.clear()
    return visitor


def test_a_new_generation_is_drawn_in_place_without_a_blank_moment(visits: Visits, place: Site):
    visitor = watched(visits, place)
    publish_again(place, 2, "Soup, said the second generation.")
    visitor.run(LOOK)
    expect(visitor.card("top").locator(".sentence")).to_have_text("Soup, said the second generation.")
    assert visitor.run("window.stood.every(card => card.isConnected)") is True
    assert visitor.run("window.blanks") == []
    assert visitor.complaints == []


def test_of_a_new_generation_only_what_changed_is_asked_for(visits: Visits, place: Site):
    visitor = watched(visits, place)
    publish_again(place, 2, "Soup, said the second generation.")
    visitor.run(LOOK)
    expect(visitor.card("top").locator(".sentence")).to_have_text("Soup, said the second generation.")
    asked = sorted(path.split(".")[0].rpartition("/")[2] for path in place.asked)
    assert asked == ["manifest", "manifest", "top-recipes"]


def test_without_news_nothing_is_drawn_anew(visits: Visits, place: Site):
    visitor = watched(visits, place)
    turn = visitor.page.locator("html").get_attribute("data-ready")
    visitor.run("window.changes = 0")
    visitor.run("new MutationObserver(() => window.changes++).observe(main, { childList: true, subtree: true })")
    with visitor.page.expect_response("**/insights/v1/manifest.json"):
        visitor.run(LOOK)
    expect(visitor.page.locator("#freshness")).to_contain_text("Updated")
    assert visitor.page.locator("html").get_attribute("data-ready") == turn
    assert visitor.run("window.changes") == 0


def test_whoever_was_away_for_two_generations_is_not_shown_an_error(visits: Visits, place: Site):
    visitor = visits(place.url).open("#/catalogue")
    for generation in (2, 3, 4):
        publish_again(place, generation, f"Generation {generation}.")
    visitor.page.keyboard.press("1")  # its files of the first generation are gone
    expect(visitor.card("top").locator(".sentence")).to_have_text("Generation 4.")
    expect(visitor.page.locator(".card.failed")).to_have_count(0)


def test_a_card_shown_as_a_table_stays_one_and_keeps_the_focus(visits: Visits, place: Site):
    visitor = visits(place.url).open("#/overview")
    visitor.act("top", "Show as a table")
    visitor.card("top").locator(".as-table").focus()
    publish_again(place, 2, "Soup, said the second generation.")
    visitor.run(LOOK)
    expect(visitor.card("top").locator(".sentence")).to_have_text("Soup, said the second generation.")
    expect(visitor.card("top").locator(".as-table")).to_be_focused()
