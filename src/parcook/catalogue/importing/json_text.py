"""JSON out of a file, or the place and the reason why it is none."""

import json
from pathlib import Path
from typing import Any, Never

from parcook.errors import UnreadableFile


def parse_json(path: Path, *, strict: bool) -> Any:
    """What the file at `path` holds.

    `strict` refuses what Python would let pass: two equal keys in an object, NaN, infinity; otherwise line breaks
    within a text are let pass as well. Raises `UnreadableFile`.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        if strict:
            return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
        return json.loads(text, strict=False)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"{path}: the file is not UTF-8: byte {error.start}, on line {line}, {error.reason}"
        ) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise UnreadableFile(f"{path}: lists and objects are nested too deeply") from error
    except ValueError as error:
        raise UnreadableFile(f"{path}: {error}") from error


def _refuse_constant(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON; write null")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Python takes the last of two equal keys: half of a catalogue would be lost without a word.
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice in one object")
    return found
