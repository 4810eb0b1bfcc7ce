"""The golden artifacts are of the shapes that the product writes, and agree with each other."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from parcook.artifacts.models import PUBLIC_SHAPES, SHAPES
from tests.dashboard.golden import golden_insights, golden_site


def test_every_golden_artifact_has_its_shape_and_is_named_by_a_manifest(tmp_path: Path) -> None:
    golden_site(tmp_path)

    named = set()
    for folder in ("analytics/v1", "insights/v1"):
        manifest = SHAPES["manifest"].model_validate_json((tmp_path / folder / "manifest.json").read_bytes())
        for name, view in manifest.model_dump()["views"].items():
            SHAPES[name].model_validate_json((tmp_path / folder / view["path"]).read_bytes())
            named.add(name)
    assert named == SHAPES.keys() - {"manifest"}


def test_golden_bytes_are_the_same_in_every_process(tmp_path: Path) -> None:
    golden_site(tmp_path / "here")
    program = (
        "import pathlib, sys; from tests.dashboard.golden import golden_site; golden_site(pathlib.Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "there")], check=True, cwd=root)

    assert _contents(tmp_path / "here") == _contents(tmp_path / "there")


def test_the_tile_and_the_card_show_the_same_number() -> None:
    told = golden_insights()
    activity = told["activity-daily"]["data"]
    tiles = {number["key"]: number for number in _page(told, "overview", 28)}

    assert tiles["people"]["value"] == activity["days"][-2]["mau"]
    assert tiles["conversations"]["value"] == sum(day["conversations"] for day in activity["days"][-29:-1])
    assert tiles["messages_each"]["value"] == told["conversation-length"]["data"]["periods"][1]["rows"][0]["mean"]
    assert tiles["got_to_cook"]["value"] == told["outcomes"]["data"]["periods"][1]["rows"][0]["cooked_share"]


def test_there_are_126_golden_ingredients_and_420_days(tmp_path: Path) -> None:
    golden_site(tmp_path)

    tree = PUBLIC_SHAPES["ingredient-tree"].model_validate_json(
        (tmp_path / "analytics/v1/ingredient-tree.json").read_bytes()
    )
    assert len(tree.model_dump()["data"]) == 126
    assert len(golden_insights()["activity-daily"]["data"]["days"]) == 420


def _page(told: dict[str, Any], page: str, days: int) -> list[dict[str, Any]]:
    pages = told["key-numbers"]["data"]["pages"]
    return next(one["numbers"] for one in pages if (one["page"], one["days"]) == (page, days))


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}
