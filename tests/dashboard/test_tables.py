"""Tables without JavaScript: every card, every number as stored, only what the reader may see, all names inert."""

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from parcook.dashboard.cards import CARDS, key_numbers, pick_period
from parcook.dashboard.reading import read_generations
from parcook.dashboard.shell import load_shell
from parcook.dashboard.tables import tables_page
from parcook.dashboard.words import CATEGORIES, NUMBERS, written
from parcook.objects import Objects
from tests.dashboard.golden import golden_insights, golden_site
from tests.dashboard.hostile import CORPUS, Parsed, hostile_site


def page_of(folder: Path, audience="internal") -> str:
    generations = read_generations(Objects(f"file://{folder}"), audience)
    return tables_page(generations, load_shell()).body.decode()


@pytest.fixture(scope="module")
def golden(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    golden_site(folder)
    return folder


@pytest.fixture(scope="module")
def words() -> dict:
    """The words of the page's own modules."""
    strings = files("parcook.dashboard") / "static/strings.js"
    names = "{ CARDS, CATEGORIES, NUMBERS }"
    program = f'import {names} from "{strings}";\nconsole.log(JSON.stringify({names}));\n'
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=program, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_card_of_the_page_is_a_table_under_its_title(golden, words):
    titles = set(re.findall(r"<h3>(.*?)</h3>", page_of(golden)))
    assert titles == {card["title"] for card in words["CARDS"].values()} | {"Key numbers"}


def test_categories_and_numbers_have_the_names_that_they_have_on_the_page(words):
    assert words["CATEGORIES"] == CATEGORIES
    assert words["NUMBERS"] == NUMBERS


def test_a_period_of_28_days_is_shown_or_else_the_longest_shorter_one():
    periods = [{"days": days} for days in (7, 28, 91)]
    assert pick_period(periods)["days"] == 28
    assert pick_period(periods[:1])["days"] == 7
    assert pick_period(periods[2:])["days"] == 91
    assert pick_period([]) is None


def test_tables_say_the_numbers_of_the_artifacts(golden):
    page = page_of(golden)
    top = golden_insights()["top-recipes"]["data"]["periods"][1]
    for row in top["rows"][:10]:
        line = f"<td>{row['recipe_name']}</td><td>{written('category', row['category'])}</td>"
        assert f'{line}<td class="number">{row["conversations"]:,}</td>'.replace("&", "&amp;") in page
    assert top["summary"] in page
    people = key_numbers(golden_insights()["key-numbers"], "overview").rows[0][1].text
    assert f'<th scope="row">People</th><td class="number">{people}</td>' in page


def test_what_is_withheld_or_not_known_yet_is_a_dash_and_never_a_zero(golden):
    retention = next(card for card in CARDS if card.view == "retention").table(golden_insights()["retention"])
    assert retention.rows[-1][-1] is None
    assert written("share", None) == "–"
    assert "None" not in page_of(golden)


def test_everybody_sees_the_catalogue_alone(golden):
    page = page_of(golden, "public")
    assert re.findall(r'<h2 id="(\w+)">', page) == ["catalogue"]
    shown = re.findall(r"<h3>(.*?)</h3>", page)
    assert shown == ["Ingredient usage", "Recipe complexity", "Most used ingredients"]


def test_before_anything_is_cooked_the_page_says_how_to(tmp_path):
    assert "parcook refresh" in page_of(tmp_path)


def test_a_card_without_rows_says_so(golden):
    card = next(card for card in CARDS if card.view == "tool-usage")
    empty = {"data": {"periods": []}, "metadata": {"summary": None}}
    assert card.table(empty).rows == []


def test_tables_have_heads_and_places_that_a_keyboard_reaches(golden):
    page = page_of(golden)
    assert page.count("<table>") == page.count("<thead>") == page.count('tabindex="0" role="region" aria-label="')
    labels = re.findall(r'aria-label="([^"]+)"', page)
    assert len(labels) == len(set(labels))
    assert page.count("<tr>") == page.count("<thead>") + page.count('<th scope="row"')
    assert "<script" not in page


def test_names_that_would_like_to_be_code_stay_text(tmp_path):
    hostile_site(tmp_path)
    parsed = Parsed(page_of(tmp_path))
    assert parsed.is_inert
    assert parsed.elements <= {
        "html", "head", "meta", "title", "link", "body", "header", "main", "section", "nav", "ul", "li", "a",
        "h1", "h2", "h3", "p", "div", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    shown = set(parsed.texts)
    assert {name for name in CORPUS if name not in shown} == set()
