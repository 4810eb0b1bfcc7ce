"""The numbers on the page are those of the artifacts: on tiles, in charts read aloud, in tips, tables and CSV."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.browser.conftest import Visits
from tests.dashboard.browser.sites import Site, artifact
from tests.dashboard.browser.visits import Visit

REASONS = {"not_measurable": "not measurable", "too_few": "too few to say", "not_yet": "not yet"}
PERIODS = {"7d": 7, "28d": 28, "91d": 91, "364d": 364}
GAPS = {"no_match": "No recipe", "refused": "Refused"}
COUNTING = " (Still counting: not over yet)"
# Written by the browser's own Intl, and not by the page's use of it.
INTL = """([style, value, least, most]) => new Intl.NumberFormat("en",
    { style, minimumFractionDigits: least, maximumFractionDigits: most }).format(value)"""
CARDS = {
    "overview": ("active", "top", "hours", "categories", "gaps", "complexity"),
    "catalogue": ("ingredients", "used"),
    "audience": ("retention", "growth"),
    "conversations": ("length", "outcomes", "tools", "features"),
    "demand": ("demand", "trend", "seasons"),
}


def written(visitor: Visit, number: dict[str, Any]) -> str:
    """How a tile is to write a key number."""
    value = number["value"]
    if value is None:
        return REASONS[number["reason"]]
    if number["unit"] == "share":
        return visitor.run(INTL, ["percent", value, 0, 0])
    if number["unit"] == "mean":
        return visitor.run(INTL, ["decimal", value, 1, 1])
    if number["unit"] == "percent":
        return ("+" if value > 0 else "") + visitor.run(INTL, ["percent", value / 100, 0, 1])
    if number["unit"] == "ms":
        return visitor.run(INTL, ["decimal", value, 0, 0]) + " ms"
    return visitor.run(INTL, ["decimal", value, 0, 0])


def cell(value: Any) -> str:
    """A value of an artifact as a table and a CSV show it: whole, not rounded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def cells(rows: list[dict[str, Any]], *names: str) -> list[list[str]]:
    return [[cell(row[name]) for name in names] for row in rows]


def of_period(told: dict[str, Any], days: int = 28) -> dict[str, Any]:
    return next(period for period in told["data"]["periods"] if period["days"] == days)


@pytest.mark.parametrize("page", ["overview", "audience", "conversations", "demand"])
@pytest.mark.parametrize("chosen", PERIODS)
def test_tiles_tell_the_key_numbers(visits: Visits, site: Site, chosen: str, page: str):
    told = artifact(site.folder, "key-numbers")["data"]["pages"]
    numbers = next(one for one in told if one["page"] == page and one["days"] == PERIODS[chosen])["numbers"]
    visitor = visits(site.url).open(f"#/{page}?r={chosen}")
    shown = visitor.page.locator(".number-tile .number-value").all_text_contents()
    assert shown == [written(visitor, number) for number in numbers]
    estimated = visitor.page.locator(".number-tile:has(.estimate)").evaluate_all("all => all.map(t => t.dataset.key)")
    assert estimated == [number["key"] for number in numbers if number["estimate"]]


def test_the_lines_of_active_people_are_read_aloud_day_by_day(visits: Visits, site: Site):
    days = artifact(site.folder, "activity-daily")["data"]["days"]
    shown = days[-29:]  # 28 complete days, and today
    assert [day["complete"] for day in shown] == [True] * 28 + [False]
    said = visits(site.url).open("#/overview").spoken("active")
    expected = [f"Daily {day['dau']:,}, Weekly {day['wau']:,}, Monthly {day['mau']:,}" for day in shown]
    assert [one.partition(": ")[2] for one in said] == [*expected[:-1], expected[-1] + COUNTING]


def test_the_tip_says_what_is_read_aloud(visits: Visits, site: Site):
    visitor = visits(site.url).open("#/overview")
    slider = visitor.card("active").get_by_role("slider")
    for key in ("Home", "ArrowRight", "PageUp", "End"):
        slider.press(key)
        tip = visitor.page.locator(".tip.on")
        labels, values = tip.locator(".tip-row span"), tip.locator(".tip-row b").all_text_contents()
        rows = ", ".join(f"{name} {value}" for name, value in zip(labels.all_text_contents(), values, strict=True))
        said = slider.get_attribute("aria-valuetext") or ""
        assert said.removesuffix(COUNTING) == f"{tip.locator('.tip-title').text_content()}: {rows}"


def test_bars_tell_the_conversations_of_each_recipe(visits: Visits, site: Site):
    rows = of_period(artifact(site.folder, "top-recipes"))["rows"][:10]
    card = visits(site.url).open("#/overview").card("top")
    assert card.locator(".bar-text").all_text_contents() == [row["recipe_name"] for row in rows]
    assert card.locator(".bar-value b").all_text_contents() == [f"{row['conversations']:,}" for row in rows]


def test_the_cells_of_cohorts_are_their_shares_or_people(visits: Visits, site: Site):
    cohorts = artifact(site.folder, "retention")["data"]["cohorts"][-12:]
    visitor = visits(site.url).open("#/audience?ret=people")
    rows = visitor.card("retention").locator("tbody tr:not(.weighted)")
    shown = rows.evaluate_all("rows => rows.map(row => [...row.querySelectorAll('td')].map(one => one.innerText))")
    for row, cohort in zip(shown, cohorts, strict=True):
        told = [one["people"] if one["state"] in ("complete", "partial") else None for one in cohort["cells"]]
        assert [text for text in row if text.isdecimal()] == [str(people) for people in told if people is not None]


@pytest.mark.parametrize("page", CARDS)
def test_the_csv_of_a_card_is_its_table(visits: Visits, site: Site, page: str):
    visitor = visits(site.url).open(f"#/{page}")
    for card in CARDS[page]:
        assert downloaded(visitor, card) == visitor.table(card), card


def downloaded(visitor: Visit, card: str) -> list[list[str]]:
    """The CSV of a card, parsed."""
    with visitor.page.expect_download() as download:
        visitor.act(card, "Download CSV")
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_tables_are_the_artifacts(visits: Visits, site: Site):
    expected = {
        "overview": {
            "active": cells(
                artifact(site.folder, "activity-daily")["data"]["days"][-29:],
                *("date", "dau", "wau", "mau", "visitors", "complete"),
            ),
            "gaps": [
                [row[0], GAPS[row[1]], *row[2:]]
                for row in cells(
                    of_period(artifact(site.folder, "catalogue-gaps"))["rows"],
                    *("name", "reason", "requests", "requests_before", "user_days", "refused", "nearest"),
                )
            ],
            "complexity": cells(artifact(site.folder, "recipe-complexity")["data"], "ingredient_count", "recipe_count"),
        },
        "catalogue": {
            "ingredients": cells(
                artifact(site.folder, "ingredient-tree")["data"],
                *("ingredient_id", "ingredient_name", "path", "hierarchical_usage", "direct_usage", "uses"),
            ),
        },
        "conversations": {
            "outcomes": cells(
                artifact(site.folder, "outcomes")["data"]["weeks"],
                *("week_start", "confirmed", "likely", "engaged", "browsed", "abandoned", "complete"),
            ),
        },
    }
    visitor = visits(site.url)
    for page, cards in expected.items():
        visitor.open(f"#/{page}")
        for card, rows in cards.items():
            assert visitor.table(card)[1:] == rows, card
