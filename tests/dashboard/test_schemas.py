"""What is generated from the shapes is what is written, and says what the shapes say."""

import json

from parcook.artifacts.models import SHAPES
from parcook.dashboard.schemas import SCHEMA_FILE, json_schemas, typescript, write_all
from tests.dashboard.golden import golden_insights


def test_the_written_schemas_and_types_are_those_of_the_shapes() -> None:
    assert write_all(check=True) == []


def test_every_artifact_has_a_schema_and_every_reference_in_it_leads_somewhere() -> None:
    document = json.loads(SCHEMA_FILE.read_text())

    assert document["properties"].keys() == SHAPES.keys()
    parts = json.dumps(document).split('"$ref": "#/$defs/')[1:]
    assert {part.partition('"')[0] for part in parts} <= document["$defs"].keys()


def test_the_types_name_every_artifact_and_every_part_of_one() -> None:
    text = typescript()

    assert all(f'  "{name}": ' in text for name in golden_insights())
    parts = [name for name in json_schemas()["$defs"] if not name.startswith("Artifact_")]
    assert all(f"export interface {name.strip('_').replace('_', '')} {{" in text for name in parts)
