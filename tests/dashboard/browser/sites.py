"""A server of a published folder that does what the trial wants: fail, dawdle, tell what it was asked for."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from parcook.artifacts.shapes.base import Audience
from parcook.dashboard.publish import publish
from parcook.dashboard.shell import POLICY
from parcook.objects import Objects

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# A response has the policy that the app sends with its page, so that the page cannot need more than that.
GUARD = POLICY.format(script="'self'", style="'self'", connect="'self'") + "; frame-ancestors 'self'"


@dataclass
class Site:
    """A folder, served under `prefix`. Whoever changes `broken` or `slow` changes how the next request fares."""

    folder: Path
    prefix: str = "/"
    broken: dict[str, int] = field(default_factory=dict)  # part of a path: the status it is answered with
    slow: dict[str, float] = field(default_factory=dict)  # part of a path: seconds until it is answered
    answers: list[tuple[str, int]] = field(default_factory=list)  # each path asked for, and bytes of body sent
    url: str = ""

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.answers]

    @contextmanager
    def served(self) -> Iterator["Site"]:
        """Have it on a free port of this machine."""

        class Handler(_Handler):
            site = self

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}{self.prefix}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, address: str) -> tuple[int, str, bytes]:
        """The status, type and body for an address."""
        path = urlsplit(address).path.removeprefix(self.prefix)
        time.sleep(next((seconds for part, seconds in self.slow.items() if part in path), 0))
        status = next((status for part, status in self.broken.items() if part in path), None)
        if status is not None:
            return status, "text/plain", b"broken on purpose"
        file = self.folder / (path or "index.html")
        if not file.is_file():
            return 404, "text/plain", b"not here"
        return 200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, content_type, body = self.site.answer(self.path)
        self.send_response(status)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.site.answers.append((urlsplit(self.path).path, len(body)))
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-cache",
            "Content-Security-Policy": GUARD,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was asked is in `answers`."""


def published(source: Path, target: Path, profile: Audience = "internal") -> Path:
    """`target`, holding the page and the artifacts of `source`."""
    publish(Objects(f"file://{source}"), Objects(f"file://{target}"), profile)
    return target


def artifact(site: Path, name: str) -> dict:
    """An artifact of a published folder."""
    found = next(path for path in site.glob(f"*/v1/{name}.json"))
    return json.loads(found.read_bytes())
