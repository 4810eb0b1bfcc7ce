"""Each metric against the rows of its YAML file: input, parameters, and exactly what must come out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from parcook.engines.contract import Engine
from parcook.metrics.library import MetricAnswer, answer, find_metric, load_metrics
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
        assert expected_rows(name, case, engine) == case["expected"], case["says"]
        metadata = ask(name, case, engine).metadata
        for key, value in case.get("metadata", {}).items():
            assert metadata[key] == value, case["says"]


def expected_rows(name: str, case: dict[str, Any], engine: Engine) -> list[dict[str, Any]]:
    """The rows of the answer, of each the columns that the case speaks of."""
    columns = list(case["expected"][0]) if case["expected"] else []
    return [{column: _round(row[column]) for column in columns} for row in ask(name, case, engine).rows]


def ask(name: str, case: dict[str, Any], engine: Engine) -> MetricAnswer:
    params = {key: str(value) for key, value in case["params"].items()}
    return answer(find_metric(name), engine, params, min_people=case.get("min_people", 1), timezone="UTC")


def _round(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
