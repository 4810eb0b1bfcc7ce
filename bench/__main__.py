"""`python -m bench` measures everything and writes docs/benchmarks.md; `python -m bench usage` one subject only.

Each subject runs in a process of its own, so that none inherits the memory or the threads of another.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.report import Figure, as_page, as_table

SUBJECTS = (
    "usage",
    "views",
    "search",
    "serving",
    "redaction",
    "mentions",
    "ingest",
    "client",
    "lake",
    "metrics",
    "insights",
    "demonstration",
    "dashboard",
    "packages",
)
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main(names: list[str]) -> int:
    """Measure `names`, or everything. 1 if a requirement is missed."""
    started = time.monotonic()
    figures: list[Figure] = []
    notes: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="parcook-bench-") as folder:
        print("Making catalogues ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "bench.worlds", folder], check=True)
        for name in names or SUBJECTS:
            print(f"Measuring {name} ...", file=sys.stderr)
            command = [sys.executable, "-m", "bench", "--inside", name, folder]
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            own = [Figure(**figure) for figure in told["figures"]]
            notes[told["subject"]] = told["note"]
            figures += own
            print(f"\n{told['subject']}\n{as_table(own)}\n", flush=True)
    if not names:
        PAGE.write_text(as_page(figures, notes, time.monotonic() - started))
    return int(any(figure.met is False for figure in figures))


def measure_inside(name: str, folder: Path) -> None:
    """Measure one subject in this process; what it found goes to stdout."""
    subject = import_module(f"bench.{name}")
    figures = [asdict(figure) for figure in subject.measure(folder)]
    print(json.dumps({"subject": subject.SUBJECT, "note": subject.NOTE, "figures": figures}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        measure_inside(sys.argv[2], Path(sys.argv[3]))
    elif unknown := set(sys.argv[1:]) - set(SUBJECTS):
        sys.exit(f"there is no subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    else:
        sys.exit(main(sys.argv[1:]))
