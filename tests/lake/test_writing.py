"""Rows to the bytes of files: the same rows, the same bytes, whatever is written with them."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parcook.lake.tables import TOOL_CALLS
from parcook.lake.writing import Bench, as_line, as_lines

# As rows have them: durations are kept to the microsecond.
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(1e-3, 1e9).map(lambda ms: round(ms, 3))
    | st.text()
    | st.lists(st.text())
)


def calls(chance: random.Random, many: int) -> list[dict[str, Any]]:
    return [
        {
            "message_id": f"{chance.getrandbits(128):032x}",
            "conversation_id": f"{chance.randrange(50):032x}",
            "user_id": chance.choice([None, "ann", "bob"]),
            "ts": f"2025-01-15 13:{chance.randrange(60):02d}:00.000",
            "name": chance.choice(["web_search", "cookware_check"]),
            "ok": chance.choice([True, False, None]),
            "duration_ms": chance.choice([None, 3.5, chance.random() * 1000]),
        }
        for _ in range(many)
    ]


@given(st.dictionaries(st.text(), VALUES))
def test_a_line_is_the_row_as_pythons_own_json_writes_it(row: dict[str, Any]) -> None:
    told = {name: value for name, value in row.items() if value is not None}
    expected = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    assert as_line(row) == f"{expected}\n".encode()  # the ledgers of earlier versions hold digests of these bytes


def test_a_file_does_not_depend_on_which_others_it_is_made_with() -> None:
    chance = random.Random(1)
    parts = [as_lines(calls(chance, many)) for many in (3, 2_500, 1, 2_048, 6_000, 700)]
    with Bench() as bench:
        together = bench.encode(TOOL_CALLS, parts, "parquet")
        assert together == [body for part in parts for body in bench.encode(TOOL_CALLS, [part], "parquet")]


def test_rows_keep_the_order_of_files_of_both_formats() -> None:
    chance = random.Random(2)
    rows = [calls(chance, many) for many in (40, 30, 20, 10)]
    with Bench() as bench:
        (first, third) = bench.encode(TOOL_CALLS, [as_lines(rows[0]), as_lines(rows[2])], "parquet")
        files = [
            ("1.parquet", first),
            ("2.json", as_lines(rows[1])),
            ("3.parquet", third),
            ("4.json", as_lines(rows[3])),
        ]
        assert bench.load(TOOL_CALLS, files, "loaded") == []
        found = bench.duckdb.execute("SELECT message_id FROM loaded ORDER BY rowid").fetchall()
    assert [name for (name,) in found] == [row["message_id"] for part in rows for row in part]
