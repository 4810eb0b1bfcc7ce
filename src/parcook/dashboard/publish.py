"""The page put somewhere else: a folder or a bucket that any web server can serve, or one file.

Whoever reads while it is being written sees the old page or the new one: new files get new names, `index.html` follows
them, the manifests come last, and only then what nothing names any more is dropped. Publishing the same once more
writes nothing. Whatever else lies at the target is left alone.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parcook.artifacts.shapes.base import Audience
from parcook.artifacts.shelf import FILE_NAME, MANIFEST
from parcook.dashboard.reading import FOLDER_OF, Generation, read_generations
from parcook.dashboard.shell import GENERATOR, File, load_shell
from parcook.dashboard.tables import tables_page
from parcook.errors import Conflict, NotFound, Unavailable
from parcook.objects import Objects

INDEX, TABLES = "index.html", "tables.html"
JSON = "application/json"
FOR_EVER = "public, max-age=31536000, immutable"
LOOK_AGAIN = "public, max-age=0, must-revalidate"
_ASSET = re.compile(r"assets/([0-9a-f]{12})/[a-z]+\.[a-z]+")
_ASSETS_OF_INDEX = re.compile(r'href="assets/([0-9a-f]{12})/')


@dataclass
class Report:
    """What publishing did: paths written, dropped, and how many stood already."""

    written: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    unchanged: int = 0


def publish(source: Objects, target: Objects, profile: Audience) -> Report:
    """Bring the page and the artifacts of `profile` from `source` to `target`.

    `public` leaves no artifact about conversations there, whatever was published before. Raises `NotFound` if nothing
    was cooked yet, `Conflict` if `target` holds a page of others or is `source`, `Unavailable` if either refuses.
    """
    generations = _cooked(source, profile)
    before = _look(source, target)
    shell = load_shell()
    copy = _Copy(target, before.paths)
    for path, file in shell.assets.items():
        copy.put_new(path, file)
    for generation in generations:
        for name, body in generation.artifacts.items():
            file = File(body, JSON)
            copy.put_new(generation.folder + generation.about["views"][name]["path"], file)
            copy.put(f"{generation.folder}{name}.json", file)
    copy.put(TABLES, tables_page(generations, shell))
    copy.put(INDEX, shell.index(_audience(generations), "published"))
    for generation in generations:
        copy.put(generation.folder + MANIFEST, File(generation.manifest, JSON))
    for path in sorted(before.paths, key=lambda path: not path.endswith(MANIFEST)):  # so that none names what is gone
        if _is_old(path, before, shell.version, generations):
            target.delete(path)
            copy.report.dropped.append(path)
    return copy.report


def single_file(source: Objects, profile: Audience) -> File:
    """The page and the artifacts of `profile` as one HTML file. Raises as `publish` does."""
    generations = _cooked(source, profile)
    inside = {path: told for generation in generations for path, told in generation.decoded().items()}
    return load_shell().single(_audience(generations), inside)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file of this machine, whole or not at all. Raises `Unavailable`."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(body)
        beside.replace(path)
    except OSError as error:
        raise Unavailable(f"cannot write {path}: {error.strerror}") from error


def _cooked(source: Objects, profile: Audience) -> list[Generation]:
    generations = read_generations(source, profile)
    if not generations:
        raise NotFound("nothing was cooked yet; run `parcook refresh` first")
    return generations


def _audience(generations: Sequence[Generation]) -> Audience:
    """Whom the page is for: before anything is cooked of conversations, it must not ask for it."""
    return "internal" if any(one.folder == FOLDER_OF["internal"] for one in generations) else "public"


@dataclass(frozen=True)
class _Standing:
    """What publishing left at the target before: paths, the version of the assets, manifests by folder."""

    paths: set[str]
    version: str | None
    manifests: Mapping[str, bytes]

    def named(self, folder: str) -> set[str]:
        """The files that the manifest in `folder` names; none if it is not one of ours."""
        try:
            views = json.loads(self.manifests[folder])["views"].values()
            return {view["path"] for view in views}
        except (ValueError, TypeError, KeyError, AttributeError):
            return set()


def _look(source: Objects, target: Objects) -> _Standing:
    if source.url.rstrip("/") == target.url.rstrip("/"):
        raise Conflict(f"{target.url} is where parcook keeps its artifacts; publish somewhere else")
    index = target.get(INDEX)
    text = "" if index is None else index.body.decode(errors="replace")
    if index is not None and GENERATOR not in text:
        raise Conflict(f"{target.url} holds an {INDEX} that parcook did not write; choose an empty place")
    version = _ASSETS_OF_INDEX.search(text)
    places = ("assets", *(folder.rstrip("/") for folder in FOLDER_OF.values()))
    paths = {listed.path for place in places for listed in target.list(place)}
    manifests = {folder: target.get(folder + MANIFEST) for folder in FOLDER_OF.values()}
    return _Standing(
        paths,
        version[1] if version else None,
        {folder: blob.body for folder, blob in manifests.items() if blob is not None},
    )


class _Copy:
    """Writes what is not there yet, and keeps the record."""

    def __init__(self, target: Objects, standing: set[str]) -> None:
        self._target = target
        self._standing = standing
        self.report = Report()

    def put_new(self, path: str, file: File) -> None:
        """Write a file whose name says what is in it."""
        if path in self._standing:
            self.report.unchanged += 1
        else:
            self._write(path, file, FOR_EVER)

    def put(self, path: str, file: File) -> None:
        """Write a file whose name stays the same."""
        stored = self._target.get(path)
        if stored is not None and stored.body == file.body:
            self.report.unchanged += 1
        else:
            self._write(path, file, LOOK_AGAIN)

    def _write(self, path: str, file: File, cache_control: str) -> None:
        self._target.put(path, file.body, file.content_type, cache_control)
        self.report.written.append(path)


def _is_old(path: str, before: _Standing, version: str, generations: Sequence[Generation]) -> bool:
    """Whether `path` is ours and neither this publication nor the one before it names it."""
    if asset := _ASSET.fullmatch(path):
        return before.version != version and asset[1] not in (version, before.version)
    folder, _, name = path.rpartition("/")
    match = FILE_NAME.fullmatch(name)
    if match is None or f"{folder}/" not in FOLDER_OF.values():
        return False  # a stranger's
    generation = next((one for one in generations if one.folder == f"{folder}/"), None)
    if generation is None:
        return True
    if match["sha"] is None:
        return name != MANIFEST and name.removesuffix(".json") not in generation.artifacts
    if before.manifests.get(generation.folder) == generation.manifest:
        return False  # nothing new, so nothing newly old
    return name not in {view["path"] for view in generation.about["views"].values()} | before.named(generation.folder)
