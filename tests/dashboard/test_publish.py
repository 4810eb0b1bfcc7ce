"""Publishing: whole at any moment, twice the same, the catalogue alone for everybody, nothing of others touched."""

import base64
import gzip
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from parcook.dashboard.publish import publish, single_file
from parcook.dashboard.reading import read_generations
from parcook.errors import Conflict, Corrupt, NotFound, Unavailable
from parcook.objects import Objects
from tests.artifacts.watched import WatchedObjects
from tests.dashboard.golden import golden_insights, golden_site, write_insights
from tests.dashboard.hostile import CORPUS, Parsed, hostile_site
from tests.dashboard.large import large_site

DATA_BUDGET = 60 * 1024
SINGLE_BUDGET = 450 * 1024
REQUEST_BUDGET = 36


@pytest.fixture
def source(tmp_path: Path) -> Path:
    golden_site(tmp_path / "source")
    return tmp_path / "source"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def at(folder: Path) -> Objects:
    return Objects(f"file://{folder}")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(source: Path, generation: int, **sentences: str) -> None:
    """Another generation at the source, with other sentences above some artifacts."""
    told = json.loads(json.dumps(golden_insights()))
    for name, sentence in sentences.items():
        told[name]["metadata"]["summary"] = sentence
    write_insights(source, told, generation)


def check_whole(site: Path) -> None:
    """The page, if there is one, names files that are there; so does each manifest."""
    held = files_of(site)
    for address in re.findall(r'(?:href|src)="(assets/[^"]+)"', held.get("index.html", b"").decode()):
        assert address in held
    for folder in ("analytics/v1/", "insights/v1/"):
        manifest = json.loads(held.get(f"{folder}manifest.json", b'{"views": {}}'))
        assert {folder + view["path"] for view in manifest["views"].values()} <= held.keys()


def test_everything_that_the_page_asks_for_is_there(source, site):
    report = publish(at(source), at(site), "internal")
    check_whole(site)
    assert files_of(site).keys() == set(report.written)
    assert {"index.html", "tables.html", "analytics/v1/manifest.json", "insights/v1/manifest.json"} <= set(
        report.written
    )
    assert report.written[-2:] == ["analytics/v1/manifest.json", "insights/v1/manifest.json"]


def test_published_artifacts_are_the_stored_bytes(source, site):
    publish(at(source), at(site), "internal")
    stored = files_of(source)
    assert {path: body for path, body in files_of(site).items() if path.endswith(".json")} == stored


def test_publishing_twice_writes_nothing(source, site):
    publish(at(source), at(site), "internal")
    before = {path: (site / path).stat().st_mtime_ns for path in files_of(site)}
    report = publish(at(source), at(site), "internal")
    assert (report.written, report.dropped) == ([], [])
    assert report.unchanged == len(before)
    assert {path: (site / path).stat().st_mtime_ns for path in files_of(site)} == before


def test_the_generation_before_stays_for_those_who_are_reading_it_and_older_ones_go(source, site):
    named = []
    for generation in (1, 2, 3):
        change(source, generation, growth=f"Sentence {generation}.")
        publish(at(source), at(site), "internal")
        manifest = json.loads((site / "insights/v1/manifest.json").read_bytes())
        named.append("insights/v1/" + manifest["views"]["growth"]["path"])
    assert [(site / path).exists() for path in named] == [False, True, True]
    assert publish(at(source), at(site), "internal").dropped == []


def test_what_everybody_gets_holds_nothing_about_conversations(source, site):
    publish(at(source), at(site), "public")
    held = files_of(site)
    assert not [path for path in held if path.startswith("insights")]
    types = {path.rpartition("/")[2].partition(".")[0] for path in held if path.startswith("analytics/")} - {"manifest"}
    assert types == {"ingredient-usage", "ingredient-tree", "recipe-complexity"}
    told = b"".join(body for path, body in held.items() if not path.startswith("assets/"))
    assert [name for name in golden_insights() if name.encode() in told] == []
    assert b"Zero-proof negroni" not in told


def test_publishing_for_everybody_takes_away_what_was_published_for_insiders(source, site):
    publish(at(source), at(site), "internal")
    report = publish(at(source), at(site), "public")
    assert not [path for path in files_of(site) if path.startswith("insights")]
    assert report.dropped[0] == "insights/v1/manifest.json"
    assert b"Zero-proof negroni" not in (site / "tables.html").read_bytes()
    check_whole(site)


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.soak)])
def test_a_crash_at_any_moment_leaves_the_old_page_or_the_new_one(source, site, step):
    publish(at(source), at(site), "internal")
    old = files_of(site)
    change(source, 2, growth="Another sentence.", retention="Another one.")
    moments: list[str] = []
    publish(at(source), WatchedObjects(f"file://{site}", lambda moment, verb, _: moments.append(verb)), "internal")
    for number in range(0, len(moments), step):
        for path in files_of(site):
            (site / path).unlink()
        for path, body in old.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(body)
        with pytest.raises(Unavailable):
            publish(at(source), WatchedObjects(f"file://{site}", _failing_at(number)), "internal")
        check_whole(site)
        publish(at(source), at(site), "internal")
        check_whole(site)
        assert b"Another sentence." in (site / "tables.html").read_bytes()


def _failing_at(number: int) -> Callable[[str, str, str], None]:
    left = [number]

    def watcher(moment: str, verb: str, path: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Unavailable("the machine is off")

    return watcher


def test_what_others_put_there_stays(source, site):
    site.mkdir()
    strangers = {"robots.txt", "assets/logo.png", "insights/v1/notes.txt", "analytics/v1/README", "about/index.html"}
    for path in strangers:
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text("mine")
    for profile in ("internal", "public"):
        publish(at(source), at(site), profile)
    assert {path for path, body in files_of(site).items() if body == b"mine"} == strangers


def test_a_page_of_somebody_else_is_not_overwritten(source, site):
    site.mkdir()
    (site / "index.html").write_text("<h1>My bar</h1>")
    with pytest.raises(Conflict, match="choose an empty place"):
        publish(at(source), at(site), "public")
    assert files_of(site) == {"index.html": b"<h1>My bar</h1>"}


def test_before_anything_is_cooked_there_is_nothing_to_publish(tmp_path, site):
    with pytest.raises(NotFound, match="parcook refresh"):
        publish(at(tmp_path / "empty"), at(site), "public")


def test_before_anything_is_cooked_of_conversations_the_page_does_not_ask_for_it(source, site):
    shutil.rmtree(source / "insights")
    publish(at(source), at(site), "internal")
    assert 'data-audience="public"' in (site / "index.html").read_text()
    assert 'data-audience="public"' in single_file(at(source), "internal").body.decode()


def test_an_internal_view_among_the_public_ones_is_refused(source, site):
    path = source / "analytics/v1/manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"audience":"public"', b'"audience":"internal"', 1))
    with pytest.raises(Corrupt, match="no manifest of public artifacts"):
        publish(at(source), at(site), "public")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"views": 3}', b'{"views": {"a": {"path": "../x", "audience": "public"}}}']
)
def test_a_broken_manifest_is_said_to_be_broken(source, site, body):
    (source / "analytics/v1/manifest.json").write_bytes(body)
    with pytest.raises(Corrupt):
        publish(at(source), at(site), "public")


def test_a_manifest_that_names_what_is_gone_is_said_to(source):
    next((source / "analytics/v1").glob("ingredient-tree.*.json")).unlink()
    with pytest.raises(Corrupt, match="names a file that is not there"):
        read_generations(at(source), "public")


def test_a_bucket_gets_types_and_times_to_keep(source, s3_server, monkeypatch):
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    url = f"{s3_server.new_bucket()}/bar/page"
    publish(at(source), Objects(url), "public")
    asset = next(listed.path for listed in Objects(url).list("assets") if listed.path.endswith("page.js"))
    client, bucket = s3_server.client("s3"), url.split("/")[2]
    heads = {
        path: client.head_object(Bucket=bucket, Key=f"bar/page/{path}")
        for path in ("index.html", "analytics/v1/manifest.json", asset)
    }
    assert {path: (head["ContentType"], head["CacheControl"]) for path, head in heads.items()} == {
        "index.html": ("text/html; charset=utf-8", "public, max-age=0, must-revalidate"),
        "analytics/v1/manifest.json": ("application/json", "public, max-age=0, must-revalidate"),
        asset: ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    }
    assert publish(at(source), Objects(url), "public").written == []


def sizes(source: Path, site: Path) -> tuple[int, int]:
    """Compressed bytes of all that an insider's page reads, and how many requests it takes to show all of it."""
    publish(at(source), at(site), "internal")
    generations = read_generations(at(site), "internal")
    sent = [generation.manifest for generation in generations]
    sent += [body for generation in generations for body in generation.artifacts.values()]
    shell = re.findall(r'(?:href|src)="(assets/[^"]+)"', (site / "index.html").read_text())
    return sum(len(gzip.compress(body, 6)) for body in sent), 1 + len(set(shell)) + len(sent)


def test_the_data_and_the_requests_are_within_their_budgets(source, site):
    data, requests = sizes(source, site)
    assert data <= DATA_BUDGET
    assert requests <= REQUEST_BUDGET


def test_a_thousand_ingredients_and_two_years_are_within_twice_the_budget(tmp_path, site):
    large_site(tmp_path / "large")
    assert sizes(tmp_path / "large", site)[0] <= 2 * DATA_BUDGET
    assert len(single_file(at(tmp_path / "large"), "internal").body) <= SINGLE_BUDGET


def test_a_single_file_holds_everything_within_its_budget(source):
    page = single_file(at(source), "internal").body
    assert len(page) <= SINGLE_BUDGET
    held = _inside(page.decode())
    stored = {path: json.loads(body) for path, body in files_of(source).items() if path in held}
    assert held == stored
    assert {"analytics/v1/manifest.json", "insights/v1/manifest.json"} <= held.keys()
    assert len(held) == 20


def test_a_single_file_for_everybody_holds_the_catalogue_alone(source):
    held = _inside(single_file(at(source), "public").body.decode())
    assert {path.partition("/")[0] for path in held} == {"analytics"}


def test_names_that_would_like_to_be_code_are_inert_in_a_single_file_and_whole_inside(tmp_path):
    hostile_site(tmp_path)
    page = single_file(at(tmp_path), "internal").body.decode()
    parsed = Parsed(page.replace('href="data:image/svg+xml', 'data-icon="'))
    assert parsed.is_inert
    assert page.count("<script") == page.count("</script>") == 2
    told = json.dumps(_inside(page), ensure_ascii=False)
    assert [name for name in CORPUS if json.dumps(name, ensure_ascii=False)[1:-1] not in told] == []
    assert [name for name in CORPUS if name in page] == []


def _inside(page: str) -> dict[str, object]:
    packed = re.search(r'<script type="application/gzip" id="artifacts">(.*?)</script>', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))
