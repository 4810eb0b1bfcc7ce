"""The catalogue as a day knew it, fixed by the first export of that day, so that exporting it again changes nothing.

A snapshot is an object named by its own digest, shared by all days that agree; a record says which one a day has.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.store import Catalogue
from parcook.errors import Corrupt
from parcook.lake.place import Lake
from parcook.lake.writing import digest

FOLDER = "catalogue_snapshots"
KIND = "lake_snapshot"


@dataclass(frozen=True)
class Snapshot:
    """The ingredients, as rows of `catalogue_ingredients`, and of each recipe the branches it belongs to."""

    name: str
    ingredients: Sequence[Mapping[str, Any]]
    branches: Mapping[int, Sequence[int]]


class Snapshots:
    """Makes and reads snapshots; the last ones used are remembered."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._remembered: dict[str, Snapshot] = {}
        self._made: tuple[object, str] | None = None

    def of(self, day: date, mend: bool = False) -> Snapshot:
        """The snapshot of `day`, taken now if there is none yet.

        Raises `Corrupt` if what was stored is not what was written; with `mend` another is taken then.
        """
        key = day.isoformat()
        if mend and not self._is_sound(key):
            self._lake.records.delete(KIND, key)
            self._made = None
        record = self._lake.records.get(KIND, key)
        if record is None:
            self._lake.records.put(KIND, key, {"snapshot": self._take()}, only_if_absent=True)
            record = self._lake.records.get(KIND, key)
            assert record is not None  # ours, or that of whoever was first
        return self._read(record.document["snapshot"])

    def _is_sound(self, key: str) -> bool:
        record = self._lake.records.get(KIND, key)
        if record is None:
            return True
        try:
            self._remembered = {}
            self._read(record.document["snapshot"])
        except Corrupt:
            return False
        return True

    def _take(self) -> str:
        stamp = self._lake.catalogue.state().stamp
        if self._made is None or self._made[0] != stamp:
            body = _encode(self._lake.catalogue)
            name = digest(body)[:16]
            self._lake.objects.put(path_of(name), body)
            self._made = stamp, name
        return self._made[1]

    def _read(self, name: str) -> Snapshot:
        if name not in self._remembered:
            blob = self._lake.objects.get(path_of(name))
            if blob is None or digest(blob.body)[:16] != name:
                raise Corrupt(
                    f"the catalogue snapshot {path_of(name)} in the lake is missing or damaged; backfill its days"
                )
            told = json.loads(blob.body)
            branches = {int(recipe): tuple(branch) for recipe, branch in told["branches"].items()}
            self._remembered = {name: Snapshot(name, told["ingredients"], branches)}
        return self._remembered[name]


def path_of(name: str) -> str:
    """Where the snapshot of this name lies."""
    return f"{FOLDER}/{name}.json"


def _encode(catalogue: Catalogue) -> bytes:
    usage, pairs = AnalyticsQueries(catalogue).measure_with_pairs()
    above = {row["ingredient_id"]: [int(step) for step in row["path"].strip("/").split("/")] for row in usage.rows}
    branches: dict[int, set[int]] = {}
    for recipe, ingredient in pairs:
        branches.setdefault(recipe, set()).update(above.get(ingredient, ()))
    ingredients = [
        {
            "id": row["ingredient_id"],
            "name": row["ingredient_name"],
            "parent_id": row["parent_id"],
            "path": row["path"],
            "hierarchical_usage": row["hierarchical_usage"],
            "total_recipes": usage.total_recipes,
        }
        for row in sorted(usage.rows, key=lambda row: row["ingredient_id"])
    ]
    told = {
        "ingredients": ingredients,
        "branches": {str(recipe): sorted(branch) for recipe, branch in sorted(branches.items())},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
