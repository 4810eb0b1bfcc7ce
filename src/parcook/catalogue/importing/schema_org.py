"""schema.org Recipes in JSON-LD: one, a list, a graph, or anywhere within the description of a page."""

import re
from pathlib import Path

from parcook.catalogue.importing.json_text import parse_json
from parcook.catalogue.importing.recipe_objects import MARKS, RecipeObjects, find_recipes
from parcook.catalogue.importing.written import WrittenBatch
from parcook.errors import UnreadableFile

# A quote within a text is escaped, so these are keys, or texts of nothing but such a word.
_MARK = re.compile("|".join(f'"{mark}"' for mark in MARKS).encode())


def recognises(path: Path) -> bool:
    """Whether the file speaks of itself in the words of JSON-LD."""
    return _MARK.search(path.read_bytes()) is not None


def read(path: Path) -> WrittenBatch:
    """The recipes of the file at `path`. Raises `UnreadableFile` if it is not JSON or none is in it."""
    recipes = RecipeObjects()
    found = [
        recipes.add(one, f"recipe {number}")
        for number, one in enumerate(find_recipes(parse_json(path, strict=False)), 1)
    ]
    if not any(found):
        reason = "; ".join(notice.message for notice in recipes.values.notices[:1])
        raise UnreadableFile(f"{path}: there is no object of the @type Recipe with a name in it. {reason}".rstrip())
    return recipes.batch("schema.org JSON-LD")
