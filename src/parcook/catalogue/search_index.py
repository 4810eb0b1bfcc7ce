"""A search from memory: what a catalogue is searched by, read once for each of its versions.

Whether a recipe meets a criterion is a byte, and those of all recipes are one large number: `&` brings criteria
together. The tree is kept by path, so that a branch is one stretch of it, and its lines one stretch of all lines.
At 20,000 recipes a search takes one or two milliseconds; the index takes 7 MB, and 0.1 to 0.2 s to make.

Each search reads the version first, in its own transaction: an index never answers for a catalogue that has changed,
whoever changed it.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Text, cast, func, select

from parcook.catalogue.database import Database
from parcook.catalogue.names import name_key, search_key
from parcook.catalogue.paging import page_query
from parcook.catalogue.search_terms import Wanted, read_known
from parcook.catalogue.store import Stamp, read_state
from parcook.catalogue.tables import recipe_ingredients, recipes

# How often a version is searched by walking before it gets an index, which costs about as much as that many walks:
# a catalogue that is edited between any two searches never gets one.
PATIENCE = 8
# More recipes than these are not kept in memory.
MOST_RECIPES = 50_000


class Place(NamedTuple):
    """A recipe in the order of the list."""

    name: str
    id: int


class SearchIndex:
    """What one version of a catalogue is searched by. It never changes; threads may share it."""

    def __init__(self, connection: Connection) -> None:
        columns = (recipes.c.name, recipes.c.id, recipes.c.search_key, recipes.c.category)
        # In order, as they then also lie in memory in the order in which a search goes through them.
        rows = connection.execute(select(*columns).order_by(recipes.c.name, recipes.c.id)).all()
        self._order = [(name, own_id) for name, own_id, _, _ in rows]
        # No key has what a shell wrote and a trigger could not fold.
        self._texts = [search_key(name) if key is None else key for name, _, key, _ in rows]
        category_keys = {category: name_key(category or "") for category in {row[3] for row in rows}}
        self._categories = [category_keys[row[3]] for row in rows]
        self.known = read_known(connection)
        self._paths = [*self.known.by_id.values()]
        self._starts: list[int] = []  # of each path, its first line
        self._lines = array("I")  # the place of the recipe of each line, in the order of paths
        self._read_lines(connection)

    def _read_lines(self, connection: Connection) -> None:
        places = {own_id: place for place, (_, own_id) in enumerate(self._order)}
        # A row for each ingredient: one for each line would take four times as long.
        own_id = recipe_ingredients.c.ingredient_id
        in_recipes = func.aggregate_strings(cast(recipe_ingredients.c.recipe_id, Text), ",")
        lists: dict[int, str] = {
            row[0]: row[1] for row in connection.execute(select(own_id, in_recipes).group_by(own_id))
        }
        for ingredient_id in self.known.by_id:
            self._starts.append(len(self._lines))
            if listed := lists.get(ingredient_id):
                # A shell can take a recipe away and leave its lines.
                self._lines.extend([places[recipe] for recipe in map(int, listed.split(",")) if recipe in places])
        self._starts.append(len(self._lines))

    def find(self, connection: Connection, wanted: Wanted, cursor: str | None, limit: int) -> Sequence[Place]:
        """As `search_walk.walk`."""
        flags = self._flags(wanted)
        found: list[Place] = []
        place = flags.find(1, self._start(connection, cursor))
        while place >= 0 and len(found) <= limit:
            found.append(Place(*self._order[place]))
            place = flags.find(1, place + 1)
        return found

    def _start(self, connection: Connection, cursor: str | None) -> int:
        if cursor is None:
            return 0
        following = connection.execute(page_query(select(recipes.c.name, recipes.c.id), recipes, cursor, 0)).first()
        return bisect_left(self._order, tuple(following)) if following else len(self._order)

    def _flags(self, wanted: Wanted) -> bytes:
        """For each recipe 1 if it is wanted, else 0."""
        size = len(self._order)
        found = int.from_bytes(b"\1" * size, "little")
        for path in wanted.included:
            found &= self._having(path)
        for path in wanted.excluded:
            found &= ~self._having(path)
        if wanted.category:
            found &= int.from_bytes(bytes([wanted.category == category for category in self._categories]), "little")
        if wanted.text:
            found &= int.from_bytes(bytes([wanted.text in text for text in self._texts]), "little")
        return found.to_bytes(size, "little")

    def _having(self, path: str) -> int:
        """For each recipe a byte: 1 if it has something of the branch at `path`."""
        # Paths from '/1/23/' up to '/1/230' are the branch, since '0' follows '/'.
        first, end = bisect_left(self._paths, path), bisect_left(self._paths, path[:-1] + "0")
        flags = bytearray(len(self._order))
        for place in self._lines[self._starts[first] : self._starts[end]]:
            flags[place] = 1
        return int.from_bytes(flags, "little")


class _Shelf:
    """Where the index of one database is kept, and how often the version that is current has been searched."""

    def __init__(self) -> None:
        self._kept: tuple[Stamp | None, SearchIndex | None] = (None, None)
        self._met: Stamp | None = None
        self._meetings = 0
        self._counting = Lock()
        self._making = Lock()

    def current(self, connection: Connection) -> SearchIndex | None:
        stamp = read_state(connection).stamp
        kept_for, index = self._kept
        if kept_for == stamp:
            return index
        # While one search makes an index, the others walk.
        if not self._is_worth_it(stamp) or not self._making.acquire(blocking=False):
            return None
        try:
            index = None if _is_large(connection) else SearchIndex(connection)
            self._kept = (stamp, index)
        finally:
            self._making.release()
        return index

    def _is_worth_it(self, stamp: Stamp) -> bool:
        with self._counting:
            self._meetings = self._meetings + 1 if self._met == stamp else 1
            self._met = stamp
            return self._meetings > PATIENCE


def _is_large(connection: Connection) -> bool:
    some = select(recipes.c.id).limit(MOST_RECIPES + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() > MOST_RECIPES


# An index goes with its database.
_SHELVES: WeakKeyDictionary[Database, _Shelf] = WeakKeyDictionary()


def current_index(database: Database, connection: Connection) -> SearchIndex | None:
    """The index of `database` as `connection`'s transaction sees it; None if that is to be walked."""
    return _SHELVES.setdefault(database, _Shelf()).current(connection)
