"""Pages: in the same order on both databases, nothing skipped and nothing twice, and cursors that are refused."""

import base64
import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest

from parcook.catalogue.models import UnitDraft
from parcook.catalogue.paging import Page
from parcook.catalogue.store import Catalogue
from parcook.errors import Invalid
from tests.catalogue.making import grow, mix, refused

# Code-point order: capitals, then small letters, then what a locale would sort among them, then astral planes.
IN_ORDER = ["1", "10", "9", "Rum", "Zimt", "_", "a", "ab", "b", "É", "é", "Ω", "ﬁ", "😀"]


def all_pages(list_page: Callable[[str | None, int], Page[Any]], limit: int) -> Iterator[list[str]]:
    page = list_page(None, limit)
    yield [item.name for item in page.items]
    for _ in range(2 * len(IN_ORDER)):  # and not for ever, should a page lead back to itself
        if page.next_cursor is None:
            return
        page = list_page(page.next_cursor, limit)
        yield [item.name for item in page.items]


def cursor_for(payload: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")


def test_lists_are_in_code_point_order_on_both_databases(catalogue: Catalogue) -> None:
    backwards = IN_ORDER[::-1]
    letters = [name for name in backwards if name != "É"]  # the same name as é
    grow(catalogue, {name: {} for name in letters})
    for name in letters:
        mix(catalogue, name)
        catalogue.units.create(UnitDraft(name=name))
    expected = [name for name in IN_ORDER if name != "É"]
    for listed in (catalogue.ingredients.list, catalogue.recipes.list, catalogue.units.list):
        assert [item.name for item in listed().items] == expected == sorted(expected)
        for limit in (1, 2, 5, 13, 200):
            pages = list(all_pages(listed, limit))
            assert list(chain(*pages)) == expected
            assert max(map(len, pages)) <= limit
            assert all(pages)


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (4, [3])])
def test_three_rows_make_no_empty_page(sqlite_catalogue: Catalogue, limit: int, sizes: list[int]) -> None:
    grow(sqlite_catalogue, {"a": {}, "b": {}, "c": {}})
    assert [len(page) for page in all_pages(sqlite_catalogue.ingredients.list, limit)] == sizes


def test_an_empty_list_is_one_empty_page(catalogue: Catalogue) -> None:
    for listed in (catalogue.ingredients.list, catalogue.recipes.list, catalogue.units.list):
        assert listed().model_dump() == {"items": [], "next_cursor": None}


def test_rows_added_or_removed_between_pages_are_never_a_reason_to_skip_or_repeat(catalogue: Catalogue) -> None:
    ids = grow(catalogue, {name: {} for name in ("b", "d", "f", "h")})
    first = catalogue.ingredients.list(limit=2)
    assert [item.name for item in first.items] == ["b", "d"]
    grow(catalogue, {"a": {}, "c": {}, "e": {}})
    catalogue.ingredients.delete(ids["b"])
    catalogue.ingredients.delete(ids["d"])  # the row that the cursor stands on
    second = catalogue.ingredients.list(first.next_cursor, limit=2)
    assert [item.name for item in second.items] == ["e", "f"]
    catalogue.ingredients.patch(ids["f"], {"name": "z"})
    third = catalogue.ingredients.list(second.next_cursor, limit=2)
    assert [item.name for item in third.items] == ["h", "z"]
    assert third.next_cursor is None


def test_a_cursor_carries_a_name_of_any_length_and_script(catalogue: Catalogue) -> None:
    names = ["😀" * 200, "😀" * 199 + "😁"]
    grow(catalogue, {name: {} for name in names})
    page = catalogue.ingredients.list(limit=1)
    assert page.next_cursor is not None
    assert len(page.next_cursor) < 2_000  # what HTTP takes
    assert [item.name for item in catalogue.ingredients.list(page.next_cursor).items] == names[1:]


def test_a_cursor_that_no_page_gave_out_is_refused(catalogue: Catalogue) -> None:
    grow(catalogue, {"a": {}, "b": {}})
    good = catalogue.ingredients.list(limit=1).next_cursor
    assert good is not None
    for cursor in (
        "",
        "x",
        "abc",
        "!!!!",
        "é",
        "\x00",
        "\ud800",
        "null",
        good[:-1],
        good + "!",
        f"={good}",
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        cursor_for(None),
        cursor_for(7),
        cursor_for("ab"),
        cursor_for([]),
        cursor_for(["a"]),
        cursor_for(["a", 1, 2]),
        cursor_for([1, "a"]),
        cursor_for(["a", "1"]),
        cursor_for(["a", 1.5]),
        cursor_for(["a", True]),
        cursor_for(["a", None]),
        cursor_for([None, 1]),
        cursor_for(["a", 0]),
        cursor_for(["a", -1]),
        cursor_for(["a", 2**63]),
        cursor_for(["a", 10**400]),
        cursor_for(["a\x00", 1]),
        cursor_for(["\ud800", 1]),
        cursor_for({"a": 1, "b": 2}),
        base64.urlsafe_b64encode(b'["a",' + b"9" * 5_000 + b"]").decode().rstrip("="),
        base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("="),
        base64.urlsafe_b64encode(b'["a",NaN]').decode().rstrip("="),
    ):
        for listed in (catalogue.ingredients.list, catalogue.recipes.list, catalogue.units.list):
            with refused(catalogue, Invalid, "bad_cursor"):
                listed(cursor, 10)


def test_a_cursor_from_another_catalogue_is_only_a_place_in_the_order(catalogue: Catalogue) -> None:
    grow(catalogue, {"a": {}, "b": {}, "c": {}})
    assert [item.name for item in catalogue.ingredients.list(cursor_for(["b", 2**63 - 1])).items] == ["c"]
    assert catalogue.ingredients.list(cursor_for(["zzz", 1])).items == []
