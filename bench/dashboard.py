"""How fast the page is there on a slow phone: first paint, all cards, the longest task; and what it shifts."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from tests.dashboard.browser.sites import Site, published
from tests.dashboard.golden import golden_site
from tests.dashboard.large import large_site

from bench.report import Figure

SUBJECT = "The page on a throttled phone"
NOTE = """\
A cold visit to the Overview, published with everything, in headless Chromium with a window of 390 × 844, its processor
slowed four times, 1.6 Mbit a second and 150 ms to the first byte of each answer. *All cards* is when the last one is
drawn. Medians of five visits; shift is the sum of all that nobody asked for. *Golden* has 126 ingredients and 420 days,
*large* 1,000 ingredients and two years of days, and may take twice as long."""

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
VISITS = 5
CPU, BITS, LATENCY_MS = 4, 1_600_000, 150
PAINT_MS, CARDS_MS, TASK_MS, SHIFT = 1_200, 2_500, 250, 0.05
# Runs before the page does.
WATCH = """
window.seen = { longest: 0, shift: 0, cards: 0 };
new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.seen.longest = Math.max(window.seen.longest, task.duration);
}).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
    if (document.documentElement.dataset.ready) window.seen.cards ||= performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""
TELL = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [paint.startTime, window.seen.cards, window.seen.longest, window.seen.shift];
}"""


@dataclass(frozen=True)
class Times:
    """One visit: milliseconds to the first paint, to all cards, of the longest task; and the sum of shifts."""

    paint: float
    cards: float
    task: float
    shift: float


def measure(folder: Path) -> Iterator[Figure]:
    """The figures of both sizes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, make, factor in (("golden", golden_site, 1), ("large", large_site, 2)):
            make(folder / f"dashboard-{name}")
            target = published(folder / f"dashboard-{name}", folder / f"dashboard-{name}-site")
            with Site(target).served() as site:
                yield from _figures(name, [_visit(browser, site.url) for _ in range(VISITS)], factor)
        browser.close()


def _figures(name: str, visits: list[Times], factor: int) -> Iterator[Figure]:
    for what, values, most in (
        ("first paint", [visit.paint for visit in visits], PAINT_MS),
        ("all cards", [visit.cards for visit in visits], CARDS_MS),
        ("longest task", [visit.task for visit in visits], TASK_MS),
    ):
        took, limit = median(values), most * factor
        yield Figure(SUBJECT, f"{what}, {name}", f"{took:,.0f} ms", required=f"≤ {limit:,} ms", met=took <= limit)
    shift = median(visit.shift for visit in visits)
    yield Figure(SUBJECT, f"layout shift, {name}", f"{shift:.3f}", required=f"≤ {SHIFT}", met=shift <= SHIFT)


def _visit(browser: Browser, url: str) -> Times:
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    speed = BITS / 8
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    page.goto(f"{url}#/overview")
    page.wait_for_selector("html[data-ready]", state="attached")
    told = Times(*page.evaluate(TELL))
    context.close()
    return told
