"""Every page, light and dark, on a desk and on a phone: quiet, reachable for everybody, no wider than the window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site
from tests.dashboard.browser.visits import DESKTOP, PAGES, PHONE

MOST_NODES = 2_000


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(visits: Visits, site: Site, name: str, theme: str, size: tuple[int, int]):
    visitor = visits(site.url, size=size, reduced_motion="reduce").open(f"#/{name}?theme={theme}")
    assert visitor.page.locator(".card").count() >= 3
    assert visitor.page.locator(".card .state").count() == 0  # every card has something to show
    assert visitor.run("document.querySelectorAll('*').length") <= MOST_NODES
    violations = Axe().run(visitor.page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations] == []
    visitor.hover_everything()
    assert visitor.run("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert visitor.complaints == []


def test_a_breach_of_the_policy_would_be_noticed(visits: Visits, site: Site):
    visitor = visits(site.url).open()
    visitor.run("document.body.setAttribute('onclick', 'alert(1)')")
    visitor.run("document.body.append(Object.assign(document.createElement('script'), { textContent: '0' }))")
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)
