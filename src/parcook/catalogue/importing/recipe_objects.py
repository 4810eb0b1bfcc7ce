"""A recipe as a JSON object, in parcook's own words or in those of schema.org, into one that can be linked.

What cannot be used is left out and noted; keys that mean nothing here are not.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from parcook.catalogue.importing.ingredient_lines import read_amount, split_line
from parcook.catalogue.importing.repeats import number_repeats
from parcook.catalogue.importing.values import MAX_LINE, MAX_PROSE, Values, say, whole_id
from parcook.catalogue.importing.written import WrittenBatch, WrittenLine, WrittenRecipe

MARKS = ("@type", "@context", "@graph", "recipeIngredient")
"""Keys that only objects in the words of schema.org have."""

# Column, the keys that may hold it, and where a value is itself an object, the keys within it.
_TEXTS = (
    ("category", ("category", "recipeCategory"), ("name",)),
    ("source", ("source", "author", "publisher"), ("name",)),
    ("source_url", ("source_url", "url", "mainEntityOfPage"), ("@id", "url")),
    ("image_url", ("image_url", "image"), ("url", "contentUrl", "@id")),
)
_PROSE = (("description", ("description",)), ("instructions", ("instructions", "recipeInstructions", "directions")))
_LINES = ("ingredients", "recipeIngredient")
_NAME = ("ingredient_name", "name", "ingredient")
_TYPES = frozenset(f"{prefix}Recipe" for prefix in ("", "schema:", "http://schema.org/", "https://schema.org/"))
_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|div|h\d)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class RecipeObjects:
    """Takes objects one by one, then is a batch of recipes."""

    def __init__(self) -> None:
        self.values = Values()
        self._recipes: list[WrittenRecipe] = []

    def add(self, document: dict[str, Any], where: str) -> bool:
        """Take in the recipe that `document` is; whether it is one, which is noted if not."""
        is_schema = not document.keys().isdisjoint(MARKS)
        raw_name = _first_text(_value(document, ("name", "title", "headline")), ("@value",))
        if (name := self.values.name(_unmarked(raw_name) if is_schema and raw_name else raw_name, where)) is None:
            return False
        where = f"{where}, {say(name)}"
        texts: dict[str, str | None] = {}
        for column, keys, inner in _TEXTS:
            text = self._short_text(_value(document, keys), inner, f"{where}: {column}")
            text = _unmarked(text) if is_schema and text else text
            at = f"{where}: {column}"
            texts[column] = (
                self.values.label(text, at) if column == "category" else self.values.text(text, MAX_LINE, at)
            )
        for column, prose_keys in _PROSE:
            text = "\n".join(_paragraphs(_value(document, prose_keys))) or None
            text = _unmarked(text) if is_schema and text else text
            texts[column] = self.values.text(text, MAX_PROSE, f"{where}: {column}")
        raw_lines = _value(document, _LINES)
        if isinstance(raw_lines, str):
            raw_lines = raw_lines.splitlines()
        elif not isinstance(raw_lines, list):
            if raw_lines is not None:
                self.values.note("bad_line", f"{where}: the ingredients {say(raw_lines)} are no list; left out")
            raw_lines = []
        lines = tuple(line for raw in raw_lines if (line := self._line(raw, where)))
        source_id = whole_id(document.get("id"))
        self._recipes.append(WrittenRecipe(len(self._recipes), where, name, source_id, texts, lines))
        return True

    def batch(self, format: str) -> WrittenBatch:
        """All that was taken in."""
        names = number_repeats([(recipe.name, recipe.where) for recipe in self._recipes], self.values)
        recipes = [
            recipe if recipe.name == name else replace(recipe, name=name)
            for recipe, name in zip(self._recipes, names, strict=True)
        ]
        return WrittenBatch(format, recipes, self.values.notices)

    def _short_text(self, value: Any, inner: Sequence[str], where: str) -> str | None:
        text = _first_text(value, inner)
        if text is None and value not in (None, [], {}, ""):
            self.values.note("bad_text", f"{where}: {say(value)} is no text; left empty")
        return text

    def _line(self, raw: Any, where: str) -> WrittenLine | None:
        if isinstance(raw, dict) and not any(key in raw for key in (*_NAME, "ingredient_id")):
            raw = _first_text(raw, ("text", "original", "@value"))
        if isinstance(raw, dict):
            return self._line_object(raw, where)
        if isinstance(raw, str) and not raw.strip():
            return None
        if not isinstance(raw, str) or (line := split_line(raw)) is None:
            self.values.note("bad_line", f"{where}: the line {say(raw)} names no ingredient; left out")
            return None
        names = (line.name,) if line.name == line.full_name else (line.full_name, line.name)
        return WrittenLine(names, line.amount, line.unit)

    def _line_object(self, raw: dict[str, Any], where: str) -> WrittenLine | None:
        name = _first_text(_value(raw, _NAME), ("name",))
        ingredient_id = whole_id(raw.get("ingredient_id"))
        if ingredient_id is None and not (name and name.strip()):
            self.values.note("bad_line", f"{where}: the line {say(raw)} names no ingredient; left out")
            return None
        amount = _value(raw, ("amount", "quantity"))
        if isinstance(amount, str):
            read = read_amount(amount)
            amount = read if read is not None else amount.strip() or None
        where = f"{where}, ingredient {say(name or ingredient_id)}"
        return WrittenLine(
            (name,) if name else (),
            self.values.number(amount if not isinstance(amount, bool) else str(amount), f"{where}: amount"),
            self.values.label(_first_text(_value(raw, ("unit_name", "unit")), ("name",)), f"{where}: unit"),
            ingredient_id,
            whole_id(raw.get("unit_id")),
        )


def find_recipes(document: Any) -> Iterator[dict[str, Any]]:
    """The objects of the type Recipe in `document`, wherever they stand, in their order."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if _is_recipe(value):
                yield value
            else:
                waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _is_recipe(document: dict[str, Any]) -> bool:
    types = document.get("@type")
    if any(isinstance(kind, str) and kind in _TYPES for kind in (types if isinstance(types, list) else [types])):
        return len(document.keys() - {"@id"}) > 1  # else it only says which one is meant
    return types is None and "recipeIngredient" in document


def _value(document: dict[str, Any], keys: Iterable[str]) -> Any:
    """The value of the first of `keys` that holds something."""
    return next((document[key] for key in keys if document.get(key) not in (None, "", [], {})), None)


def _first_text(value: Any, inner: Sequence[str]) -> str | None:
    """The first text in `value`: itself, an item of it, or what it has under one of the keys `inner`."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = _value(item, inner)
        if isinstance(item, str) and item.strip():
            return item
        if isinstance(item, int | float) and not isinstance(item, bool):
            return str(item)
    return None


def _paragraphs(value: Any) -> Iterator[str]:
    """The texts of steps, and of sections of steps with their names, in their order."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if item.strip():
                yield item.strip()
        elif isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            below = item.get("itemListElement") or item.get("steps") or item.get("item") or []
            waiting.append(below)
            waiting.append(item.get("text") or item.get("name") or "")


def _unmarked(text: str) -> str:
    """`text` without HTML: entities become characters, tags go."""
    text = html.unescape(text)
    if "<" in text:
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return text.strip()
