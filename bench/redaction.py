"""Redaction beside the specification's three patterns, on real messages and on hostile ones."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bench.report import Figure, duration
from parcook.conversations.redact import redact

SUBJECT = "Redaction"
NOTE = """\
The messages of CookDial (real cooking talk, 58 characters on average; in the shared data beside the repository), and
the same with an address and a number put into every fifth. Baseline: the specification's three `re.sub`. Hostile texts
have 100 KB."""

SHARED = Path(__file__).parents[2] / "shared" / "data" / "conversations" / "cookdial.jsonl"
ROUNDS = 7
_SPECIFIED = (
    (re.compile(r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Z|a-z]{2,}\b"), "[EMAIL]"),
    (re.compile(r"\b\d{3}[-.]?\d{3}[-.]?\d{4}\b"), "[PHONE]"),
    (re.compile(r"\b\d{16}\b"), "[CARD]"),
)
HOSTILE = {
    "a.a.a.": "a." * 50_000,
    "@@@": "@" * 100_000,
    "7777": "7" * 100_000,
    "1-1-": "1-" * 50_000,
    "4444 4444": "4444 " * 20_000,
    "a at b dot": "a at b dot " * 9_000,
    "1:1:": "1:" * 50_000,
    "+1 +1": "+1 " * 33_000,
}


def measure(_: Path) -> Iterator[Figure]:
    """The figures."""
    plain = [json.loads(line)["text"] for line in SHARED.read_text().splitlines()]
    planted = [f"{text} jo@example.com or +44 20 7946 0958" if n % 5 == 0 else text for n, text in enumerate(plain)]
    for name, texts in (("real messages", plain), ("with something in every fifth", planted)):
        pairs = [(_seconds(redact, texts), _seconds(_specified, texts)) for _ in range(ROUNDS)]
        ours, theirs = (median(side) / len(texts) for side in zip(*pairs, strict=True))
        ratio = median(own / other for own, other in pairs)
        yield Figure(
            SUBJECT,
            f"{name}, a message",
            f"{ours * 1e6:.1f} µs",
            f"three patterns {theirs * 1e6:.1f} µs",
            f"{ratio:.1f} x",
            "≤ 20 x",
            ratio <= 20,
        )
    worst = max((_seconds(redact, [text]), name) for name, text in HOSTILE.items())
    yield Figure(
        SUBJECT,
        f"100 KB of hostile text, the slowest of {len(HOSTILE)}: {worst[1]}",
        duration(worst[0]),
        "",
        "",
        "≤ 2 s",
        worst[0] <= 2,
    )


def _specified(text: str) -> str:
    for pattern, replacement in _SPECIFIED:
        text = pattern.sub(replacement, text)
    return text


def _seconds(change: Callable[[str], str], texts: list[str]) -> float:
    started = time.process_time()
    for text in texts:
        change(text)
    return time.process_time() - started
