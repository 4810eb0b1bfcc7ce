"""Messages and the recipes they name, from labelled/*.txt and, where it is at hand, from CookDial."""

import json
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "labelled"
COOKDIAL = HERE.parent.parent.parent.parent / "shared" / "data" / "conversations"
_ROLES = ("=== user |", "=== assistant |")


class Labelled(NamedTuple):
    """A message and the names in it."""

    role: str
    text: str
    names: tuple[str, ...]


def read_set(path: Path) -> list[Labelled]:
    """Messages that each follow a line `=== role | name; name`."""
    messages: list[Labelled] = []
    lines: list[str] = []
    for line in [*path.read_text().splitlines(), _ROLES[0]]:
        if line.startswith(_ROLES):
            if messages:
                messages[-1] = messages[-1]._replace(text="\n".join(lines).strip("\n"))
            role, _, names = line.removeprefix("===").partition("|")
            messages.append(
                Labelled(role.strip(), "", tuple(name.strip() for name in names.split(";") if name.strip()))
            )
            lines = []
        else:
            lines.append(line)
    return messages[:-1]


def read_cookdial() -> list[Labelled]:
    """Human talk over a recipe; only its title counts as a name, and only where it is said in full."""
    rows = (COOKDIAL / "cookdial_names_weak.jsonl").read_text().splitlines()
    return [Labelled(row["role"], row["text"], tuple(row["names"])) for row in map(json.loads, rows)]


def cookdial_titles() -> list[str]:
    """The recipes that CookDial's people talk about."""
    rows = (COOKDIAL / "cookdial_conversations.jsonl").read_text().splitlines()
    return [json.loads(row)["recipe_title"] for row in rows]


def sets() -> dict[str, list[Labelled]]:
    """All sets that are at hand, by name."""
    found = {path.stem: read_set(path) for path in sorted(HERE.glob("*.txt"))}
    if COOKDIAL.exists():
        found["cookdial"] = read_cookdial()
    return found
