"""Usage over the ingredient tree, in one pass over the recipes. Pure: no I/O, no SQL.

*Direct* usage counts the recipes that list exactly an ingredient; *hierarchical* usage the recipes that
list it or anything below it, each once. Adding children up would be wrong: of 1,356 real recipes, 441
list two ingredients under one root.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PREVIEW_LENGTH = 3

UsageRow = dict[str, Any]


@dataclass(frozen=True)
class Usage:
    """What one pass found: a row per ingredient, most used first, and recipes by number of ingredients."""

    rows: list[UsageRow]
    recipes_by_size: dict[int, int]
    total_recipes: int


def measure_usage(
    tree: Iterable[tuple[int, str, int | None]],
    pairs: Iterable[tuple[int, int]],
    total_recipes: int,
) -> Usage:
    """Count usage of every ingredient.

    `tree` is (id, name, parent id) in any order; `pairs` is (recipe id, ingredient id), without repeats and
    with the pairs of one recipe side by side; `total_recipes` includes recipes without ingredients. A pair whose
    ingredient is not in the tree is not counted; a parent that is not in the tree makes its child a root.

    Takes O(pairs × depth) time, at most one step per pair and ancestor, and memory for the tree alone.
    """
    ids: list[int] = []
    names: list[str] = []
    parent_ids: list[int | None] = []
    for ingredient_id, name, parent_id in tree:
        ids.append(ingredient_id)
        names.append(name)
        parent_ids.append(parent_id)
    index = {ingredient_id: place for place, ingredient_id in enumerate(ids)}
    parents = [-1 if parent_id is None else index.get(parent_id, -1) for parent_id in parent_ids]
    direct, met, by_size = _count(index, parents, pairs)
    by_size[0] = total_recipes - sum(by_size.values())
    top_down = _top_down(parents)
    uses = _summed_up(direct, parents, top_down)
    repeats = _summed_up(met, parents, top_down)
    hierarchical = [all_uses - repeated for all_uses, repeated in zip(uses, repeats, strict=True)]
    return Usage(
        _rows(ids, names, parents, top_down, direct, hierarchical, uses),
        {size: count for size, count in sorted(by_size.items()) if count},
        total_recipes,
    )


def _count(
    index: dict[int, int], parents: Sequence[int], pairs: Iterable[tuple[int, int]]
) -> tuple[list[int], list[int], Counter[int]]:
    """Per node its direct uses and how often it is *met*; and recipes by size, those of size 0 left out.

    From each ingredient we climb to the first node that its recipe has reached before, and note there that the
    two have met: from there up, this use is a repeat. So a climb need not count at every step.
    """
    direct = [0] * len(parents)
    # The last place is node -1, above all roots: every recipe is there from the start, so every climb ends.
    met = [0] * (len(parents) + 1)
    reached_by: list[int | None] = [None] * (len(parents) + 1)
    by_size: Counter[int] = Counter()
    current: int | None = None
    size = 0
    for recipe_id, ingredient_id in pairs:
        if recipe_id != current:
            by_size[size] += 1
            current, size = recipe_id, 0
            reached_by[-1] = recipe_id
        node = index.get(ingredient_id)
        if node is None:
            continue
        size += 1
        direct[node] += 1
        while reached_by[node] != recipe_id:
            reached_by[node] = recipe_id
            node = parents[node]
        met[node] += 1
    by_size[size] += 1
    del by_size[0]  # also counts what was there before the first recipe
    met.pop()
    return direct, met, by_size


def _top_down(parents: Sequence[int]) -> list[int]:
    """All nodes, parents before children."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(parents):
        children.setdefault(parent, []).append(node)
    nodes = list(children.get(-1, ()))
    for node in nodes:  # grows as it goes
        nodes.extend(children.get(node, ()))
    return nodes


def _summed_up(numbers: Sequence[int], parents: Sequence[int], top_down: Sequence[int]) -> list[int]:
    """For every node the sum of `numbers` over its branch."""
    sums = list(numbers)
    for node in reversed(top_down):
        if parents[node] >= 0:
            sums[parents[node]] += sums[node]
    return sums


def _rows(
    ids: Sequence[int],
    names: Sequence[str],
    parents: Sequence[int],
    top_down: Sequence[int],
    direct: Sequence[int],
    hierarchical: Sequence[int],
    uses: Sequence[int],
) -> list[UsageRow]:
    ranking = sorted(range(len(ids)), key=lambda node: (-hierarchical[node], names[node], ids[node]))
    children: dict[int, list[int]] = {}
    for node in ranking:
        children.setdefault(parents[node], []).append(node)

    paths = [""] * len(ids)
    levels = [0] * len(ids)
    for node in top_down:
        parent = parents[node]
        paths[node] = f"{paths[parent] if parent >= 0 else '/'}{ids[node]}/"
        levels[node] = levels[parent] + 1 if parent >= 0 else 0

    return [
        {
            "ingredient_id": ids[node],
            "ingredient_name": names[node],
            "parent_id": ids[parents[node]] if parents[node] >= 0 else None,
            "path": paths[node],
            "level": levels[node],
            "recipe_count": hierarchical[node],
            "direct_usage": direct[node],
            "hierarchical_usage": hierarchical[node],
            "uses": uses[node],
            "has_children": node in children,
            "children_preview": [names[child] for child in children.get(node, ())[:PREVIEW_LENGTH]],
        }
        for node in ranking
    ]


def slice_rows(rows: Iterable[UsageRow], level: int | None = None, parent_id: int | None = None) -> list[UsageRow]:
    """The rows of one view, in their order: without a filter the roots, else those at `level` and below `parent_id`."""
    if level is None and parent_id is None:
        level = 0
    return [
        row
        for row in rows
        if (level is None or row["level"] == level) and (parent_id is None or row["parent_id"] == parent_id)
    ]
