"""The states of a card and of the page, brought about by a server that does not behave and by artifacts that lack."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, published
from tests.dashboard.golden import golden_insights, golden_site, write_insights
from tests.dashboard.golden.world import NOW

Told = dict[str, dict[str, Any]]
Altered = Callable[[Callable[[Told], None]], Site]


@pytest.fixture
def altered(tmp_path: Path) -> Iterator[Altered]:
    """The golden page, its artifacts changed by a function before they are published."""
    with ExitStack() as stopping:

        def serve(change: Callable[[Told], None]) -> Site:
            golden_site(tmp_path / "source")
            told = json.loads(json.dumps(golden_insights()))
            change(told)
            write_insights(tmp_path / "source", told)
            return stopping.enter_context(Site(published(tmp_path / "source", tmp_path / "site")).served())

        yield serve


def test_a_card_that_fails_fails_alone_and_heals(visits: Visits, site: Site):
    site.broken["top-recipes"] = 500
    visitor = visits(site.url).open("#/overview")
    failed = visitor.page.locator(".card.failed")
    expect(failed).to_have_count(1)
    expect(failed).to_have_id("card-top")
    expect(failed.get_by_role("alert")).to_contain_text("answered 500. The others are not affected.")
    expect(visitor.page.locator(".number-tile")).to_have_count(5)
    site.broken.clear()
    failed.get_by_role("button", name="Try again").click()
    expect(visitor.card("top").locator(".bar-row")).to_have_count(10)
    expect(failed).to_have_count(0)


def test_a_card_that_fails_again_says_so_again(visits: Visits, site: Site):
    site.broken["peak-hours"] = 503
    visitor = visits(site.url).open("#/overview")
    site.broken["peak-hours"] = 404
    visitor.card("hours").get_by_role("button", name="Try again").click()
    expect(visitor.card("hours").get_by_role("alert")).to_contain_text("answered 404.")


def test_an_artifact_that_is_not_json_fails_its_card_alone(visits: Visits, tmp_path: Path, golden: Path):
    golden_site(tmp_path / "source")
    folder = published(tmp_path / "source", tmp_path / "site")
    next(folder.glob("insights/v1/catalogue-gaps.*.json")).write_bytes(b'{"data": ')
    with Site(folder).served() as site:
        visitor = visits(site.url).open("#/overview")
        expect(visitor.page.locator(".card.failed")).to_have_id("card-gaps")


def test_without_its_key_numbers_a_page_has_its_cards(visits: Visits, site: Site):
    site.broken["key-numbers"] = 500
    visitor = visits(site.url).open("#/overview")
    expect(visitor.page.locator(".number-tile, .numbers-skeleton")).to_have_count(0)
    expect(visitor.page.locator(".card.failed")).to_have_count(0)


def test_while_a_card_loads_its_place_is_kept(visits: Visits, site: Site):
    site.slow["top-recipes"] = 2
    visitor = visits(site.url)
    visitor.page.goto(f"{site.url}#/overview")
    waiting = visitor.card("top").locator(".card-body[aria-busy] .skeleton")
    expect(waiting).to_be_visible()
    expect(visitor.page.locator("#card-hours table")).to_be_visible()  # which stands below and does not wait for it
    before = visitor.card("hours").bounding_box()
    visitor.settle()
    after = visitor.card("hours").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 24


def test_an_empty_card_says_what_fills_it(visits: Visits, altered: Altered):
    def forget(told: Told) -> None:
        for period in told["top-recipes"]["data"]["periods"]:
            period.update(rows=[], n=0, summary=None)

    visitor = visits(altered(forget).url).open("#/overview")
    state = visitor.page.locator(".state")
    expect(state).to_have_count(1)
    expect(state).to_contain_text("This card fills itself after the first complete day.")


def test_gaps_without_a_gap_are_good_news(visits: Visits, altered: Altered):
    def answer(told: Told) -> None:
        for period in told["catalogue-gaps"]["data"]["periods"]:
            period.update(rows=[], suppressed=0, summary=None)

    visitor = visits(altered(answer).url).open("#/overview")
    expect(visitor.card("gaps")).to_contain_text("Nothing missing")


def test_people_over_a_year_are_not_measurable_and_nothing_else_is_missing(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview?r=364d")
    expect(visitor.page.locator("[data-key=people] .number-value")).to_have_text("not measurable")
    expect(visitor.page.locator(".number-value.none")).to_have_count(1)


def test_cohorts_that_cannot_be_followed_are_not_measurable(visits: Visits, altered: Altered):
    site = altered(lambda told: told["retention"]["data"].update(measurable=False, cohorts=[], average=[]))
    visitor = visits(site.url).open("#/audience")
    expect(visitor.card("retention").locator(".state.lock")).to_contain_text("Not measurable over this time")


@pytest.mark.parametrize(("hours", "is_old"), [(24, False), (26, True)])
def test_numbers_older_than_a_day_are_said_to_be(visits: Visits, site: Site, hours: int, is_old: bool):
    visitor = visits(site.url)
    visitor.page.clock.set_fixed_time(NOW + timedelta(hours=hours))
    visitor.open("#/overview")
    expect(visitor.page.locator("#freshness")).to_contain_text(f"Updated {hours} h ago")
    expect(visitor.page.locator("#freshness .old")).to_have_count(int(is_old))
    expect(visitor.page.locator("#freshness", has_text="older than a day")).to_have_count(int(is_old))


def test_a_server_that_went_away_leaves_what_is_drawn(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    site.broken["manifest"] = 503
    visitor.run("document.dispatchEvent(new Event('visibilitychange'))")
    expect(visitor.page.locator("#freshness")).to_contain_text("The server does not answer")
    expect(visitor.card("top").locator(".bar-row")).to_have_count(10)
    site.broken.clear()
    visitor.run("document.dispatchEvent(new Event('visibilitychange'))")
    expect(visitor.page.locator("#freshness")).not_to_contain_text("The server does not answer")


def test_a_catalogue_alone_is_one_page_without_empty_tabs(visits: Visits, tmp_path: Path):
    golden_site(tmp_path / "source")
    with Site(published(tmp_path / "source", tmp_path / "site", "public")).served() as site:
        visitor = visits(site.url).open("#/overview")
        expect(visitor.page.locator("#tabs a")).to_have_text(["Catalogue"])
        expect(visitor.page.locator(".card")).to_have_count(3)
        expect(visitor.page.locator(".number-tile")).to_have_count(5)
        expect(visitor.page.locator(".state")).to_have_count(0)
        assert visitor.complaints == []
        assert [path for path in site.asked if "insights" in path] == []


def test_before_anything_is_cooked_the_page_says_what_to_do(visits: Visits, site: Site):
    site.broken["manifest"] = 404
    visitor = visits(site.url)
    visitor.page.goto(site.url)
    expect(visitor.page.get_by_role("alert")).to_contain_text("No analytics here yet")
    expect(visitor.page.get_by_role("alert")).to_contain_text("parcook refresh")
