"""Take a whole file into the catalogue: all of it that is new, in one transaction, or nothing.

A format is one file of this package, which makes a `Batch` of a path, and one line in `FORMATS`.
"""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parcook.catalogue.importing import bulk_json, csv_file, json_lines, schema_org, sqlite_file
from parcook.catalogue.importing.batch import Batch, ImportNotice, ImportReport, Progress
from parcook.catalogue.importing.load import load
from parcook.catalogue.importing.written import WrittenBatch
from parcook.catalogue.store import Catalogue
from parcook.errors import UnreadableFile

__all__ = ["FORMATS", "Format", "ImportNotice", "ImportReport", "Progress", "import_file"]

_HEAD_BYTES = 64


@dataclass(frozen=True)
class Format:
    """A format that is taken: by its first bytes where it has a `signature`, else by the suffix of the file.

    Where formats share a suffix, the first that the content `speaks_for` is taken.
    """

    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, Progress], Batch | WrittenBatch]
    signature: bytes = b""
    speaks_for: Callable[[Path], bool] | None = None

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether a file that starts with `head` is to be read as this."""
        if self.signature:
            return head.startswith(self.signature)
        return path.suffix.lower() in self.suffixes and (self.speaks_for is None or self.speaks_for(path))


def _at_once(read: Callable[[Path], Batch | WrittenBatch]) -> Callable[[Path, Progress], Batch | WrittenBatch]:
    """`read`, for a format that is not read line by line."""

    def read_all(path: Path, progress: Progress) -> Batch | WrittenBatch:
        progress("reading", 0, 1)
        return read(path)

    return read_all


FORMATS = (
    Format("SQLite database", (".db", ".sqlite", ".sqlite3"), _at_once(sqlite_file.read), sqlite_file.SIGNATURE),
    Format("schema.org JSON-LD", (".jsonld", ".json"), _at_once(schema_org.read), speaks_for=schema_org.recognises),
    Format("bulk JSON", (".json",), _at_once(bulk_json.read)),
    Format("JSON lines", (".jsonl", ".ndjson"), json_lines.read),
    Format("CSV", (".csv", ".tsv"), csv_file.read),
)


def import_file(
    catalogue: Catalogue, path: Path, *, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Add what the file holds to the catalogue; with `dry_run` find out what that would do and write nothing.

    Ingredients and units that are there by name are used as they are, recipes are left as they are, so that
    the same file may be imported again. `progress` is told how far it is. Raises `UnreadableFile` for a file
    that is not what it claims to be, `Invalid` (`bulk_invalid`) for one in a strict format with bad items,
    `Unavailable` if a database does not answer.
    """
    progress = progress or _tell_nobody
    try:
        batch = _recognise(path, _read_head(path)).read(path, progress)
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path}: there is no such file. {_taken()}") from error
    except OSError as error:
        raise UnreadableFile(f"{path}: the file cannot be read: {error.strerror}. {_taken()}") from error
    progress("reading", 1, 1)
    return load(catalogue, batch, progress, dry_run=dry_run)


def _tell_nobody(phase: str, done: int, total: int) -> None:
    pass


def _read_head(path: Path) -> bytes:
    # Asked before opening: a pipe would wait for a writer for ever.
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableFile(f"{path}: this is {_kind(path)}, not a file. {_taken()}")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise UnreadableFile(f"{path}: the file is empty. {_taken()}")
    return head


def _recognise(path: Path, head: bytes) -> Format:
    for form in FORMATS:
        if form.recognises(path, head):
            return form
    for form in FORMATS:
        if path.suffix.lower() in form.suffixes:
            raise UnreadableFile(f"{path}: the name says {form.title}, the content is something else. {_taken()}")
    ending = f"the suffix {path.suffix!r} means nothing here" if path.suffix else "the name has no suffix"
    raise UnreadableFile(f"{path}: {ending}, and the content is not a SQLite database. {_taken()}")


def _kind(path: Path) -> str:
    return "a folder" if path.is_dir() else "a device or a pipe"


def _taken() -> str:
    return "Taken are: " + "; ".join(f"{form.title} ({', '.join(form.suffixes)})" for form in FORMATS) + "."
