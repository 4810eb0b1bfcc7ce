"""Write a batch into the catalogue, in one transaction.

Only what is new is written, and no statement is executed for nothing: each one on these tables makes a new
version of the catalogue.
"""

from collections.abc import Sequence
from itertools import count

from sqlalchemy import Connection

from parcook.catalogue.bulk import order_by_depth
from parcook.catalogue.importing.batch import (
    RECIPE_TEXTS,
    Batch,
    ImportNotice,
    ImportReport,
    IngredientItem,
    Named,
    Progress,
    RecipeItem,
)
from parcook.catalogue.importing.linking import link
from parcook.catalogue.importing.references import Known, check_references, read_known
from parcook.catalogue.importing.written import WrittenBatch
from parcook.catalogue.inserts import insert_many, insert_rows
from parcook.catalogue.recipes import recipe_keys
from parcook.catalogue.store import Catalogue
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes, units
from parcook.catalogue.units import unit_ids

# Half of all there can be, so that there are ids left for what is made later.
MAX_KEPT_ID = 2**62
_RECIPES_AT_ONCE = 1_000


def load(
    catalogue: Catalogue, read: Batch | WrittenBatch, progress: Progress, *, dry_run: bool = False
) -> ImportReport:
    """Add to the catalogue what it does not have yet; with `dry_run` do so, then take it back.

    Ids of the source are kept if the catalogue is empty. After a dry run PostgreSQL may leave out some ids: how
    far it has counted is the one thing it does not take back. Raises `Invalid` (`bulk_invalid`) if the batch has
    faults or refers to what is nowhere, `Unavailable` if the database does not answer.
    """
    with catalogue.database.write() as connection:
        known = read_known(connection)
        batch = link(read, known, progress) if isinstance(read, WrittenBatch) else read
        check_references(batch, known)
        batch.faults.raise_if_any()
        report = _Loading(connection, batch, known, progress).run(dry_run)
        if dry_run:
            connection.rollback()
    return report


class _Loading:
    def __init__(self, connection: Connection, batch: Batch, known: Known, progress: Progress) -> None:
        self._progress = progress
        self._connection = connection
        self._batch = batch
        self._known = known
        self._warnings = list(batch.warnings)
        self._has_ids = any(item.source_id is not None for item in (*batch.units, *batch.ingredients, *batch.recipes))
        self._keeps_ids = self._has_ids and known.is_empty

    def run(self, dry_run: bool) -> ImportReport:
        batch = self._batch
        units_created = self._add_units()
        ingredient_ids = self._add_ingredients()
        ingredients_created = len(ingredient_ids) - len(self._known.ingredient_ids)
        recipes_created, lines_created = self._add_recipes(ingredient_ids)
        created = units_created + ingredients_created + recipes_created
        return ImportReport(
            format=batch.format,
            dry_run=dry_run,
            ids_kept=self._keeps_ids,
            units_created=units_created,
            units_reused=len(batch.units) - units_created,
            ingredients_created=ingredients_created,
            ingredients_reused=len(batch.ingredients) - ingredients_created,
            recipes_created=recipes_created,
            recipes_kept=len(batch.recipes) - recipes_created,
            lines_created=lines_created,
            notes=self._notes(dry_run, created),
            warnings=self._warnings,
        )

    def _notes(self, dry_run: bool, created: int) -> list[str]:
        notes = []
        if self._keeps_ids:
            notes.append("The catalogue was empty: the ids of the file were kept.")
        elif self._has_ids:
            notes.append("The catalogue was not empty: things were matched by name, new ones got new ids.")
        if not created:
            notes.append("Everything was there already: the catalogue is unchanged.")
        if dry_run:
            notes.append("This was a dry run: nothing was written.")
        return notes

    def _add_units(self) -> int:
        new = [item for item in self._batch.units if item.key not in self._known.unit_names]
        rows = [
            {
                "name": item.name,
                "name_key": item.key,
                "abbreviation": item.abbreviation,
                "conversion_to_ml": item.conversion_to_ml,
                **chosen_id,
            }
            for item, chosen_id in zip(new, self._chosen_ids("unit", new), strict=True)
        ]
        insert_rows(self._connection, units, rows)
        return len(new)

    def _add_ingredients(self) -> dict[str, int]:
        """The ids of all ingredients, those of the batch included, by the key of the name."""
        ids = dict(self._known.ingredient_ids)
        new = {item.key: item for item in self._batch.ingredients if item.key not in ids}
        chosen_ids = dict(zip(new, self._chosen_ids("ingredient", list(new.values())), strict=True))
        generations, _ = order_by_depth({key: item.parent_key for key, item in new.items()})
        for generation in generations:
            rows = [
                {
                    "name": new[key].name,
                    "name_key": key,
                    "description": new[key].description,
                    "parent_id": _parent_id(new[key], ids),
                    **chosen_ids[key],
                }
                for key in generation
            ]
            ids.update(zip(generation, insert_rows(self._connection, ingredients, rows), strict=True))
        self._note_other_parents([item for item in self._batch.ingredients if item.key not in new], ids)
        return ids

    def _note_other_parents(self, reused: Sequence[IngredientItem], ids: dict[str, int]) -> None:
        for item in reused:
            wanted = _parent_id(item, ids)
            if wanted is not None and wanted != self._known.parent_ids[ids[item.key]]:
                message = f"ingredient {item.name!r} is there already, elsewhere in the tree; it was left where it is"
                self._warnings.append(ImportNotice("ingredient_elsewhere", message))

    def _add_recipes(self, ingredient_ids: dict[str, int]) -> tuple[int, int]:
        new: list[RecipeItem] = []
        for item in self._batch.recipes:
            if item.key in self._known.recipe_names:
                message = f"recipe {item.name!r} is there already; it was left as it is"
                self._warnings.append(ImportNotice("recipe_exists", message))
            else:
                new.append(item)
        unit_ids_by_key = unit_ids(self._connection)
        chosen_ids = self._chosen_ids("recipe", new)
        lines_created = 0
        for start in range(0, len(new), _RECIPES_AT_ONCE):
            self._progress("writing", start, len(new))
            items = new[start : start + _RECIPES_AT_ONCE]
            rows = [
                {"name": item.name, **recipe_keys(item.name), **chosen_id}
                | {column: item.texts.get(column) for column in RECIPE_TEXTS}
                for item, chosen_id in zip(items, chosen_ids[start:], strict=False)
            ]
            lines = [
                {
                    "recipe_id": recipe_id,
                    "ingredient_id": ingredient_ids[line.ingredient_key] if line.ingredient_key else line.ingredient_id,
                    "unit_id": unit_ids_by_key[line.unit_key] if line.unit_key else line.unit_id,
                    "amount": line.amount,
                    "position": position,
                }
                for recipe_id, item in zip(insert_rows(self._connection, recipes, rows), items, strict=True)
                for position, line in enumerate(item.lines)
            ]
            insert_many(self._connection, recipe_ingredients, lines)
            lines_created += len(lines)
        self._progress("writing", len(new), len(new))
        return len(new), lines_created

    def _chosen_ids(self, what: str, items: Sequence[Named]) -> list[dict[str, int]]:
        """The `id` column of each item where ids are kept, no column where the database is to choose."""
        if not self._keeps_ids:
            return [{} for _ in items]
        keepable = {item.source_id for item in items if item.source_id and 0 < item.source_id <= MAX_KEPT_ID}
        free = count(max((key for key in keepable), default=0) + 1)
        chosen = []
        for item in items:
            if item.source_id in keepable:
                keepable.remove(item.source_id)  # an id that stands twice belongs to the first
                chosen.append({"id": item.source_id})
            else:
                chosen.append({"id": next(free)})
                if not item.is_record:
                    continue
                message = f"{what} {item.name!r}: its id cannot be kept; it is now {chosen[-1]['id']}"
                self._warnings.append(ImportNotice("id_not_kept", message))
        return chosen


def _parent_id(item: IngredientItem, ids: dict[str, int]) -> int | None:
    return ids[item.parent_key] if item.parent_key else item.parent_id
