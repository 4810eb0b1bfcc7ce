"""The catalogue's inner order: what triggers and constraints promise, checked as if they did not."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from parcook.catalogue.database import Database
from parcook.catalogue.names import name_key
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes


def find_disorder(database: Database, paths: Mapping[int, str]) -> list[dict[str, Any]]:
    """`{code, message}` for every stored path that is not the one in `paths`, every recipe line without its recipe
    or ingredient, and every name whose key an outside writer could only fold roughly.

    `paths` gives the right path of each ingredient, derived from its parents.
    """
    faults = []
    with database.read() as connection:
        for row in connection.execute(select(ingredients.c.id, ingredients.c.path)):
            if row.path != paths.get(row.id):
                faults.append(_fault("wrong_path", f"ingredient {row.id} has the path {row.path!r}"))
        for owner, reference in ((recipes, "recipe_id"), (ingredients, "ingredient_id")):
            column = recipe_ingredients.c[reference]
            orphans = select(recipe_ingredients).outerjoin(owner, column == owner.c.id).where(owner.c.id.is_(None))
            for line in connection.execute(orphans):
                message = f"recipe {line.recipe_id} lists ingredient {line.ingredient_id}: one is gone"
                faults.append(_fault("orphan", message))
        for table in (ingredients, recipes):
            for own_id, name, key in connection.execute(select(table.c.id, table.c.name, table.c.name_key)):
                if key != name_key(name):
                    message = f"{table.name} {own_id}, {name!r}: save it again through the API"
                    faults.append(_fault("rough_name_key", message))
    return faults


def _fault(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message}
