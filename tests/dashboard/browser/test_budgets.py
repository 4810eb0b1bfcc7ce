"""What the page may cost: requests, bytes, nodes, and how far it may shift while it is read. Times are the bench's."""

from collections.abc import Iterator

import pytest

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, published
from tests.dashboard.browser.visits import DESKTOP, PAGES, PHONE
from tests.dashboard.large import large_site

SHELL, DATA, REQUESTS, NODES, SHIFT = 65 * 1024, 60 * 1024, 36, 2_000, 0.05
# The sum of all shifts that nobody asked for: more than what browsers report, which is the worst five seconds.
SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A thousand ingredients and two years of days."""
    folder = tmp_path_factory.mktemp("large")
    large_site(folder / "source")
    with Site(published(folder / "source", folder / "site")).served() as served:
        yield served


def bytes_of(site: Site, *parts: str) -> int:
    """What was sent, packed, of paths with one of `parts` in them."""
    return sum(size for path, size in site.answers if any(part in path for part in parts))


def test_the_overview_costs_so_many_requests_and_bytes(visits: Visits, site: Site):
    visits(site.url).open("#/overview")
    assert len(site.answers) <= REQUESTS
    assert bytes_of(site, "") - bytes_of(site, "/v1/") <= SHELL
    assert bytes_of(site, "/v1/") <= DATA


def test_a_walk_through_all_pages_reads_each_artifact_once(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    for key in "2345":
        visitor.page.keyboard.press(key)
        visitor.page.wait_for_selector(f"#tabs a[aria-current]:nth-child({key})")
        visitor.settle()
    artifacts = [path for path in site.asked if "/v1/" in path and "manifest" not in path]
    assert len(artifacts) == len(set(artifacts))
    assert bytes_of(site, "/v1/") <= DATA


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_not_shift_while_its_numbers_arrive(visits: Visits, site: Site, name: str, size: tuple[int, int]):
    site.slow["/v1/"] = 0.3  # so that what is reserved is seen before what comes
    visitor = visits(site.url, size=size)
    visitor.page.add_init_script(SHIFTS)
    visitor.open(f"#/{name}")
    visitor.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert visitor.run("window.shift") <= SHIFT


@pytest.mark.parametrize("name", PAGES)
def test_a_large_install_costs_at_most_twice_as_much(visits: Visits, large: Site, name: str):
    large.answers.clear()
    visitor = visits(large.url, size=PHONE).open(f"#/{name}")
    assert visitor.run("document.querySelectorAll('*').length") <= 2 * NODES
    assert bytes_of(large, "/v1/") <= 2 * DATA
    assert visitor.run("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert visitor.complaints == []
