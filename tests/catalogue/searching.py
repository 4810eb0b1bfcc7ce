"""The ways a search can go, whatever the size of the catalogue and however often it was searched."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest

from parcook.catalogue import search_index, search_walk
from parcook.catalogue.database import Database
from parcook.catalogue.models import Recipe
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue

FROM_MEMORY = "from memory"
WALKED = "walked"
# How a walk goes.
WALKS: Mapping[str, Mapping[str, int]] = {
    WALKED: {},
    "walked, asked": {"VERY_NARROW": -1, "ENOUGH": 0},
    "walked, asked if a sample has it": {"VERY_NARROW": -1, "SAMPLE": 1, "ENOUGH": 1},
    "walked, looked up": {"VERY_NARROW": -1, "ENOUGH": 1_000, "NARROW": 1_000_000, "ASKING": 1_000_000},
    "walked, looked up or asked": {"VERY_NARROW": -1, "ENOUGH": 1_000, "NARROW": 2, "ASKING": 1},
}
NOT_WALKED = {"found by what is in them": {"VERY_NARROW": 1_000_000}}
WAYS = (FROM_MEMORY, *WALKS, *NOT_WALKED)


@contextmanager
def going(way: str) -> Iterator[None]:
    """Searches go this one of `WAYS`; a walk goes on as it went if that is all that is said."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_index, "_SHELVES", WeakKeyDictionary())
        patched.setattr(search_index, "PATIENCE", 0 if way == FROM_MEMORY else 1_000_000)
        for name, value in (WALKS | NOT_WALKED).get(way, {}).items():
            patched.setattr(search_walk, name, value)
        yield


def all_pages(database: Database, criteria: Criteria, limit: int) -> Iterator[list[Recipe]]:
    """The recipes of each page; every page but the last is full, and none but the only one is empty."""
    page = search_recipes(database, criteria, None, limit)
    yield page.items
    while page.next_cursor is not None:
        assert len(page.items) == limit
        page = search_recipes(database, criteria, page.next_cursor, limit)
        assert page.items
        yield page.items


def find(catalogue: Catalogue, limit: int = 200, **criteria: Any) -> list[str]:
    """The names found, over all pages, from memory as by walking."""
    found = []
    for way in (FROM_MEMORY, WALKED):
        with going(way):
            pages = all_pages(catalogue.database, Criteria(**criteria), limit)
            found.append([recipe.name for page in pages for recipe in page])
    assert found[0] == found[1]
    return found[0]
