"""The shapes of artifacts as JSON Schema, for whoever reads them, and as TypeScript, for the page's modules.

`python -m parcook.dashboard.schemas` writes both files of the repository; with `--check` it fails if they are not what
it would write.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from parcook.artifacts.models import SHAPES

ROOT = Path(__file__).parents[3]
SCHEMA_FILE = ROOT / "docs/reference/artifacts.schema.json"
TYPES_FILE = Path(__file__).parent / "static/artifacts.d.ts"

_HEAD = (
    "// Made by `python -m parcook.dashboard.schemas` from artifacts/models.py; "
    "the page's modules are checked against it.\n"
)
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def json_schemas() -> dict[str, Any]:
    """One JSON Schema with a definition for each artifact, by its name, and for each part of them."""
    refs, document = models_json_schema(
        [(shape, "serialization") for shape in SHAPES.values()], ref_template="#/$defs/{model}"
    )
    named = {name: refs[(shape, "serialization")] for name, shape in SHAPES.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "parcook artifacts",
        "description": "`properties` are the artifacts by name; each file holds one of them.",
        "type": "object",
        "properties": named,
        "$defs": document["$defs"],
    }


def typescript() -> str:
    """The same as interfaces."""
    document = json_schemas()
    parts = [_HEAD]
    for name, schema in sorted(document["$defs"].items()):
        if not name.startswith("Artifact_"):
            parts.append(f"export interface {_name(name)} {_object(schema, comments=True)}\n")
    artifacts = {
        name: _type(document["$defs"][ref["$ref"].rpartition("/")[2]])
        for name, ref in document["properties"].items()
        if name != "manifest"
    }
    lines = "\n".join(f'  "{name}": {text};' for name, text in artifacts.items())
    return "\n".join([*parts, f"export interface Artifacts {{\n{lines}\n}}\n"])


def _name(name: str) -> str:
    return name.strip("_").replace("_", "")


def _object(schema: Mapping[str, Any], comments: bool) -> str:
    required = set(schema.get("required", ()))
    lines = []
    for key, inner in schema["properties"].items():
        if comments and "description" in inner:
            lines.append(f"  /** {inner['description']} */")
        lines.append(f"  {key}{'' if key in required else '?'}: {_type(inner)};")
    return "{\n" + "\n".join(lines) + "\n}" if comments else "{ " + " ".join(line.strip() for line in lines) + " }"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        inner = _type(schema["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if schema.get("type") == "object":
        if "properties" in schema:
            return _object(schema, comments=False)
        return f"{{ [name: string]: {_type(schema['additionalProperties'])} }}"
    return _PLAIN[schema["type"]]


def write_all(check: bool = False) -> list[Path]:
    """Write both files; the paths of those that were not as they should be. With `check` none is written."""
    told = {
        SCHEMA_FILE: json.dumps(json_schemas(), indent=1, ensure_ascii=False) + "\n",
        TYPES_FILE: typescript(),
    }
    stale = [path for path, text in told.items() if not path.exists() or path.read_text() != text]
    if not check:
        for path in stale:
            path.write_text(told[path])
    return stale


if __name__ == "__main__":
    old = write_all(check="--check" in sys.argv[1:])
    if old and "--check" in sys.argv[1:]:
        sys.exit(f"run python -m parcook.dashboard.schemas: {', '.join(path.name for path in old)} would change")
