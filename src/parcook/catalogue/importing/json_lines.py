"""JSON lines: one recipe a line, as an object with `name` and `ingredients`, or in the words of schema.org."""

import json
from pathlib import Path

from parcook.catalogue.importing.batch import Progress
from parcook.catalogue.importing.recipe_objects import RecipeObjects, find_recipes
from parcook.catalogue.importing.values import RepairedText, decode
from parcook.catalogue.importing.written import WrittenBatch
from parcook.errors import UnreadableFile

_EVERY = 200


def read(path: Path, progress: Progress) -> WrittenBatch:
    """The recipes of the file at `path`; lines that are none are noted.

    Raises `UnreadableFile` if no line is a recipe.
    """
    recipes = RecipeObjects()
    size = path.stat().st_size
    found = done = 0
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            done += len(content)
            found += _take(content, f"line {number}", recipes)
            if number % _EVERY == 0:
                progress("reading", done, size)
    if not found:
        notices = recipes.values.notices
        reason = notices[0].message if notices else "the lines are empty"
        raise UnreadableFile(f"{path}: no line is a recipe. {reason[:1].upper()}{reason[1:]}.")
    return recipes.batch("JSON lines")


def _take(content: bytes, where: str, recipes: RecipeObjects) -> int:
    """Take in what the line `content` holds; how many recipes that is."""
    note = recipes.values.note
    text = decode(content.removeprefix(b"\xef\xbb\xbf")).strip()
    if not text:
        return 0
    if isinstance(decode(content), RepairedText):
        note("bad_utf8", f"{where}: some bytes are not UTF-8; they were replaced by U+FFFD")
    try:
        document = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        note("bad_json", f"{where}, column {error.colno}: {error.msg}; the line was left out")
        return 0
    except (RecursionError, ValueError) as error:
        note("bad_json", f"{where}: {error}; the line was left out")
        return 0
    if isinstance(document, dict) and document.keys().isdisjoint(("@type", "@graph")):
        return recipes.add(document, where)
    of_schema = list(find_recipes(document))
    if not of_schema:
        note("bad_json", f"{where}: this is no recipe; the line was left out")
    return sum(recipes.add(recipe, where) for recipe in of_schema)
