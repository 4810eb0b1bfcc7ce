"""What the page must not pretend: that the unfinished is over, that it knows the withheld, that text is code."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, artifact, published
from tests.dashboard.browser.visits import PAGES
from tests.dashboard.golden import golden_insights, golden_site, write_insights
from tests.dashboard.hostile import hostile_site

MEANT_FOR_MACHINES = ("NaN", "undefined", "[object", "Infinity", "null")


def test_today_is_dashed_and_hollow(visits: Visits, site: Site):
    card = visits(site.url).open("#/overview").card("active")
    expect(card.locator(".line.unfinished")).to_have_count(3)
    expect(card.locator(".dot.hollow")).to_have_count(3)
    dashes = "all => all.map(one => getComputedStyle(one).strokeDasharray)"
    assert "none" not in card.locator(".line.unfinished").evaluate_all(dashes)
    assert set(card.locator(".line:not(.unfinished)").evaluate_all(dashes)) == {"none"}


def test_the_week_that_is_not_over_is_striped_and_no_other(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/conversations")
    columns = visitor.card("outcomes").locator(".column")
    striped = columns.evaluate_all("all => all.map(one => one.querySelector('[fill^=url]') !== null)")
    assert striped == [False] * (len(striped) - 1) + [True]
    assert striped == [text.endswith("(Still counting: not over yet)") for text in visitor.spoken("outcomes")]


def test_a_week_that_is_not_over_has_no_growth(visits: Visits, site: Site):
    grown = [week for week in artifact(site.folder, "growth")["data"]["weeks"] if week["growth"] is not None]
    assert all(week["complete"] for week in grown)
    visitor = visits(site.url).open("#/audience")
    assert visitor.card("growth").locator(".column").count() <= len(grown)
    assert visitor.table("growth")[-1][-2:] == ["", "no"]


def test_a_share_of_the_unfinished_has_no_change_in_its_tip(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    visitor.card("active").get_by_role("slider").press("End")
    tip = visitor.page.locator(".tip.on")
    expect(tip.locator(".tip-foot")).to_have_text("Still counting: not over yet")
    assert [text for text in tip.locator("em").all_text_contents() if text] == []


def test_unfinished_weeks_of_cohorts_are_striped_and_the_future_is_blank(visits: Visits, site: Site):
    card = visits(site.url).open("#/audience").card("retention")
    newest = card.locator("tbody tr").last.locator("td")
    assert newest.last.inner_text() == ""
    striped = card.locator("td.partial")
    assert striped.count() > 0
    assert "none" not in striped.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundImage)")


def test_a_withheld_cell_is_said_to_be_and_shows_no_number(visits: Visits, tmp_path: Path):
    golden_site(tmp_path / "source")
    told = json.loads(json.dumps(golden_insights()))
    cells = told["retention"]["data"]["cohorts"][-4]["cells"]
    cells[1].update(people=None, share=None, state="withheld")
    write_insights(tmp_path / "source", told)
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as site:
        visitor = visits(site.url).open("#/audience")
        cell = visitor.card("retention").locator("tbody tr").nth(-4).locator("td").nth(1)
        expect(cell).to_have_text("·Withheld: too few people")
        cell.hover()
        expect(visitor.page.locator(".tip.on .tip-row")).to_have_count(0)
        expect(visitor.page.locator(".tip.on .tip-foot")).to_have_text("Withheld: too few people")
        row = visitor.table("retention")[-4]
        assert row[2 + 1] == ""


def test_a_withheld_average_is_said_to_be_and_one_that_is_not_yet_is_blank(visits: Visits, tmp_path: Path):
    golden_site(tmp_path / "source")
    told = json.loads(json.dumps(golden_insights()))
    retention = told["retention"]["data"]
    retention["average"][1] = retention["average"][12] = None
    for cohort in retention["cohorts"]:
        cohort["cells"][12].update(people=None, share=None, state="future")
    write_insights(tmp_path / "source", told)
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as site:
        visitor = visits(site.url).open("#/audience")
        cells = visitor.card("retention").locator("tbody tr.weighted td")
        expect(cells.nth(1)).to_have_text("·Withheld: too few people")
        expect(cells.nth(12)).to_have_text("")
        cells.nth(1).hover()
        expect(visitor.page.locator(".tip.on .tip-row")).to_have_count(0)
        expect(visitor.page.locator(".tip.on .tip-foot")).to_have_text("Withheld: too few people")


def test_of_gaps_only_how_many_are_withheld_is_said(visits: Visits, site: Site):
    card = visits(site.url).open("#/demand").card("gaps")
    expect(card).to_contain_text("1 with fewer than 10 people is not shown.")


def test_a_count_of_people_that_an_artifact_lacks_is_nowhere(visits: Visits, tmp_path: Path):
    golden_site(tmp_path / "source")
    told = json.loads(json.dumps(golden_insights()))
    for name in ("catalogue-gaps", "top-recipes"):
        for period in told[name]["data"]["periods"]:
            for row in period["rows"]:
                row["user_days"] = None
    write_insights(tmp_path / "source", told)
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as site:
        visitor = visits(site.url)
        for page in PAGES:
            visitor.open(f"#/{page}")
            text = visitor.page.locator("body").inner_text()
            assert [word for word in MEANT_FOR_MACHINES if word in text] == []
        assert {row[6] for row in visitor.open("#/demand").table("top")[1:]} == {""}


def test_names_that_would_like_to_be_code_are_names(visits: Visits, tmp_path: Path):
    hostile_site(tmp_path / "source")
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as site:
        visitor = visits(site.url)
        opened: list[str] = []
        visitor.page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
        for page in PAGES:
            visitor.open(f"#/{page}")
            visitor.hover_everything()
            assert (
                visitor.page.locator("main").locator("img, iframe, script, [onmouseover], a[href^=java]").count() == 0
            )
            assert visitor.run("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert "<script>alert(1)</script>" in visitor.page.locator("#brand").inner_text()
        assert opened == []
        assert visitor.complaints == []
