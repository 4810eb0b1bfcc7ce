"""How much of what must go is gone, and how much of what may stay was touched."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parcook.conversations.redact import PLACEHOLDERS, redact
from tests.redaction import values
from tests.redaction.clean import clean_text

SHARED = Path(__file__).parents[3] / "shared" / "data"
TUNED_ON, HELD_OUT = 1, 20_000_003

Made = tuple[str, str]
"""A text and the value planted in it."""


@dataclass
class Score:
    """How many values were planted, how many of them are gone, and some that are not."""

    planted: int = 0
    gone: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.gone / max(self.planted, 1)


def _planted(value: Callable[[random.Random], str], frames: tuple[str, ...]) -> Callable[[random.Random], Made]:
    def make(chance: random.Random) -> Made:
        own = value(chance)
        return chance.choice(frames).format(own), own

    return make


def _disguised(chance: random.Random) -> Made:
    if chance.random() < 0.5:
        own = chance.choice(values.EMAIL_DISGUISES)(values.email(chance), chance)
    else:
        maker = chance.choice((values.phone, values.card, values.ssn))
        own = chance.choice(values.NUMBER_DISGUISES)(maker(chance), chance)
    return chance.choice(values.PLAIN).format(own), own


KINDS: dict[str, Callable[[random.Random], Made]] = {
    "email": _planted(values.email, values.PLAIN),
    "phone": _planted(values.phone, values.PLAIN),
    "phone with a cue": _planted(values.cued_phone, values.CUES),
    "card": _planted(values.card, values.PLAIN),
    "iban": _planted(values.iban, values.PLAIN),
    "ip": _planted(values.ip, values.PLAIN),
    "ssn": _planted(values.ssn, values.PLAIN),
    "disguised": _disguised,
}
CORE = ("email", "phone", "card")


def score(kind: str, count: int, seed: int = HELD_OUT) -> Score:
    """The score of one kind of value in `count` texts."""
    chance = random.Random(f"{kind}/{seed}")
    result = Score()
    for _ in range(count):
        text, value = KINDS[kind](chance)
        result.planted += 1
        if _is_gone(value, redact(text)):
            result.gone += 1
        else:
            result.missed.append(text)
    return result


def _is_gone(value: str, redacted: str) -> bool:
    """Whether no telling part of `value` is left: none of its runs of four letters or digits, and not itself."""
    left = redacted
    for placeholder in PLACEHOLDERS:
        left = left.replace(placeholder, "\n")
    core = value.split(":8080")[0].split("/24")[0] if "." in value else value
    pieces = [core[at : at + 4] for at in range(0, len(core) - 3, 4)]
    return (
        core not in left and sum(piece in left for piece in pieces if any(map(str.isalnum, piece))) <= len(pieces) // 4
    )


def touched(texts: Iterator[str]) -> tuple[int, list[tuple[str, str]]]:
    """How many of `texts` there are, and those that redaction changes, before and after."""
    count, changed = 0, []
    for text in texts:
        count += 1
        if (redacted := redact(text)) != text:
            changed.append((text, redacted))
    return count, changed


def traps(count: int, seed: int = HELD_OUT) -> Iterator[str]:
    """Clean texts with traps in them."""
    chance = random.Random(f"clean/{seed}")
    return (clean_text(chance) for _ in range(count))


def recipe_prose() -> Iterator[str]:
    """Real recipes and real cooking talk."""
    for name in ("cookdial_recipes.jsonl", "wikibooks_recipes.jsonl"):
        for line in (SHARED / "catalogue" / name).read_text().splitlines():
            yield from _strings(json.loads(line))
    for line in (SHARED / "conversations" / "cookdial.jsonl").read_text().splitlines():
        yield json.loads(line)["text"]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in ("url", "id", "creator"):
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
