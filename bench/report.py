"""Figures, the table they make, and the machine they were measured on. No host name and no path gets in."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HEADINGS = ("what", "parcook", "baseline", "ratio", "required", "met")
COMPONENTS = ("sqlalchemy", "fastapi", "uvicorn", "httptools", "uvloop", "granian", "obstore")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `met` is None where nothing was required or nothing could be measured."""

    subject: str
    what: str
    ours: str
    baseline: str = ""
    ratio: str = ""
    required: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The figure under `HEADINGS`."""
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return self.what, self.ours, self.baseline, self.ratio, self.required, met


def as_table(figures: Sequence[Figure]) -> str:
    """`figures` as a Markdown table with aligned columns."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def as_page(figures: Iterable[Figure], notes: dict[str, str], seconds: float) -> str:
    """The whole of docs/benchmarks.md."""
    by_subject: dict[str, list[Figure]] = {subject: [] for subject in notes}
    for figure in figures:
        by_subject[figure.subject].append(figure)
    parts = [
        "# Benchmarks",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} in {seconds:.0f} s; do not edit. Absolute times are "
        "this machine's. Each ratio was measured beside its baseline in one run, in turns (A B A B …), and is the "
        "median of the turns'.",
        "\n".join(f"- {name}: {value}" for name, value in describe_machine()),
    ]
    for subject, own in by_subject.items():
        parts += [f"## {subject}", notes[subject], as_table(own)]
    return "\n\n".join(parts) + "\n"


def describe_machine() -> list[tuple[str, str]]:
    """What somebody needs to know to compare figures."""
    load = f"; load average at the end {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores{load}"),
        ("System", f"{platform.system()} {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}"),
        ("With", ", ".join(f"{name} {version(name)}" for name in COMPONENTS)),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def duration(seconds: float) -> str:
    """`seconds` in the unit that suits them."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
