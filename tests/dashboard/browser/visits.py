"""Somebody who looks at the page, and notes whatever the browser complains of."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.dashboard.golden.world import NOW

DESKTOP, PHONE = (1440, 900), (390, 844)
PAGES = ("overview", "catalogue", "audience", "conversations", "demand")
PATIENCE = 20_000  # milliseconds; the machine may be busy, and nothing here is about speed


@dataclass
class Visit:
    """A page in a browser of its own, opened on `base`."""

    context: BrowserContext
    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "#/overview") -> "Visit":
        """Go there and wait until all of it is drawn."""
        self.page.goto("about:blank")  # another hash alone would not load the page anew
        self.page.goto(self.base + address)
        return self.settle()

    def settle(self) -> "Visit":
        self.page.wait_for_selector("html[data-ready]", state="attached")
        expect(self.page.locator("[aria-busy]")).to_have_count(0)
        return self

    def card(self, name: str) -> Locator:
        return self.page.locator(f"#card-{name}")

    def act(self, card: str, action: str) -> None:
        """Choose an action in the menu of a card."""
        self.card(card).get_by_role("button", name=": actions").click()
        self.page.get_by_role("menuitem", name=action).click()

    def table(self, card: str) -> list[list[str]]:
        """The rows of the table view of a card, its head first; leaves the card as it was."""
        self.act(card, "Show as a table")
        rows = self.card(card).locator(".as-table tr")
        rows.first.wait_for()
        cells = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")
        self.act(card, "Show as a chart")
        return cells

    def spoken(self, card: str) -> list[str]:
        """What the chart of a card says of each of its values, read with the keyboard from the first to the last."""
        slider = self.card(card).get_by_role("slider")
        slider.focus()
        slider.press("Home")
        said = [slider.get_attribute("aria-valuetext") or ""]
        for _ in range(int(slider.get_attribute("aria-valuemax") or 0)):
            slider.press("ArrowRight")
            said.append(slider.get_attribute("aria-valuetext") or "")
        return said

    def hover_everything(self) -> None:
        """Move over every chart and grid there is, from one side to the other."""
        for chart in self.page.locator(".plot, .treemap, .ring-box, table.grid, .bar").all():
            chart.scroll_into_view_if_needed()
            box = chart.bounding_box()
            if box is None:
                continue
            for part in (0.1, 0.4, 0.7, 0.95):
                self.page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * 0.5)

    def run(self, script: str, *args: Any) -> Any:
        return self.page.evaluate(script, *args)


def visit(browser: Browser, base: str, size: tuple[int, int] = DESKTOP, **options: Any) -> Visit:
    """A new visitor, whose clock stands at that of the golden artifacts."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    made = Visit(context, page, base)
    page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
    # Chromium says breaches of the policy here too, among the errors.
    page.on("console", lambda line: made.complaints.append(line.text) if line.type in ("error", "warning") else None)
    return made
