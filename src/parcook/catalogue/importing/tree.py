"""A tree out of what rows say about their parents: no circles, and not deeper than a catalogue may be."""

from collections.abc import Mapping

from parcook.catalogue.bulk import order_by_depth
from parcook.catalogue.importing.batch import IngredientItem
from parcook.catalogue.models import MAX_LEVELS


def cut_tree(parents: dict[str, str | None], ingredients: Mapping[str, IngredientItem]) -> list[tuple[str, str, str]]:
    """Make roots in `parents` (key → parent's key) until it is a tree.

    Returns what became a root, with the code and the words for why.
    """
    cuts = []
    for key in _circular(parents, ingredients):
        parents[key] = None
        cuts.append((key, "circular", "it stood below itself"))
    generations, _ = order_by_depth(parents)
    for generation in generations[MAX_LEVELS::MAX_LEVELS]:
        for key in generation:
            parents[key] = None
            cuts.append((key, "too_deep", f"it stood below {MAX_LEVELS} levels, the most there may be"))
    return cuts


def _circular(parents: Mapping[str, str | None], ingredients: Mapping[str, IngredientItem]) -> list[str]:
    """The ingredient with the lowest id (without ids: the first) of each circle among `parents`."""
    found = []
    walked: dict[str, str] = {}
    for start in parents:
        trail: list[str] = []
        key: str | None = start
        while key is not None and key not in walked:
            walked[key] = start
            trail.append(key)
            key = parents[key]
        if key is not None and walked[key] == start:
            circle = [ingredients[member] for member in trail[trail.index(key) :]]
            found.append(min(circle, key=lambda item: (item.source_id is None, item.source_id, item.place)).key)
    return found
