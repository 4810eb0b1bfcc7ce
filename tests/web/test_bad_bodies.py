"""Bodies that are not what a route takes, whatever the route: refused as a problem, not repeated, nothing written."""

import pytest

from parcook.catalogue.models import IngredientDraft, RecipeDraft, UnitDraft
from tests.web.problems import expect_problem

MARKER = "zebra-crossing"
BASE = "/api/v1"

WRITING = [
    ("POST", "/ingredients"),
    ("PUT", "/ingredients/1"),
    ("PATCH", "/ingredients/1"),
    ("POST", "/ingredients/bulk"),
    ("POST", "/recipes"),
    ("PUT", "/recipes/1"),
    ("PATCH", "/recipes/1"),
    ("POST", "/recipes/bulk"),
    ("POST", "/units"),
]

MALFORMED = {
    "a bracket": b"{",
    "no JSON": MARKER.encode(),
    "JSON and more": b'{"name": "zebra-crossing"} zebra-crossing',
    "two documents": b"{}{}",
    "single quotes": b"{'name': 'zebra-crossing'}",
    "trailing comma": b'{"name": "zebra-crossing",}',
    "comment": b'{"name": "zebra-crossing"} // zebra',
    "cut off": b'{"name": "zebra-cross',
    "raw line end in a string": b'{"name": "zebra-crossing\n"}',
    "not UTF-8": b'{"name": "zebra-crossing \xff"}',
    "Latin-1": '{"name": "Crème zebra-crossing"}'.encode("latin-1"),
    "UTF-16 without its half": b"\xff\xfe{\x00",
    "NUL": b"\x00",
    "blanks": b"  \n ",
    "100,000 brackets": b"[" * 100_000,
    "100,000 closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"name":' * 100_000,
    "100,000 brackets in a field": b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "an integer of 5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
}

NOT_AN_OBJECT = {
    "empty": b"",
    "null": b"null",
    "true": b"true",
    "number": b"1e999",
    "NaN": b"NaN",
    "string": b'"zebra-crossing"',
    "array": b'["zebra-crossing"]',
    "array of pairs": b'[["name", "zebra-crossing"]]',
    "100 brackets": b"[" * 100 + b"]" * 100,
}

BAD_FIELD = {
    "a field that nobody knows": b'{"zebra": "zebra-crossing"}',
    "a field that would be private": b'{"zebra-crossing@example.com": 1}',
    "a field name of a megabyte": b'{"' + b"zebra-crossing" * 70_000 + b'": 1}',
    "10,000 fields": b"{" + b",".join(b'"f%d": "zebra-crossing"' % n for n in range(10_000)) + b"}",
    "a lone surrogate as a field": b'{"\\ud800": "zebra-crossing"}',
    "NUL as a field": b'{"zebra-crossing\\u0000": 1}',
    "half a character in a value": b'{"name": "zebra-crossing \xed\xa0\x80"}',
    "an inherited name": b'{"__class__": "zebra-crossing"}',
    "a field of the storage": b'{"created_by": "zebra-crossing"}',
}

WRONG_TYPES = {
    "text/plain": "text/plain",
    "a form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=x",
    "XML": "application/xml",
    "text that ends in json": "text/x+json",
    "nonsense": MARKER,
    "nothing": "",
    "a list": "text/html, application/json",
}


@pytest.fixture(scope="module")
def stocked(standing):
    """A catalogue with ingredient 1 and recipe 1, asked as admin."""
    catalogue = standing.services.catalogue
    gin = catalogue.ingredients.create(IngredientDraft(name="Gin"))
    catalogue.units.create(UnitDraft(name="ounce"))
    catalogue.recipes.create(RecipeDraft(name="Martini", ingredients=[{"ingredient_id": gin.id}]))
    standing.client.headers.update(standing.token("admin"))
    return standing


def refused(stocked, method, path, status, code, content_type="application/json", **body):
    before = stocked.services.catalogue.state().stamp
    headers = {"Content-Type": content_type} | body.pop("headers", {})
    response = stocked.client.request(method, BASE + path, headers=headers, **body)
    expect_problem(response, status, code)
    assert MARKER not in response.text
    assert len(response.content) < 10_000
    assert stocked.services.catalogue.state().stamp == before


@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_json_is_malformed(stocked, method, path, body):
    refused(stocked, method, path, 400, "malformed_json", content=body)


@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("body", NOT_AN_OBJECT.values(), ids=NOT_AN_OBJECT)
def test_json_that_is_no_object_is_invalid(stocked, method, path, body):
    refused(stocked, method, path, 422, "invalid", content=body)


@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("body", BAD_FIELD.values(), ids=BAD_FIELD)
def test_a_field_that_no_route_takes_is_invalid(stocked, method, path, body):
    refused(stocked, method, path, 422, "invalid", content=body)


@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("content_type", WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_another_media_type_is_refused(stocked, method, path, content_type):
    refused(stocked, method, path, 415, "unsupported_media_type", content_type, content=b'{"name": "zebra-crossing"}')


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/ld+json"])
def test_every_way_of_saying_json_is_taken(stocked, content_type):
    refused(stocked, "POST", "/units", 409, "duplicate_name", content_type, content=b'{"name": "OUNCE"}')


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_an_announced_body_over_ten_megabytes_is_too_large(stocked, method, path):
    refused(stocked, method, path, 413, "too_large", content=b'{"name": "' + b"x" * 10_000_000 + b'"}')


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_an_unannounced_body_over_ten_megabytes_is_too_large(stocked, method, path):
    chunks = (b"x" * 1_000_000 for _ in range(11))
    refused(stocked, method, path, 413, "too_large", content=chunks)


def test_a_body_of_just_ten_megabytes_is_read(stocked):
    frame = len(b'{"name": ""}')
    refused(stocked, "POST", "/units", 422, "invalid", content=b'{"name": "%s"}' % (b"x" * (10_000_000 - frame)))


@pytest.mark.parametrize(("length", "status", "code"), [("abc", 422, "invalid"), ("9" * 5_000, 413, "too_large")])
def test_an_absurd_content_length_is_no_fault_of_ours(stocked, length, status, code):
    refused(stocked, "POST", "/units", status, code, content=b"{}", headers={"Content-Length": length})
