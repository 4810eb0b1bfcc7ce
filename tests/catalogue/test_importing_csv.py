"""Importing ingredients from CSV."""

import csv
from pathlib import Path

import pytest

from parcook.catalogue.importing import import_file
from parcook.catalogue.models import MAX_LEVELS
from parcook.catalogue.store import Catalogue
from tests.catalogue.making import grow
from tests.catalogue.test_importing import codes, ids, ingredients, refusal, tree
from tests.servers.missing import lacking

FOODON = Path(__file__).parents[3] / "shared/data/catalogue/foodon_hierarchy.csv"


@pytest.fixture
def foodon() -> Path:
    if not FOODON.exists():
        lacking("foodon_hierarchy.csv", f"it is looked for at {FOODON}")
    return FOODON


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


class TestFoodOn:
    def test_every_node_comes_in_where_the_file_says_it_stands(self, catalogue: Catalogue, foodon: Path) -> None:
        with foodon.open(newline="") as file:
            expected = {
                " ".join(row["label"].split()): (int(row["depth"]), " ".join(row["path"].split()))
                for row in csv.DictReader(file)
            }
        report = import_file(catalogue, foodon)
        assert (report.format, report.ingredients_created) == ("CSV", 3_141)
        assert (report.warnings, report.notes, report.ids_kept) == ([], [], False)

        found = ingredients(catalogue)
        names = {item.id: item.name for item in found}
        assert expected == {
            item.name: (item.level, " > ".join(names[int(key)] for key in item.path.strip("/").split("/")))
            for item in found
        }
        assert sum(item.level == 0 for item in found) == 450
        assert max(item.level for item in found) == 11

    def test_a_second_import_changes_nothing_and_a_dry_run_writes_nothing(
        self, catalogue: Catalogue, foodon: Path
    ) -> None:
        before = catalogue.state()
        assert import_file(catalogue, foodon, dry_run=True).ingredients_created == 3_141
        assert catalogue.state() == before
        import_file(catalogue, foodon)
        before = catalogue.state()
        report = import_file(catalogue, foodon)
        assert catalogue.state() == before
        assert (report.ingredients_created, report.ingredients_reused) == (0, 3_141)
        assert report.warnings == []


class TestShapes:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_delimiters_line_ends_and_encodings_of_spreadsheets_are_read(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, delimiter: str, ending: str, encoding: str
    ) -> None:
        rows = [("ID", " Name ", "colour", "Parent_ID", "Description"), ("x:1", "Früchte", "", "", "")]
        rows += [("x:2", f'"Limette{delimiter} ""grün"""', "green", "x:1", f'"in{ending}two"'), ("", "", "", "", "")]
        content = ending.join(delimiter.join(row) for row in rows) + ending
        report = import_file(sqlite_catalogue, write(tmp_path / "fruit.csv", content, encoding))
        assert report.warnings == []
        name = f'Limette{delimiter} "grün"'.replace("\t", "")
        assert tree(sqlite_catalogue) == {"Früchte": None, name: "Früchte"}
        described = {item.name: item.description for item in ingredients(sqlite_catalogue)}
        assert described == {"Früchte": None, name: f"in{ending}two"}

    def test_names_alone_are_enough_and_short_rows_are_filled(
        self, sqlite_catalogue: Catalogue, tmp_path: Path
    ) -> None:
        report = import_file(sqlite_catalogue, write(tmp_path / "names.tsv", "label\tparent_id\nGin\nRum\t\n"))
        assert report.warnings == []
        assert tree(sqlite_catalogue) == {"Gin": None, "Rum": None}

    def test_a_file_of_windows_is_read_as_such_and_said_so(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        report = import_file(sqlite_catalogue, write(tmp_path / "old.csv", "id;name\n1;Gin\n2;Crème\n", "cp1252"))
        assert [(warning.code, warning.message) for warning in report.warnings] == [
            ("bad_utf8", "line 3: this is not UTF-8; the file was read as Windows-1252")
        ]
        assert tree(sqlite_catalogue) == {"Gin": None, "Crème": None}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("id,title\n1,Gin\n", "line 1: there is no column 'name' or 'label' in the header 'id,title'"),
            ("1,Gin\n2,Rum\n", "line 1: there is no column 'name'"),
            ("\n\n", "line 1: there is no column 'name'"),
            ("id,name\n", "no row is an ingredient"),
            ("id,name\n1,\n", "no row is an ingredient. line 2: the name is empty"),
            ('id,name\n1,Gin\n2,"Rum\n3,Rye\n', "line 3: unexpected end of data"),
            ('id,name\n1,Gin\n2,"Rum"x\n', "line 3: "),
            ('id,name\n1,"' + "x" * 200_000, "line 2: field larger than field limit"),
        ],
    )
    def test_what_is_no_table_of_ingredients_is_refused_saying_where(
        self, sqlite_catalogue: Catalogue, tmp_path: Path, content: str, reason: str
    ) -> None:
        path = write(tmp_path / "bad.csv", content)
        detail = refusal(sqlite_catalogue, path)
        assert detail.startswith(f"{path}: ")
        assert reason in detail


class TestRows:
    def test_what_is_wrong_with_a_row_is_mended_and_named_by_its_line(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        content = """id,name,parent_id
a,Spirits,
b,Gin,a
c,"Old
Tom",b
d,GIN,a
e,,a
f,Sloe gin,e
g,Rye,nowhere
h,Bad,a,more,cells
i,Circle one,j
j,Circle two,i
b,Genever,a
k,Below,b
"""
        report = import_file(catalogue, write(tmp_path / "rows.csv", content))
        assert [(warning.code, warning.message) for warning in report.warnings] == [
            ("merged_ingredient", "line 6: 'GIN' is the same as 'Gin'; merged into it"),
            ("bad_name", "line 7: the name is empty, not text; the row was dropped"),
            ("too_many_cells", "line 10: has 5 cells, the header 3; the row was dropped"),
            ("repeated_id", "line 13: the id 'b' is that of line 3, whose children use it"),
            ("missing_parent", "line 8, 'Sloe gin': its parent 'e' is not there; made a root"),
            ("missing_parent", "line 9, 'Rye': its parent 'nowhere' is not there; made a root"),
            ("circular", "line 11, 'Circle one': it stood below itself; made a root"),
        ]
        assert tree(catalogue) == {
            "Spirits": None,
            "Gin": "Spirits",
            "Old Tom": "Gin",
            "Sloe gin": None,
            "Rye": None,
            "Circle one": None,
            "Circle two": "Circle one",
            "Genever": "Spirits",
            "Below": "Gin",
        }

    def test_a_tree_that_is_too_deep_is_cut(self, sqlite_catalogue: Catalogue, tmp_path: Path) -> None:
        rows = [f"n{level},N {level},{f'n{level - 1}' if level else ''}" for level in range(MAX_LEVELS + 1)]
        report = import_file(sqlite_catalogue, write(tmp_path / "deep.csv", "\n".join(["id,name,parent_id", *rows])))
        assert codes(report) == {"too_deep": 1}
        assert report.warnings[0].message.startswith(f"line {MAX_LEVELS + 2}, 'N {MAX_LEVELS}': ")

    def test_whole_number_ids_are_kept_in_an_empty_catalogue_and_others_replaced(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        content = "id,name,parent_id\n30,Spirits,\nx-1,Gin,30\n12,Rum,30\n007,Bond,x-1\n"
        report = import_file(catalogue, write(tmp_path / "ids.csv", content))
        assert report.ids_kept
        assert codes(report) == {"id_not_kept": 2}
        assert ids(catalogue.ingredients.list().items) == {"Spirits": 30, "Gin": 31, "Rum": 12, "Bond": 32}
        assert tree(catalogue) == {"Spirits": None, "Gin": "Spirits", "Rum": "Spirits", "Bond": "Gin"}

    def test_beside_what_is_there_names_decide(self, catalogue: Catalogue, tmp_path: Path) -> None:
        known = grow(catalogue, {"Spirits": {"Gin": {}}})
        content = "id,name,parent_id\n1,Drinks,\n2,GIN,1\n3,Sloe gin,2\n"
        report = import_file(catalogue, write(tmp_path / "more.csv", content))
        assert (report.ids_kept, report.ingredients_created, report.ingredients_reused) == (False, 2, 1)
        assert codes(report) == {"ingredient_elsewhere": 1}
        assert tree(catalogue) == {"Spirits": None, "Gin": "Spirits", "Drinks": None, "Sloe gin": "Gin"}
        assert ids(catalogue.ingredients.list().items)["Gin"] == known["Gin"]
