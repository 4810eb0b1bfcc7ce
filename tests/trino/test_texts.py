"""Names of recipes in any script are folded and ordered alike by DuckDB and Trino."""

import pytest

from parcook.engines.contract import Engine
from parcook.engines.duckdb import DuckdbEngine
from tests.servers.trino import TrinoServer

pytestmark = pytest.mark.trino

UPPER = "".join(chr(number) for number in range(0x110000) if chr(number).lower() != chr(number))
NAMES = [
    "Água",
    "agua",
    "Zebra",
    "",
    " ",
    "ß",
    "ẞ",
    "İstanbul",
    "ΣΊΣΥΦΟΣ",
    "Ñandú",
    "Ñandú",
    "🍋",
    "ﬁzz",
    "\U0001d400",
    "z",
]


@pytest.fixture
def engines(trino: TrinoServer) -> list[Engine]:
    return [DuckdbEngine(lambda connection, tables: []), trino.declare("local:///empty")]


def test_letters_are_lowered_alike(engines: list[Engine]) -> None:
    told = []
    for engine in engines:
        with engine.reading({}) as session:
            told.append(session.run("select lower(?)", [UPPER]).rows[0][0])
    assert len(UPPER) > 1_000
    assert [a for a, b, upper in zip(*told, UPPER, strict=True) if a != b] == []


def test_names_are_ordered_alike(engines: list[Engine]) -> None:
    rows = " union all ".join(["select cast(? as varchar) as name"] * len(NAMES))
    told = []
    for engine in engines:
        with engine.reading({}) as session:
            result = session.run(f"select n.name, lower(n.name) as folded from ({rows}) n order by n.name", NAMES)
            told.append([tuple(row) for row in result.rows])
    assert told[0] == told[1]
    assert len(told[0]) == len(NAMES)
