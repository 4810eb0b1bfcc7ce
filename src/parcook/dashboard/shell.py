"""The shell of the page: its files as they are served and published, put together once from `static/`.

The one module and the one stylesheet lie in a folder named by the checksum of what it holds, so browsers may keep them
for ever. All addresses are relative: the same files work at `/`, below any path, and in a bucket.
"""

import gzip
import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from parcook.artifacts.definitions import encode
from parcook.artifacts.shapes.base import Audience
from parcook.dashboard.bundle import bundle

Host = Literal["app", "published"]

HTML, JS, CSS, SVG, TEXT = (
    "text/html; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/css; charset=utf-8",
    "image/svg+xml",
    "text/plain; charset=utf-8",
)
GENERATOR = '<meta name="generator" content="parcook">'
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src 'self' data:; connect-src {connect}; "
    "base-uri 'none'; form-action 'none'"
)
_OWN = POLICY.format(script="'self'", style="'self'", connect="'self'")
_CSS_SPACE = re.compile(r"/\*.*?\*/|^[ \t]+|\n(?=\n)", re.M | re.S)
_STYLES = re.compile(r'<link rel="stylesheet" href="assets/([^"]+)">\n')
_ICON = '<link rel="icon" href="assets/icon.svg" type="image/svg+xml">\n'
_SCRIPT = '<script type="module" src="assets/app.js"></script>\n'
_LICENCE = "vendor/LICENSE-d3.txt"  # it wants to be wherever d3 is
_PRELOAD = "<!-- modulepreload -->\n"
_UNPACK = """const inside = document.getElementById("artifacts");
const packed = Uint8Array.from(atob(inside.textContent), (letter) => letter.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
inside.textContent = await new Response(unpacked).text();
"""
_TABLES_LINK = re.compile(r' ?<a href="tables\.html">[^<]*</a>')


@dataclass(frozen=True)
class File:
    """A file of the page."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class Shell:
    """The page without its numbers. `assets` by path beside the page; `version` names their folder."""

    version: str
    assets: Mapping[str, File]
    _template: str
    _module: str
    _style: str
    _icon: str
    _licence: str

    def index(self, audience: Audience, host: Host) -> File:
        """The page for those who may read so much, asking for news as one does where it lies."""
        folder = f"assets/{self.version}"
        head = (
            f'<link rel="icon" href="{folder}/icon.svg" type="image/svg+xml">\n'
            f'<link rel="stylesheet" href="{folder}/page.css">\n'
            f'<link rel="modulepreload" href="{folder}/page.js">\n'
            f'<script type="module" src="{folder}/page.js"></script>\n'
        )
        return File(self._filled(head, audience, host, policy=_OWN).encode(), HTML)

    def single(self, audience: Audience, artifacts: Mapping[str, Any]) -> File:
        """The page as one file that opens from a disk: nothing is asked for, everything is inside.

        `artifacts` are the manifests and what they name, decoded, by path.
        """
        held = b64encode(gzip.compress(encode(artifacts), mtime=0)).decode()
        module = _UNPACK + self._module
        icon = f"data:image/svg+xml;base64,{b64encode(self._icon.encode()).decode()}"
        policy = POLICY.format(script=_hashed(module), style=_hashed(self._style), connect="'none'")
        head = (
            f'<link rel="icon" href="{icon}" type="image/svg+xml">\n'
            f"<!-- {self._licence}-->\n"
            f"<style>{self._style}</style>\n"
            f'<script type="application/gzip" id="artifacts">{held}</script>\n'
            f'<script type="module">{module}</script>\n'
        )
        page = self._filled(head, audience, "published", policy=policy)
        return File(_TABLES_LINK.sub("", page).encode(), HTML)  # they are beside a page, not in it

    def _filled(self, head: str, audience: Audience, host: Host, policy: str) -> str:
        page = self._template.replace('data-audience="public"', f'data-audience="{audience}"')
        page = page.replace('data-poll="published"', f'data-poll="{host}"')
        meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">\n{GENERATOR}\n'
        return page.replace(_PRELOAD, meta + head)


@cache
def load_shell() -> Shell:
    """The shell of this version of parcook. Raises `ValueError` if `static/` holds what cannot be put together."""
    texts = dict(_texts(files("parcook.dashboard") / "static", ""))
    page = texts["index.html"]
    styles = _STYLES.findall(page)
    if not styles or not all(part in page for part in (_ICON, _SCRIPT, _PRELOAD)):
        raise ValueError("static/index.html lacks its icon, styles, script or the place for what is to be loaded ahead")
    module = bundle({path: text for path, text in texts.items() if path.endswith(".js")}, "app.js")
    style = _CSS_SPACE.sub("", "".join(texts[name] for name in styles))
    licence = texts[_LICENCE]
    if "</" in style or "</script" in module.lower() or "--" in licence:
        raise ValueError("a style, module or licence would end the element that it stands in")
    template = _STYLES.sub("", page).replace(_ICON, "").replace(_SCRIPT, "")
    made = {
        "page.js": File(module.encode(), JS),
        "page.css": File(style.encode(), CSS),
        "tables.css": File(_CSS_SPACE.sub("", texts["tables.css"]).encode(), CSS),
        "icon.svg": File(texts["icon.svg"].encode(), SVG),
        "licence.txt": File(licence.encode(), TEXT),
    }
    digest = hashlib.sha256()
    for name, file in made.items():
        digest.update(f"{name} {len(file.body)}\n".encode() + file.body)
    version = digest.hexdigest()[:12]
    assets = {f"assets/{version}/{name}": file for name, file in made.items()}
    return Shell(version, assets, template, module, style, texts["icon.svg"], licence)


def _texts(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    """The page's own sources by path; not what is beside them for readers and type checkers."""
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".js", ".css", ".html", ".svg", ".txt")):
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return sorted(found)


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
