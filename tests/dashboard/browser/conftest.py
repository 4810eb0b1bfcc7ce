"""A Chromium for the folder, the golden page published once, and a visitor for each trial."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.dashboard.browser.sites import Site, published
from tests.dashboard.browser.visits import PATIENCE, Visit, visit
from tests.dashboard.golden import golden_site

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

Visits = Callable[..., Visit]


# Of this folder, not of the session: while it runs, its event loop is that of the thread, and others want theirs.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail(f"there is no Chromium at {CHROMIUM}; set CHROMIUM")
        pytest.skip(f"there is no Chromium at {CHROMIUM}; set CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden page in a folder, published with all there is. Not to be written to."""
    folder = tmp_path_factory.mktemp("golden")
    golden_site(folder / "source")
    return published(folder / "source", folder / "site")


@pytest.fixture
def site(golden: Path) -> Iterator[Site]:
    with Site(golden).served() as served:
        yield served


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Visits]:
    """Visitors of whatever is served; each leaves at the end."""
    with ExitStack() as leaving:

        def come(base: str, **options: Any) -> Visit:
            made = visit(chromium, base, **options)
            leaving.callback(made.context.close)
            return made

        yield come
