"""What written recipes mean, beside the catalogue: which of its ingredients and units, and what is to be made.

An ingredient is found by its name, or by another grammatical number of it; a unit by its name, its abbreviation
or a usual spelling. What is not found is made, an ingredient as a root, and noted with where it was first met.
"""

from parcook.catalogue.importing.batch import Batch, IngredientItem, LineItem, Progress, RecipeItem, UnitItem
from parcook.catalogue.importing.measures import Measure, find_measure
from parcook.catalogue.importing.plurals import other_forms
from parcook.catalogue.importing.references import Known
from parcook.catalogue.importing.repeats import Lines
from parcook.catalogue.importing.values import Values, say
from parcook.catalogue.importing.written import WrittenBatch, WrittenLine, WrittenRecipe
from parcook.catalogue.models import MAX_LINES
from parcook.catalogue.names import name_key

_EVERY = 200


def link(written: WrittenBatch, known: Known, progress: Progress) -> Batch:
    """The batch that `written` means in a catalogue that has what is `known`."""
    linking = _Linking(known)
    recipes = []
    for number, recipe in enumerate(written.recipes, 1):
        recipes.append(linking.recipe(recipe))
        if number % _EVERY == 0 or number == len(written.recipes):
            progress("checking", number, len(written.recipes))
    return Batch(
        format=written.format,
        units=list(linking.units.values()),
        ingredients=list(linking.ingredients.values()),
        recipes=recipes,
        warnings=[*written.warnings, *linking.values.notices],
    )


class _Linking:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._ingredient_keys = {ingredient_id: key for key, ingredient_id in known.ingredient_ids.items()}
        self._unit_keys = {known.unit_ids[key]: key for key in known.unit_names}
        self._found_ingredients: dict[tuple[str, ...], str | None] = {}
        self._found_units: dict[str, str | None] = {}
        self._same: set[str] = set()
        self.values = Values()
        self.ingredients: dict[str, IngredientItem] = {}
        self.units: dict[str, UnitItem] = {}

    def recipe(self, recipe: WrittenRecipe) -> RecipeItem:
        item = RecipeItem(recipe.place, recipe.name, recipe.source_id, texts=recipe.texts)
        if item.key in self._known.recipe_names:  # it stays as it is: nothing is to be made for it
            return item
        lines = Lines()
        for written in recipe.lines:
            where = f"{recipe.where}, ingredient {say(written.names[-1] if written.names else written.ingredient_id)}"
            ingredient = self._ingredient(written, recipe.where, where)
            if ingredient is not None:
                unit = self._unit(written, recipe.where, where)
                lines.add(ingredient, LineItem(ingredient, unit_key=unit, amount=written.amount), where)
        lines.note_merged(self.values)
        merged = tuple(lines.merged.values())
        if len(merged) > MAX_LINES:
            self.values.note("too_many_lines", f"{recipe.where}: has {len(merged)} ingredients; cut to {MAX_LINES}")
        return RecipeItem(recipe.place, recipe.name, recipe.source_id, texts=recipe.texts, lines=merged[:MAX_LINES])

    def _ingredient(self, line: WrittenLine, recipe: str, where: str) -> str | None:
        """The key of the ingredient that `line` names; None if it can be none."""
        if line.ingredient_id is not None:
            if key := self._ingredient_keys.get(line.ingredient_id):
                return self._use_ingredient(key)
            does = "its name counts" if line.names else "left out"
            self.values.note("orphan", f"{where}: there is no ingredient {line.ingredient_id} in the catalogue; {does}")
            if not line.names:
                return None
        if line.names not in self._found_ingredients:
            self._found_ingredients[line.names] = self._find_ingredient(line.names) or self._make_ingredient(
                line.names[-1], recipe
            )
        return self._found_ingredients[line.names]

    def _find_ingredient(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            key = name_key(name)
            for form in (key, *other_forms(key)):
                if form in self._known.ingredient_ids or form in self.ingredients:
                    if form != key and key not in self._same:
                        self._same.add(key)
                        self.values.note("same_ingredient", f"ingredient {say(name)}: taken for {say(form)}")
                    return self._use_ingredient(form)
        return None

    def _use_ingredient(self, key: str) -> str:
        if key not in self.ingredients:
            self.ingredients[key] = IngredientItem(len(self.ingredients), key, is_record=False)
        return key

    def _make_ingredient(self, raw_name: str, recipe: str) -> str | None:
        name = self.values.name(raw_name, f"{recipe}: ingredient {say(raw_name)}")
        if name is None:
            return None
        item = IngredientItem(len(self.ingredients), name, is_record=False)
        if item.key in self._known.ingredient_ids or item.key in self.ingredients:  # once it was mended
            return self._use_ingredient(item.key)
        self.ingredients[item.key] = item
        self.values.note("new_ingredient", f"ingredient {say(name)}: not known, made a root; first in {recipe}")
        return item.key

    def _unit(self, line: WrittenLine, recipe: str, where: str) -> str | None:
        """The key of the unit of `line`, if it has one."""
        if line.unit_id is not None:
            if line.unit_id in self._known.unit_ids.values():
                return self._use_unit(line.unit_id)
            self.values.note("unknown_unit", f"{where}: there is no unit {line.unit_id} in the catalogue")
        if line.unit is None:
            return None
        if line.unit not in self._found_units:
            self._found_units[line.unit] = self._find_unit(line.unit) or self._make_unit(line.unit, recipe)
        return self._found_units[line.unit]

    def _find_unit(self, unit: str) -> str | None:
        measure = find_measure(unit)
        labels = (unit, *(_labels(measure) if measure else ()))
        for key in map(name_key, labels):
            if key in self._known.unit_ids:
                return self._use_unit(self._known.unit_ids[key])
            if key in self.units:
                return key
        return None

    def _use_unit(self, unit_id: int) -> str:
        key = self._unit_keys[unit_id]
        if key not in self.units:
            self.units[key] = UnitItem(len(self.units), key, is_record=False)
        return key

    def _make_unit(self, unit: str, recipe: str) -> str:
        measure = find_measure(unit)
        abbreviation = measure.abbreviation if measure else None
        if abbreviation and name_key(abbreviation) in self._known.unit_ids:
            abbreviation = None
        item = UnitItem(
            len(self.units),
            measure.name if measure else unit,
            abbreviation=abbreviation,
            conversion_to_ml=measure.conversion_to_ml if measure else None,
            is_record=False,
        )
        self.units[item.key] = item
        self.values.note("new_unit", f"unit {say(item.name)}: not known, made; first in {recipe}")
        return item.key


def _labels(measure: Measure) -> list[str]:
    """All that the unit may be called in a catalogue; not single letters, which may be anything there."""
    labels = [label for label in (measure.name, measure.abbreviation, *measure.spellings) if label]
    return [form for label in labels if len(label) > 1 for form in (label, *other_forms(label))]
