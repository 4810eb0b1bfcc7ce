"""The digest: the metrics' own numbers and sentences for one ISO week, as text, as mail, for machines."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.dashboard.digest import PARTS, Digest, last_week, make_digest, name_of, parse_week
from parcook.dashboard.letter import INCOMPLETE, WIDTH, as_html, as_text
from parcook.engines.contract import Engine
from parcook.errors import Invalid, NotFound
from parcook.metrics.library import answer, find_metric
from tests.dashboard.hostile import CORPUS, Parsed
from tests.metrics.lakes import days, make_lake
from tests.whole.processes import Installation

MONDAY = date(2025, 1, 13)
NAMES = ("Negroni", "Margarita", "Paloma", "Spritz", "Daiquiri", "Mojito")


def lake_of(folder: Path, names=NAMES, complete=True) -> Engine:
    """Four weeks up to the Sunday of 2025-W03: recipes in the order of `names`, and two ingredients."""
    counts = {name: len(names) - place for place, name in enumerate(names)}
    daily = days(
        "2024-12-23", 28, total_conversations=100, total_messages=500, dau=30, wau=90, mau=200, complete=complete,
        recipe_conversations=40, recipes_conversations=counts, recipes_discussed=counts, demand={"1": 20, "2": 20},
        gaps_requests={names[0]: 20}, gaps_user_days={names[0]: 15}, tools_conversations={names[1]: 60},
        tools_calls={names[1]: 80}, outcomes={"confirmed": 8, "likely": 10}, feedback={"up": 9, "down": 3, "voted": 12},
    )  # fmt: skip
    weekly = [{"week_start": MONDAY - timedelta(weeks=back), "people": 90 + 10 * back} for back in (3, 2, 1, 0)]
    ingredients = [
        {"day": "2025-01-19", "id": 1, "name": "Spirits", "path": "/1/", "hierarchical_usage": 50,
         "total_recipes": 100},
        {"day": "2025-01-19", "id": 2, "parent_id": 1, "name": names[2], "path": "/1/2/", "hierarchical_usage": 5,
         "total_recipes": 100},
    ]  # fmt: skip
    tables = {"daily_metrics": daily, "weekly_metrics": weekly, "catalogue_ingredients": ingredients}
    return make_lake(folder, tables)


def digest_of(engine: Engine, monday: date = MONDAY) -> Digest:
    return make_digest(engine, monday, title="My bar", min_people=10, timezone="UTC")


def test_its_sentences_and_numbers_are_those_of_the_metrics(tmp_path):
    engine = lake_of(tmp_path)
    told = digest_of(engine)
    assert (told.week, told.sunday, told.complete) == ("2025-W03", date(2025, 1, 19), True)
    for part, table in zip(PARTS, told.tables, strict=True):
        given = {"from": "2025-01-13", "to": "2025-01-19"} | ({"limit": str(part.limit)} if part.limit else {})
        expected = answer(find_metric(part.metric), engine, given, min_people=10, timezone="UTC")
        assert table.sentence == expected.metadata["summary"]
        rows = [[row[key] for *_, key in part.columns] for row in expected.rows]
        assert all(row in rows for row in table.rows), part.metric


def test_it_reads_as_a_letter(tmp_path):
    text = as_text(digest_of(lake_of(tmp_path)))
    assert text.startswith("My bar: week 3, 13 to 19 January 2025\n")
    assert "90 people in 2025-W03, -10.0 % on the week before." in text
    assert "Negroni leads, in 42 conversations." in text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_ingredients_are_the_specific_ones_that_are_scarce(tmp_path):
    (table,) = [table for table in digest_of(lake_of(tmp_path)).tables if table.title == "Demand and supply"]
    assert table.rows == [["Paloma", 0.5, 0.05, 10.0]]


def test_the_mail_loads_nothing_and_runs_nothing(tmp_path):
    parsed = Parsed(as_html(digest_of(lake_of(tmp_path))))
    assert parsed.is_inert
    assert parsed.elements == {"html", "head", "meta", "title", "body", "h1", "h2", "p", "table", "tr", "td", "th"}
    assert {name for name, _ in parsed.attributes} <= {
        "lang", "charset", "style", "role", "width", "cellpadding", "cellspacing", "align", "scope",
    }  # fmt: skip
    assert "url(" not in as_html(digest_of(lake_of(tmp_path)))


def test_names_that_would_like_to_be_code_stay_text(tmp_path):
    told = digest_of(lake_of(tmp_path, names=(*CORPUS, "\x1b[2Jcleared\r\nBcc: all")))
    parsed = Parsed(as_html(told))
    assert parsed.is_inert
    assert parsed.elements == {"html", "head", "meta", "title", "body", "h1", "h2", "p", "table", "tr", "td", "th"}
    assert {"\x1b", "\r"} & set(as_text(told)) == set()


def test_a_week_that_is_not_whole_says_so(tmp_path):
    weeks = days("2025-01-13", 7, total_conversations=5, complete=[True, True, True, False, False, False, False])
    told = digest_of(make_lake(tmp_path, {"daily_metrics": weeks}))
    assert not told.complete
    assert INCOMPLETE in as_text(told)
    assert INCOMPLETE in as_html(told)


def test_a_week_without_numbers_is_no_empty_letter(tmp_path):
    with pytest.raises(NotFound, match="there is nothing of 2024-W40, 30 September 2024 to 6 October 2024"):
        digest_of(lake_of(tmp_path), date(2024, 9, 30))


def test_weeks_are_those_of_iso():
    assert parse_week("2025-W03") == MONDAY
    assert parse_week("2020-W53") == date(2020, 12, 28)
    assert name_of(date(2024, 12, 30)) == "2025-W01"


@pytest.mark.parametrize(
    "text", ["2025-W54", "2025-W00", "2021-W53", "2025-3", "W03", "2025-W3", "2025-W03 ", "0000-W01"]
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(Invalid, match="2025-W03"):
        parse_week(text)


@pytest.mark.parametrize(("today", "monday"), [("2025-01-19", "2025-01-06"), ("2025-01-20", "2025-01-13")])
def test_the_last_week_is_the_last_that_is_over(today, monday):
    assert last_week(date.fromisoformat(today)) == date.fromisoformat(monday)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One with numbers of January 2025."""
    lake_of(tmp_path / "home/lake")
    return Installation(tmp_path)


def test_the_command_writes_text_and_mail_and_json(installation, tmp_path):
    text = installation.done("digest", "--week", "2025-W03", "--html", tmp_path / "mail.html")
    assert "Negroni leads, in 42 conversations." in text
    assert "Negroni leads, in 42 conversations." in (tmp_path / "mail.html").read_text()
    told = json.loads(installation.done("digest", "--week", "2025-W03", "--json"))
    assert (told["week"], told["first"], told["last"], told["complete"]) == (
        "2025-W03",
        "2025-01-13",
        "2025-01-19",
        True,
    )
    assert told["parts"][0]["rows"] == [{"week": "2025-W03", "people": 90, "change": -10.0}]


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((), 1, "there is nothing of"),
        (("--week", "2024-W02"), 1, "there is nothing of"),
        (("--week", "last"), 2, "2025-W03"),
    ],
)
def test_the_command_tells_what_it_cannot_tell(installation, arguments, code, reason):
    done = installation.run("digest", *arguments)
    assert (done.returncode, done.stdout, reason in " ".join(done.stderr.split())) == (code, "", True), done.stderr
