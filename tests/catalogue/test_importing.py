"""Importing a file: what is taken, what is mended, what is refused, and what must never appear."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.importing import ImportReport, import_file, sqlite_file
from parcook.catalogue.models import MAX_LEVELS, Ingredient, IngredientDraft, RecipeDraft, RecipeLineDraft, UnitDraft
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.errors import Invalid, Unavailable, UnreadableFile
from tests.servers.missing import lacking

SAMPLE = Path(__file__).parents[2] / "samples" / "cocktails.json"
# Columns without a type, so that SQLite keeps values as they are given.
SCHEMA = """
    CREATE TABLE units (id, name, abbreviation, conversion_to_ml);
    CREATE TABLE ingredients (id, name, description, parent_id);
    CREATE TABLE recipes (id, name, category, instructions, description, source, source_url, image_url, created_by);
    CREATE TABLE recipe_ingredients (recipe_id, ingredient_id, unit_id, amount);
"""


@pytest.fixture
def dev_catalogue() -> Path:
    default = Path(__file__).parents[3] / "shared/data/catalogue/dev_catalogue.db"
    path = Path(os.environ.get("PARCOOK_TEST_DEV_CATALOGUE", default))
    if not path.exists():
        lacking(f"the development catalogue {path.name}", "name it in PARCOOK_TEST_DEV_CATALOGUE")
    return path


@pytest.fixture
def source(tmp_path: Path) -> "Source":
    return Source(tmp_path / "source.db")


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root, who may read every file, is nobody for a while; anybody else stays who they are."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


class Source:
    """A SQLite file to import, filled table by table; a row may be shorter than its table is wide."""

    def __init__(self, path: Path, schema: str = SCHEMA) -> None:
        self.path = path
        self.run(schema)

    def run(self, script: str) -> "Source":
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(script)
        return self

    def add(self, table: str, *rows: tuple[Any, ...]) -> "Source":
        with closing(sqlite3.connect(self.path)) as connection, connection:
            columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
            for row in rows:
                names = ", ".join(columns[: len(row)])
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)
        return self

    def add_basics(self) -> "Source":
        """Two units, two ingredients, one recipe without lines."""
        self.add("units", (1, "ounce", "oz", 29.5), (2, "dash"))
        self.add("ingredients", (1, "Gin"), (2, "Lime juice"))
        return self.add("recipes", (1, "Gimlet"))


def write_json(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document))
    return path


def codes(report: ImportReport) -> Counter[str]:
    return Counter(warning.code for warning in report.warnings)


def ingredients(catalogue: Catalogue) -> list[Ingredient]:
    page = catalogue.ingredients.list(limit=200)
    found = list(page.items)
    while page.next_cursor:
        page = catalogue.ingredients.list(page.next_cursor, limit=200)
        found += page.items
    return found


def tree(catalogue: Catalogue) -> dict[str, str | None]:
    """The parent of each ingredient, by name."""
    found = ingredients(catalogue)
    names = {ingredient.id: ingredient.name for ingredient in found}
    return {item.name: None if item.parent_id is None else names[item.parent_id] for item in found}


def ids(items: Iterable[Any]) -> dict[str, int]:
    return {item.name: item.id for item in items}


def lines(catalogue: Catalogue) -> dict[str, list[tuple[str, float | None, str | None]]]:
    """(ingredient, amount, unit) of each recipe, by its name."""
    return {
        recipe.name: [(line.ingredient_name, line.amount, line.unit_name) for line in recipe.ingredients]
        for recipe in catalogue.recipes.list(limit=200).items
    }


def refusal(catalogue: Catalogue, path: Path) -> str:
    """Why the file is refused; nothing may have been written for it."""
    before = catalogue.state()
    with pytest.raises(UnreadableFile) as caught:
        import_file(catalogue, path)
    assert catalogue.state() == before
    return caught.value.detail


class TestRecognition:
    @pytest.mark.parametrize("name", ["cellar.json", "cellar.bak", "cellar", "50% #1? of é.db"])
    def test_a_sqlite_file_is_known_by_its_content_whatever_its_name(
        self, sqlite_catalogue: Catalogue, source: Source, name: str
    ) -> None:
        path = source.add_basics().path.rename(source.path.with_name(name))
        assert import_file(sqlite_catalogue, path).ingredients_created == 2

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("recipes.db", b"Gin, Lime juice\n", "the name says SQLite database, the content is something else"),
            ("recipes.sqlite3", b"{}", "the name says SQLite database"),
            ("recipes.DB", b"SQLite format 2\0", "the name says SQLite database"),
            ("recipes.xlsx", b"PK", "the suffix '.xlsx' means nothing here"),
            ("recipes", b"Gin", "the name has no suffix"),
            ("recipes.json", b"", "the file is empty"),
            ("recipes.db", b"", "the file is empty"),
        ],
    )
    def test_what_is_no_catalogue_is_refused_with_the_reason_and_what_is_taken(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, name: str, content: bytes, reason: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        detail = refusal(sqlite_catalogue, path)
        assert detail.startswith(f"{path}: ")
        assert reason in detail
        assert detail.endswith(
            "Taken are: SQLite database (.db, .sqlite, .sqlite3); schema.org JSON-LD (.jsonld, .json); "
            "bulk JSON (.json); JSON lines (.jsonl, .ndjson); CSV (.csv, .tsv)."
        )

    def test_a_folder_a_pipe_and_a_missing_file_are_refused(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.json")
        assert "this is a folder" in refusal(sqlite_catalogue, tmp_path)
        assert "a device or a pipe" in refusal(sqlite_catalogue, tmp_path / "pipe.json")
        assert "there is no such file" in refusal(sqlite_catalogue, tmp_path / "nowhere.db")

    def test_a_file_that_may_not_be_read_is_refused(self, sqlite_catalogue: Catalogue, source: Source) -> None:
        source.path.chmod(0)
        with pytest.raises(UnreadableFile, match="Permission denied"), unprivileged():
            import_file(sqlite_catalogue, source.path)


class TestDevelopmentCatalogue:
    def test_it_comes_in_whole_with_its_ids(self, catalogue: Catalogue, dev_catalogue: Path) -> None:
        report = import_file(catalogue, dev_catalogue)
        assert (report.recipes_created, report.ingredients_created, report.lines_created) == (397, 511, 2908)
        assert codes(report) == {"merged_line": 117}
        assert report.ids_kept
        assert report.notes == ["The catalogue was empty: the ids of the file were kept."]
        json.dumps(report.as_dict())

        expected = json.loads(dev_catalogue.with_name("dev_catalogue_expected.json").read_text())
        usage = AnalyticsQueries(catalogue).measure()[1]
        fields = ("parent_id", "path", "level", "direct_usage", "hierarchical_usage", "has_children")
        assert {row["ingredient_id"]: (row["ingredient_name"], *map(row.get, fields)) for row in usage.rows} == {
            row["id"]: (row["name"], *map(row.get, fields)) for row in expected["ingredients"]
        }
        assert {str(size): number for size, number in usage.recipes_by_size.items()} == expected["complexity"]

        found = search_recipes(catalogue.database, Criteria(text="creme brulee i"))
        assert "Cr\u00e8me Br\u00fbl\u00e9e I" in [recipe.name for recipe in found.items]

        largest = max(row["id"] for row in expected["ingredients"])
        assert catalogue.ingredients.create(IngredientDraft(name="Brand new")).id > largest
        assert catalogue.recipes.create(RecipeDraft(name="Brand new")).id > 397

    def test_a_second_import_changes_nothing(self, catalogue: Catalogue, dev_catalogue: Path) -> None:
        import_file(catalogue, dev_catalogue)
        before = catalogue.state()
        report = import_file(catalogue, dev_catalogue)
        assert catalogue.state() == before
        assert (report.recipes_created, report.ingredients_created, report.lines_created) == (0, 0, 0)
        assert (report.recipes_kept, report.ingredients_reused, report.ids_kept) == (397, 511, False)
        assert codes(report) == {"merged_line": 117, "recipe_exists": 397}
        assert "Everything was there already: the catalogue is unchanged." in report.notes

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, catalogue: Catalogue, dev_catalogue: Path) -> None:
        before = catalogue.state()
        dry = import_file(catalogue, dev_catalogue, dry_run=True)
        assert catalogue.state() == before
        assert catalogue.counts() == {"recipes": 0, "ingredients": 0}
        real = import_file(catalogue, dev_catalogue)
        assert dry.notes == [*real.notes, "This was a dry run: nothing was written."]
        assert dry.as_dict() | {"dry_run": False, "notes": real.notes} == real.as_dict()


class TestRows:
    """What is done about the rows of a SQLite file that no rule was kept for."""

    def test_names_are_cleaned(self, catalogue: Catalogue, source: Source) -> None:
        source.add("ingredients", (1, "  Lime\u00a0 juice\n"), (2, "Cre\u0301me"), (3, 1862))
        source.add("recipes", (1, "\tGin  Sour "))
        assert not codes(import_file(catalogue, source.path))
        assert tree(catalogue) == {"Lime juice": None, "Cr\u00e9me": None, "1862": None}
        assert lines(catalogue) == {"Gin Sour": []}

    @pytest.mark.parametrize("name", [None, b"Gin", "", " \u00a0", "x" * 201, "Gi\x07n"])
    def test_a_row_without_a_usable_name_is_dropped_with_all_its_lines(
        self, catalogue: Catalogue, source: Source, name: Any
    ) -> None:
        source.add_basics().add("units", (3, name)).add("ingredients", (3, name), (4, "Child", None, 3))
        source.add("recipes", (2, name)).add("recipe_ingredients", (1, 3), (1, 2, 3, 1.0), (2, 1))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"bad_name": 3, "missing_parent": 1, "orphan": 2, "unknown_unit": 1}
        assert any(warning.message.startswith("ingredient 3: the name ") for warning in report.warnings)
        assert tree(catalogue) == {"Gin": None, "Lime juice": None, "Child": None}
        assert lines(catalogue) == {"Gimlet": [("Lime juice", 1.0, None)]}

    def test_ingredients_of_the_same_name_become_the_first_of_them(self, catalogue: Catalogue, source: Source) -> None:
        source.add_basics().add("ingredients", (3, "Citrus"), (4, "STRASSE", None, 3), (5, "stra\u00dfe", "lost", 1))
        source.add("ingredients", (6, "Below", None, 5))
        source.add("recipe_ingredients", (1, 5), (1, 6))
        assert codes(import_file(catalogue, source.path)) == {"merged_ingredient": 1}
        assert tree(catalogue)["STRASSE"] == "Citrus"
        assert tree(catalogue)["Below"] == "STRASSE"
        assert "stra\u00dfe" not in tree(catalogue)
        assert lines(catalogue)["Gimlet"] == [("STRASSE", None, None), ("Below", None, None)]

    def test_units_of_the_same_name_become_the_first_of_them(self, catalogue: Catalogue, source: Source) -> None:
        source.add_basics().add("units", (3, "OUNCE", "floz", 30))
        source.add("recipe_ingredients", (1, 1, 3, 2), (1, 2, 1, 1))
        assert codes(import_file(catalogue, source.path)) == {"merged_unit": 1}
        assert [(unit.name, unit.abbreviation) for unit in catalogue.units.list().items] == [
            ("dash", None),
            ("ounce", "oz"),
        ]
        assert lines(catalogue)["Gimlet"] == [("Gin", 2.0, "ounce"), ("Lime juice", 1.0, "ounce")]

    def test_a_unit_is_found_by_its_id_where_abbreviations_differ_in_case_alone(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        source.add_basics().add("units", (3, "tablespoon", "T"), (4, "teaspoon", "t"))
        source.add("recipe_ingredients", (1, 1, 3, 1), (1, 2, 4, 1))
        import_file(catalogue, source.path)
        assert lines(catalogue)["Gimlet"] == [("Gin", 1.0, "tablespoon"), ("Lime juice", 1.0, "teaspoon")]

    def test_recipes_of_the_same_name_are_all_kept_under_the_next_free_number(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        source.add_basics().add(
            "recipes", (2, "Sour"), (3, "SOUR"), (4, "Sour (2)"), (5, " sour "), (6, "x" * 195 + " end.")
        )
        source.add("recipes", (7, "X" * 195 + " END."))
        source.add("recipe_ingredients", (2, 1), (3, 2), (5, 1), (5, 2))
        assert codes(import_file(catalogue, source.path)) == {"renamed_recipe": 3}
        found = lines(catalogue)
        assert {name: len(of) for name, of in found.items()} == {
            "Gimlet": 0,
            "Sour": 1,
            "SOUR (3)": 1,
            "Sour (2)": 0,
            "sour (4)": 2,
            "x" * 195 + " end.": 0,
            "X" * 195 + " (2)": 0,
        }
        before = catalogue.state()
        import_file(catalogue, source.path)
        assert catalogue.state() == before

    def test_an_ingredient_whose_parent_is_missing_becomes_a_root(self, catalogue: Catalogue, source: Source) -> None:
        source.add("ingredients", (1, "Gin", None, 99), (2, "Sloe gin", None, 1), (3, "Odd", None, "none"))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"missing_parent": 2}
        assert report.warnings[0].message == "ingredient 1, 'Gin': its parent 99 is not there; made a root"
        assert tree(catalogue) == {"Gin": None, "Sloe gin": "Gin", "Odd": None}

    @pytest.mark.parametrize(
        ("parents", "cut"),
        [
            ({1: 1}, {1}),
            ({1: None, 2: 3, 3: 2}, {2}),
            ({9: 4, 4: 7, 7: 9, 1: 9, 2: 1}, {4}),
            ({1: 2, 2: 1, 3: 4, 4: 3, 5: 3}, {1, 3}),
        ],
    )
    def test_a_circle_of_parents_is_cut_at_its_lowest_id(
        self, catalogue: Catalogue, source: Source, parents: dict[int, int | None], cut: set[int]
    ) -> None:
        source.add("ingredients", *((key, f"n{key}", None, parent) for key, parent in parents.items()))
        assert codes(import_file(catalogue, source.path)) == {"circular": len(cut)}
        assert tree(catalogue) == {
            f"n{key}": None if parent is None or key in cut else f"n{parent}" for key, parent in parents.items()
        }

    def test_a_circle_that_merging_makes_is_cut_as_well(self, catalogue: Catalogue, source: Source) -> None:
        source.add("ingredients", (1, "Rum", None, 2), (2, "White rum", None, 3), (3, "RUM", None, None))
        assert codes(import_file(catalogue, source.path)) == {"merged_ingredient": 1, "circular": 1}
        assert tree(catalogue) == {"Rum": None, "White rum": "Rum"}

    def test_a_tree_that_is_too_deep_is_cut_at_the_deepest_level(self, catalogue: Catalogue, source: Source) -> None:
        deep = 2 * MAX_LEVELS + 1
        source.add("ingredients", *((key, f"n{key}", None, key - 1 or None) for key in range(1, deep + 1)))
        assert codes(import_file(catalogue, source.path)) == {"too_deep": 2}
        parents = {item.id: item.parent_id for item in ingredients(catalogue)}
        cut = {1, MAX_LEVELS + 1, 2 * MAX_LEVELS + 1}
        assert parents == {key: None if key in cut else key - 1 for key in range(1, deep + 1)}

    def test_lines_of_nothing_or_with_nothing_are_dropped(self, catalogue: Catalogue, source: Source) -> None:
        source.add_basics().add("recipe_ingredients", (9, 1), (1, 9), (None, 1), (1, None), (1, 1), (1, b"\x01"))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"orphan": 5}
        assert report.warnings[0].message == "recipe 9, ingredient 1: there is no such recipe; dropped"
        assert lines(catalogue) == {"Gimlet": [("Gin", None, None)]}

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([(1, 1.5), (1, 0.5)], (2.0, "ounce")),
            ([(None, 2), (None, 1)], (3.0, None)),
            ([(1, 1), (1, 2), (1, 4)], (7.0, "ounce")),
            ([(1, 1), (2, 2), (1, 4)], (5.0, "ounce")),
            ([(1, 1), (2, 2)], (1.0, "ounce")),
            ([(1, 1), (None, 2)], (1.0, "ounce")),
            ([(1, None), (1, 2)], (None, "ounce")),
            ([(1, 2), (1, None)], (2.0, "ounce")),
            ([(1, 1e12), (1, 1)], (1e12, "ounce")),
        ],
    )
    def test_a_repeated_pair_becomes_one_line(
        self,
        catalogue: Catalogue,
        source: Source,
        rows: list[tuple[int | None, float | None]],
        expected: tuple[float | None, str | None],
    ) -> None:
        source.add_basics().add("recipe_ingredients", *((1, 1, unit, amount) for unit, amount in rows), (1, 2))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"merged_line": 1}
        assert report.warnings[0].message.startswith(f"recipe 1, ingredient 1: listed {len(rows)} times; ")
        assert lines(catalogue)["Gimlet"] == [("Gin", *expected), ("Lime juice", None, None)]

    @pytest.mark.parametrize("amount", ["a pinch", "1/2", "nan", "1_000", -0.5, float("inf"), 1e13, "1e999", b"2"])
    def test_an_amount_that_cannot_be_used_becomes_unknown(
        self, catalogue: Catalogue, source: Source, amount: Any
    ) -> None:
        source.add_basics().add("recipe_ingredients", (1, 1, 1, amount))
        assert codes(import_file(catalogue, source.path)) == {"bad_number": 1}
        assert lines(catalogue)["Gimlet"] == [("Gin", None, "ounce")]

    @pytest.mark.parametrize(("amount", "expected"), [(0, 0.0), (None, None), (" 1.5 ", 1.5), (3, 3.0), (1e12, 1e12)])
    def test_an_amount_that_can_be_used_is(
        self, catalogue: Catalogue, source: Source, amount: Any, expected: float | None
    ) -> None:
        source.add_basics().add("recipe_ingredients", (1, 1, 1, amount))
        assert not codes(import_file(catalogue, source.path))
        assert lines(catalogue)["Gimlet"] == [("Gin", expected, "ounce")]

    def test_a_unit_that_is_missing_or_measures_nothing_is_left_empty(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        source.add_basics().add("units", (3, "drop", b"x", 0), (4, "part", "p" * 101, -1))
        source.add("recipe_ingredients", (1, 1, 9, 2), (1, 2, 3, 1))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"unknown_unit": 1, "bad_number": 2, "bad_text": 1, "text_cut": 1}
        assert lines(catalogue)["Gimlet"] == [("Gin", 2.0, None), ("Lime juice", 1.0, "drop")]
        units = {unit.name: (unit.abbreviation, unit.conversion_to_ml) for unit in catalogue.units.list().items}
        assert units["drop"] == (None, None)
        assert units["part"] == ("p" * 100, None)

    def test_texts_are_mended_so_that_what_came_in_may_be_sent_back(self, catalogue: Catalogue, source: Source) -> None:
        source.run(
            """
            INSERT INTO ingredients VALUES (1, CAST(x'47ff696e' AS TEXT), 'a' || char(0) || 'b', NULL);
            INSERT INTO recipes VALUES (1, 'Go' || char(0) || 'od', ' Long ' || char(160) || ' drink',
                CAST(x'73ed' AS TEXT), x'00ff', printf('%.3000c', 's'), 7, NULL, printf('%.3000c', 'c'));
            INSERT INTO recipes(id, name, category, instructions) VALUES
                (2, 'Other', printf('%.150c', 'k'), printf('%.60000c', 'i')), (3, 'Third', 'a' || char(7), '');
            INSERT INTO recipe_ingredients VALUES (1, 1, NULL, 1);
            """
        )
        report = import_file(catalogue, source.path)
        assert codes(report) == {"bad_utf8": 2, "nul_removed": 2, "bad_text": 2, "text_cut": 4}
        [ingredient] = catalogue.ingredients.list().items
        assert (ingredient.name, ingredient.description) == ("G\ufffdin", "ab")
        good, other, third = catalogue.recipes.list().items
        assert (good.name, good.category, good.instructions, good.description, good.source_url) == (
            "Good",
            "Long drink",
            "s\ufffd",
            None,
            "7",
        )
        assert good.source == "s" * 2_000
        assert (other.category, other.instructions) == ("k" * 100, "i" * 50_000)
        assert (third.category, third.instructions) == (None, "")
        for recipe in (good, other, third):
            RecipeDraft.model_validate(recipe.model_dump())
        IngredientDraft.model_validate(ingredient.model_dump())

    def test_lines_keep_the_order_of_their_rows(self, catalogue: Catalogue, source: Source) -> None:
        source.add_basics().add("recipes", (2, "Mirror"))
        source.add("recipe_ingredients", (1, 2), (2, 1), (1, 1), (2, 2))
        import_file(catalogue, source.path)
        assert [line[0] for line in lines(catalogue)["Gimlet"]] == ["Lime juice", "Gin"]
        assert [line[0] for line in lines(catalogue)["Mirror"]] == ["Gin", "Lime juice"]


class TestIds:
    def test_ids_that_cannot_be_kept_are_replaced_and_the_others_kept(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        largest = 2**63 - 1
        source.add("ingredients", (40, "Kept"), (0, "Zero", None, 40), (-5, "Minus", None, 0), (largest, "Largest"))
        source.add(
            "ingredients",
            (40, "Again"),
            (None, "None"),
            ("a-b-c", "Text", None, largest),
            ("7", "Seven"),
            (8.0, "Eight"),
        )
        source.add("recipes", (largest, "One"), (12, "Two"))
        source.add("recipe_ingredients", (largest, 0), (largest, "a-b-c"), (12, largest), (12.0, "40"))
        report = import_file(catalogue, source.path)
        assert codes(report) == {"id_not_kept": 7}
        found = ids(catalogue.ingredients.list().items)
        assert (found["Kept"], found["Seven"], found["Eight"]) == (40, 7, 8)
        assert sorted(found.values()) == [7, 8, *range(40, 47)]
        assert ids(catalogue.recipes.list().items) == {"One": 13, "Two": 12}
        assert tree(catalogue)["Zero"] == "Kept"
        assert (tree(catalogue)["Minus"], tree(catalogue)["Text"]) == ("Zero", "Largest")
        assert lines(catalogue) == {
            "One": [("Zero", None, None), ("Text", None, None)],
            "Two": [("Largest", None, None), ("Kept", None, None)],
        }
        assert catalogue.ingredients.create(IngredientDraft(name="Next")).id == 47

    def test_a_child_may_have_a_lower_id_than_its_parent(self, catalogue: Catalogue, source: Source) -> None:
        source.add("ingredients", (1, "Sloe gin", None, 2), (2, "Gin", None, 3), (3, "Spirits", None, None))
        import_file(catalogue, source.path)
        assert catalogue.ingredients.get(1).path == "/3/2/1/"

    def test_in_a_catalogue_that_is_not_empty_names_decide_and_the_report_says_so(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        catalogue.units.create(UnitDraft(name="Dash"))
        spirits = catalogue.ingredients.create(IngredientDraft(name="Spirits"))
        gin = catalogue.ingredients.create(IngredientDraft(name="GIN", description="mine", parent_id=spirits.id))
        line = RecipeLineDraft(ingredient_id=gin.id, amount=1)
        catalogue.recipes.create(RecipeDraft(name="Gimlet", category="mine", ingredients=[line]))
        source.add_basics().add("ingredients", (3, "Sloe gin", None, 1), (4, "Juices"))
        source.run("UPDATE ingredients SET parent_id = 4, description = 'theirs' WHERE id = 1")
        source.add("recipes", (2, "Pink gin"))
        source.add("recipe_ingredients", (1, 2, 1, 9), (2, 1, 1, 2), (2, 3, 2, 3))

        report = import_file(catalogue, source.path)
        assert (report.units_created, report.units_reused) == (1, 1)
        assert (report.ingredients_created, report.ingredients_reused) == (3, 1)
        assert (report.recipes_created, report.recipes_kept, report.lines_created) == (1, 1, 2)
        assert not report.ids_kept
        assert report.notes == ["The catalogue was not empty: things were matched by name, new ones got new ids."]
        assert codes(report) == {"recipe_exists": 1, "ingredient_elsewhere": 1}
        assert tree(catalogue) == {
            "Spirits": None,
            "GIN": "Spirits",
            "Lime juice": None,
            "Juices": None,
            "Sloe gin": "GIN",
        }
        assert catalogue.ingredients.get(gin.id) == gin
        assert lines(catalogue) == {
            "Gimlet": [("GIN", 1.0, None)],
            "Pink gin": [("GIN", 2.0, "ounce"), ("Sloe gin", 3.0, "Dash")],
        }
        kept = catalogue.recipes.list().items[0]
        assert (kept.name, kept.category) == ("Gimlet", "mine")

    def test_a_dry_run_into_a_catalogue_that_is_not_empty_writes_nothing(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        catalogue.ingredients.create(IngredientDraft(name="Gin"))
        before = catalogue.state()
        report = import_file(catalogue, source.add_basics().path, dry_run=True)
        assert (report.ingredients_created, report.ingredients_reused, report.recipes_created) == (1, 1, 1)
        assert catalogue.state() == before
        assert catalogue.counts() == {"recipes": 0, "ingredients": 1}

    def test_another_parcook_catalogue_comes_in_as_it_is(self, catalogue: Catalogue, tmp_path: Path) -> None:
        own = open_catalogue(f"sqlite:///{tmp_path / 'own.db'}")
        own.units.create(UnitDraft(name="ounce", abbreviation="oz", conversion_to_ml=29.5))
        for name in ("Passing", "Spirits", "Gin", "Lime juice"):
            own.ingredients.create(IngredientDraft(name=name))
        own.ingredients.delete(1)
        own.ingredients.patch(3, {"parent_id": 2})
        drafts = [RecipeLineDraft(ingredient_id=key, amount=key, unit_id=1) for key in (4, 2, 3)]
        own.recipes.create(RecipeDraft(name="Gimlet", category="Sour", ingredients=drafts))

        assert not codes(import_file(catalogue, tmp_path / "own.db"))
        assert catalogue.recipes.list() == own.recipes.list()
        assert catalogue.ingredients.list() == own.ingredients.list()
        assert catalogue.units.list() == own.units.list()
        own.close()


class TestTables:
    def test_only_the_core_columns_are_needed_and_unknown_ones_are_ignored(
        self, sqlite_catalogue: Catalogue, tmp_path: Path
    ) -> None:
        source = Source(
            tmp_path / "lean.db",
            """
            CREATE TABLE "Ingredients" (ID INTEGER PRIMARY KEY, "Name" TEXT, path TEXT, allow_substitution BOOLEAN);
            CREATE TABLE old_recipes (id TEXT PRIMARY KEY, title TEXT, avg_rating REAL) WITHOUT ROWID;
            CREATE VIEW recipes AS SELECT id, title AS name, avg_rating FROM old_recipes;
            CREATE TABLE recipe_ingredients (recipe_id, ingredient_id, PRIMARY KEY (recipe_id, ingredient_id))
                WITHOUT ROWID;
            INSERT INTO "Ingredients" VALUES (5, 'Gin', '/nonsense/', 1);
            INSERT INTO old_recipes VALUES ('b', 'Second', 1), ('a', 'First', 2);
            INSERT INTO recipe_ingredients VALUES ('a', 5);
            """,
        )
        report = import_file(sqlite_catalogue, source.path)
        assert codes(report) == {"id_not_kept": 2}
        assert sqlite_catalogue.ingredients.get(5).path == "/5/"
        assert lines(sqlite_catalogue) == {"First": [("Gin", None, None)], "Second": []}

    def test_a_missing_core_table_is_named_with_those_that_are_there(
        self, sqlite_catalogue: Catalogue, source: Source
    ) -> None:
        source.run("DROP TABLE recipe_ingredients; CREATE TABLE lines (a)")
        detail = refusal(sqlite_catalogue, source.path)
        assert "there is no table 'recipe_ingredients'; the tables are: ingredients, lines, recipes, units" in detail

    @pytest.mark.parametrize(
        ("table", "column"),
        [("ingredients", "name"), ("recipes", "id"), ("recipe_ingredients", "ingredient_id"), ("units", "name")],
    )
    def test_a_missing_core_column_is_named_with_those_that_are_there(
        self, sqlite_catalogue: Catalogue, source: Source, table: str, column: str
    ) -> None:
        source.run(f"ALTER TABLE {table} RENAME COLUMN {column} TO something")
        detail = refusal(sqlite_catalogue, source.path)
        assert f"table {table!r} has no column {column!r}; its columns are: " in detail
        assert "something" in detail

    def test_sorting_rules_and_constraints_of_another_program_do_not_matter(
        self, sqlite_catalogue: Catalogue, source: Source
    ) -> None:
        lax = "CREATE TABLE ingredients (id INTEGER PRIMARY KEY, name COLLATE localized UNIQUE)"
        with closing(sqlite3.connect(source.path)) as connection:
            connection.create_collation("LOCALIZED", lambda one, other: (one > other) - (one < other))
            connection.executescript(
                f"""
                DROP TABLE ingredients;
                {lax};
                INSERT INTO ingredients VALUES (1, 'Gin'), (2, NULL);
                PRAGMA writable_schema = ON;
                UPDATE sqlite_master SET sql = '{lax.replace("UNIQUE", "UNIQUE NOT NULL")}' WHERE sql = '{lax}';
                """
            )
        assert codes(import_file(sqlite_catalogue, source.path)) == {"bad_name": 1}
        assert tree(sqlite_catalogue) == {"Gin": None}


class TestDamage:
    """The source is never changed, and a file that is not whole is refused, saying where."""

    @pytest.fixture
    def big(self, source: Source) -> Path:
        source.add("ingredients", *((key, f"ingredient {key}", "d" * 300) for key in range(1, 300)))
        source.add("recipes", *((key, f"recipe {key}") for key in range(1, 300)))
        return source.path

    @pytest.mark.parametrize("size", [100, 4096, 20_000, -4096, -1])
    def test_a_file_that_was_cut_off_is_refused_saying_how_much_is_left(
        self, catalogue: Catalogue, big: Path, size: int
    ) -> None:
        content = big.read_bytes()
        big.write_bytes(content[:size])
        assert f"it was cut off: it has {len(content[:size])} bytes of {len(content)}" in refusal(catalogue, big)

    @pytest.mark.parametrize("size", [16, 60])
    def test_a_file_with_half_a_header_is_refused(self, sqlite_catalogue: Catalogue, big: Path, size: int) -> None:
        big.write_bytes(big.read_bytes()[:size])
        assert "the SQLite file is damaged" in refusal(sqlite_catalogue, big)

    def test_a_number_of_pages_that_an_old_sqlite_did_not_keep_says_nothing(
        self, sqlite_catalogue: Catalogue, big: Path
    ) -> None:
        content = bytearray(big.read_bytes())
        content[28:32], content[92:96] = b"\xff" * 4, b"\x00" * 4
        big.write_bytes(content)
        assert import_file(sqlite_catalogue, big).ingredients_created == 299

    @pytest.mark.parametrize("filling", [b"\x00", b"\xa5"])
    def test_a_page_of_garbage_is_refused_and_its_table_named(
        self, sqlite_catalogue: Catalogue, big: Path, filling: bytes
    ) -> None:
        content = bytearray(big.read_bytes())
        start = content.index(b"ingredient 150") // 4096 * 4096
        content[start : start + 4096] = filling * 4096
        big.write_bytes(content)
        assert "damaged in ingredients: " in refusal(sqlite_catalogue, big)

    def test_a_broken_list_of_tables_is_refused(self, sqlite_catalogue: Catalogue, big: Path) -> None:
        content = big.read_bytes()
        big.write_bytes(content[:100] + b"\xa5" * 3996 + content[4096:])
        assert "damaged in its list of tables" in refusal(sqlite_catalogue, big)

    def test_the_source_and_its_folder_stay_as_they_are(
        self, sqlite_catalogue: Catalogue, big: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "read-only"
        folder.mkdir()
        path = Path(shutil.copy(big, folder / "wal.db"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        assert [file.name for file in folder.iterdir()] == ["wal.db"]
        before = path.read_bytes()
        folder.chmod(0o555)
        try:
            assert import_file(sqlite_catalogue, path).ingredients_created == 299
        finally:
            folder.chmod(0o755)
        assert [file.name for file in folder.iterdir()] == ["wal.db"]
        assert path.read_bytes() == before

    @pytest.mark.parametrize("kept", [("-wal", "-shm"), ("-wal",)])
    def test_what_a_program_wrote_beside_the_file_belongs_to_it(
        self, sqlite_catalogue: Catalogue, source: Source, tmp_path: Path, kept: tuple[str, ...]
    ) -> None:
        source.run("PRAGMA journal_mode = WAL")
        folder = tmp_path / "copy"
        folder.mkdir()
        with closing(sqlite3.connect(source.path)) as connection:
            connection.execute("INSERT INTO ingredients VALUES (1, 'Gin', NULL, NULL)")
            connection.commit()
            for ending in ("", *kept):
                shutil.copy(f"{source.path}{ending}", folder / f"source.db{ending}")
        before = {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}
        import_file(sqlite_catalogue, folder / "source.db")
        assert tree(sqlite_catalogue) == {"Gin": None}
        assert sorted(file.name for file in folder.iterdir()) == sorted(f"source.db{ending}" for ending in ("", *kept))
        assert {name: (folder / name).read_bytes() for name in before} == before

    def test_a_file_in_use_is_read_without_disturbing_its_program(
        self, sqlite_catalogue: Catalogue, source: Source
    ) -> None:
        source.run("PRAGMA journal_mode = WAL")
        with closing(sqlite3.connect(source.path)) as connection:
            connection.execute("INSERT INTO ingredients VALUES (1, 'Gin', NULL, NULL)")
            connection.commit()
            connection.execute("INSERT INTO ingredients VALUES (2, 'Not yet', NULL, NULL)")
            import_file(sqlite_catalogue, source.path)
            connection.commit()
            assert connection.execute("SELECT count(*) FROM ingredients").fetchone() == (2,)
        assert tree(sqlite_catalogue) == {"Gin": None}

    def test_a_file_that_another_program_keeps_locked_may_be_tried_again(
        self, sqlite_catalogue: Catalogue, source: Source, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_S", 0.05)
        with closing(sqlite3.connect(source.path, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            with pytest.raises(Unavailable, match="another program is writing"):
                import_file(sqlite_catalogue, source.path)

    def test_a_half_written_change_is_explained(self, sqlite_catalogue: Catalogue, source: Source) -> None:
        source.add("ingredients", *((key, f"ingredient {key}", "d" * 300) for key in range(1, 2000)))
        crash = (
            "import os, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "connection.execute('PRAGMA cache_size = 5'); connection.execute('BEGIN');"
            "connection.execute('UPDATE ingredients SET description = hex(randomblob(150))'); os._exit(0)"
        )
        subprocess.run([sys.executable, "-c", crash, str(source.path)], check=True)
        assert "stopped in the middle of writing" in refusal(sqlite_catalogue, source.path)


class TestBulkJson:
    def test_everything_in_the_file_is_created_parents_in_any_order(self, catalogue: Catalogue, tmp_path: Path) -> None:
        document = {
            "recipes": [
                {
                    "id": 99,
                    "name": "Gimlet",
                    "category": "Sour",
                    "ingredients": [
                        {"ingredient_name": "LIME JUICE", "amount": 1, "unit_name": "OZ"},
                        {"ingredient_name": "Sloe gin", "amount": 2.5, "unit_name": "ounce"},
                        {"ingredient_name": "Mint"},
                    ],
                },
                {"name": "Water"},
            ],
            "ingredients": [
                {"name": "Sloe gin", "parent_name": "gin"},
                {"name": "Gin", "parent_name": "Spirits"},
                {"name": "Spirits", "description": "strong"},
                {"name": "Lime juice"},
                {"name": "Mint"},
            ],
            "units": [{"name": "ounce", "abbreviation": "oz", "conversion_to_ml": 29.5735}],
        }
        report = import_file(catalogue, write_json(tmp_path / "bar.json", document))
        assert (report.units_created, report.ingredients_created, report.recipes_created) == (1, 5, 2)
        assert report.lines_created == 3
        assert (report.warnings, report.notes, report.ids_kept) == ([], [], False)
        assert tree(catalogue) == {
            "Sloe gin": "Gin",
            "Gin": "Spirits",
            "Spirits": None,
            "Lime juice": None,
            "Mint": None,
        }
        assert lines(catalogue) == {
            "Gimlet": [("Lime juice", 1.0, "ounce"), ("Sloe gin", 2.5, "ounce"), ("Mint", None, None)],
            "Water": [],
        }

    def test_a_second_import_changes_nothing(self, catalogue: Catalogue) -> None:
        document = json.loads(SAMPLE.read_text())
        first = import_file(catalogue, SAMPLE)
        assert (first.units_created, first.ingredients_created, first.recipes_created) == tuple(
            len(document[name]) for name in ("units", "ingredients", "recipes")
        )
        before = catalogue.state()
        second = import_file(catalogue, SAMPLE)
        assert catalogue.state() == before
        assert second.recipes_kept == first.recipes_created
        assert codes(second) == {"recipe_exists": first.recipes_created}

    def test_a_file_may_refer_to_what_the_catalogue_has_by_name_and_by_id(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        ounce = catalogue.units.create(UnitDraft(name="ounce", abbreviation="oz"))
        spirits = catalogue.ingredients.create(IngredientDraft(name="Spirits"))
        gin = catalogue.ingredients.create(IngredientDraft(name="Gin", parent_id=spirits.id))
        document = {
            "ingredients": [
                {"name": "Sloe gin", "parent_id": gin.id},
                {"name": "Old Tom", "parent_name": "GIN"},
                {"name": "GIN"},
            ],
            "recipes": [
                {
                    "name": "All",
                    "ingredients": [
                        {"ingredient_id": gin.id, "ingredient_name": "gin", "unit_id": ounce.id, "unit_name": "OZ"},
                        {"ingredient_name": "old tom", "unit_id": ounce.id, "amount": 0},
                    ],
                }
            ],
        }
        report = import_file(catalogue, write_json(tmp_path / "bar.json", document))
        assert (report.ingredients_created, report.ingredients_reused) == (2, 1)
        assert not codes(report)
        assert tree(catalogue) == {"Spirits": None, "Gin": "Spirits", "Sloe gin": "Gin", "Old Tom": "Gin"}
        assert lines(catalogue) == {"All": [("Gin", None, "ounce"), ("Old Tom", 0.0, "ounce")]}

    def test_every_fault_is_reported_at_once_and_nothing_is_written(self, catalogue: Catalogue, tmp_path: Path) -> None:
        gin = catalogue.ingredients.create(IngredientDraft(name="Gin"))
        document = {
            "units": [{"name": "ounce", "abbreviation": "oz"}, {"name": "Oz"}, {"name": "bad", "conversion_to_ml": 0}],
            "ingredients": [
                {"name": "Good"},
                {"name": "GOOD"},
                {"name": "Orphan", "parent_name": "Nobody"},
                {"name": "By id", "parent_id": gin.id + 1},
                {"name": "A", "parent_name": "B"},
                {"name": "B", "parent_name": "A"},
                {"name": "Faulty", "colour": "red"},
                "Gin",
                {"name": "   "},
            ],
            "recipes": [
                {"name": "Fine", "ingredients": [{"ingredient_name": "Faulty", "unit_name": "bad"}]},
                {"name": "fine"},
                {
                    "name": "Lines",
                    "ingredients": [
                        {"ingredient_name": "Nothing"},
                        {"ingredient_name": "Good", "unit_name": "barrel"},
                        {"ingredient_name": "good"},
                        {"ingredient_id": gin.id, "ingredient_name": "Good"},
                        {"ingredient_id": gin.id + 1, "unit_id": 1},
                    ],
                },
                {"name": "Strict", "ingredients": [{"ingredient_name": "Good", "amount": "2"}]},
                {"name": "Endless", "ingredients": [{"ingredient_name": "Good", "amount": -1}]},
            ],
        }
        before = catalogue.state()
        with pytest.raises(Invalid) as caught:
            import_file(catalogue, write_json(tmp_path / "bar.json", document))
        assert caught.value.code == "bulk_invalid"
        assert caught.value.detail == "14 item(s) of the file cannot be stored; nothing was written"
        assert [(f["list"], f["index"], f["name"], f["code"]) for f in caught.value.errors] == [
            ("units", 1, "Oz", "duplicate_name"),
            ("units", 2, "bad", "invalid"),
            ("ingredients", 1, "GOOD", "duplicate_name"),
            ("ingredients", 2, "Orphan", "parent_not_found"),
            ("ingredients", 3, "By id", "parent_not_found"),
            ("ingredients", 4, "A", "invalid"),
            ("ingredients", 5, "B", "invalid"),
            ("ingredients", 6, "Faulty", "invalid"),
            ("ingredients", 7, None, "invalid"),
            ("ingredients", 8, "   ", "invalid"),
            ("recipes", 1, "fine", "duplicate_name"),
            ("recipes", 2, "Lines", "ingredient_not_found"),
            ("recipes", 2, "Lines", "unit_not_found"),
            ("recipes", 2, "Lines", "duplicate_ingredient"),
            ("recipes", 2, "Lines", "ingredient_not_found"),
            ("recipes", 2, "Lines", "ingredient_not_found"),
            ("recipes", 2, "Lines", "unit_not_found"),
            ("recipes", 3, "Strict", "invalid"),
            ("recipes", 4, "Endless", "invalid"),
        ]
        assert caught.value.errors[11]["message"] == "ingredients[0]: there is no ingredient 'nothing'"
        assert catalogue.state() == before
        assert tree(catalogue) == {"Gin": None}
        assert lines(catalogue) == {}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b'{"units": [\n  {"name": }]}', "line 2, column 12: "),
            (b'{"units": []', "line 1, column 13: "),
            (b" ", "line 1, column 2: "),
            (b'{"units":\n [{"name": "\xff"}]}', "not UTF-8: byte 22, on line 2, "),
            ('{"units": []}'.encode("utf-16"), "not UTF-8: byte 0, on line 1, "),
            (b'{"recipes": [{"name": "x", "ingredients": [{"amount": NaN}]}]}', "NaN is not JSON; write null"),
            (b'{"units": [{"conversion_to_ml": -Infinity}]}', "-Infinity is not JSON"),
            (b'{"units": ' + b"[" * 200_000, "nested too deeply"),
            (b'{"units": [' + b"9" * 5_000 + b"]}", "integer string conversion"),
            (b'{"units": [], "recipes": [{"name": "a"}], "units": []}', "the key 'units' stands twice in one object"),
            (b"[]", "this is not a JSON object"),
            (b'"recipes"', "this is not a JSON object"),
            (b"{}", "the object is empty"),
            (b'{"recipe": [], "recipes": []}', "unknown 'recipe'; expected is"),
            (b'{"recipes": {"name": "x"}}', "'recipes' is not a list"),
        ],
    )
    def test_what_is_not_json_of_this_shape_is_refused_saying_where(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, content: bytes, reason: str
    ) -> None:
        path = tmp_path / "bar.json"
        path.write_bytes(content)
        detail = refusal(sqlite_catalogue, path)
        assert detail.startswith(f"{path}: ")
        assert reason in detail

    def test_a_byte_order_mark_and_more_than_a_thousand_items_are_fine(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        ingredients = [{"name": f"i{key}", "parent_name": f"i{key // 2}"} for key in range(1, 1_500)] + [{"name": "i0"}]
        path = tmp_path / "bar.json"
        path.write_text(json.dumps({"ingredients": ingredients}), encoding="utf-8-sig")
        assert import_file(catalogue, path).ingredients_created == 1_500

    def test_an_amount_beyond_all_numbers_is_a_fault(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        path = tmp_path / "bar.json"
        path.write_text('{"units": [{"name": "much", "conversion_to_ml": 1e999}, {"name": "half \\ud800"}]}')
        with pytest.raises(Invalid) as caught:
            import_file(sqlite_catalogue, path)
        assert [fault["index"] for fault in caught.value.errors] == [0, 1]

    def test_the_tree_may_not_become_deeper_than_over_http(self, catalogue: Catalogue, tmp_path: Path) -> None:
        chain = [{"name": f"n{level}", "parent_name": f"n{level - 1}"} for level in range(1, MAX_LEVELS)]
        import_file(catalogue, write_json(tmp_path / "bar.json", {"ingredients": [*chain, {"name": "n0"}]}))
        deeper = [{"name": "n1"}, {"name": "deep", "parent_name": f"n{MAX_LEVELS - 1}"}, {"name": "a", "parent_id": 2}]
        with pytest.raises(Invalid) as caught:
            import_file(catalogue, write_json(tmp_path / "bar.json", {"ingredients": deeper}))
        assert [(fault["index"], fault["code"]) for fault in caught.value.errors] == [(1, "invalid")]

    def test_an_ingredient_that_stands_elsewhere_in_the_catalogue_stays_there_and_is_named(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        catalogue.ingredients.create(IngredientDraft(name="Gin"))
        document = {"ingredients": [{"name": "gin", "parent_name": "Spirits"}, {"name": "Spirits"}]}
        report = import_file(catalogue, write_json(tmp_path / "bar.json", document))
        assert codes(report) == {"ingredient_elsewhere": 1}
        assert "'gin'" in report.warnings[0].message
        assert tree(catalogue) == {"Gin": None, "Spirits": None}
