"""Finding recipes: what a text, an ingredient and a category match, on both databases."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.catalogue.importing import import_file
from parcook.catalogue.models import RecipeDraft
from parcook.catalogue.names import clean_name, search_key
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.errors import Invalid
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside
from tests.catalogue.searching import WAYS, find, going
from tests.catalogue.test_migrations import open_at

# Text


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Old Fashioned", ["old", "FASH", "d F", "Old Fashioned", "  old \t\u00a0 fashioned\n", "d"]),
        ("Crème Brûlée", ["creme", "CRÈME", "bru\u0302le\u0301e", "ulee", "e b", "crème brulée"]),
        ("Piña Colada", ["pina", "PIÑA", "pin\u0303a", "ñ", "n"]),
        ("Jøtun Straße", ["jotun", "JØTUN", "strasse", "STRASSE", "straße", "STRAẞE", "ss"]),
        ("İzmir Işığı", ["izmir", "İZMİR", "i\u0307zmir", "isigi", "IŞIĞI", "ışığı"]),
        ("Cœur de Þór", ["coeur", "CŒUR", "thor", "ÞÓR"]),
        ("ﬁno ℡ Ⅷ №5", ["fino", "tel", "viii", "no5", "FINO TEL"]),
        ("Белый Русский", ["белый", "БЕЛЫИ", "русскии"]),
        ("ΟΥΖΟΣ Ὀδυσσεύς", ["ουζος", "ουζοσ", "ΟΔΥΣΣΕΥΣ"]),
        ("100% Agave_Azul \\ /x", ["0%", "%", "_", "e_a", "\\", "\\ /", "/x", "/", "100% agave_azul \\ /x"]),
        ('Don\'t "Quote" [a-z]*?', ["don't", '"quote"', "[a-z]", "*", "?", "]*?"]),
        ("하이볼 ハイボール", ["하이볼", "하이", "ハイボール", "ﾊｲﾎﾞｰﾙ"]),
    ],
)
def test_a_name_is_found_by_a_part_of_it_case_and_accents_aside(
    catalogue: Catalogue, name: str, texts: list[str]
) -> None:
    mix(catalogue, name)
    mix(catalogue, "Xyzzy")
    for part in texts:
        for form in ("NFC", "NFD"):
            assert find(catalogue, text=unicodedata.normalize(form, part)) == [clean_name(name)], part


def test_what_sql_would_read_as_a_pattern_stands_for_itself(catalogue: Catalogue) -> None:
    for name in ("50% Rum", "500 Rum", "Snake_Bite", "SnakeXBite", "Back\\slash", "[A]", "A*"):
        mix(catalogue, name)
    assert find(catalogue, text="0% r") == ["50% Rum"]
    assert find(catalogue, text="e_b") == ["Snake_Bite"]
    assert find(catalogue, text="k\\s") == ["Back\\slash"]
    assert find(catalogue, text="[a]") == ["[A]"]
    assert find(catalogue, text="a*") == ["A*"]
    for nothing in ("%%", "50%rum", "_nake", "r__", "\\%", "/%", "' OR 1=1 --", "snake\\_bite"):
        assert find(catalogue, text=nothing) == []


def test_a_text_of_which_nothing_is_left_holds_nobody_back(catalogue: Catalogue) -> None:
    for name in ("b", "a"):
        mix(catalogue, name)
    for nothing in (None, "", " \t\u00a0", "\u0301"):
        assert find(catalogue, text=nothing) == ["a", "b"]
    for nothing in (None, "", "  "):
        assert find(catalogue, category=nothing) == ["a", "b"]


def test_a_text_that_no_database_can_hold_is_invalid(catalogue: Catalogue) -> None:
    for bad in ("\x00", "a\x00b", "\ud800", "a\udfff"):
        for criteria in ({"text": bad}, {"category": bad}, {"ingredients": [bad]}, {"excluded": [bad]}):
            with pytest.raises(Invalid) as caught:
                find(catalogue, **criteria)
            assert caught.value.code == "invalid"


short_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)


@given(short_texts, short_texts, short_texts)
def test_every_part_of_a_name_is_in_its_search_key(before: str, part: str, after: str) -> None:
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, f"{before}{part}{after}")
        assert search_key(part) in search_key(name)
    assert search_key(part.lower()) == search_key(part.upper()) == search_key(part)


def test_folding_any_character_again_changes_nothing() -> None:
    characters = (chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF)
    assert [character for character in characters if search_key(search_key(character)) != search_key(character)] == []


# Who wrote the name


def test_a_renamed_recipe_is_found_by_its_new_name_alone(catalogue: Catalogue) -> None:
    own_id = mix(catalogue, "Café Noir")
    for name in ("Thé Vert", "THÉ VERT", "the vert", "Œil"):
        catalogue.recipes.patch(own_id, {"name": name})
        assert find(catalogue, text="cafe") == []
        assert find(catalogue, text=name) == find(catalogue, text=search_key(name)) == [name]
    catalogue.recipes.replace(own_id, RecipeDraft(name="Crème"))
    assert find(catalogue, text="oeil") == []
    assert find(catalogue, text="creme") == ["Crème"]


@pytest.mark.parametrize(
    "columns", [("name",), ("name", "name_key"), ("name", "name_key", "search_key")], ids=lambda given: given[-1]
)
def test_a_recipe_that_a_shell_wrote_is_found_as_any_other(
    catalogue: Catalogue, outside: Outside, columns: tuple[str, ...]
) -> None:
    names = ["Plain JANE", "CRÈME Frappée", "Белый РУССКИЙ", "  Two  Spaces ", "Tab\tbed", "100%_\\"]
    for name in names:
        values = {"name": name, "name_key": name.lower(), "search_key": search_key(name)}
        marks = ", ".join("?" for _ in columns)
        statement = f"INSERT INTO recipes ({', '.join(columns)}) VALUES ({marks})"
        outside.run(statement, *(values[column] for column in columns))
    for name in names:
        assert find(catalogue, text=name) == [name]
    assert find(catalogue, text="creme frappee") == ["CRÈME Frappée"]
    assert find(catalogue, text="белыи русскии") == ["Белый РУССКИЙ"]
    assert find(catalogue, text="o s") == ["  Two  Spaces "]
    assert find(catalogue, text="b b") == ["Tab\tbed"]
    assert find(catalogue, text="e") == sorted(["CRÈME Frappée", "  Two  Spaces ", "Plain JANE", "Tab\tbed"])


@pytest.mark.parametrize("new_name", ["Piña", "Plain", "  Two  Spaces"])
@pytest.mark.parametrize("old_name", ["Café", "Cafe", "Ca  fé"])
def test_a_recipe_that_a_shell_renamed_is_found_by_its_new_name_alone(
    catalogue: Catalogue, outside: Outside, old_name: str, new_name: str
) -> None:
    by_api, by_shell = mix(catalogue, old_name), 77
    outside.run("INSERT INTO recipes (id, name) VALUES (?, ?)", by_shell, f"{old_name} 2")
    outside.run("UPDATE recipes SET name = ? WHERE id = ?", new_name, by_api)
    outside.run("UPDATE recipes SET name = ? WHERE id = ?", f"{new_name} 2", by_shell)
    assert find(catalogue, text=old_name) == []
    assert find(catalogue, text=search_key(new_name)) == [new_name, f"{new_name} 2"]
    catalogue.recipes.patch(by_shell, {"name": "Crème"})
    assert find(catalogue, text="creme") == ["Crème"]
    assert outside.rows("SELECT search_key FROM recipes WHERE id = ?", by_shell) == [("creme",)]


def test_the_key_of_a_plain_name_is_made_by_sql_and_no_other(catalogue: Catalogue, outside: Outside) -> None:
    plain = [f"{point} {chr(point)}." for point in range(0x20, 0x7F)]
    names = [*plain, "  Trimmed ", "é", "a\u007f", "a\tb", "a  b", "\u212a"]
    outside.run_for_all("INSERT INTO recipes (name)", [[name] for name in names])
    keys = dict(outside.rows("SELECT name, search_key FROM recipes"))
    folded = {name: key for name, key in keys.items() if key is not None}
    assert folded == {name: search_key(name) for name in [*plain[1:], "  Trimmed "]}  # the first has two spaces


def test_recipes_of_a_bulk_request_and_of_an_import_are_found(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.bulk.create_recipes([{"name": "Crème Brûlée"}])
    file = tmp_path / "bar.json"
    file.write_text('{"recipes": [{"name": "Crème Caramel", "ingredients": []}]}')
    import_file(catalogue, file)
    assert find(catalogue, text="CREME") == ["Crème Brûlée", "Crème Caramel"]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    return request.getfixturevalue("postgres_server").bare_database()


def test_recipes_from_before_there_was_a_search_are_found(bare_url: str) -> None:
    open_at(bare_url, "0002")
    outside = Outside(bare_url)
    outside.run("INSERT INTO ingredients (id, name) VALUES (1, 'Rum')")
    names = ["Piña Colada", "PLAIN", "  Two  Spaces", *(f"Número {n}" for n in range(2_500))]
    outside.run_for_all("INSERT INTO recipes (name)", [[name] for name in names])
    outside.run("INSERT INTO recipe_ingredients (recipe_id, ingredient_id) SELECT id, 1 FROM recipes")
    opened = open_catalogue(bare_url)
    keys = dict(outside.rows("SELECT name, search_key FROM recipes"))
    outside.close()
    assert keys == {name: search_key(name) for name in names}
    assert find(opened, text="pina") == ["Piña Colada"]
    assert len(find(opened, text="numero", ingredients=["rum"])) == 2_500
    opened.close()


# Ingredients and categories

BAR = {"Spirits": {"Gin": {"Dry Gin": {}, "Sloe Gin": {}}, "Rum": {}}, "Juice": {"Lime": {}, "Crème": {}}, "Salt": {}}
DRINKS = {
    "Air": [],
    "Bloom": ["Sloe Gin"],
    "Crush": ["Gin", "Lime"],
    "Daisy": ["Rum", "Lime", "Dry Gin"],
    "Egg": ["Crème"],
    "Flip": ["Spirits"],
    "Gin": ["Gin", "Dry Gin", "Sloe Gin", "Salt"],
}


@pytest.fixture
def bar(catalogue: Catalogue) -> dict[str, int]:
    ids = grow(catalogue, BAR)
    for name, contents in DRINKS.items():
        mix(catalogue, name, [ids[ingredient] for ingredient in contents])
    return ids


@pytest.mark.parametrize("way", WAYS)
def test_an_ingredient_means_itself_and_all_below_it_in_and_out(
    catalogue: Catalogue, bar: dict[str, int], way: str
) -> None:
    expected: list[tuple[list[str], list[str], str]] = [
        (["Gin"], [], "Bloom Crush Daisy Gin"),
        (["Spirits"], [], "Bloom Crush Daisy Flip Gin"),
        (["Dry Gin"], [], "Daisy Gin"),
        (["Gin", "Lime"], [], "Crush Daisy"),
        (["Gin", "Rum"], [], "Daisy"),
        (["Gin", "Spirits"], [], "Bloom Crush Daisy Gin"),
        (["Dry Gin", "Sloe Gin"], [], "Gin"),
        (["Gin", "Gin"], [], "Bloom Crush Daisy Gin"),
        (["Rum", "Salt"], [], ""),
        ([], ["Spirits"], "Air Egg"),
        ([], ["Gin"], "Air Egg Flip"),
        ([], ["Gin", "Spirits"], "Air Egg"),
        ([], ["Dry Gin", "Juice"], "Air Bloom Flip"),
        ([], ["Spirits", "Juice", "Salt"], "Air"),
        (["Spirits"], ["Dry Gin"], "Bloom Crush Flip"),
        (["Spirits"], ["Gin", "Rum"], "Flip"),
        (["Gin"], ["Dry Gin", "Sloe Gin"], "Crush"),
        (["Gin"], ["Gin"], ""),
        (["Gin"], ["Spirits"], ""),
        (["Juice", "Gin"], ["Rum"], "Crush"),
    ]
    with going(way):
        for included, excluded, names in expected:
            found = find(catalogue, ingredients=included, excluded=excluded)
            assert found == names.split(), (included, excluded)
            by_id = [[str(bar[name]) for name in group] for group in (included, excluded)]
            assert find(catalogue, limit=1, ingredients=by_id[0], excluded=by_id[1]) == found


def test_ids_that_start_alike_are_not_taken_for_one_another(catalogue: Catalogue, outside: Outside) -> None:
    parents = {1: None, 10: None, 100: 10, 1000: 1, 2: 1, 20: 1, 12: 2, 11: 100}
    for own_id, parent_id in parents.items():
        values = (own_id, f"n{own_id}", parent_id)
        outside.run("INSERT INTO ingredients (id, name, parent_id) VALUES (?, ?, ?)", *values)
        mix(catalogue, f"r{own_id}", [own_id])
    mix(catalogue, "r")
    below = {1: {1, 1000, 2, 20, 12}, 10: {10, 100, 11}, 100: {100, 11}, 2: {2, 12}, 20: {20}, 11: {11}, 12: {12}}
    for way in WAYS:
        with going(way):
            for own_id, branch in below.items():
                assert find(catalogue, ingredients=[str(own_id)]) == sorted(f"r{n}" for n in branch)
                others = parents.keys() - branch
                assert find(catalogue, excluded=[str(own_id)]) == sorted(["r", *(f"r{n}" for n in others)])


def test_an_ingredient_goes_by_its_exact_name_in_any_case_or_by_its_id(
    catalogue: Catalogue, bar: dict[str, int]
) -> None:
    for reference in ("Crème", "CRÈME", "cre\u0300me", "  crème\u00a0", str(bar["Crème"])):
        assert find(catalogue, ingredients=[reference]) == ["Egg"]
    mix(catalogue, "Licor", [grow(catalogue, {"1": {}})["1"]])
    assert bar["Spirits"] == 1
    assert find(catalogue, ingredients=["1"]) == ["Licor"]  # a name goes before an id


@pytest.mark.parametrize(
    "reference", ["Creme", "Gi", "Gin ist", "", " ", "%", "999", "0", "-1", "1.0", "+1", "1e0", "１", "²", "9" * 19]
)
def test_an_ingredient_that_is_not_there_is_named(catalogue: Catalogue, bar: dict[str, int], reference: str) -> None:
    for criteria in ({"ingredients": ["Gin", reference]}, {"excluded": [reference]}):
        with pytest.raises(Invalid) as caught:
            find(catalogue, **criteria)
        assert caught.value.code == "ingredient_not_found"
        assert repr(reference) in caught.value.detail


def test_a_category_matches_whole_case_and_composition_aside(catalogue: Catalogue, outside: Outside) -> None:
    stored = {"a": "Digéstif", "b": "digéstif", "c": "Digestif", "d": "Digéstif!", "e": None, "f": "Straße", "g": "50%"}
    for name, category in stored.items():
        catalogue.recipes.create(RecipeDraft(name=name, category=category))
    outside.run("INSERT INTO recipes (name, category) VALUES ('h', 'DIGÉSTIF ')")
    for spelling in ("Digéstif", "DIGÉSTIF", " dige\u0301stif "):
        assert find(catalogue, category=spelling) == ["a", "b", "h"]
    assert find(catalogue, category="STRASSE") == ["f"]
    assert find(catalogue, category="50%") == ["g"]
    for nothing in ("Dig", "%", "_", "None", "igéstif"):
        assert find(catalogue, category=nothing) == []
    assert find(catalogue, category="digéstif", text="b") == ["b"]


def test_an_empty_catalogue_holds_nothing(catalogue: Catalogue) -> None:
    assert find(catalogue, text="a", category="b") == []
    grow(catalogue, {"Gin": {}, "Rum": {}})
    assert find(catalogue, ingredients=["Gin"], excluded=["Rum"]) == []
