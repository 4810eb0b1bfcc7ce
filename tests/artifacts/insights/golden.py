"""The golden artifacts of a small world. `python -m tests.artifacts.insights.golden` writes them anew."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parcook.artifacts.insights.cook import InsightCook
from tests.artifacts.insights.kitchen import cook_for, shelf_of
from tests.lake.six_people import live, make_events, opened

GOLDEN = Path(__file__).parent / "golden.json"


def data_of(cook: InsightCook) -> dict[str, Any]:
    """What each artifact says, as the lake has it now."""
    envelopes, _ = cook.fresh()
    return {name: envelope["data"] for name, envelope in envelopes.items()}


def as_lines(data: dict[str, Any]) -> str:
    """A line for each artifact, so that a difference names it."""
    lines = (f"{json.dumps(name)}: {json.dumps(own, ensure_ascii=False)}" for name, own in data.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder, opened(live(Path(folder), make_events())) as lake:
        GOLDEN.write_text(as_lines(data_of(cook_for(lake, shelf_of(Path(folder))))))
