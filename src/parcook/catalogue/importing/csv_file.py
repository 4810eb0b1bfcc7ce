"""Ingredients from CSV with a header: `id`, `name` or `label`, `parent_id`, `description`; only a name is needed.

Ids are any text. The delimiter is a comma, a semicolon or a tab, whichever makes such columns of the header.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parcook.catalogue.importing.batch import Batch, Progress
from parcook.catalogue.importing.rows import mend_ingredients
from parcook.catalogue.importing.values import Values, say
from parcook.errors import UnreadableFile

_DELIMITERS = (",", ";", "\t")
_NAMES = ("name", "label")
_COLUMNS = ("id", "description", "parent_id")
_EVERY = 1_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path, progress: Progress) -> Batch:
    """The ingredients of the file at `path`; rows that are none are noted.

    Raises `UnreadableFile` without a header, where a quote is not closed, and if no row is an ingredient.
    """
    values = Values()
    text = _decoded(path, values)
    delimiter = _find_delimiter(path, text)
    ingredients, _ = mend_ingredients(_rows(path, text, delimiter, values, progress), values)
    if not ingredients:
        reason = "; ".join(notice.message for notice in values.notices[:1])
        raise UnreadableFile(f"{path}: no row is an ingredient. {reason}".rstrip())
    return Batch("CSV", units=[], ingredients=list(ingredients.values()), recipes=[], warnings=values.notices)


def _decoded(path: Path, values: Values) -> str:
    content = path.read_bytes()
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        values.note("bad_utf8", f"line {line}: this is not UTF-8; the file was read as Windows-1252")
        return content.decode("cp1252", errors="replace")


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the number of the line each starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"{path}: line {start}: {error}; is a quote not closed?") from error


def _find_delimiter(path: Path, text: str) -> str:
    first = text.lstrip().partition("\n")[0].strip()
    for delimiter in _DELIMITERS:
        _, header = next(_records(path, text, delimiter), (0, []))
        if set(_names(header)) & set(_NAMES):
            return delimiter
    raise UnreadableFile(f"{path}: line 1: there is no column 'name' or 'label' in the header {first[:200]!r}")


def _names(header: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in header]


def _rows(
    path: Path, text: str, delimiter: str, values: Values, progress: Progress
) -> Iterator[tuple[str, Any, Any, Any, Any]]:
    records = _records(path, text, delimiter)
    _, header = next(records)
    names = _names(header)
    name = names.index(next(column for column in _NAMES if column in names))
    places = [names.index(column) if column in names else None for column in _COLUMNS]
    total = text.count("\n")
    seen: dict[str, tuple[int, str]] = {}
    for line, cells in records:
        if line % _EVERY == 0:
            progress("reading", line, total)
        if any(map(str.strip, cells[len(header) :])):
            message = f"line {line}: has {len(cells)} cells, the header {len(header)}; the row was dropped"
            values.note("too_many_cells", message)
            continue
        cells += [""] * (len(header) - len(cells))
        row_id, description, parent_id = (None if place is None else cells[place].strip() or None for place in places)
        if row_id is not None and seen.setdefault(row_id, (line, cells[name]))[1] != cells[name]:
            message = f"line {line}: the id {say(row_id)} is that of line {seen[row_id][0]}, whose children use it"
            values.note("repeated_id", message)
        yield f"line {line}", row_id, cells[name] or None, description, parent_id
