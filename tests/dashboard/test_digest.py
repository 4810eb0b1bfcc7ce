"""The digest: what the page said at the end of one ISO week, as text, as mail, for machines."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.dashboard.cards import text_of
from parcook.dashboard.digest import CARDS, Digest, last_week, make_digest, name_of, parse_week
from parcook.dashboard.letter import WIDTH, as_html, as_text
from parcook.errors import Invalid, NotFound
from parcook.settings import Settings
from parcook.wiring import Services, open_services
from tests.dashboard.hostile import CORPUS, Parsed
from tests.dashboard.typed import CommandLine
from tests.metrics.lakes import days, make_lake
from tests.whole.processes import Installation

MONDAY = date(2025, 1, 13)
NAMES = ("Negroni", "Margarita", "Paloma", "Spritz", "Daiquiri", "Mojito")


ELEMENTS = {"html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "table", "tr", "td", "th"}


def fill_lake(home: Path, names: Sequence[str] = NAMES, complete: Sequence[bool] = (True,) * 35) -> None:
    """Five weeks from 23 December 2024 to the Sunday of 2025-W04, in which there is more of everything."""
    counts = {name: len(names) - place for place, name in enumerate(names)}
    more = [2 if day >= 28 else 1 for day in range(35)]
    daily = days(
        "2024-12-23", 35, total_conversations=[100 * n for n in more], total_messages=[500 * n for n in more], dau=30,
        wau=90, mau=200, people_91=200, complete=list(complete), recipe_conversations=[40 * n for n in more],
        recipes_conversations=[{name: count * n for name, count in counts.items()} for n in more],
        recipes_discussed=counts, categories={"cocktail": 27720}, demand={"1": 20, "2": 20}, lengths={"5": 100},
        gaps_requests={names[0]: 20}, gaps_user_days={names[0]: 15}, tools_conversations={names[1]: 60},
        tools_calls={names[1]: 80}, tools_errors={names[1]: 4}, outcomes={"confirmed": 8, "likely": 10},
        feedback={"up": 9, "down": 3, "voted": 12}, hours={"18": 100}, hour_minutes={"18": 60},
    )  # fmt: skip
    weekly = [{"week_start": MONDAY - timedelta(weeks=back), "people": 90 + 10 * back} for back in (3, 2, 1, 0, -1)]
    ingredients = [
        {"day": "2025-01-19", "id": 1, "name": "Spirits", "path": "/1/", "hierarchical_usage": 50,
         "total_recipes": 100},
        {"day": "2025-01-19", "id": 2, "parent_id": 1, "name": names[2], "path": "/1/2/", "hierarchical_usage": 5,
         "total_recipes": 100},
    ]  # fmt: skip
    tables = {"daily_metrics": daily, "weekly_metrics": weekly, "catalogue_ingredients": ingredients}
    make_lake(home / "lake", tables)


@contextmanager
def opened(home: Path) -> Iterator[Services]:
    services = open_services(Settings(home=home, refresh_url="none://"))
    try:
        yield services
    finally:
        services.close()


def digest_of(home: Path, monday: date = MONDAY) -> Digest:
    with opened(home) as services:
        return make_digest(services.insights, monday, "My bar")


def test_its_sentences_and_numbers_are_those_of_the_artifacts_at_the_end_of_that_sunday(tmp_path):
    fill_lake(tmp_path)
    told = digest_of(tmp_path)
    with opened(tmp_path) as services:
        artifacts, _ = services.insights.fresh(until=date(2025, 1, 19))
    top = artifacts["top-recipes"]["data"]["periods"][0]
    assert (top["first"], top["last"]) == ("2025-01-13", "2025-01-19")
    tables = {table.title: table for table in told.tables}
    assert tables["Top recipes"].sentence == top["summary"]
    assert [row[2] for row in tables["Top recipes"].rows] == [row["conversations"] for row in top["rows"][:5]]
    people = artifacts["key-numbers"]["data"]["pages"][0]["numbers"][0]
    assert tables["Key numbers"].sentence.startswith(people["sentence"])
    assert {card.title for card in CARDS} <= tables.keys()


def test_days_after_the_week_do_not_change_it(tmp_path):
    fill_lake(tmp_path / "a")
    fill_lake(tmp_path / "b", complete=(True,) * 28 + (False,) * 7)
    assert digest_of(tmp_path / "a").as_dict() == digest_of(tmp_path / "b").as_dict()


def test_it_reads_as_a_letter(tmp_path):
    fill_lake(tmp_path)
    told = digest_of(tmp_path)
    text = as_text(told)
    assert text.startswith("My bar: week 3, 13 to 19 January 2025\n")
    said = " ".join(text.split())
    assert [table.sentence for table in told.tables if (table.sentence or "") not in said] == []
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_mail_and_letter_have_the_same_cells(tmp_path):
    fill_lake(tmp_path)
    told = digest_of(tmp_path)
    shown = Parsed(as_html(told)).texts
    for table in told.tables:
        for row in table.rows:
            assert {text_of(value, form) for value, (_, form) in zip(row, table.columns, strict=True)} <= set(shown)


def test_ingredients_are_those_that_are_wanted_beyond_what_is_offered(tmp_path):
    fill_lake(tmp_path)
    (table,) = [table for table in digest_of(tmp_path).tables if "against what" in table.title]
    assert list(table.rows) == [("Paloma", 0.5, 0.05, 10.0), ("Spirits", 0.5, 0.5, 1.0)]


def test_the_mail_loads_nothing_and_runs_nothing(tmp_path):
    fill_lake(tmp_path)
    mail = as_html(digest_of(tmp_path))
    parsed = Parsed(mail)
    assert parsed.is_inert
    assert parsed.elements == ELEMENTS
    assert {name for name, _ in parsed.attributes} <= {
        "lang", "charset", "style", "role", "width", "cellpadding", "cellspacing", "align", "scope",
    }  # fmt: skip
    assert "url(" not in mail


def test_names_that_would_like_to_be_code_stay_text(tmp_path):
    fill_lake(tmp_path, names=(*CORPUS[:4], "\x1b[2Jcleared\r\nBcc: all", *CORPUS[4:]))
    told = digest_of(tmp_path)
    parsed = Parsed(as_html(told))
    assert parsed.is_inert
    assert parsed.elements == ELEMENTS
    assert {"\x1b", "\r"} & set(as_text(told)) == set()


def test_a_week_that_is_not_whole_is_no_letter_yet(tmp_path):
    fill_lake(tmp_path, complete=(True,) * 25 + (False,) * 10)
    with pytest.raises(NotFound, match=r"2025-W03, .* is not whole yet: its numbers go to 16 January"):
        digest_of(tmp_path)


@pytest.mark.parametrize("monday", [date(2024, 9, 30), date(2025, 3, 3)])
def test_a_week_without_numbers_is_no_empty_letter(tmp_path, monday):
    fill_lake(tmp_path)
    with pytest.raises(NotFound, match=f"there are no numbers of {name_of(monday)}"):
        digest_of(tmp_path, monday)


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
    fill_lake(tmp_path / "home")
    return Installation(tmp_path)


def test_the_command_writes_text_and_mail_and_json(installation, tmp_path):
    text = installation.done("digest", "--week", "2025-W03", "--html", tmp_path / "mail.html")
    assert text.startswith("parcook: week 3, 13 to 19 January 2025\n")
    assert (tmp_path / "mail.html").read_text().startswith("<!doctype html>")
    told = json.loads(installation.done("digest", "--week", "2025-W03", "--json"))
    assert (told["week"], told["first"], told["last"]) == ("2025-W03", "2025-01-13", "2025-01-19")
    (top,) = [part for part in told["parts"] if part["title"] == "Top recipes"]
    assert top["rows"][0] == {"place": 1, "recipe": "Negroni", "conversations": 42, "week before": 42}


@pytest.mark.parametrize(
    ("arguments", "code", "reason"), [((), 1, "there are no numbers of"), (("--week", "last"), 2, "2025-W03")]
)
def test_the_command_tells_what_it_cannot_tell(tmp_path, monkeypatch, capsys, arguments, code, reason):
    fill_lake(tmp_path / "home")
    done = CommandLine(tmp_path, monkeypatch, capsys).run("digest", *arguments)
    assert (done.code, done.stdout, reason in done.stderr) == (code, "", True), done.stderr
