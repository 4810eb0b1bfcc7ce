"""Each metric against the rows of its YAML file: input, parameters, and exactly what must come out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from parcook.metrics.library import answer, find_metric, load_metrics
from tests.metrics.lakes import make_lake

CASES = Path(__file__).parent / "cases"


def load(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text())


def test_every_metric_has_its_cases_and_every_case_its_metric() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(load_metrics())


@pytest.mark.parametrize("name", load_metrics())
def test_a_metric_answers_as_its_cases_say(name: str, tmp_path: Path) -> None:
    for number, case in enumerate(load(name)):
        engine = make_lake(tmp_path / str(number), case["given"])
        params = {key: str(value) for key, value in case["params"].items()}
        told = answer(find_metric(name), engine, params, min_people=case.get("min_people", 1), timezone="UTC")
        columns = list(case["expected"][0]) if case["expected"] else []
        rows = [{column: _round(row[column]) for column in columns} for row in told.rows]
        assert rows == case["expected"], case["says"]
        for key, value in case.get("metadata", {}).items():
            assert told.metadata[key] == value, case["says"]


def _round(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
