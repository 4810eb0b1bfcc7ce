"""The shell as it leaves the house: all of `static/` is in it, within its budget, under a policy without holes."""

import base64
import gzip
import hashlib
import re
from importlib.resources import files
from pathlib import Path

from parcook.dashboard.shell import load_shell

STATIC = Path(str(files("parcook.dashboard") / "static"))
SHELL_BUDGET = 65 * 1024


def page_text(audience="internal", host="app") -> str:
    return load_shell().index(audience, host).body.decode()


def test_every_module_is_in_the_bundle_and_every_style_in_the_stylesheet() -> None:
    assets = {path.rpartition("/")[2]: file.body.decode() for path, file in load_shell().assets.items()}
    modules = {path.relative_to(STATIC).with_suffix("").as_posix() for path in STATIC.rglob("*.js")}
    bundled = set(re.findall(r"^const (m_\w+) = \(\(\) => \{$", assets["page.js"], re.M))
    assert bundled == {"m_" + re.sub(r"\W", "_", name) for name in modules}
    for style in STATIC.rglob("*.css"):
        first_rule = re.search(r"^[^@\s/*][^{]*\{", style.read_text(), re.M)[0]
        assert first_rule in assets["tables.css" if style.name == "tables.css" else "page.css"], style.name


def test_nothing_else_lies_in_static_than_sources_types_and_licences() -> None:
    kinds = {path.suffix or path.name for path in STATIC.rglob("*") if path.is_file()}
    assert kinds <= {".js", ".css", ".html", ".svg", ".ts", ".txt", "SHA256SUMS"}


def test_the_page_names_its_files_relative_to_itself_and_they_are_there() -> None:
    named = set(re.findall(r'(?:href|src)="(assets/[^"]+)"', page_text()))
    beside = {f"assets/{load_shell().version}/{name}" for name in ("tables.css", "licence.txt")}
    assert named == load_shell().assets.keys() - beside
    assert re.findall(r'(?:href|src)="(?:/|https?:)', page_text()) == []


def test_the_page_says_who_may_read_it_and_where_it_lies() -> None:
    assert 'data-audience="internal" data-poll="app"' in page_text("internal", "app")
    assert 'data-audience="public" data-poll="published"' in page_text("public", "published")


def test_the_policy_has_no_holes() -> None:
    for page in (page_text(), load_shell().single("public", {}).body.decode()):
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
        assert "unsafe" not in policy
        assert "*" not in policy
        assert policy.startswith("default-src 'none'; ")
        assert re.search(r"<[^>]+ (style|on\w+)=", page.partition("<script")[0]) is None


def test_the_shell_is_within_its_budget() -> None:
    named = re.findall(r'(?:href|src)="(assets/[^"]+)"', page_text())
    sent = [page_text().encode(), *(load_shell().assets[path].body for path in set(named))]
    assert sum(len(gzip.compress(body, 6)) for body in sent) <= SHELL_BUDGET


def test_where_d3_is_there_is_its_licence() -> None:
    licence = (STATIC / "vendor/LICENSE-d3.txt").read_text()
    assert load_shell().assets[f"assets/{load_shell().version}/licence.txt"].body.decode() == licence
    assert licence in load_shell().single("public", {}).body.decode()


def test_the_folder_of_the_assets_is_named_by_what_is_in_them() -> None:
    version = load_shell().version
    load_shell.cache_clear()
    assert load_shell().version == version
    assert re.fullmatch(r"[0-9a-f]{12}", version)


def test_what_is_inside_a_single_file_is_what_its_policy_allows_by_checksum() -> None:
    page = load_shell().single("public", {"a.json": {"name": "</script><script>alert(1)</script>"}}).body.decode()
    module = re.search(r'<script type="module">(.*?)</script>', page, re.S)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
    for text in (module, style):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page
    assert page.count("<script") == page.count("</script>") == 2
    assert re.findall(r'(?:href|src)="(?!data:)[^"]*', page.partition("<body>")[0]) == []
    assert "tables.html" not in page
