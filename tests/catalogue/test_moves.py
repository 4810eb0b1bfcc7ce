"""Moving ingredients: to a root, into another branch, with all below; and the moves that are refused."""

from parcook.catalogue.models import IngredientDraft
from parcook.catalogue.store import Catalogue
from parcook.errors import Conflict
from tests.catalogue.making import grow, paths, refused
from tests.catalogue.outside import Outside

SPIRITS = {"Spirits": {"Whiskey": {"Bourbon": {"Small Batch": {}}, "Rye": {}}, "Gin": {}}}


def test_a_move_takes_the_whole_branch_along_and_nothing_else(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {**SPIRITS, "Grain": {"Malt": {}}})
    spirits, whiskey, bourbon, small, rye, gin, grain, malt = ids.values()
    moved = catalogue.ingredients.patch(whiskey, {"parent_id": malt})
    assert (moved.path, moved.level) == (f"/{grain}/{malt}/{whiskey}/", 2)
    assert paths(catalogue) == {
        "Spirits": f"/{spirits}/",
        "Gin": f"/{spirits}/{gin}/",
        "Grain": f"/{grain}/",
        "Malt": f"/{grain}/{malt}/",
        "Whiskey": f"/{grain}/{malt}/{whiskey}/",
        "Bourbon": f"/{grain}/{malt}/{whiskey}/{bourbon}/",
        "Small Batch": f"/{grain}/{malt}/{whiskey}/{bourbon}/{small}/",
        "Rye": f"/{grain}/{malt}/{whiskey}/{rye}/",
    }


def test_a_parent_that_is_null_makes_a_root_and_one_that_is_not_sent_stays(catalogue: Catalogue) -> None:
    ids = grow(catalogue, SPIRITS)
    stayed = catalogue.ingredients.patch(ids["Whiskey"], {"description": "Aged."})
    assert stayed.parent_id == ids["Spirits"]
    rooted = catalogue.ingredients.patch(ids["Whiskey"], {"parent_id": None})
    assert (rooted.parent_id, rooted.path, rooted.description) == (None, f"/{ids['Whiskey']}/", "Aged.")
    assert paths(catalogue)["Small Batch"] == f"/{ids['Whiskey']}/{ids['Bourbon']}/{ids['Small Batch']}/"


def test_a_branch_moved_away_and_back_is_as_it_was(catalogue: Catalogue) -> None:
    ids = grow(catalogue, SPIRITS)
    before = paths(catalogue)
    for parent_id in (None, ids["Gin"], ids["Spirits"]):
        catalogue.ingredients.patch(ids["Whiskey"], {"parent_id": parent_id})
    assert paths(catalogue) == before


def test_a_parent_and_its_child_can_change_places_in_two_moves(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {"Whiskey": {"Bourbon": {"Small Batch": {}}}})
    catalogue.ingredients.patch(ids["Bourbon"], {"parent_id": None})
    catalogue.ingredients.patch(ids["Whiskey"], {"parent_id": ids["Bourbon"]})
    assert paths(catalogue) == {
        "Bourbon": f"/{ids['Bourbon']}/",
        "Whiskey": f"/{ids['Bourbon']}/{ids['Whiskey']}/",
        "Small Batch": f"/{ids['Bourbon']}/{ids['Small Batch']}/",
    }


def test_nothing_moves_below_itself(catalogue: Catalogue) -> None:
    ids = grow(catalogue, SPIRITS)
    for below in ("Whiskey", "Bourbon", "Small Batch"):
        with refused(catalogue, Conflict, "cycle"):
            catalogue.ingredients.patch(ids["Whiskey"], {"parent_id": ids[below]})
        with refused(catalogue, Conflict, "cycle"):
            catalogue.ingredients.replace(ids["Whiskey"], IngredientDraft(name="New name", parent_id=ids[below]))
    assert catalogue.ingredients.get(ids["Whiskey"]).name == "Whiskey"


def test_a_move_and_a_rename_to_a_taken_name_are_refused_together(catalogue: Catalogue) -> None:
    ids = grow(catalogue, SPIRITS)
    before = paths(catalogue)
    with refused(catalogue, Conflict, "duplicate_name"):
        catalogue.ingredients.patch(ids["Rye"], {"parent_id": None, "name": "gin"})
    assert paths(catalogue) == before


def test_ids_that_begin_alike_never_catch_each_others_branches(catalogue: Catalogue, outside: Outside) -> None:
    rows = [(1, "a", None), (10, "b", None), (100, "c", None), (11, "d", 1), (101, "e", 10), (1001, "f", 100)]
    outside.run_for_all("INSERT INTO ingredients (id, name, parent_id)", rows)
    catalogue.ingredients.patch(1, {"parent_id": 1001})
    assert outside.paths() == {
        1: "/100/1001/1/",
        11: "/100/1001/1/11/",
        10: "/10/",
        101: "/10/101/",
        100: "/100/",
        1001: "/100/1001/",
    }
    catalogue.ingredients.patch(10, {"parent_id": 1})
    catalogue.ingredients.patch(1, {"parent_id": None})
    assert outside.paths() == {
        1: "/1/",
        11: "/1/11/",
        10: "/1/10/",
        101: "/1/10/101/",
        100: "/100/",
        1001: "/100/1001/",
    }
    with refused(catalogue, Conflict, "cycle"):
        catalogue.ingredients.patch(1, {"parent_id": 101})
