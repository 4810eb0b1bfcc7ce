"""All usage rows of one state of the catalogue, arranged so that a view is looked up, not searched for."""

from collections.abc import Mapping, Sequence
from typing import Any

from parcook.catalogue.hierarchy import UsageRow


class Tree:
    """Usage rows by parent and by level, in the order they came in; `metadata` tells of their making."""

    def __init__(self, rows: Sequence[UsageRow], metadata: Mapping[str, Any]) -> None:
        self.metadata = metadata
        self._by_parent: dict[int | None, list[UsageRow]] = {}
        self._by_level: dict[int, list[UsageRow]] = {}
        for row in rows:
            self._by_parent.setdefault(row["parent_id"], []).append(row)
            self._by_level.setdefault(row["level"], []).append(row)
        self._ids = frozenset(row["ingredient_id"] for row in rows)

    def __contains__(self, ingredient_id: int) -> bool:
        return ingredient_id in self._ids

    def view(self, level: int | None, parent_id: int | None) -> list[UsageRow]:
        """The rows at `level`, the children of `parent_id`, both, or without either the roots."""
        if parent_id is None:
            return self._by_level.get(level or 0, [])
        return [row for row in self._by_parent.get(parent_id, []) if level is None or row["level"] == level]
