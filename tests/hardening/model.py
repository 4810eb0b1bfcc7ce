"""A catalogue as plain dicts: what the product must hold, answer and refuse. No SQL, no folding, nothing clever.

A refusal is `"<status> <code>"`; `None` means the request must succeed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.hardening.naming import Name

MAX_LEVELS = 100
KINDS = ("ingredients", "recipes", "units")

Refusal = str | None
Fault = tuple[int, str]
"""(index of the item, code)"""


@dataclass(frozen=True)
class Ingredient:
    name: Name
    description: str | None = None
    parent_id: int | None = None


@dataclass(frozen=True)
class Unit:
    name: Name
    abbreviation: Name | None = None


@dataclass(frozen=True)
class Line:
    """A recipe's line as it is stored."""

    ingredient_id: int
    amount: float | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Wish:
    """A recipe's line as it is sent: the ingredient and the unit by id, by name or by both."""

    ingredient_id: int | None = None
    ingredient_name: Name | None = None
    amount: float | None = None
    unit_id: int | None = None
    unit_name: Name | None = None

    def body(self) -> dict[str, Any]:
        sent = vars(self) | {key: vars(self)[key].typed for key in ("ingredient_name", "unit_name") if vars(self)[key]}
        return {key: value for key, value in sent.items() if value is not None}


@dataclass(frozen=True)
class Recipe:
    name: Name
    category: str | None = None
    lines: tuple[Line, ...] = ()

    @property
    def listed(self) -> set[int]:
        return {line.ingredient_id for line in self.lines}


@dataclass(frozen=True)
class NewIngredient:
    """An item of a bulk request; `body` overrides what is sent, for items that are none."""

    name: Name
    parent_id: int | None = None
    parent_name: Name | None = None
    garbage: object = None

    def body(self) -> object:
        sent = {
            "name": self.name.typed,
            "parent_id": self.parent_id,
            "parent_name": self.parent_name and self.parent_name.typed,
        }
        return self.garbage or {key: value for key, value in sent.items() if value is not None}


@dataclass(frozen=True)
class NewRecipe:
    """As `NewIngredient`."""

    name: Name
    wishes: tuple[Wish, ...] = ()
    garbage: object = None

    def body(self) -> object:
        return self.garbage or {"name": self.name.typed, "ingredients": [wish.body() for wish in self.wishes]}


@dataclass
class Model:
    ingredients: dict[int, Ingredient] = field(default_factory=dict)
    recipes: dict[int, Recipe] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)

    # The tree

    def ancestry(self, own: int) -> list[int]:
        """The ids from the root down to `own`."""
        line = [own]
        while (parent := self.ingredients[line[-1]].parent_id) is not None:
            line.append(parent)
        return line[::-1]

    def path(self, own: int) -> str:
        return "/" + "".join(f"{ancestor}/" for ancestor in self.ancestry(own))

    def branch(self, own: int) -> set[int]:
        return {other for other in self.ingredients if own in self.ancestry(other)}

    # What is refused

    def ingredient_refused(self, new: Ingredient, own: int | None = None) -> Refusal:
        """Why ingredient `own` may not become `new` (None: why `new` may not be added)."""
        if self._taken(self.ingredients, new.name, own):
            return "409 duplicate_name"
        if new.parent_id is None:
            return None
        if new.parent_id not in self.ingredients:
            return "422 parent_not_found"
        if own is not None and new.parent_id in self.branch(own):
            return "409 cycle"
        above = len(self.ancestry(new.parent_id))
        own_levels = 1 if own is None else self._levels(own)
        return "422 too_deep" if above + own_levels > MAX_LEVELS else None

    def ingredient_kept(self, own: int) -> Refusal:
        """Why ingredient `own` may not be deleted."""
        if any(other.parent_id == own for other in self.ingredients.values()):
            return "409 has_children"
        if any(own in recipe.listed for recipe in self.recipes.values()):
            return "409 in_use"
        return None

    def recipe_refused(self, name: Name, wishes: Iterable[Wish], own: int | None = None) -> Refusal:
        if self._taken(self.recipes, name, own):
            return "409 duplicate_name"
        code = self._line_fault(wishes)
        return code and f"422 {code}"

    def unit_refused(self, new: Unit) -> Refusal:
        known = {label.family for unit in self.units.values() for label in (unit.name, unit.abbreviation) if label}
        wanted = {label.family for label in (new.name, new.abbreviation) if label}
        return "409 duplicate_name" if known & wanted else None

    def bulk_ingredient_faults(self, items: Sequence[NewIngredient]) -> list[Fault]:
        drafts = {index: item for index, item in enumerate(items) if not item.garbage and not _two_parents(item)}
        faults = [(index, "invalid") for index in range(len(items)) if index not in drafts]
        fresh: dict[str, NewIngredient] = {}
        for index, item in drafts.items():
            if item.name.family in fresh or self._taken(self.ingredients, item.name):
                faults.append((index, "duplicate_name"))
            else:
                fresh[item.name.family] = item
        for index, item in drafts.items():
            name = item.parent_name
            lost_name = name is not None and name.family not in fresh and not self._taken(self.ingredients, name)
            if lost_name or (item.parent_id is not None and item.parent_id not in self.ingredients):
                faults.append((index, "parent_not_found"))
        for index, item in drafts.items():
            height = self._height_to_be(item, fresh)
            if item.name.family in fresh and (height is None or height > MAX_LEVELS):
                faults.append((index, "invalid"))
        return sorted(faults)

    def bulk_recipe_faults(self, items: Sequence[NewRecipe]) -> list[Fault]:
        faults, fresh = [], set()
        for index, item in enumerate(items):
            if item.garbage:
                faults.append((index, "invalid"))
                continue
            if item.name.family in fresh or self._taken(self.recipes, item.name):
                faults.append((index, "duplicate_name"))
            fresh.add(item.name.family)
            if code := self._line_fault(item.wishes):
                faults.append((index, code))
        return sorted(faults)

    # What it becomes

    def resolve(self, wishes: Iterable[Wish]) -> tuple[Line, ...]:
        """The lines that are stored for `wishes`, which must all be possible."""
        return tuple(
            Line(
                wish.ingredient_id or self._named(wish.ingredient_name),
                wish.amount,
                wish.unit_id or (self._unit_named(wish.unit_name) if wish.unit_name else None),
            )
            for wish in wishes
        )

    def add_ingredients(self, ids: Sequence[int], items: Sequence[NewIngredient]) -> None:
        """Add the `items` of a bulk request, which came to have these `ids`."""
        for own, item in zip(ids, items, strict=True):
            self.ingredients[own] = Ingredient(item.name, None, item.parent_id)
        for own, item in zip(ids, items, strict=True):
            if item.parent_name:
                parent_id = self._named(item.parent_name)
                self.ingredients[own] = replace(self.ingredients[own], parent_id=parent_id)

    # What is to be seen

    def ingredient_record(self, own: int) -> dict[str, Any]:
        item = self.ingredients[own]
        return {
            "id": own,
            "name": item.name.stored,
            "description": item.description,
            "parent_id": item.parent_id,
            "path": self.path(own),
            "level": len(self.ancestry(own)) - 1,
        }

    def recipe_record(self, own: int) -> dict[str, Any]:
        item = self.recipes[own]
        untouched = dict.fromkeys(("description", "instructions", "source", "source_url", "image_url"))
        lines = [
            {
                "ingredient_id": line.ingredient_id,
                "ingredient_name": self.ingredients[line.ingredient_id].name.stored,
                "amount": line.amount,
                "unit_id": line.unit_id,
                "unit_name": self.units[line.unit_id].name.stored if line.unit_id else None,
            }
            for line in item.lines
        ]
        return {"id": own, "name": item.name.stored, "category": item.category, **untouched, "ingredients": lines}

    def unit_record(self, own: int) -> dict[str, Any]:
        item = self.units[own]
        abbreviation = item.abbreviation and item.abbreviation.stored
        return {"id": own, "name": item.name.stored, "abbreviation": abbreviation, "conversion_to_ml": None}

    def record(self, kind: str, own: int) -> dict[str, Any]:
        records = {"ingredients": self.ingredient_record, "recipes": self.recipe_record, "units": self.unit_record}
        return records[kind](own)

    def usage(self) -> list[dict[str, Any]]:
        """The usage row of every ingredient, most used first."""
        direct: Counter[int] = Counter()
        hierarchical: Counter[int] = Counter()
        uses: Counter[int] = Counter()
        lines_above = {own: self.ancestry(own) for own in self.ingredients}
        for recipe in self.recipes.values():
            listed = recipe.listed
            direct.update(listed)
            uses.update(ancestor for own in listed for ancestor in lines_above[own])
            hierarchical.update({ancestor for own in listed for ancestor in lines_above[own]})
        ranking = sorted(self.ingredients, key=lambda own: (-hierarchical[own], self.ingredients[own].name.stored, own))
        children: dict[int | None, list[str]] = {}
        for own in ranking:
            children.setdefault(self.ingredients[own].parent_id, []).append(self.ingredients[own].name.stored)
        return [
            {
                "ingredient_id": own,
                "ingredient_name": self.ingredients[own].name.stored,
                "parent_id": self.ingredients[own].parent_id,
                "path": self.path(own),
                "level": len(lines_above[own]) - 1,
                "recipe_count": hierarchical[own],
                "direct_usage": direct[own],
                "hierarchical_usage": hierarchical[own],
                "uses": uses[own],
                "has_children": own in children,
                "children_preview": children.get(own, [])[:3],
            }
            for own in ranking
        ]

    def complexity(self) -> list[dict[str, int]]:
        sizes = Counter(len(recipe.lines) for recipe in self.recipes.values())
        return [{"ingredient_count": size, "recipe_count": sizes[size]} for size in sorted(sizes)]

    def meant_by(self, digits: str) -> int:
        """The ingredient of this name, else the one with this id."""
        return next((own for own, item in self.ingredients.items() if item.name.stored == digits), int(digits))

    def found(self, wanted: Sequence[int], unwanted: Sequence[int], category: str | None) -> set[int]:
        """The recipes with something of each branch in `wanted`, nothing of those in `unwanted`, and this category."""
        including, excluding = [self.branch(own) for own in wanted], [self.branch(own) for own in unwanted]
        return {
            own
            for own, recipe in self.recipes.items()
            if all(recipe.listed & branch for branch in including)
            and not any(recipe.listed & branch for branch in excluding)
            and (category is None or (recipe.category or "").upper() == category.upper())
        }

    # Inside

    def _taken(self, items: Mapping[int, Any], name: Name, own: int | None = None) -> bool:
        return any(item.name.family == name.family for other, item in items.items() if other != own)

    def _named(self, name: Name | None) -> int:
        return next(own for own, item in self.ingredients.items() if name and item.name.family == name.family)

    def _unit_named(self, name: Name) -> int | None:
        for own, unit in self.units.items():
            if name.family in {label.family for label in (unit.name, unit.abbreviation) if label}:
                return own
        return None

    def _levels(self, own: int) -> int:
        """How many levels the branch of `own` has, its own included."""
        return max(len(self.ancestry(other)) for other in self.branch(own)) - len(self.ancestry(own)) + 1

    def _line_fault(self, wishes: Iterable[Wish]) -> str | None:
        seen: set[int] = set()
        for wish in wishes:
            name = wish.ingredient_name
            named = self._named(name) if name is not None and self._taken(self.ingredients, name) else None
            own = named if wish.ingredient_id is None else wish.ingredient_id
            if own not in self.ingredients or (name is not None and named != own):
                return "ingredient_not_found"
            if own in seen:
                return "duplicate_ingredient"
            seen.add(own)
            unit = wish.unit_id if wish.unit_name is None else self._unit_named(wish.unit_name)
            unknown = unit not in self.units if unit is not None else wish.unit_name is not None
            if unknown or (wish.unit_id is not None and wish.unit_id != unit):
                return "unit_not_found"
        return None

    def _height_to_be(self, item: NewIngredient, fresh: Mapping[str, NewIngredient]) -> int | None:
        """How many levels there would be down to `item`, those above included; None if it stood below itself."""
        current, levels, seen = fresh.get(item.name.family, item), 1, {item.name.family}
        while current.parent_name is not None and current.parent_name.family in fresh:
            if current.parent_name.family in seen:
                return None
            seen.add(current.parent_name.family)
            current, levels = fresh[current.parent_name.family], levels + 1
        parent = current.parent_id
        if current.parent_name is not None and self._taken(self.ingredients, current.parent_name):
            parent = self._named(current.parent_name)
        return levels + (len(self.ancestry(parent)) if parent in self.ingredients else 0)


def _two_parents(item: NewIngredient) -> bool:
    return item.parent_id is not None and item.parent_name is not None
