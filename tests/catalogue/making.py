"""Catalogues in few words, and what a refused write must leave as it was."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from parcook.catalogue.models import IngredientDraft, RecipeDraft, RecipeLineDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import ParcookError

Tree = Mapping[str, Any]


def grow(catalogue: Catalogue, tree: Tree, parent_id: int | None = None) -> dict[str, int]:
    """Create the ingredients of `tree`, name → the tree below it; returns ids by name."""
    ids = {}
    for name, below in tree.items():
        ids[name] = catalogue.ingredients.create(IngredientDraft(name=name, parent_id=parent_id)).id
        ids |= grow(catalogue, below, ids[name])
    return ids


def mix(catalogue: Catalogue, name: str, ingredient_ids: Iterable[int] = ()) -> int:
    """Create a recipe with these ingredients; returns its id."""
    lines = [RecipeLineDraft(ingredient_id=ingredient_id) for ingredient_id in ingredient_ids]
    return catalogue.recipes.create(RecipeDraft(name=name, ingredients=lines)).id


def paths(catalogue: Catalogue) -> dict[str, str]:
    """The path of every ingredient, by name."""
    return {item.name: item.path for item in catalogue.ingredients.list(limit=200).items}


@contextmanager
def refused(catalogue: Catalogue, kind: type[ParcookError], code: str) -> Iterator[pytest.ExceptionInfo[ParcookError]]:
    """The block is refused with `kind` and `code`, and nothing was written."""
    before = catalogue.state()
    with pytest.raises(kind) as caught:
        yield caught
    assert caught.value.code == code
    assert catalogue.state() == before
