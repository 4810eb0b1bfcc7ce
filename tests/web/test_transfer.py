"""How answers travel: as the bytes that are stored, compressed or not at all, tagged, and as files of their own."""

import gzip
import hashlib
import re

import pytest

from tests.web.problems import expect_problem

ANALYTICS = "/api/v1/analytics"
USAGE = f"{ANALYTICS}/ingredient-usage"
ADDRESSES = [USAGE, f"{USAGE}?level=1", f"{ANALYTICS}/recipe-complexity", f"{ANALYTICS}/ingredient-tree"]
PLAIN = {"Accept-Encoding": "identity"}

only_stored = pytest.mark.parametrize("source", ["stored"], indirect=True)


@only_stored
def test_stored_answers_are_the_bytes_of_the_file(reader, answering):
    folder = answering.home / "objects/analytics/v1"
    for name in ("ingredient-usage", "ingredient-tree", "recipe-complexity"):
        for _ in range(2):  # from storage, then from what is at hand
            assert reader.get(f"{ANALYTICS}/{name}", headers=PLAIN).content == (folder / f"{name}.json").read_bytes()
        assert gzip.decompress(raw(reader, f"{ANALYTICS}/{name}")) == (folder / f"{name}.json").read_bytes()


def raw(client, path):
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        return b"".join(response.iter_raw())


@pytest.mark.parametrize("address", ADDRESSES)
def test_compression_is_negotiated_and_has_its_own_tag(reader, address):
    plain = reader.get(address, headers=PLAIN)
    packed = reader.get(address, headers={"Accept-Encoding": "br, gzip"})
    refused = reader.get(address, headers={"Accept-Encoding": "gzip; q=0, br"})
    assert (packed.headers["content-encoding"], packed.json()["data"]) == ("gzip", plain.json()["data"])
    assert [r.headers.get("content-encoding") for r in (plain, refused)] == [None, None]
    assert plain.headers["etag"] != packed.headers["etag"]
    for response in (plain, packed, refused):
        assert response.headers["vary"] == "Accept-Encoding"
        assert response.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert response.headers["content-type"] == "application/json"
        assert re.fullmatch(r'"[^"]+"', response.headers["etag"])


@only_stored
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("condition", ["{}", "W/{}", "*", '"other", {}', '"other",W/{} ,"more"'])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_the_reader_has_is_not_sent_again(reader, address, condition, encoding):
    accept = {"Accept-Encoding": encoding}
    first = reader.get(address, headers=accept)
    again = reader.get(address, headers={"If-None-Match": condition.format(first.headers["etag"]), **accept})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]


@only_stored
@pytest.mark.parametrize("condition", ['"other"', "", "nonsense", 'W/"x", "y"', '"{}"'])
def test_another_tag_gets_the_whole_answer(reader, condition):
    tag = reader.get(USAGE).headers["etag"].strip('"')[:-1]
    assert reader.get(USAGE, headers={"If-None-Match": condition.format(tag)}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, "/analytics/v1/manifest.json", "/healthz", "/openapi.json"])
@only_stored
def test_head_says_what_get_would_say_without_the_body(reader, address):
    got, headed = reader.get(address, headers=PLAIN), reader.head(address, headers=PLAIN)
    assert (headed.status_code, headed.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert headed.headers.get(name) == got.headers.get(name)
    missing = reader.head("/analytics/v1/nothing.json")
    assert (missing.status_code, missing.content) == (404, b"")


@only_stored
def test_the_manifest_leads_to_immutable_files_of_the_same_bytes(reader, answering):
    response = reader.get("/analytics/v1/manifest.json")
    manifest = response.json()
    assert response.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert manifest["catalogue"]["version"] == answering.services.catalogue.state().stamp.version
    assert sorted(manifest["views"]) == ["ingredient-tree", "ingredient-usage", "recipe-complexity"]
    for name, view in manifest["views"].items():
        immutable, stable = reader.get(f"/analytics/v1/{view['path']}"), reader.get(f"/analytics/v1/{name}.json")
        assert immutable.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert stable.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert immutable.content == stable.content == reader.get(f"{ANALYTICS}/{name}").content
        assert hashlib.sha256(immutable.content).hexdigest() == view["sha256"]
        assert view["path"] == f"{name}.{view['sha256'][:12]}.json"
        assert (view["bytes"], view["audience"]) == (len(immutable.content), "public")


@pytest.mark.parametrize(
    "name",
    [
        "Manifest.json",
        "MANIFEST.JSON",
        "manifest",
        "manifest.json.bak",
        ".manifest.json",
        "manifest.json%00",
        "manifest.json%0a",
        "%2e%2e%2fv1%2fmanifest.json",
        "..%2f..%2f..%2fcatalogue.db",
        "%2e%2e",
        "..%5cmanifest.json",
        "%2fetc%2fpasswd",
        "a--b.json",
        "ingredient-usage.000000000000.json",
        "ingredient-usage.00000000000.json",
        "ingredient-usage.ABCDEF012345.json",
        "ing%C3%A9dient.json",
        "%ff.json",
        "../v1/nothing.json",
    ],
)
@only_stored
def test_an_odd_file_name_is_not_found(reader, name):
    expect_problem(reader.get(f"/analytics/v1/{name}"), 404, "not_found")
