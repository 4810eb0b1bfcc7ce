"""QuickSight's dashboard: its statements run on the lake, and every field that it names is one of their columns."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from parcook.engines.contract import Days
from tests.deploy.templates import load, of_type
from tests.deploy.test_template import lint
from tests.metrics.lakes import days, make_lake

TEMPLATE = load("quicksight.yaml")
SETS = of_type(TEMPLATE, "AWS::QuickSight::DataSet")
DASHBOARD = of_type(TEMPLATE, "AWS::QuickSight::Dashboard")["Dashboard"]["Definition"]
TYPES: dict[str, tuple[type, ...]] = {
    "DATETIME": (date,),
    "INTEGER": (int,),
    "DECIMAL": (float,),
    "STRING": (str,),
}
TODAY = date(2026, 1, 10)  # so that the days end in one year and begin in another
FIRST = TODAY - timedelta(days=20)


def custom(name: str) -> dict[str, Any]:
    """The statement of a data set, with its columns."""
    return SETS[name]["PhysicalTableMap"]["statement"]["CustomSql"]


def created(name: str) -> dict[str, str]:
    """The calculated fields of a data set: expressions by name."""
    return {
        column["ColumnName"]: column["Expression"]
        for logical in SETS[name].get("LogicalTableMap", {}).values()
        for step in logical["DataTransforms"]
        for column in step["CreateColumnsOperation"]["Columns"]
    }


def columns(name: str) -> dict[str, str]:
    return {column["Name"]: column["Type"] for column in custom(name)["Columns"]}


def statement(name: str) -> str:
    """The SQL of a data set on `TODAY`, for an engine that knows the lake's tables by their plain names."""
    return (
        custom(name)["SqlQuery"]["Fn::Sub"].replace("${LakeDatabase}.", "").replace("current_date", f"DATE '{TODAY}'")
    )


def table() -> list[dict[str, Any]]:
    """Three weeks of daily numbers that end today."""
    users = [100] * 7 + [150] * 14
    return days(
        FIRST.isoformat(), 21, dau=users, wau=users, total_conversations=40, avg_conversation_length=4.5,
        recipes_discussed={"Negroni": 3, "Spritz": 2, "…": 9}, categories={"cocktail": 27720, "dessert": 13860},
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each statement answers."""
    engine = make_lake(tmp_path_factory.mktemp("lake"), {"daily_metrics": table()})
    answers = {}
    with engine.reading({"daily_metrics": Days()}) as session:
        for name in SETS:
            result = session.run(statement(name))
            answers[name] = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return answers


def named(value: Any) -> Iterator[tuple[str, str]]:
    """(data set, column) of every field that the dashboard names."""
    if isinstance(value, dict):
        if {"DataSetIdentifier", "ColumnName"} <= value.keys():
            yield value["DataSetIdentifier"], value["ColumnName"]
        for each in value.values():
            yield from named(each)
    elif isinstance(value, list):
        for each in value:
            yield from named(each)


def test_cloudformation_s_linter_finds_nothing_in_it() -> None:
    assert lint("quicksight.yaml") == []


@pytest.mark.parametrize("name", SETS)
def test_a_statement_gives_the_columns_that_are_declared(rows: dict[str, list[dict[str, Any]]], name: str) -> None:
    assert rows[name]
    assert list(rows[name][-1]) == list(columns(name))
    last = max(rows[name], key=lambda row: str(row.get("day")))
    assert all(isinstance(last[column], TYPES[type]) for column, type in columns(name).items())


def test_growth_is_over_the_week_before_and_unknown_where_there_is_none(rows: dict[str, list[dict[str, Any]]]) -> None:
    by_day = {row["day"]: (row["current_week_users"], row["previous_week_users"]) for row in rows["Days"]}
    assert by_day[FIRST] == (100.0, None)
    assert by_day[FIRST + timedelta(days=7)] == (150.0, 100.0)
    assert by_day[TODAY] == (150.0, 150.0)


def test_recipes_are_those_of_the_seven_days_that_are_over(rows: dict[str, list[dict[str, Any]]]) -> None:
    assert {row["recipe_name"]: row["mentions"] for row in rows["Recipes"]} == {"Negroni": 21, "Spritz": 14}


def test_categories_count_conversations(rows: dict[str, list[dict[str, Any]]]) -> None:
    assert {row["category"]: row["conversations"] for row in rows["Categories"]} == {"cocktail": 20.0, "dessert": 10.0}


def test_the_calculated_fields_are_the_specification_s_and_name_columns_that_are_there() -> None:
    fields = created("Days")
    assert fields.keys() == {"week_over_week_growth", "completion_estimate"}
    growth = "({current_week_users} - {previous_week_users}) / {previous_week_users} * 100"
    assert growth in fields["week_over_week_growth"]
    assert fields["week_over_week_growth"].startswith("ifelse({previous_week_users} = 0, NULL")
    for expression in fields.values():
        assert set(re.findall(r"\{(\w+)\}", expression)) <= columns("Days").keys()


def test_the_four_visuals_name_columns_of_their_data_sets() -> None:
    (sheet,) = DASHBOARD["Sheets"]
    kinds = [
        (kind, about["Title"]["FormatText"]["PlainText"])
        for visual in sheet["Visuals"]
        for kind, about in visual.items()
    ]
    assert kinds == [
        ("LineChartVisual", "Daily active users"),
        ("BarChartVisual", "Top 10 recipes this week"),
        ("LineChartVisual", "Average conversation length"),
        ("PieChartVisual", "Recipe categories"),
    ]
    declared = {
        each["Identifier"]: each["DataSetArn"]["Fn::GetAtt"][0] for each in DASHBOARD["DataSetIdentifierDeclarations"]
    }
    fields = set(named(sheet))
    assert len(fields) == 7
    for identifier, column in fields:
        assert column in columns(declared[identifier]).keys() | created(declared[identifier]).keys()
