"""When two names are one name: case, Unicode case, white space, composed and decomposed letters."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.catalogue.models import IngredientDraft, RecipeDraft, UnitDraft
from parcook.catalogue.names import clean_name, name_key
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict
from tests.catalogue.making import grow, mix, refused
from tests.catalogue.outside import Outside

SAME = [
    ("Gin", "gin"),
    ("Gin", "  GIN  "),
    ("Sloe Gin", "sloe\u00a0\u2003gin"),
    ("Sloe Gin", "Sloe \t\r\n Gin"),
    ("Éclair", "éclair"),
    ("Éclair", unicodedata.normalize("NFD", "ÉCLAIR")),
    ("Crème de Cassis", unicodedata.normalize("NFD", "crème de cassis")),
    ("Weißwein", "WEISSWEIN"),
    ("Weißwein", "weiẞwein"),
    ("ΟΥΖΟΣ", "ουζος"),
    ("İzmir", unicodedata.normalize("NFD", "İzmir").lower()),
    ("ﬁno", "FINO"),
    ("ᾳ", "ΑΙ"),
    ("Å", "\u212b"),
]
DIFFERENT = [("Creme", "Crème"), ("ist", "İst"), ("Gin", "G in"), ("Ilik", "ılık"), ("x²", "x2"), ("café", "cafe")]

Create = Callable[[Catalogue, str], object]
CREATORS: dict[str, Create] = {
    "ingredient": lambda catalogue, name: catalogue.ingredients.create(IngredientDraft(name=name)),
    "recipe": lambda catalogue, name: catalogue.recipes.create(RecipeDraft(name=name)),
    "unit": lambda catalogue, name: catalogue.units.create(UnitDraft(name=name)),
}


@pytest.mark.parametrize("create", CREATORS.values(), ids=CREATORS.keys())
def test_a_name_that_is_the_same_but_for_case_spaces_and_composition_is_taken(
    catalogue: Catalogue, create: Create
) -> None:
    for number, (first, second) in enumerate(SAME):
        create(catalogue, f"{number} {first}")
        with refused(catalogue, Conflict, "duplicate_name") as caught:
            create(catalogue, f"{number} {second}")
        assert f"'{number} " in caught.value.detail


@pytest.mark.parametrize("create", CREATORS.values(), ids=CREATORS.keys())
def test_names_that_differ_in_an_accent_or_a_letter_are_two(catalogue: Catalogue, create: Create) -> None:
    for number, pair in enumerate(DIFFERENT):
        for name in pair:
            create(catalogue, f"{number} {name}")


def test_a_name_is_stored_trimmed_folded_and_composed(catalogue: Catalogue) -> None:
    given_name = unicodedata.normalize("NFD", "\u00a0 Crème\tde \u2009 Cassis \n")
    assert catalogue.ingredients.create(IngredientDraft(name=given_name)).name == "Crème de Cassis"


def test_an_ingredient_and_a_recipe_may_share_a_name(catalogue: Catalogue) -> None:
    grow(catalogue, {"Limoncello": {}})
    mix(catalogue, "Limoncello")
    assert catalogue.counts() == {"recipes": 1, "ingredients": 1}


def test_a_name_can_be_changed_to_another_form_of_itself_and_back(catalogue: Catalogue) -> None:
    for number, (first, second) in enumerate(SAME):
        names = [clean_name(f"{number} {form}") for form in (first, second, first)]
        gin, martini = grow(catalogue, {names[0]: {}})[names[0]], mix(catalogue, names[0])
        for name in names[1:]:
            assert catalogue.ingredients.patch(gin, {"name": name}).name == name
            assert catalogue.recipes.patch(martini, {"name": name}).name == name
        with refused(catalogue, Conflict, "duplicate_name"):
            catalogue.ingredients.create(IngredientDraft(name=names[1]))
        with refused(catalogue, Conflict, "duplicate_name"):
            catalogue.recipes.create(RecipeDraft(name=names[1]))


def test_a_rename_to_a_taken_name_is_refused_whoever_has_it(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Éclair": {"Gin": {}}})
    mix(catalogue, "Straße")
    martini = mix(catalogue, "Martini")
    for attempt in (
        lambda: catalogue.ingredients.patch(ids["Gin"], {"name": "éclair"}),
        lambda: catalogue.ingredients.replace(ids["Gin"], IngredientDraft(name="ÉCLAIR")),
        lambda: catalogue.recipes.patch(martini, {"name": "STRASSE"}),
        lambda: catalogue.recipes.replace(martini, RecipeDraft(name="strasse")),
    ):
        with refused(catalogue, Conflict, "duplicate_name"):
            attempt()


def test_a_freed_name_can_be_taken_at_once(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Gin": {}, "Rum": {}})
    catalogue.ingredients.patch(ids["Gin"], {"name": "Genever"})
    assert catalogue.ingredients.patch(ids["Rum"], {"name": "GIN"}).name == "GIN"
    catalogue.ingredients.delete(ids["Gin"])
    grow(catalogue, {"genever": {}})


def test_a_rename_is_not_stopped_by_the_rough_key_of_a_row_from_outside(catalogue: Catalogue, outside: Outside) -> None:
    for table in ("ingredients", "recipes"):
        outside.run(f"INSERT INTO {table} (name) VALUES ('straße')")
        assert outside.rows(f"SELECT name_key FROM {table}") == [("straße",)]
    gin, martini = grow(catalogue, {"Gin": {}})["Gin"], mix(catalogue, "Martini")
    assert catalogue.ingredients.patch(gin, {"name": "straße"}).name == "straße"
    assert catalogue.recipes.patch(martini, {"name": "straße"}).name == "straße"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip))
def test_cleaning_a_name_is_done_once_and_does_not_change_what_it_is_the_same_as(name: str) -> None:
    cleaned = clean_name(name)
    assert clean_name(cleaned) == cleaned
    assert name_key(cleaned) == name_key(name)
    assert name_key(name_key(name)) == name_key(name)
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name))


def test_a_name_may_have_200_characters_counted_after_folding() -> None:
    assert len(clean_name("  " + " \t x" * 99 + "  yz  ")) == 200
    with pytest.raises(ValueError, match="at most 200 characters, has 201"):
        clean_name("x" * 201)


def test_marks_in_another_order_make_the_same_name() -> None:
    assert name_key("α\u0345\u0301") == name_key("ᾴ")
