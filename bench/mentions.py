"""Recipe names, categories and signals beside the specification's three patterns, on messages and on hostile texts."""

import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from statistics import median

from tests.mentions.labelled_sets import Labelled, read_set
from tests.mentions.score import find_as_specified

from bench.report import Figure, duration
from parcook.conversations.categories import categorise
from parcook.conversations.mentions import KnownNames, find_mentions
from parcook.conversations.signals import find_signals

SUBJECT = "Recipe names, categories and signals"
NOTE = """\
The labelled messages of tests/mentions: *talk* is a short message, *an answer* one in Markdown; *2 KB* is answers put
together, denser in names than any single one. *5,000 known* is a catalogue of as many names of one to three words.
Baseline: the specification's three `re.search`, which find a twentieth of the names. Hostile texts have 32 KB, the most
an event may have."""

LABELLED = Path(__file__).parents[1] / "tests" / "mentions" / "labelled"
ROUNDS = 7
LARGEST = 32_000
HOSTILE = (
    "enjoy your ",
    "how to make ",
    " recipe",
    " is a recipe",
    "# Cake\n",
    "x\n---\n",
    "1. x\nfoo\n",
    "cake ",
    "sour ",
)
_FIRST = ("Amber", "Bitter", "Crimson", "Dusty", "Golden", "Midnight", "Paper", "Rusty", "Smoky", "Velvet")
_LAST = ("Cake", "Curry", "Fizz", "Mule", "Pie", "Salad", "Sour", "Soup", "Stew", "Tart")


def measure(_: Path) -> Iterator[Figure]:
    """The figures."""
    talk = [message for path in sorted(LABELLED.glob("talk*.txt")) for message in read_set(path)]
    answers = [message for path in sorted(LABELLED.glob("answers*.txt")) for message in read_set(path)]
    together = "\n\n".join(message.text for message in answers)
    pieces = [Labelled("assistant", together[at : at + 2_000], ()) for at in range(0, len(together) - 2_000, 2_000)]
    numbers = (str(number) for number in range(50))
    known = KnownNames((n, " ".join(words), None) for n, words in enumerate(product(_FIRST, _LAST, numbers)))
    silent = [message for message in talk if not message.names]
    longest = max(answers, key=lambda message: len(message.text))
    yield _beside("talk that names nothing", silent, None, 30)
    yield _beside("talk, half of it with a name", talk, None, 50)
    yield _beside("the same, 5,000 known", talk, known, 50)
    yield _beside("an answer", answers, None, 250)
    yield _beside("an answer of 2 KB", [longest], None, 600)
    yield _beside("2 KB of several answers", pieces, None, 2_000)
    names = [name for message in answers for name in message.names]
    yield _alone("a name's category", lambda: [categorise(name) for name in names], len(names), 30)
    yield _alone("a message's signals", lambda: [find_signals(m.text, m.role, m.text, 1) for m in talk], len(talk), 60)
    worst = max(
        (_seconds(lambda text=unit * (LARGEST // len(unit)): find_mentions(text, "user", known)), unit)
        for unit in HOSTILE
    )
    what = f"32 KB of hostile text, the slowest of {len(HOSTILE)}: {worst[1].strip()!r}"
    yield Figure(SUBJECT, what, duration(worst[0]), required="≤ 0.5 s", met=worst[0] <= 0.5)


def _beside(what: str, messages: list[Labelled], known: KnownNames | None, required_us: float) -> Figure:
    def ours() -> None:
        for message in messages:
            find_mentions(message.text, message.role, known)

    def theirs() -> None:
        for message in messages:
            find_as_specified(message.text, message.role)

    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS)]
    own, other = (median(side) / len(messages) * 1e6 for side in zip(*pairs, strict=True))
    ratio = median(mine / baseline for mine, baseline in pairs)
    baseline = f"three patterns {other:.1f} µs"
    return Figure(
        SUBJECT, what, f"{own:.1f} µs", baseline, f"{ratio:.1f} x", f"≤ {required_us:.0f} µs", own <= required_us
    )


def _alone(what: str, run: Callable[[], object], count: int, required_us: float) -> Figure:
    own = median(_seconds(run) for _ in range(ROUNDS)) / count * 1e6
    return Figure(SUBJECT, what, f"{own:.1f} µs", required=f"≤ {required_us:.0f} µs", met=own <= required_us)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
