"""The golden site with names that would like to be code, and what a page is made of as a parser sees it."""

import itertools
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from parcook.artifacts.storage import AnalyticsStorage
from tests.dashboard.golden import ABOUT, STAMP, golden_insights, golden_site, write_insights
from tests.dashboard.golden.world import NOW

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "</title></style><svg onload=alert(1)>",
    "<!-- <script>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;b&gt;&#60;script&#62;",
    "${alert(1)} {{7*7}} <%= 7 %>",
    "<iframe srcdoc=x></iframe>",
    "\u202e<b>txet\u202c",
    "=HYPERLINK(alert(1))",
)
_NAMES = {
    "ingredient_name", "recipe_name", "name", "nearest", "feature", "tool", "text", "summary", "sentence", "formula",
}  # fmt: skip


def hostile_site(folder: Path) -> None:
    """Write the golden site with a name from `CORPUS` in the place of every name and sentence."""
    golden_site(folder)
    bad = itertools.cycle(CORPUS)
    public = {
        path.stem: _spoilt(json.loads(path.read_bytes()), bad)
        for path in (folder / "analytics/v1").glob("*.json")
        if "." not in path.stem and path.stem != "manifest"
    }
    title = "".join(CORPUS)
    about = {**ABOUT, "site": {"title": title}}
    AnalyticsStorage(f"file://{folder}").put_generation(public, STAMP, NOW, about, None)
    write_insights(folder, {name: _spoilt(told, bad) for name, told in golden_insights().items()}, title=title)


def _spoilt(value: Any, bad: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spoilt(inner, bad, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spoilt(inner, bad, key) for inner in value]
    return next(bad) if isinstance(value, str) and key in _NAMES else value


class Parsed(HTMLParser):
    """The elements, attributes and texts of a page, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def is_inert(self) -> bool:
        """Whether nothing here runs, loads or leads anywhere but beside the page."""
        runs = [name for name, _ in self.attributes if name.startswith("on") or name == "srcdoc"]
        leads = [value or "" for name, value in self.attributes if name in ("href", "src", "action")]
        return not runs and not any(":" in address or address.startswith("//") for address in leads)
