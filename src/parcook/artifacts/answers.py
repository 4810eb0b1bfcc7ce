"""Reading answers: the stored bytes as they are, or the same answer computed now.

Missing is not broken: where nothing is stored the answer is computed live; where storage refuses or holds
something else, that is logged and counted, and the live answer says `"degraded": true`.
"""

import gzip
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from parcook.artifacts.definitions import DEFINITIONS_BY_NAME, Cooked, build_usage_view, encode, make_envelope
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.tree import Tree
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.store import Catalogue, Stamp
from parcook.clock import Clock, format_time, utc_now
from parcook.errors import Corrupt, Invalid, NotFound, Unavailable
from parcook.objects import Unchanged

MAX_AGE_S = 1.0
MAX_REST_S = 10.0

log = logging.getLogger(__name__)


class Answer:
    """One answer as it goes over the wire, plain and compressed, with an entity tag for each.

    It is compressed when first asked for; `compress_now` does so at once, for answers that an event loop will send.
    """

    def __init__(self, body: bytes, compress_now: bool = False) -> None:
        self.body = body
        sha = hashlib.sha256(body).hexdigest()[:20]
        self.etag = f'"{sha}"'
        self.gzip_etag = f'"{sha}-gzip"'
        if compress_now:
            _ = self.gzipped

    @cached_property
    def gzipped(self) -> bytes:
        """The body compressed; `mtime=0` keeps equal bodies equal."""
        return gzip.compress(self.body, 6, mtime=0)


@dataclass
class _Shelf:
    """What the last look into storage found for one artifact."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answer: Answer | None = None
    storage_etag: str | None = None
    broken: bool = False
    fresh_until: float = float("-inf")

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() < self.fresh_until

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Around a look into storage. After one that took long to fail, the next waits in proportion."""
        started = time.monotonic()
        yield
        ended = time.monotonic()
        rest_s = min(2 * (ended - started), MAX_REST_S) if self.broken else 0.0
        self.fresh_until = ended + max(MAX_AGE_S, rest_s)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """One reader asks storage, the others wait for what it finds; but not (False) if storage has just failed."""
        is_taken = self.lock.acquire(blocking=not self.broken)
        try:
            yield is_taken
        finally:
            if is_taken:
                self.lock.release()


class Answers:
    """What the analytics routes serve. Threads may share it.

    `on_gap` is called when a stored artifact is missing or broken, so that somebody recooks it; `on_degraded`
    for every look into storage that failed.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        storage: AnalyticsStorage,
        on_gap: Callable[[], None],
        on_degraded: Callable[[], None] = lambda: None,
        clock: Clock = utc_now,
    ) -> None:
        self._catalogue = catalogue
        self._storage = storage
        self._queries = AnalyticsQueries(catalogue)
        self._on_gap = on_gap
        self._on_degraded = on_degraded
        self._clock = clock
        self._shelves = {name: _Shelf() for name in DEFINITIONS_BY_NAME}
        self._computing = threading.Lock()
        self._live: Cooked | None = None
        self._trees: dict[str, tuple[Stamp, Tree]] = {}
        self._tree_shelf = _Shelf()

    def held(self, name: str) -> Answer | None:
        """The stored answer for `name`, if storage was asked less than `MAX_AGE_S` ago. Never waits."""
        shelf = self._shelves[name]
        return shelf.answer if shelf.is_fresh else None

    def answer(self, name: str) -> Answer:
        """The answer for artifact `name`: stored bytes if there are any, else computed now.

        Raises `NotFound` for an unknown artifact, `Unavailable` if it must be computed and the database does
        not answer.
        """
        if name not in self._shelves:
            raise NotFound(f"there is no artifact {name!r}; there are {', '.join(sorted(self._shelves))}")
        shelf = self._shelves[name]
        with shelf.taken() as is_taken:
            if is_taken and not shelf.is_fresh:
                self._look(name, shelf)
            if shelf.answer is not None:
                return shelf.answer
            degraded = shelf.broken
        self._on_gap()
        return _finish(self._compute().envelope(name, "live"), degraded)

    def usage_view(self, level: int | None, parent_id: int | None) -> Answer:
        """The rows at `level`, the children of `parent_id`, or both; cut from the stored tree while it is current.

        Raises `Invalid` for a negative level, `NotFound` for an unknown parent, `Unavailable` as `answer` does.
        """
        if level is not None and level < 0:
            raise Invalid(f"level must be 0 or more, got {level}")
        tree, degraded = self._current_tree()
        if parent_id is not None and parent_id not in tree:
            raise NotFound(f"there is no ingredient {parent_id}")
        envelope = make_envelope(
            "ingredient-usage",
            build_usage_view(tree.view(level, parent_id), tree.metadata["total_recipes"]),
            **tree.metadata,
        )
        return _finish(envelope, degraded)

    def _look(self, name: str, shelf: _Shelf) -> None:
        with shelf.looking():
            try:
                found = self._storage.read_file(f"{name}.json", shelf.storage_etag)
                if not isinstance(found, Unchanged):
                    usable = found is not None and self._storage.decode(name, found.body) is not None
                    shelf.answer = Answer(found.body, compress_now=True) if found and usable else None
                    shelf.storage_etag = found.etag if found and usable else None
                shelf.broken = False
            except (Unavailable, Corrupt) as fault:
                shelf.answer, shelf.storage_etag, shelf.broken = None, None, True
                self._report(name, fault)

    def _current_tree(self) -> tuple[Tree, bool]:
        """The tree for the catalogue's present state, and whether storage failed to give it."""
        stamp = self._catalogue.state().stamp
        if (tree := self._tree_for("stored", stamp)) is not None:
            return tree, False
        shelf = self._tree_shelf
        with shelf.taken() as is_taken:
            if is_taken and not shelf.is_fresh:
                self._look_for_tree(stamp)
            if (tree := self._tree_for("stored", stamp)) is not None:
                return tree, False
            degraded = shelf.broken
        if degraded:
            self._on_gap()
        cooked = self._compute()
        tree = self._tree_for("live", cooked.stamp)
        if tree is None:
            tree = Tree(
                cooked.usage.rows,
                {
                    "generated_at": format_time(cooked.generated_at),
                    "total_recipes": cooked.usage.total_recipes,
                    "catalogue_version": cooked.stamp.version,
                    "source": "live",
                },
            )
            self._trees["live"] = (cooked.stamp, tree)
        return tree, degraded

    def _tree_for(self, source: str, stamp: Stamp) -> Tree | None:
        known = self._trees.get(source)
        return known[1] if known is not None and known[0] == stamp else None

    def _look_for_tree(self, stamp: Stamp) -> None:
        shelf = self._tree_shelf
        with shelf.looking():
            try:
                if (tree := self._stored_tree(stamp)) is not None:
                    self._trees = {"stored": (stamp, tree)}
                shelf.broken = False
            except (Unavailable, Corrupt) as fault:
                shelf.broken = True
                self._report("ingredient-tree", fault)

    def _stored_tree(self, stamp: Stamp) -> Tree | None:
        manifest = self._storage.manifest()
        if manifest is None or manifest.stamp != stamp or "ingredient-tree" not in manifest.paths:
            return None
        try:
            body = self._storage.read_named(manifest.paths["ingredient-tree"])
        except Corrupt:
            if self._storage.manifest() != manifest:  # cooked twice since, and dropped
                return None
            raise
        document = self._storage.decode("ingredient-tree", body)
        if document is None:
            return None
        kept = ("generated_at", "total_recipes", "catalogue_version", "source")
        return Tree(document["data"], {key: document["metadata"][key] for key in kept})

    def _compute(self) -> Cooked:
        """The usage of the catalogue now, computed at most once per state of the catalogue."""
        with self._computing:
            if self._live is None or self._live.stamp != self._catalogue.state().stamp:
                started = self._clock()
                state, usage = self._queries.measure()
                self._live = Cooked(state.stamp, usage, started)
            return self._live

    def _report(self, name: str, fault: Exception) -> None:
        log.warning("stored artifact unusable, answering live", extra={"artifact": name, "reason": str(fault)})
        self._on_degraded()


def _finish(envelope: dict[str, Any], degraded: bool) -> Answer:
    if degraded:
        envelope["metadata"]["degraded"] = True
    return Answer(encode(envelope))
