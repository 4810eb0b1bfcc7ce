"""What leaves the page opens elsewhere: CSV, JSON, PNG, links, an embedded card, print, a single file, a sub-path."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from parcook.dashboard.publish import single_file
from parcook.objects import Objects
from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, artifact, published
from tests.dashboard.browser.visits import PAGES, Visit
from tests.dashboard.golden import golden_site
from tests.dashboard.hostile import hostile_site


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Site]:
    hostile_site(tmp_path / "source")
    with Site(published(tmp_path / "source", tmp_path / "site")).served() as served:
        yield served


def download(visitor: Visit, card: str, action: str) -> tuple[str, bytes]:
    """The name and the bytes of what a card is taken away as."""
    with visitor.page.expect_download() as started:
        visitor.act(card, action)
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def test_a_csv_runs_nothing_in_a_spreadsheet(visits: Visits, hostile: Site):
    visitor = visits(hostile.url).open("#/catalogue")
    name, body = download(visitor, "ingredients", "Download CSV")
    assert name == "ingredients_28d_2026-01-17.csv"
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert len(rows) == len(artifact(hostile.folder, "ingredient-tree")["data"])
    names = [row[head.index("ingredient")] for row in rows]
    assert "'=HYPERLINK(alert(1))" in names
    assert [name for name in names if name[:1] in ("=", "+", "-", "@")] == []


def test_json_is_the_artifact_itself(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    name, body = download(visitor, "top", "Download JSON")
    assert name == "top_28d_2026-01-17.json"
    assert json.loads(body) == {"top-recipes": artifact(site.folder, "top-recipes")}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_opens_and_is_not_blank(visits: Visits, site: Site, theme: str):
    visitor = visits(site.url).open(f"#/overview?theme={theme}")
    name, body = download(visitor, "active", "Download PNG")
    assert name.endswith(".png")
    picture = Image.open(io.BytesIO(body))
    picture.verify()
    opened = Image.open(io.BytesIO(body)).convert("RGB")
    box = visitor.card("active").bounding_box()
    assert box is not None
    assert opened.width >= box["width"]
    assert len(opened.getcolors(1 << 24) or []) > 50
    assert visitor.complaints == []


def test_a_copied_link_leads_to_the_card(visits: Visits, site: Site):
    visitor = visits(site.url, permissions=["clipboard-read", "clipboard-write"]).open("#/overview?r=91d")
    visitor.act("hours", "Copy link to this card")
    expect(visitor.page.locator(".toast")).to_contain_text("Link copied")
    link = visitor.run("navigator.clipboard.readText()")
    assert link == f"{site.url}#/overview?r=91d&card=hours"
    visitor.page.goto("about:blank")
    visitor.page.goto(link)
    visitor.settle()
    assert visitor.page.locator(".card").evaluate_all("all => all.map(card => card.id)") == ["card-hours"]
    visitor.page.get_by_role("link", name="All of Overview").click()
    expect(visitor.page.locator(".card")).to_have_count(6)


def test_an_embedded_card_stands_alone(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview?card=top&embed=1")
    expect(visitor.page.locator(".card")).to_have_count(1)
    for part in (".top", ".choices", ".foot", ".numbers", ".back"):
        expect(visitor.page.locator(part)).not_to_be_visible()
    assert visitor.complaints == []


def test_paper_has_no_controls_and_all_cards(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    visitor.page.emulate_media(media="print")
    for part in (".top", ".choices", ".foot"):
        expect(visitor.page.locator(part)).not_to_be_visible()
    expect(visitor.page.locator(".card .icon-button:visible")).to_have_count(0)
    expect(visitor.page.locator(".card:visible")).to_have_count(6)
    assert visitor.page.pdf(print_background=True).startswith(b"%PDF-")


def test_a_single_file_opens_from_a_disk_with_every_page(visits: Visits, tmp_path: Path):
    golden_site(tmp_path / "source")
    file = tmp_path / "analytics of the bar.html"
    file.write_bytes(single_file(Objects(f"file://{tmp_path / 'source'}"), "internal").body)
    visitor = visits(file.as_uri())
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    for page in PAGES:
        visitor.open(f"#/{page}")
        assert visitor.page.locator(".card").count() >= 3
        expect(visitor.page.locator(".state")).to_have_count(0)
    visitor.hover_everything()
    assert download(visitor, "demand", "Download CSV")[1].startswith("\ufeffingredient_id".encode())
    assert {url for url in asked if not url.startswith(("about:", "data:", "blob:"))} == {file.as_uri()}
    assert visitor.complaints == []


def test_below_a_path_the_published_folder_is_the_same_page(visits: Visits, golden: Path):
    with Site(golden, prefix="/bar/analytics/").served() as site:
        visitor = visits(site.url)
        for page in PAGES:
            visitor.open(f"#/{page}")
            expect(visitor.page.locator(".state")).to_have_count(0)
        assert [path for path in site.asked if not path.startswith("/bar/analytics/")] == []
        visitor.page.get_by_role("link", name="As tables").click()
        expect(visitor.page.get_by_role("heading", name="Top 10 recipes")).to_be_visible()
        assert visitor.complaints == []


def test_without_javascript_the_page_leads_to_its_tables(visits: Visits, site: Site):
    visitor = visits(site.url, java_script_enabled=False)
    visitor.page.goto(site.url)
    visitor.page.locator("noscript a, .noscript a").first.click()
    expect(visitor.page.locator("table").first).to_be_visible()
