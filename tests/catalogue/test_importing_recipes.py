"""Importing recipes whose ingredients are words: JSON lines, and schema.org in JSON-LD."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.importing import ImportReport, import_file
from parcook.catalogue.importing.linking import link
from parcook.catalogue.importing.recipe_objects import RecipeObjects, find_recipes
from parcook.catalogue.importing.references import Known, check_references
from parcook.catalogue.models import MAX_LINES, IngredientDraft, Recipe, RecipeDraft, RecipeLineDraft, UnitDraft
from parcook.catalogue.store import Catalogue
from tests.catalogue.making import grow
from tests.catalogue.test_importing import codes, ingredients, lines, refusal, tree
from tests.servers.missing import lacking

SHARED = Path(__file__).parents[3] / "shared/data/catalogue"


def shared(name: str) -> Path:
    if not (SHARED / name).exists():
        lacking(name, f"it is looked for in {SHARED}")
    return SHARED / name


def write_lines(path: Path, *documents: Any) -> Path:
    path.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    return path


def messages(report: ImportReport, code: str) -> list[str]:
    return [warning.message for warning in report.warnings if warning.code == code]


def recipe(catalogue: Catalogue, name: str) -> Recipe:
    [found] = [recipe for recipe in all_recipes(catalogue) if recipe.name == name]
    return found


def all_recipes(catalogue: Catalogue) -> Iterator[Recipe]:
    page = catalogue.recipes.list(limit=200)
    yield from page.items
    while page.next_cursor:
        page = catalogue.recipes.list(page.next_cursor, limit=200)
        yield from page.items


class TestRealFiles:
    def test_the_wikibooks_recipes_come_in_with_their_texts(self, catalogue: Catalogue) -> None:
        report = import_file(catalogue, shared("wikibooks_recipes.jsonl"))
        assert (report.format, report.recipes_created, report.lines_created) == ("JSON lines", 137, 1_277)
        assert codes(report).keys() == {"new_ingredient", "new_unit", "same_ingredient", "merged_line", "bad_line"}
        assert codes(report)["new_ingredient"] == report.ingredients_created
        assert codes(report)["new_unit"] == report.units_created
        json.dumps(report.as_dict())

        cake = recipe(catalogue, "Black Forest Cake")
        assert (cake.category, cake.source) == ("dessert", "wikibooks-cookbook")
        assert cake.source_url == "https://en.wikibooks.org/wiki/Cookbook:Black_Forest_Cake"
        found = {line.ingredient_name: (line.amount, line.unit_name) for line in cake.ingredients}
        assert found["butter"] == (4.0, "ounce")
        assert found["salt"] == (2.0, "pinch")
        assert found["vanilla essence"] == (None, "drop")
        for one in all_recipes(catalogue):
            RecipeDraft.model_validate(one.model_dump(exclude={"ingredients"}))

    def test_the_cookdial_recipes_come_in(self, catalogue: Catalogue) -> None:
        report = import_file(catalogue, shared("cookdial_recipes.jsonl"))
        assert (report.recipes_created, report.recipes_kept) == (260, 0)
        merged = [int(message.split("listed ")[1].split()[0]) for message in messages(report, "merged_line")]
        assert report.lines_created + sum(merged) - len(merged) == 2_352
        assert codes(report).keys() == {"new_ingredient", "new_unit", "same_ingredient", "merged_line"}
        pie = recipe(catalogue, "English Walnut Pie")
        assert [(line.amount, line.unit_name, line.ingredient_name) for line in pie.ingredients][:2] == [
            (3.0, None, "eggs"),
            (0.25, "teaspoon", "salt"),
        ]

    def test_a_second_import_changes_nothing(self, catalogue: Catalogue) -> None:
        import_file(catalogue, shared("wikibooks_recipes.jsonl"))
        before = catalogue.state()
        report = import_file(catalogue, shared("wikibooks_recipes.jsonl"))
        assert catalogue.state() == before
        assert (report.recipes_created, report.recipes_kept) == (0, 137)
        assert codes(report)["recipe_exists"] == 137
        assert not {"new_ingredient", "new_unit"} & codes(report).keys()

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, catalogue: Catalogue) -> None:
        before = catalogue.state()
        dry = import_file(catalogue, shared("wikibooks_recipes.jsonl"), dry_run=True)
        assert catalogue.state() == before
        assert catalogue.counts() == {"recipes": 0, "ingredients": 0}
        assert catalogue.units.list().items == []
        real = import_file(catalogue, shared("wikibooks_recipes.jsonl"))
        assert dry.as_dict() | {"dry_run": False, "notes": real.notes} == real.as_dict()

    def test_after_foodon_the_ingredients_link_into_its_tree(self, catalogue: Catalogue) -> None:
        import_file(catalogue, shared("foodon_hierarchy.csv"))
        nodes = {item.name for item in ingredients(catalogue)}
        wikibooks = import_file(catalogue, shared("wikibooks_recipes.jsonl"))
        cookdial = import_file(catalogue, shared("cookdial_recipes.jsonl"))
        assert wikibooks.ingredients_reused > 80
        assert cookdial.ingredients_reused > 200
        assert messages(cookdial, "recipe_exists") == ["recipe 'Date Nut Bars' is there already; it was left as it is"]

        usage = {row["ingredient_name"]: row for row in AnalyticsQueries(catalogue).measure()[1].rows}
        used = {name for name, row in usage.items() if row["direct_usage"]}
        assert len(used & nodes) > 100
        assert usage["walnut"]["direct_usage"] > 10
        parent = tree(catalogue)["walnut"]
        assert parent is not None
        assert usage[parent]["hierarchical_usage"] >= usage["walnut"]["direct_usage"]
        made = {
            message.split("'")[1] for report in (wikibooks, cookdial) for message in messages(report, "new_ingredient")
        }
        assert not made & nodes
        assert all(tree(catalogue)[name] is None for name in list(made & usage.keys())[:20])


class TestJsonLines:
    def test_lines_of_text_and_lines_of_objects_come_to_the_same(self, catalogue: Catalogue, tmp_path: Path) -> None:
        text = {"name": "Text", "ingredients": ["1½ oz gin", "2 dashes of bitters", "salt to taste"]}
        objects = [
            {"ingredient_name": "Gin", "amount": 1.5, "unit_name": "ounces"},
            {"name": "bitters", "quantity": "2", "unit": "dash"},
            {"text": "salt"},
        ]
        report = import_file(
            catalogue, write_lines(tmp_path / "bar.jsonl", text, {"name": "Objects", "ingredients": objects})
        )
        expected = [("gin", 1.5, "ounce"), ("bitters", 2.0, "dash"), ("salt", None, None)]
        assert lines(catalogue) == {"Text": expected, "Objects": expected}
        assert codes(report) == {"new_ingredient": 3, "new_unit": 2}

    def test_every_text_has_its_column_and_unknown_keys_are_ignored(self, catalogue: Catalogue, tmp_path: Path) -> None:
        document = {
            "title": "  Pea  soup ",
            "category": ["Soup", "Dinner"],
            "description": "Green.",
            "instructions": ["Soak.", "Boil."],
            "source": "A book",
            "url": "https://example.org/1",
            "image_url": "https://example.org/1.jpg",
            "rating": 5,
            "tags": [{"deep": []}],
            "ingredients": [],
        }
        report = import_file(catalogue, write_lines(tmp_path / "soup.ndjson", document))
        assert report.warnings == []
        [soup] = catalogue.recipes.list().items
        assert soup.model_dump(exclude={"id", "ingredients"}) == {
            "name": "Pea soup",
            "category": "Soup",
            "description": "Green.",
            "instructions": "Soak.\nBoil.",
            "source": "A book",
            "source_url": "https://example.org/1",
            "image_url": "https://example.org/1.jpg",
        }

    def test_a_line_that_is_no_recipe_is_named_by_its_number_and_the_others_come_in(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        path = tmp_path / "mixed.jsonl"
        rows = [
            b'\xef\xbb\xbf{"name": "One"}',
            b"",
            b'{"name": "Half',
            b"[1, 2]",
            b'{"ingredients": ["1 egg"]}',
            b'{"name": "Caf\xe9"}',
            b"9" * 5_000,
            b'{"a":' * 100_000,
            b'{"name": "Two"}\r',
            b'{"name": "' + b"x" * 300 + b'"}',
        ]
        path.write_bytes(b"\n".join(rows))
        report = import_file(catalogue, path)
        assert lines(catalogue).keys() == {"One", "Caf\ufffd", "Two"}
        assert codes(report) == {"bad_json": 4, "bad_name": 2, "bad_utf8": 1}
        said = [warning.message for warning in report.warnings]
        assert said[0].startswith("line 3, column 10: ")
        assert [message.split(":")[0].split(",")[0] for message in said] == [
            f"line {n}" for n in (3, 4, 5, 6, 7, 8, 10)
        ]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("\n\n", "no line is a recipe. The lines are empty"),
            ("Pea soup\n", "no line is a recipe. Line 1, column 1: "),
            ('[\n{"name": "x"}\n]'.replace("name", "nom"), "Line 1, column 2: "),
            ('{"recipes": []}', "Line 1: the name is empty"),
        ],
    )
    def test_a_file_without_any_recipe_is_refused(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, content: str, reason: str
    ) -> None:
        path = tmp_path / "none.jsonl"
        path.write_text(content)
        assert reason in refusal(sqlite_catalogue, path)

    def test_lines_that_cannot_be_used_are_named_and_the_rest_of_the_recipe_stays(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        rows = ["For the dough:", "1 egg", 7, None, {}, ["x"], {"amount": 2}, "", {"name": "salt", "amount": "much"}]
        rows += [{"name": "oil", "amount": -1, "unit": ["drop"]}, {"name": "x" * 300}, "1 g " + "y" * 300]
        report = import_file(
            catalogue,
            write_lines(tmp_path / "dough.jsonl", {"name": "Dough", "ingredients": rows, "category": {"a": 1}}),
        )
        assert lines(catalogue) == {"Dough": [("egg", 1.0, None), ("salt", None, None), ("oil", None, "drop")]}
        assert codes(report) == {
            "bad_line": 6,
            "bad_number": 2,
            "bad_name": 2,
            "bad_text": 1,
            "new_ingredient": 3,
            "new_unit": 1,
        }
        assert messages(report, "bad_line")[0] == (
            "line 1, 'Dough': the line 'For the dough:' names no ingredient; left out"
        )

    def test_texts_are_mended_so_that_a_catalogue_can_hold_them(self, catalogue: Catalogue, tmp_path: Path) -> None:
        document = {
            "name": "Half \ud800",
            "description": "a\x00b\udfff\U0001f600",
            "category": "c" * 200,
            "source": "s" * 3_000,
            "ingredients": ["2 sa\x00lts", "1 salts", {"name": "sal\x00ts"}],
        }
        report = import_file(catalogue, write_lines(tmp_path / "half.jsonl", document))
        [found] = catalogue.recipes.list().items
        assert (found.name, found.description) == ("Half \ufffd", "ab\ufffd\U0001f600")
        assert (found.category, found.source) == ("c" * 100, "s" * 2_000)
        assert lines(catalogue)["Half \ufffd"] == [("sa lts", 2.0, None), ("salts", 1.0, None)]
        assert codes(report) == {
            "bad_utf8": 2,
            "nul_removed": 2,
            "text_cut": 2,
            "new_ingredient": 2,
            "merged_line": 1,
        }

    def test_an_ingredient_that_stands_twice_becomes_one_line(self, catalogue: Catalogue, tmp_path: Path) -> None:
        texts = ["1/2 cup sugar", "2 eggs", "1 cup sugar", "3 g salt", "a pinch of Salt", "1 large egg, beaten"]
        report = import_file(catalogue, write_lines(tmp_path / "cake.jsonl", {"name": "Cake", "ingredients": texts}))
        assert lines(catalogue)["Cake"] == [("sugar", 1.5, "cup"), ("eggs", 3.0, None), ("salt", 3.0, "gram")]
        assert messages(report, "merged_line") == [
            "line 1, 'Cake', ingredient 'sugar': listed 2 times; now one line with the amount 1.5",
            "line 1, 'Cake', ingredient 'Salt': listed 2 times; now one line with the amount 3",
            "line 1, 'Cake', ingredient 'egg': listed 2 times; now one line with the amount 3",
        ]

    def test_a_recipe_keeps_no_more_lines_than_it_may_have(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        texts = [f"{number} g thing no {number}" for number in range(1, MAX_LINES + 10)]
        report = import_file(
            sqlite_catalogue, write_lines(tmp_path / "long.jsonl", {"name": "Long", "ingredients": texts})
        )
        assert codes(report)["too_many_lines"] == 1
        assert len(lines(sqlite_catalogue)["Long"]) == MAX_LINES

    def test_recipes_of_the_same_name_are_all_kept_under_numbers(self, catalogue: Catalogue, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "twice.jsonl", *({"name": name} for name in ("Sour", "SOUR", "Sour (2)")))
        report = import_file(catalogue, path)
        assert lines(catalogue).keys() == {"Sour", "SOUR (3)", "Sour (2)"}
        assert messages(report, "renamed_recipe")[0].startswith("line 2, 'SOUR': ")

    def test_whole_number_ids_are_kept_in_an_empty_catalogue(self, catalogue: Catalogue, tmp_path: Path) -> None:
        documents = [
            {"id": 40, "name": "A", "ingredients": ["1 egg"]},
            {"id": "x", "name": "B"},
            {"id": 7, "name": "C"},
        ]
        report = import_file(catalogue, write_lines(tmp_path / "ids.jsonl", *documents))
        assert report.ids_kept
        assert {item.name: item.id for item in catalogue.recipes.list().items} == {"A": 40, "B": 41, "C": 7}
        assert messages(report, "id_not_kept") == ["recipe 'B': its id cannot be kept; it is now 41"]
        again = import_file(catalogue, write_lines(tmp_path / "more.jsonl", {"id": 7, "name": "D"}))
        assert not again.ids_kept
        assert recipe(catalogue, "D").id == 42


class TestLinking:
    def test_an_ingredient_is_found_in_any_case_and_number_and_with_or_without_words_on_its_cut(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        grow(catalogue, {"Vegetables": {"Red onions": {}, "Diced Tomato": {}, "Cr\u00e8me": {}}, "Tomato": {}})
        texts = [
            "2 RED ONION, sliced",
            "1 cup chopped red onions",
            "3 diced tomatoes",
            "2 tomatoes",
            "1 dl cre\u0300me",
        ]
        documents = [{"name": f"R{n}", "ingredients": [text]} for n, text in enumerate(texts)]
        report = import_file(catalogue, write_lines(tmp_path / "linked.jsonl", *documents))
        assert (report.ingredients_created, report.ingredients_reused) == (0, 4)
        assert [line[0][0] for line in lines(catalogue).values()] == [
            "Red onions",
            "Red onions",
            "Diced Tomato",
            "Tomato",
            "Cr\u00e8me",
        ]
        assert messages(report, "same_ingredient") == [
            "ingredient 'RED ONION': taken for 'red onions'",
            "ingredient 'diced tomatoes': taken for 'diced tomato'",
            "ingredient 'tomatoes': taken for 'tomato'",
        ]

    def test_an_unknown_ingredient_becomes_a_root_and_is_named_once_with_the_line_it_came_from(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        documents = [{"name": name, "ingredients": ["1 cup minced shallots", "2 shallots"]} for name in ("A", "B")]
        report = import_file(catalogue, write_lines(tmp_path / "new.jsonl", *documents))
        assert messages(report, "new_ingredient") == [
            "ingredient 'shallots': not known, made a root; first in line 1, 'A'"
        ]
        assert messages(report, "new_unit") == ["unit 'cup': not known, made; first in line 1, 'A'"]
        assert tree(catalogue) == {"shallots": None}

    def test_a_new_unit_has_its_abbreviation_and_what_it_is_in_millilitres(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        texts = ["1 tbsp a1", "2 dl b1", "3 g c1", "1 can d1", "1 fl oz e1"]
        objects = [{"name": "f1", "unit": "Barrel"}]
        import_file(catalogue, write_lines(tmp_path / "u.jsonl", {"name": "U", "ingredients": [*texts, *objects]}))
        units = {unit.name: (unit.abbreviation, unit.conversion_to_ml) for unit in catalogue.units.list().items}
        assert units == {
            "tablespoon": ("tbsp", 14.7868),
            "decilitre": ("dl", 100.0),
            "gram": ("g", None),
            "can": (None, None),
            "fluid ounce": ("fl oz", 29.5735),
            "Barrel": (None, None),
        }

    def test_a_unit_of_the_catalogue_is_found_by_whatever_it_is_called_there(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        for name, abbreviation in (("Esslöffel", "TBSP"), ("Tin", None), ("grammes", "c"), ("Barrel", "bl")):
            catalogue.units.create(UnitDraft(name=name, abbreviation=abbreviation))
        rows = ["1 tablespoon a1", "2 cans b1", "3 g c1", {"name": "d1", "unit_name": "BL"}, "1 cup e1"]
        report = import_file(catalogue, write_lines(tmp_path / "u.jsonl", {"name": "U", "ingredients": rows}))
        assert (report.units_created, report.units_reused) == (1, 4)
        found = {line[0]: line[2] for line in lines(catalogue)["U"]}
        assert found == {"a1": "Esslöffel", "b1": "Tin", "c1": "grammes", "d1": "Barrel", "e1": "cup"}
        [cup] = [unit for unit in catalogue.units.list().items if unit.name == "cup"]
        assert cup.abbreviation is None  # "c" means grammes here

    def test_ids_in_lines_are_those_of_the_catalogue(self, catalogue: Catalogue, tmp_path: Path) -> None:
        gin = catalogue.ingredients.create(IngredientDraft(name="Gin"))
        ounce = catalogue.units.create(UnitDraft(name="ounce"))
        rows = [
            {"ingredient_id": gin.id, "unit_id": ounce.id, "amount": 2},
            {"ingredient_id": gin.id + 1, "ingredient_name": "Lime", "unit_id": ounce.id + 1, "unit_name": "dash"},
            {"ingredient_id": gin.id + 1},
        ]
        report = import_file(catalogue, write_lines(tmp_path / "ids.jsonl", {"name": "Gimlet", "ingredients": rows}))
        assert lines(catalogue) == {"Gimlet": [("Gin", 2.0, "ounce"), ("Lime", None, "dash")]}
        assert codes(report) == {"orphan": 2, "unknown_unit": 1, "new_ingredient": 1, "new_unit": 1}

    def test_nothing_is_made_for_a_recipe_that_is_there(self, catalogue: Catalogue, tmp_path: Path) -> None:
        ids = grow(catalogue, {"Gin": {}})
        line = RecipeLineDraft(ingredient_id=ids["Gin"])
        catalogue.recipes.create(RecipeDraft(name="Gimlet", ingredients=[line]))
        before = catalogue.state()
        path = write_lines(tmp_path / "again.jsonl", {"name": "GIMLET", "ingredients": ["2 barrels of cordial"]})
        report = import_file(catalogue, path)
        assert catalogue.state() == before
        assert codes(report) == {"recipe_exists": 1}


PAGE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "url": "https://example.org/page", "name": "Not a recipe"},
        {"@type": "WebSite", "mainEntity": {"@type": "Recipe", "@id": "#1"}},
        {
            "@type": ["Recipe", "NewsArticle"],
            "name": "Mac &amp; cheese",
            "recipeCategory": ["Main", "Pasta"],
            "description": "<p>Crusty &#8220;top&#8221;.</p>",
            "recipeInstructions": [
                {
                    "@type": "HowToSection",
                    "name": "Sauce",
                    "itemListElement": [
                        {"@type": "HowToStep", "name": "Step 1", "text": "Melt &frac12; the butter.<br/>Stir."},
                        {"@type": "HowToStep", "itemListElement": [{"@type": "HowToDirection", "text": "Whisk."}]},
                    ],
                },
                {"@type": "HowToStep", "name": "Bake."},
                "Serve.",
            ],
            "mainEntityOfPage": {"@type": "WebPage", "@id": "https://example.org/mac"},
            "author": [{"@type": "Person", "name": "Ada O&#39;Hara"}, {"@type": "Person", "name": "B"}],
            "publisher": {"@type": "Organization", "name": "Example"},
            "image": [{"@type": "ImageObject", "url": "https://example.org/mac.jpg"}, "https://example.org/2.jpg"],
            "recipeIngredient": ["250g macaroni", "1&frac12; cups milk", "4&nbsp;oz cheddar, grated"],
        },
    ],
}


class TestSchemaOrg:
    def test_a_page_gives_its_recipe_with_all_its_texts(self, catalogue: Catalogue, tmp_path: Path) -> None:
        (tmp_path / "page.json").write_text(json.dumps(PAGE))
        report = import_file(catalogue, tmp_path / "page.json")
        assert (report.format, report.recipes_created) == ("schema.org JSON-LD", 1)
        assert codes(report) == {"new_ingredient": 3, "new_unit": 3}
        [found] = catalogue.recipes.list().items
        assert found.model_dump(exclude={"id", "ingredients"}) == {
            "name": "Mac & cheese",
            "category": "Main",
            "description": "Crusty “top”.",
            "instructions": "Sauce\nMelt ½ the butter.\nStir.\nWhisk.\nBake.\nServe.",
            "source": "Ada O'Hara",
            "source_url": "https://example.org/mac",
            "image_url": "https://example.org/mac.jpg",
        }
        assert lines(catalogue)["Mac & cheese"] == [
            ("macaroni", 250.0, "gram"),
            ("milk", 1.5, "cup"),
            ("cheddar", 4.0, "ounce"),
        ]

    @pytest.mark.parametrize(
        ("name", "document"),
        [
            ("one.jsonld", {"@type": "Recipe", "name": "A", "ingredients": "1 egg\n\n2 g salt"}),
            ("one.json", {"@type": "http://schema.org/Recipe", "name": "A", "recipeIngredient": ["1 egg", "2 g salt"]}),
            (
                "list.json",
                [{"@type": "Thing"}, {"@type": "Recipe", "name": "A", "recipeIngredient": ["1 egg", "2 g salt"]}],
            ),
            ("bare.json", {"name": "A", "recipeIngredient": ["1 egg", "2 g salt"]}),
            (
                "items.json",
                {
                    "@type": "ItemList",
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "item": {"@type": "Recipe", "name": "A", "ingredients": ["1 egg", "2 g salt"]},
                        }
                    ],
                },
            ),
        ],
    )
    def test_a_recipe_is_found_wherever_it_stands(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, name: str, document: Any
    ) -> None:
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8-sig")
        import_file(sqlite_catalogue, tmp_path / name)
        assert lines(sqlite_catalogue) == {"A": [("egg", 1.0, None), ("salt", 2.0, "gram")]}

    def test_objects_in_json_lines_may_speak_these_words_too(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        path = write_lines(tmp_path / "pages.jsonl", PAGE, {"@type": "WebPage", "name": "x"}, {"name": "Plain &amp;"})
        report = import_file(sqlite_catalogue, path)
        assert lines(sqlite_catalogue).keys() == {"Mac & cheese", "Plain &amp;"}
        assert messages(report, "bad_json") == ["line 2: this is no recipe; the line was left out"]

    def test_line_breaks_within_texts_are_let_pass(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        (tmp_path / "raw.jsonld").write_text('{"@type": "Recipe", "name": "A", "recipeInstructions": "Mix.\n\tBake."}')
        import_file(sqlite_catalogue, tmp_path / "raw.jsonld")
        assert recipe(sqlite_catalogue, "A").instructions == "Mix.\n\tBake."

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.jsonld", '{"@type": "WebPage"}', "there is no object of the @type Recipe with a name in it"),
            ("a.json", '{"@type": "Recipe", "name": " ", "recipeIngredient": []}', "recipe 1: the name"),
            ("a.json", '{"@type": "Recipe",\n "name": }', "line 2, column 10: "),
            ("a.jsonld", '{"name": "A"}', "the name says schema.org JSON-LD, the content is something else"),
            ("a.json", '{"@graph": ' + "[" * 200_000, "nested too deeply"),
        ],
    )
    def test_what_holds_no_recipe_is_refused_saying_why(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, name: str, content: str, reason: str
    ) -> None:
        (tmp_path / name).write_text(content)
        assert reason in refusal(sqlite_catalogue, tmp_path / name)

    def test_a_description_that_quotes_json_does_not_make_bulk_json_something_else(
        self, sqlite_catalogue: Catalogue, tmp_path: Path
    ) -> None:
        document = {"ingredients": [{"name": "Gin", "description": 'see "@type" and "recipeIngredient"'}]}
        (tmp_path / "bulk.json").write_text(json.dumps(document))
        assert import_file(sqlite_catalogue, tmp_path / "bulk.json").format == "bulk JSON"


class TestAllOrNothing:
    def test_a_failure_while_writing_leaves_nothing_behind(self, catalogue: Catalogue, tmp_path: Path) -> None:
        documents = ({"name": f"R{n}", "ingredients": [f"{n} g salt", f"thing {n}"]} for n in range(1, 2_501))
        path = write_lines(tmp_path / "many.jsonl", *documents)
        before = catalogue.state()
        seen = []

        def stop(phase: str, done: int, total: int) -> None:
            seen.append((phase, done, total))
            if phase == "writing" and done == 2_000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_file(catalogue, path, progress=stop)
        assert catalogue.state() == before
        assert catalogue.counts() == {"recipes": 0, "ingredients": 0}
        assert seen[-1] == ("writing", 2_000, 2_500)

        assert import_file(catalogue, path).lines_created == 5_000
        assert catalogue.counts() == {"recipes": 2_500, "ingredients": 2_501}

    @pytest.mark.soak
    def test_twenty_thousand_recipes_come_in_at_once_in_seconds(self, catalogue: Catalogue, tmp_path: Path) -> None:
        documents = (
            {
                "name": f"R{n}",
                "instructions": "Stir. " * 200,
                "ingredients": [f"{n + k} g thing {n % 97 + k}" for k in range(10)],
            }
            for n in range(20_000)
        )
        path = write_lines(tmp_path / "many.jsonl", *documents)
        started = time.process_time()
        report = import_file(catalogue, path)
        assert (report.recipes_created, report.lines_created) == (20_000, 200_000)
        assert time.process_time() - started < 20

    def test_progress_goes_up_in_each_phase_and_ends_at_the_whole(
        self, sqlite_catalogue: Catalogue, tmp_path: Path
    ) -> None:
        path = write_lines(tmp_path / "many.jsonl", *({"name": f"R{n}"} for n in range(1_100)))
        seen: dict[str, list[tuple[int, int]]] = {}
        import_file(sqlite_catalogue, path, progress=lambda phase, *how_far: seen.setdefault(phase, []).append(how_far))
        assert list(seen) == ["reading", "checking", "writing"]
        assert len(seen["reading"]) == 6
        for steps in seen.values():
            shares = [done / total for done, total in steps]
            assert shares == sorted(shares)
            assert shares[-1] == 1


TEXT = st.text(st.characters(exclude_categories=()))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.sampled_from(["1 cup milk", "2 eggs"])),
    lambda below: st.one_of(
        st.lists(below, max_size=4),
        st.dictionaries(
            st.sampled_from(["name", "text", "@type", "ingredient_name", "amount", "unit", "ingredient_id", "unit_id"]),
            below,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
FIELDS = ["id", "name", "title", "category", "recipeCategory", "description", "instructions", "recipeInstructions"]
FIELDS += ["author", "url", "image", "ingredients", "recipeIngredient", "@type", "@graph"]


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8), max_size=3))
def test_any_object_gives_recipes_that_a_catalogue_can_hold_or_none(documents: list[dict[str, Any]]) -> None:
    recipes = RecipeObjects()
    for document in documents:
        recipes.add({"name": "A name"} | document, "line 1")
        list(find_recipes(document))
    known = Known({}, {}, {}, {}, set(), set())
    batch = link(recipes.batch("any"), known, lambda *_: None)
    check_references(batch, known)
    batch.faults.raise_if_any()
    names = {item.key: item.name for item in batch.ingredients}
    units = {item.key: item.name for item in batch.units}
    for item in batch.recipes:
        drafts = [
            RecipeLineDraft(
                ingredient_name=names[line.ingredient_key or ""],
                unit_name=units[line.unit_key] if line.unit_key else None,
                amount=line.amount,
            )
            for line in item.lines
        ]
        RecipeDraft(name=item.name, ingredients=drafts, **item.texts)
