"""Units of measure: made, listed, and found by what people call them."""

import math

import pytest
from pydantic import ValidationError

from parcook.catalogue.models import RecipeDraft, Unit, UnitDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict
from tests.catalogue.making import grow, refused
from tests.catalogue.outside import Outside


def test_a_unit_comes_out_as_it_went_in(catalogue: Catalogue) -> None:
    ounce = catalogue.units.create(UnitDraft(name=" Fluid  Ounce", abbreviation="fl oz", conversion_to_ml=29.5735))
    assert ounce == Unit(id=1, name="Fluid Ounce", abbreviation="fl oz", conversion_to_ml=29.5735)
    pinch = catalogue.units.create(UnitDraft(name="pinch"))
    assert pinch == Unit(id=2, name="pinch", abbreviation=None, conversion_to_ml=None)
    assert catalogue.units.list().items == [ounce, pinch]


def test_a_name_or_abbreviation_that_already_means_a_unit_is_refused(catalogue: Catalogue) -> None:
    catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
    for draft in (
        UnitDraft(name="OUNCE"),
        UnitDraft(name="Oz"),
        UnitDraft(name="other", abbreviation="Ounce"),
        UnitDraft(name="other", abbreviation=" OZ "),
    ):
        with refused(catalogue, Conflict, "duplicate_name"):
            catalogue.units.create(draft)


def test_a_unit_may_abbreviate_itself(catalogue: Catalogue) -> None:
    assert catalogue.units.create(UnitDraft(name="ml", abbreviation="ml")).abbreviation == "ml"


def test_a_name_wins_over_another_units_abbreviation(catalogue: Catalogue, outside: Outside) -> None:
    outside.run("INSERT INTO units (name, abbreviation) VALUES ('tablespoon', 't')")
    outside.run("INSERT INTO units (name, abbreviation) VALUES ('teaspoon', 't')")
    outside.run("INSERT INTO units (name) VALUES ('T')")
    grow(catalogue, {"Gin": {}})
    recipe = RecipeDraft.model_validate(
        {"name": "Martini", "ingredients": [{"ingredient_name": "gin", "unit_name": "t"}]}
    )
    assert catalogue.recipes.create(recipe).ingredients[0].unit_name == "T"
    outside.run("UPDATE units SET name = 'other' WHERE name = 'T'")
    recipe = recipe.model_copy(update={"name": "Second"})
    assert catalogue.recipes.create(recipe).ingredients[0].unit_name == "tablespoon"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "o\x00z"},
        {"name": "ounce", "abbreviation": "\udead"},
        {"name": "ounce", "abbreviation": "x" * 101},
        {"name": "ounce", "conversion_to_ml": 0},
        {"name": "ounce", "conversion_to_ml": -1},
        {"name": "ounce", "conversion_to_ml": math.nan},
        {"name": "ounce", "conversion_to_ml": math.inf},
        {"name": "ounce", "conversion_to_ml": "29"},
    ],
)
def test_a_unit_that_cannot_be_right_is_no_draft(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        UnitDraft.model_validate(fields)
