"""The product as it is used: the `parcook` command, and a server of it, as processes of their own."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from parcook.access import Role
from parcook.settings import Settings
from tests.conftest import make_token

PARCOOK = Path(sys.executable).parent / "parcook"
OURS = re.compile(r"PARCOOK_|DB_PATH$|ANALYTICS_|AWS_")


def clean_environment() -> dict[str, str]:
    """This process's environment without a setting of parcook's."""
    return {name: value for name, value in os.environ.items() if not OURS.match(name)}


@dataclass
class Server:
    """A running `parcook serve`, and a client that keeps a connection to it."""

    process: subprocess.Popen[str]
    lines: list[str]
    address: str
    sign_in_link: str | None
    client: httpx2.Client

    def log(self) -> str:
        return "".join(self.lines)

    def freshness(self) -> dict[str, Any]:
        """What `/readyz` says of the artifacts."""
        response = self.client.get("/readyz")
        assert response.status_code == 200, response.text
        return response.json()["artifacts"]

    def until_current(self, within_s: float) -> float:
        """Wait until the stored artifacts are those of the catalogue; how long that took, in seconds."""
        return wait_until(lambda: self.freshness()["current"], within_s, self)


@dataclass
class Installation:
    """A folder with an installation in it, and how commands reach it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment() | {"PARCOOK_HOME": str(self.folder / "home")} | self.settings

    def run(self, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        """`parcook` with `arguments`, and `settings` in the environment for this once."""
        return subprocess.run(
            [PARCOOK, *map(str, arguments)],
            env=self.environment | settings,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def done(self, *arguments: object) -> str:
        """The same, and what it said on stdout; it must go well."""
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def told(self, *arguments: object) -> dict[str, Any]:
        """The same with `--json`, decoded."""
        return json.loads(self.done(*arguments, "--json"))

    def admin(self) -> dict[str, str]:
        """The header of an admin; the token is made in this process, which is faster."""
        url = self.settings.get("PARCOOK_CATALOGUE_URL", "")
        settings = Settings(home=self.folder / "home", catalogue_url=url)
        return {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}

    @contextmanager
    def serving(self, *arguments: object) -> Iterator[Server]:
        """`parcook serve` on a free port, up and ready; ended with a signal unless the block has done so."""
        process = subprocess.Popen(
            [PARCOOK, "serve", "--port", "0", *map(str, arguments)],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines: list[str] = []
        reader = threading.Thread(target=_collect, args=(process, lines), daemon=True)
        reader.start()
        try:
            wait_until(lambda: "Ctrl-C" in "".join(lines) or process.poll() is not None, 60)
            assert process.poll() is None, "".join(lines)
            told = "".join(lines)
            address = re.search(r"http://127\.0\.0\.1:\d+", told)
            link = re.search(r"http://\S+/sign-in\S+", told)
            assert address is not None, told
            with httpx2.Client(base_url=address[0], timeout=30) as client:
                yield Server(process, lines, address[0], link and link[0], client)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            reader.join(5)


def wait_until(condition: Callable[[], bool], within_s: float, server: Server | None = None) -> float:
    """Wait until `condition` holds; how long that took, in seconds. Fails after `within_s`."""
    started = time.monotonic()
    while not condition():
        waited = time.monotonic() - started
        assert waited < within_s, f"not within {within_s} s\n{server.log()[-3_000:] if server else ''}"
        time.sleep(0.05)
    return time.monotonic() - started


def _collect(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stderr is not None
    lines.extend(process.stderr)  # one by one, as they come
    process.stderr.close()
