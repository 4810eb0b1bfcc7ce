"""Recipes whose ingredients and units are words: what they mean is found out in `linking.py`, beside the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from parcook.catalogue.importing.batch import ImportNotice


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One ingredient of a recipe.

    It may go by any of `names`: the best of them is first, the last is the one it gets if the catalogue has none.
    An id is one of the catalogue.
    """

    names: tuple[str, ...]
    amount: float | None = None
    unit: str | None = None
    ingredient_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenRecipe:
    """A recipe; `where` names it for the person who reads a notice."""

    place: int
    where: str
    name: str
    source_id: int | None = None
    texts: dict[str, str | None] = field(default_factory=dict)
    lines: tuple[WrittenLine, ...] = ()


@dataclass(frozen=True)
class WrittenBatch:
    """All that a file of such recipes holds: clean texts, each name once."""

    format: str
    recipes: Sequence[WrittenRecipe]
    warnings: Sequence[ImportNotice] = ()
