"""What the lake gives away, and what it does not: by scanning every byte and every identifier of it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.catalogue.store import Catalogue
from parcook.conversations.pseudonyms import StoreKey
from parcook.conversations.timing import Arrival
from parcook.conversations.tracker import Intake, NamedRecipes
from parcook.jobs.subjects import held_of
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from parcook.lake.tables import CONVERSATIONS, TOOL_CALLS
from parcook.lake.writing import as_lines
from tests.lake.making import at, event, make_lake, ref, rows_of, stock

DAY = date(2025, 1, 15)
IDENTIFIERS = ("message_id", "conversation_id", "user_id", "feedback_target")
CANARIES = [
    canary
    for n in range(40)
    for canary in (
        f"canary{n}@example.com",
        f"+44 20 7946 0{n:03d}",
        f"person-{n}-canary",
        f"talk-{n}-canary",
        f"message-{n}-canary",
    )
]


@pytest.fixture
def catalogue(tmp_path: Path):
    opened = stock(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("text", ["off", "redacted"])
@pytest.mark.parametrize("format", ["parquet", "json"])
def test_no_planted_value_reaches_any_layer(
    tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, text: str, format: str
) -> None:
    lake = make_lake(tmp_path, catalogue, text=text, format=format)
    caplog.set_level("DEBUG")
    outcome = intake(lake).take([reported(n) for n in range(40)], Arrival(at("2025-01-15 12:00")))
    assert outcome.count("accepted") == 40
    with Rounds(lake) as rounds:
        rounds.run(at("2025-01-16 01:00"))
    everything = {**bodies(tmp_path), "log": caplog.text.encode(), **decoded(lake)}
    found = [(path, canary) for path, body in everything.items() for canary in CANARIES if canary.encode() in body]
    assert found == []


def test_no_two_days_of_one_person_can_be_joined(tmp_path: Path, catalogue: Catalogue) -> None:
    lake = make_lake(tmp_path, catalogue)
    days = [DAY, DAY + timedelta(days=1)]
    vote = {"feedback_kind": "thumb", "feedback_value": "up", "feedback_target": ref("m"), "text": None}
    lake.store.append([event(f"{day} 10:00", "endless", "ann") for day in days])
    lake.store.append([event(f"{day} 10:01", "endless", "ann", **vote) for day in days])
    with Rounds(lake) as rounds:
        rounds.run(at("2025-01-17 01:00"))
    one, other = ({row[name] for row in rows_of(lake, CONVERSATIONS, day) for name in IDENTIFIERS} for day in days)
    assert one & other == {None}
    stored = {ref("ann"), ref("endless"), ref("m")}
    assert not stored & (one | other)
    lake.store.close()


def test_an_id_stays_the_same_within_a_day_over_a_restart(tmp_path: Path, catalogue: Catalogue) -> None:
    lake = make_lake(tmp_path, catalogue)
    lake.store.append([event("2025-01-15 10:00", "a", "ann"), event("2025-01-15 20:00", "b", "ann")])
    for hour in (12, 22):
        with Rounds(lake) as rounds:
            rounds.run(at(f"2025-01-15 {hour}:00"))
    assert len({row["user_id"] for row in rows_of(lake, CONVERSATIONS, DAY)}) == 1
    lake.store.close()


def test_who_opted_out_counts_in_totals_only(tmp_path: Path, catalogue: Catalogue) -> None:
    lake = make_lake(tmp_path, catalogue, text="redacted")
    raw = {**reported(1), "context": {"opt_out": True}}
    intake(lake).take([raw], Arrival(at("2025-01-15 12:00")))
    with Rounds(lake) as rounds:
        rounds.run(at("2025-01-16 01:00"))
    (row,) = rows_of(lake, CONVERSATIONS, DAY)
    assert (row["user_id"], row["person_kind"], row["message"]) == (None, None, None)
    assert row["message_length"] > 0
    lake.store.close()


def test_people_are_told_everything_that_is_held_about_them_and_nothing_of_others(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    lake = make_lake(tmp_path, catalogue)
    lake.store.append([event("2025-01-15 10:00", who, who, text=f"I am {who}") for who in ("ann", "bob")])
    with Rounds(lake) as rounds:
        rounds.run(at("2025-01-16 01:00"))
    held = held_of(lake, ref("ann"), at("2025-01-16 01:00"))
    assert (held["exported_at"], held["user_ref"]) == ("2025-01-16T01:00:00.000Z", ref("ann"))
    assert [told["text"] for told in held["events"]] == ["I am ann"]
    assert [(told["day"], told["messages"]) for told in held["activity"]] == [("2025-01-15", 1)]
    json.dumps(held)
    lake.store.close()


def intake(lake: Lake) -> Intake:
    catalogue = lake.catalogue
    return Intake(
        lake.store,
        StoreKey(b"k" * 32),
        lake.zone,
        lambda: NamedRecipes(catalogue.state().stamp, catalogue.named_recipes),
        frozenset({"note"}),
    )


def reported(n: int) -> dict[str, object]:
    """An event with canaries wherever a client can put one."""
    return {
        "message_id": f"message-{n}-canary",
        "conversation_id": f"talk-{n}-canary",
        "user_id": f"person-{n}-canary",
        "role": "user",
        "text": f"write to canary{n}@example.com or call +44 20 7946 0{n:03d} about the Negroni, will you?",
        "timestamp": "2025-01-15T10:00:00Z",
        "tools": [{"name": "web_search", "call_id": f"message-{n}-canary"}],
        "recipe": {"name": f"canary{n}@example.com"},
        "metadata": {"note": f"canary{n}@example.com"},
        "feedback": {"kind": "thumb", "value": "up", "target_message_id": f"message-{n}-canary"},
    }


def bodies(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def decoded(lake: Lake) -> dict[str, bytes]:
    """What is inside the compressed files."""
    return {table.name: as_lines(rows_of(lake, table, DAY)) for table in (CONVERSATIONS, TOOL_CALLS)}
