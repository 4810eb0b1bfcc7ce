"""Finding recipes: what a text, an ingredient and a category match, on both databases, and by which indexes."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, text

from parcook.catalogue import search
from parcook.catalogue.database import Database
from parcook.catalogue.importing import import_file
from parcook.catalogue.models import Recipe, RecipeDraft
from parcook.catalogue.names import clean_name, name_key, search_key
from parcook.catalogue.recipes import recipe_keys
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.errors import Invalid
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside
from tests.catalogue.test_migrations import open_at
from tests.servers.postgres import PostgresServer

# The ways a search can go, whatever the size of the catalogue.
WAYS = {
    "as it is": {name: getattr(search, name) for name in ("VERY_NARROW", "NARROW", "SAMPLE", "ENOUGH", "ASKING")},
    "not walked": {"VERY_NARROW": 1_000_000},
    "asked": {"VERY_NARROW": -1, "ENOUGH": 0},
    "asked if a sample has it": {"VERY_NARROW": -1, "SAMPLE": 1, "ENOUGH": 1},
    "looked up": {"VERY_NARROW": -1, "ENOUGH": 1_000, "NARROW": 1_000_000, "ASKING": 1_000_000},
    "looked up or asked": {"VERY_NARROW": -1, "ENOUGH": 1_000, "NARROW": 2, "ASKING": 1},
}
WALKS = [way for way in WAYS if way != "not walked"]


@contextmanager
def going(way: str) -> Iterator[None]:
    """Searches go this one of `WAYS`."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in WAYS[way].items():
            patched.setattr(search, name, value)
        yield


def all_pages(database: Database, criteria: Criteria, limit: int) -> Iterator[list[Recipe]]:
    """The recipes of each page; every page but the last is full, and none but the only one is empty."""
    page = search_recipes(database, criteria, None, limit)
    yield page.items
    while page.next_cursor is not None:
        assert len(page.items) == limit
        page = search_recipes(database, criteria, page.next_cursor, limit)
        assert page.items
        yield page.items


def find(catalogue: Catalogue, limit: int = 200, **criteria: Any) -> list[str]:
    """The names found, over all pages."""
    return [recipe.name for page in all_pages(catalogue.database, Criteria(**criteria), limit) for recipe in page]


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


# Everything at once, against a search that is plainly right

IDS = (1, 10, 100, 1000, 2, 20, 200, 11, 12, 21, 101, 110)
NAMES = ("Gin", "Dry Gin", "Crème", "10", "100", "2", "Straße", "Lime", "K%_")
letters = st.sampled_from("aAéÉe\u0301ß sSoø%_\\/İiI😀")
categories = st.sampled_from(["Sour", "SOUR", "Soür", "sour ", "Straße", "strasse"])


@dataclass
class World:
    """A catalogue as Python has it: recipes are (id, name, category, ingredient ids, whether a shell wrote it)."""

    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    recipes: list[tuple[int, str, str | None, frozenset[int], bool]] = field(default_factory=list)

    def write(self, database: Database) -> None:
        """Make `database` hold this and nothing else."""
        with database.write() as connection:
            for table in (recipe_ingredients, recipes, ingredients):
                connection.execute(delete(table))
            if self.names:  # parents stand before their children
                rows = [{"id": n, "name": name, "name_key": name_key(name)} for n, name in self.names.items()]
                connection.execute(insert(ingredients), [row | {"parent_id": self.parents[row["id"]]} for row in rows])
            for own_id, name, category, contents, by_shell in self.recipes:
                keys = recipe_keys(name) | ({"search_key": None} if by_shell else {})
                connection.execute(insert(recipes).values(id=own_id, name=name, category=category, **keys))
                lines = [{"recipe_id": own_id, "ingredient_id": ingredient} for ingredient in contents]
                if lines:
                    connection.execute(insert(recipe_ingredients), lines)

    def find(self, criteria: Criteria) -> list[int]:
        """The ids of the recipes that meet `criteria`, in order."""
        wanted, unwanted = (
            [self._branch(reference) for reference in references]
            for references in (criteria.ingredients, criteria.excluded)
        )
        found = [
            (name, own_id)
            for own_id, name, category, contents, _ in self.recipes
            if search_key(criteria.text or "") in search_key(name)
            and (criteria.category is None or (category and name_key(category) == name_key(criteria.category)))
            and all(branch & contents for branch in wanted)
            and not any(branch & contents for branch in unwanted)
        ]
        return [own_id for _, own_id in sorted(found)]

    def _branch(self, reference: str) -> set[int]:
        named = [n for n, name in self.names.items() if name_key(name) == name_key(reference)]
        branch = set(named or [int(reference)])
        for n, parent in self.parents.items():
            if parent in branch:
                branch.add(n)
        return branch


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    for own_id, name in zip(
        draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1)),
        draw(st.permutations([*NAMES, "a", "b", "c"])),
        strict=False,
    ):
        world.parents[own_id] = draw(st.sampled_from([None, *world.names]))
        world.names[own_id] = name
    names = draw(st.lists(st.text(letters, min_size=1, max_size=5), max_size=12, unique_by=lambda n: name_key(n)))
    for own_id, name in enumerate([clean_name(name) for name in names if name_key(name)], 1):
        contents = draw(st.frozensets(st.sampled_from(sorted(world.names)), max_size=4))
        category = draw(st.none() | categories)
        world.recipes.append((own_id, name, category, contents, draw(st.booleans())))
    draw(st.randoms(use_true_random=False)).shuffle(world.recipes)
    return world


@st.composite
def questions(draw: st.DrawFn, world: World) -> Criteria:
    references = [str(n) for n in world.names] + [name.upper() for name in world.names.values()]
    some = st.lists(st.sampled_from(references), max_size=3)
    return Criteria(
        text=draw(st.none() | st.text(letters, max_size=2)),
        ingredients=draw(some),
        excluded=draw(some),
        category=draw(st.none() | categories),
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[list[Database]]:
    """A catalogue on each kind of database, for many examples."""
    urls = [f"sqlite:///{tmp_path_factory.mktemp('search') / 'catalogue.db'}", postgres_server.new_database()]
    opened = [open_catalogue(url) for url in urls]
    yield [catalogue.database for catalogue in opened]
    for catalogue in opened:
        catalogue.close()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_both_databases_find_what_a_plain_search_finds_whichever_way_they_go(
    both: list[Database], data: st.DataObject
) -> None:
    world = data.draw(worlds())
    asked = data.draw(st.lists(questions(world), min_size=1, max_size=6))
    for database in both:
        world.write(database)
    for criteria in asked:
        limit = data.draw(st.integers(1, 4))
        expected = world.find(criteria)
        for database in both:
            for way in WAYS:
                with going(way):
                    pages = list(all_pages(database, criteria, limit))
                assert [recipe.id for page in pages for recipe in page] == expected


# Pages


@pytest.mark.parametrize("criteria", [{}, {"text": "r"}, {"ingredients": ["Rum"]}, {"excluded": ["Gin"]}], ids=str)
def test_a_page_has_as_many_as_asked_for_and_a_cursor_only_if_more_follow(
    catalogue: Catalogue, criteria: dict[str, Any]
) -> None:
    ids = grow(catalogue, {"Rum": {}, "Gin": {}})
    names = [f"r{n}" for n in range(5)]
    for name in names:
        mix(catalogue, name, [ids["Rum"]])
    for limit in (1, 2, 4, 5, 6, 200):
        pages = [
            [recipe.name for recipe in page] for page in all_pages(catalogue.database, Criteria(**criteria), limit)
        ]
        assert pages == [names[start : start + limit] for start in range(0, 5, limit)]


def test_recipes_of_one_name_which_a_shell_can_make_follow_one_another_by_id(
    catalogue: Catalogue, outside: Outside
) -> None:
    rum = grow(catalogue, {"Rum": {}})["Rum"]
    for own_id in (5, 3, 4, 1, 2):
        outside.run("INSERT INTO recipes (id, name, name_key) VALUES (?, 'Twin', ?)", own_id, f"twin {own_id}")
        outside.run("INSERT INTO recipe_ingredients (recipe_id, ingredient_id) VALUES (?, ?)", own_id, rum)
    for criteria in (Criteria(), Criteria(ingredients=["Rum"])):
        pages = all_pages(catalogue.database, criteria, 2)
        assert [[recipe.id for recipe in page] for page in pages] == [[1, 2], [3, 4], [5]]


def test_a_bad_cursor_is_refused_even_where_nothing_can_be_found(catalogue: Catalogue, bar: dict[str, int]) -> None:
    for criteria in (Criteria(), Criteria(ingredients=["Gin"], excluded=["Gin"]), Criteria(text="nothing")):
        with pytest.raises(Invalid) as caught:
            search_recipes(catalogue.database, criteria, "zebra")
        assert caught.value.code == "bad_cursor"


row_names = st.text("abéz", min_size=1, max_size=2)
changes = st.lists(st.tuples(st.booleans(), row_names), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.sets(row_names, max_size=15), st.lists(changes, min_size=1, max_size=8), st.integers(1, 3))
def test_pages_go_on_behind_the_last_name_whatever_is_added_or_removed_meanwhile(
    both: list[Database], at_first: set[str], later: list[list[tuple[bool, str]]], limit: int
) -> None:
    rows = {name: number for number, name in enumerate(sorted(at_first), 1)}
    world = World({1: "Rum", 2: "Gin"}, {1: None, 2: None})
    world.recipes = [(own_id, name, None, frozenset([1]), False) for name, own_id in rows.items()]
    for database in both:
        world.write(database)
    criteria = Criteria(ingredients=["Rum"], excluded=["Gin"])
    cursors: list[str | None] = [None, None]
    seen: list[tuple[str, int]] = []
    stayed = set(rows.items())
    for step in later:
        rest = sorted((name, own_id) for name, own_id in rows.items() if not seen or (name, own_id) > seen[-1])
        pages = [
            search_recipes(database, criteria, cursor, limit) for database, cursor in zip(both, cursors, strict=True)
        ]
        for page in pages:
            assert [(recipe.name, recipe.id) for recipe in page.items] == rest[:limit]
        seen += rest[:limit]
        cursors = [page.next_cursor for page in pages]
        if cursors[0] is None:
            break
        for is_added, name in step:
            _change(both, rows, name, is_added)
        stayed &= set(rows.items())
    assert len(seen) == len(set(seen))
    assert all(row in seen for row in stayed if seen and row <= seen[-1])


def _change(both: Sequence[Database], rows: dict[str, int], name: str, is_added: bool) -> None:
    """Add or remove the recipe `name` in `both` and in `rows`, unless it is there or gone."""
    if is_added == (name in rows):
        return
    own_id = rows.pop(name, 0) or max(rows.values(), default=0) + 100
    for database in both:
        with database.write() as connection:
            if is_added:
                connection.execute(insert(recipes).values(id=own_id, name=name, **recipe_keys(name)))
                connection.execute(insert(recipe_ingredients).values(recipe_id=own_id, ingredient_id=1))
            else:
                connection.execute(delete(recipes).where(recipes.c.id == own_id))
    if is_added:
        rows[name] = own_id


# Indexes


@dataclass(frozen=True)
class Statement:
    """A query that a search sent, and how the database goes about it."""

    sql: str
    plan: list[str]

    @property
    def is_walk(self) -> bool:
        return "ORDER BY recipes.name, recipes.id" in self.sql


def explain(database: Database, criteria: Criteria, cursor: str | None = None) -> list[Statement]:
    """Every query of a search but the two that read the recipes of the page."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        if sql.startswith(("SELECT", "WITH")) and "recipes.instructions" not in sql and "position" not in sql:
            sent.append((sql, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        search_recipes(database, criteria, cursor, 2)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    statements = []
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain_it = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        for sql, parameters in sent:
            rows = connection.exec_driver_sql(f"{explain_it} {sql}", parameters)
            statements.append(Statement(sql, [row[-1] for row in rows]))
    assert any(statement.is_walk for statement in statements)
    return statements


def scans_of_tables(statement: Statement) -> set[str]:
    """The steps that read a table or one of its indexes from end to end."""
    whole = r"SCAN (recipes|recipe_ingredients|ingredients)\b|.*Seq Scan"
    return {line for line in statement.plan if re.match(whole, line)}


QUESTIONS = (
    Criteria(),
    Criteria(text="ecipe 77"),
    Criteria(category="sour"),
    Criteria(text="ecipe", category="sour"),
    Criteria(ingredients=["i1"]),
    Criteria(ingredients=["7"]),
    Criteria(excluded=["i1"]),
    Criteria(text="ecipe", category="sour", ingredients=["i1", "7"], excluded=["3", "i5"]),
)


@pytest.fixture(scope="module")
def stocked(both: list[Database]) -> list[Database]:
    """Both catalogues with 300 ingredients below 10, and 3,000 recipes that have two of each."""
    for database in both:
        World({n: f"i{n}" for n in range(1, 301)}, {n: n % 10 + 1 if n > 10 else None for n in range(1, 301)}).write(
            database
        )
        rows = [{"id": n, "name": f"Recipe {n}", "category": ("Sour", "Fizz", "sour")[n % 3]} for n in range(1, 3001)]
        with database.write() as connection:
            connection.execute(insert(recipes), [row | recipe_keys(str(row["name"])) for row in rows])
            lines = [{"recipe_id": n, "ingredient_id": (n * k) % 300 + 1} for n in range(1, 3001) for k in (1, 7)]
            connection.execute(insert(recipe_ingredients), [line for line in lines if line["recipe_id"] % 50])
    with both[1].engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return both


@pytest.mark.parametrize("way", WALKS)
@pytest.mark.parametrize("criteria", QUESTIONS, ids=str)
def test_sqlite_walks_the_covering_index_and_neither_sorts_nor_reads_a_whole_table(
    stocked: list[Database], criteria: Criteria, way: str
) -> None:
    first = search_recipes(stocked[0], Criteria(), None, 100)
    for cursor in (None, first.next_cursor):
        with going(way):
            statements = explain(stocked[0], criteria, cursor)
        for statement in statements:
            assert not [line for line in statement.plan if "AUTOMATIC" in line]
            if statement.is_walk:
                walk = "SEARCH" if cursor else "SCAN"
                walk += " recipes USING COVERING INDEX recipes_name_id_index"
                walk += " (name>?)" if cursor else ""
                assert walk in statement.plan
                assert not [line for line in statement.plan if "TEMP B-TREE" in line]
                assert scans_of_tables(statement) <= {walk}
            else:
                assert scans_of_tables(statement) == set()


@pytest.mark.parametrize("way", WALKS)
@pytest.mark.parametrize("criteria", QUESTIONS, ids=str)
def test_postgresql_can_do_without_reading_a_whole_table_and_without_sorting(
    stocked: list[Database], criteria: Criteria, way: str
) -> None:
    with going(way):
        statements = explain(stocked[1], criteria)
    for statement in statements:
        assert scans_of_tables(statement) == set()
        if statement.is_walk:
            assert [line for line in statement.plan if "Index Only Scan using recipes_name_id_index on recipes" in line]
            assert not [line for line in statement.plan if "Sort" in line]


def test_the_recipes_of_a_very_narrow_branch_are_read_by_their_ids(stocked: list[Database]) -> None:
    criteria = Criteria(text="ecipe", category="sour", ingredients=["i1", "i299"], excluded=["3"])
    for database, by_id in zip(stocked, ["USING INTEGER PRIMARY KEY (rowid=?)", "using recipes_pkey"], strict=True):
        statements = explain(database, criteria)
        (last,) = [statement for statement in statements if statement.is_walk]
        assert [line for line in last.plan if by_id in line and "recipes" in line]
        assert all(scans_of_tables(statement) == set() for statement in statements)


def test_postgresql_compiles_no_query(both: list[Database]) -> None:
    with both[1].read() as connection:
        assert connection.execute(text("SHOW jit")).scalar() == "off"
