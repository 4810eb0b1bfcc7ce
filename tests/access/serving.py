"""`parcook serve` as a process of its own, as people run it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """Where it is reached, and the link to sign in as its first admin."""

    url: str
    link: str


@contextmanager
def serve(home: Path, **environment: str) -> Iterator[Served]:
    """Runs it on a free port with the embedded defaults in `home` and `environment` on top."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PARCOOK_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from parcook.cli import main; main()", "serve", "--port", "0"],
        env=plain | {"PARCOOK_HOME": str(home), "PARCOOK_REFRESH_URL": "none://"} | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    draining = threading.Thread(target=process.stderr.read)  # a full pipe would stop the server
    try:
        said = ""
        for line in process.stderr:
            said += line
            if "Ctrl-C" in line:
                break
        url, link = (re.search(pattern, said) for pattern in (r"(http://[0-9.:]+)/docs", r"(http\S+/sign-in\?key=\S+)"))
        assert url, f"parcook serve did not start: {said}"
        assert link, f"parcook serve offers no link: {said}"
        draining.start()
        yield Served(url[1], link[1])
    finally:
        process.terminate()
        process.wait(20)
        if draining.ident is not None:
            draining.join()
        process.stderr.close()
