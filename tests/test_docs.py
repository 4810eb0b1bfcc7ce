"""The documentation says what the code does."""

import runpy
from pathlib import Path

from parcook.settings import ALIASES, Settings

ROOT = Path(__file__).parents[1]
REFERENCE = runpy.run_path(str(ROOT / "docs" / "make_reference.py"))


def test_the_reference_pages_are_what_the_code_declares():
    for name, content in REFERENCE["pages"]().items():
        assert (ROOT / "docs" / "reference" / name).read_text() == content, f"{name}: run `make reference`"


def test_every_setting_and_alias_is_documented():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"`PARCOOK_{name.upper()}`" in page
        assert field.description, f"{name} has no description"
    assert all(f"`{alias}`" in page for alias in ALIASES)


def test_nothing_committed_names_the_machine_it_was_made_on():
    committed = [
        path
        for pattern in ("*.md", "requirements/*.txt", "docs/**/*.md", "samples/*", ".ci/run", "Makefile")
        for path in ROOT.glob(pattern)
    ]
    assert len(committed) > 10
    for path in committed:
        text = path.read_text()
        assert str(ROOT) not in text
        assert "/root/" not in text
        assert "--index-url" not in text.replace("no-emit-index-url", "")
