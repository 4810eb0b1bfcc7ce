"""The lake: export, a day's numbers beside the specification's loop, bytes that a question reads, an erasure."""

import gzip
import json
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb
from tests.lake.oracle import daily_numbers

from bench.report import Figure, duration
from bench.worlds import SMALL
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.conversations.pseudonyms import DayKeys, StoreKey
from parcook.events.contract import Event, ToolCall
from parcook.events.documents import from_document, to_document
from parcook.events.sqlite import SqliteEvents
from parcook.lake.daily import Aggregator
from parcook.lake.erasure import Eraser
from parcook.lake.people import People
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from parcook.lake.snapshot import Snapshots
from parcook.lake.tables import CONVERSATIONS
from parcook.objects import Objects

SUBJECT = "The lake"
NOTE = """\
1,000,000 messages over 30 days, from 2,500 people, in SQLite and a folder of Parquet. Export takes a whole day from
the store into 24 hours of two tables, restricted activity and the catalogue, and syncs its ledger. Baseline of a
day's aggregation: the specification's loop over the same day as JSON, one item a line, and its six numbers by SQL
over the day's 24 files, read anew each time; the results are asserted to be equal. Everything that a day leaves
behind is about forty numbers and maps, the people of 91 days among them, and six checks. Beside it stands plain
Python over the same day's events as JSON, which makes thirty of them, from METRICS.md to the letter; they are
asserted to be equal too. It reads signals in texts too, which the export has done for ours. The specification's loop
makes six numbers, so it is no baseline for these; how the two compare stands below even so. Rows a second of a
processor are those of a second of its time, whoever else was there. Bytes of the weekly popularity are those of the
two columns that the specification's query reads, beside the same week as gzipped JSON. The erasure is of a person who
wrote on every day of 90 with 11,000 messages each, its revisions of all 90 days' numbers included."""

Result = TypeVar("Result")

FIRST = date(2025, 1, 6)
ROUNDS = 5
MB = 1024 * 1024
KEY = StoreKey(b"benchmark" * 4)
WORDS = ("how", "do", "I", "make", "a", "good", "drink", "with", "gin", "lemon", "and", "ice", "tonight", "please")


def measure(folder: Path) -> Iterator[Figure]:
    """The figures."""
    catalogue = open_catalogue(SMALL.url(folder))
    with tempfile.TemporaryDirectory(dir=folder) as home:
        yield from _month(Path(home), catalogue)
    yield _peak("thirty days of a million messages")
    with tempfile.TemporaryDirectory(dir=folder) as home:
        yield _erasure(Path(home), catalogue)
    yield _peak("all of it")
    catalogue.close()


def _peak(what: str) -> Figure:
    """The most memory that this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Figure(SUBJECT, f"peak memory of {what}", f"{peak / MB:.0f} MB")


def _month(home: Path, catalogue: Catalogue) -> Iterator[Figure]:
    lake = _lake(home, catalogue)
    days = [FIRST + timedelta(days=n) for n in range(30)]
    took, worked = [], []
    with Rounds(lake) as rounds:
        for day in days:
            stored = len(lake.store.append(list(_events(catalogue, day, 33_334))))
            now = _frozen(day)
            started, began = time.perf_counter(), time.process_time()
            rounds.export([day], now)
            took.append((time.perf_counter() - started) / stored)
            worked.append((time.process_time() - began) / stored)
            rounds.aggregate([day], now)
    rate = 1 / median(took)
    yield Figure(SUBJECT, "export, rows a second", f"{rate:,.0f}", required=">= 20,000", met=rate >= 20_000)
    yield Figure(SUBJECT, "export, rows a second of a processor", f"{1 / median(worked):,.0f}")
    yield from _beside_the_loop(home, lake, days[-1], list(_events(catalogue, days[-1], 33_334)))
    yield _popularity(lake, home, days[-7:])
    lake.store.close()


def _beside_the_loop(home: Path, lake: Lake, day: date, events: list[Event]) -> Iterator[Figure]:
    """The specification's six numbers of a day, and all that ours leaves behind."""
    as_specified, as_stored = home / "specified.json", home / "stored.json"
    as_specified.write_text("".join(json.dumps(_item(event)) + "\n" for event in events))
    as_stored.write_text("".join(json.dumps(to_document(event)) + "\n" for event in events))
    files = sorted(str(path) for path in (home / "lake" / CONVERSATIONS.partition(day)).iterdir())
    branches = {recipe: list(branch) for recipe, branch in Snapshots(lake).of(day).branches.items()}
    connection, people = duckdb.connect(), People(lake)
    aggregator = Aggregator(lake, people)
    six, loop, everything, plain = [], [], [], []
    for _ in range(ROUNDS):
        told, expected = _timed(six, lambda: _by_sql(connection, files)), _timed(loop, lambda: _by_loop(as_specified))
        assert told == expected
        _timed(everything, lambda: aggregator.aggregate_day(day, _frozen(day), revise=True))
        numbers = _timed(plain, lambda: _by_plain_python(as_stored, day, branches))
        written = aggregator.read(day)
        assert written is not None
        assert numbers == {name: written[name] for name in numbers}
    aggregator.close()
    people.close()
    what = f"the specification's numbers of a day of {len(events):,} messages"
    yield _faster(what, six, loop, required=10)
    yield _faster("everything that the day leaves behind", everything, plain)
    yield _faster("the same, beside the specification's loop", everything, loop)


def _timed(taken: list[float], call: Callable[[], Result]) -> Result:
    """What `call` returns; how long it took is added to `taken`."""
    started = time.perf_counter()
    result = call()
    taken.append(time.perf_counter() - started)
    return result


def _faster(what: str, ours: list[float], theirs: list[float], required: int | None = None) -> Figure:
    """Two ways that took turns, beside each other."""
    ratio = median(slow / fast for slow, fast in zip(theirs, ours, strict=True))
    return Figure(
        SUBJECT,
        what,
        duration(median(ours)),
        duration(median(theirs)),
        f"{ratio:.1f} x faster",
        f">= {required} x" if required else "",
        ratio >= required if required else None,
    )


def _by_sql(connection: duckdb.DuckDBPyConnection, files: list[str]) -> tuple[int, int, int, dict[str, int]]:
    messages = f"FROM read_parquet({files}) WHERE message_length IS NOT NULL"
    (totals,) = connection.execute(
        f"SELECT count(DISTINCT conversation_id), count(DISTINCT user_id), count(*) {messages}"
    ).fetchall()
    recipes = connection.execute(
        f"SELECT recipe_name, count(*) {messages} AND recipe_name IS NOT NULL GROUP BY recipe_name"
    ).fetchall()
    return (*totals, dict(recipes))


def _by_loop(source: Path) -> tuple[int, int, int, dict[str, int]]:
    """The loop of the specification's `lambda_daily_aggregation`."""
    users: set[str] = set()
    recipes: dict[str, int] = defaultdict(int)
    conversations: dict[str, list[Any]] = defaultdict(list)
    messages = 0
    with source.open() as lines:
        for line in lines:
            item = json.loads(line)
            conversations[item["conversation_id"]].append(item)
            messages += 1
            users.add(item.get("user_id"))
            if item.get("recipe_name"):
                recipes[item["recipe_name"]] += 1
    return len(conversations), len(users), messages, dict(recipes)


def _by_plain_python(source: Path, day: date, branches: dict[int, list[int]]) -> dict[str, Any]:
    """The day's numbers as METRICS.md words them, one after the other."""
    with source.open() as lines:
        events = [from_document(json.loads(line)) for line in lines]
    return daily_numbers(events, day, ZoneInfo("UTC"), branches)


def _popularity(lake: Lake, home: Path, week: list[date]) -> Figure:
    files = [str(path) for day in week for path in (home / "lake" / CONVERSATIONS.partition(day)).iterdir()]
    with duckdb.connect() as connection:
        (read,) = connection.execute(
            "SELECT sum(total_compressed_size) FROM parquet_metadata(?) "
            "WHERE path_in_schema IN ('recipe_name', 'user_id')",
            [files],
        ).fetchone()
    zipped = sum(
        len(
            gzip.compress(
                "".join(json.dumps(_item(event)) + "\n" for event in lake.store.day(day, _frozen(day))).encode()
            )
        )
        for day in week
    )
    share = zipped / read
    return Figure(
        SUBJECT,
        "weekly popularity, bytes read",
        f"{read / MB:.2f} MB",
        f"{zipped / MB:.2f} MB (gzipped JSON)",
        f"1/{share:.0f}",
        "<= 1/10",
        share >= 10,
    )


def _erasure(home: Path, catalogue: Catalogue) -> Figure:
    lake = _lake(home, catalogue)
    days = [FIRST + timedelta(days=n) for n in range(90)]
    who = KEY.user_ref("the one", "user")
    with Rounds(lake) as rounds:
        for day in days:
            lake.store.append(list(_events(catalogue, day, 11_000)))
            lake.store.append([_message(day, 43_200 + n, "the one's talk", n, who, None, "user") for n in range(6)])
            rounds.export([day], _frozen(day))
            rounds.aggregate([day], _frozen(day))
    now = _frozen(days[-3])
    lake.keys.destroy_due(now)
    with Eraser(lake) as eraser:
        started = time.perf_counter()
        receipt = eraser.erase("user", who, now)
        seconds = time.perf_counter() - started
    assert receipt.verified
    lake.store.close()
    what = f"an erasure: {receipt.layers['events']} messages of 90 days"
    return Figure(SUBJECT, what, duration(seconds), required="<= 60 s", met=seconds <= 60)


def _lake(home: Path, catalogue: Catalogue) -> Lake:
    store = SqliteEvents(home / "events.db")
    zone = ZoneInfo("UTC")
    return Lake(
        Objects(f"file://{home / 'lake'}"),
        Objects(f"file://{home / 'private'}"),
        store,
        DayKeys(store.records, zone),
        catalogue,
        zone,
    )


def _frozen(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=3, hours=1)


def _events(catalogue: Catalogue, day: date, messages: int) -> Iterator[Event]:
    """Conversations of eight messages."""
    chance = random.Random(day.toordinal())
    recipes = catalogue.named_recipes()
    for talk in range(messages // 8 + 1):
        person = KEY.user_ref(f"person {chance.randrange(2_500)}", "user")
        recipe = recipes[min(int(chance.expovariate(0.02)), len(recipes) - 1)]
        second = chance.randrange(86_000)
        for turn in range(min(8, messages - 8 * talk)):
            named = recipe if turn in (2, 3) else None
            yield _message(
                day, second + 20 * turn, f"{day} {talk}", turn, person, named, "assistant" if turn % 2 else "user"
            )


def _message(
    day: date, second: int, talk: str, turn: int, person: str, recipe: tuple[int, str, str | None] | None, role: str
) -> Event:
    chance = random.Random(f"{talk} {turn}")
    text = " ".join(chance.choices(WORDS, k=60 if role == "assistant" else 12))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Event(
        conversation_id=KEY.conversation_id(talk),
        message_id=KEY.message_id(f"{day} {talk}", str(turn)),
        ts=start + timedelta(seconds=second),
        day=day,
        expires_at=int((start + timedelta(days=91)).timestamp()),
        role="assistant" if role == "assistant" else "user",
        user_ref=person,
        person_kind="user",
        text=text,
        message_length=len(text),
        has_recipe=recipe is not None,
        recipe_id=recipe and recipe[0],
        recipe_name=recipe and recipe[1],
        match_method="catalogue" if recipe else None,
        category=recipe and recipe[2],
        tools=(ToolCall("web_search", True, 840.0),) if turn == 3 else (),
        channel="web",
        locale="en",
    )


def _item(event: Event) -> dict[str, Any]:
    """As the specification's tracker stores a message."""
    item = {
        "conversation_id": event.conversation_id,
        "timestamp": event.ts.isoformat(),
        "user_id": event.user_ref,
        "role": event.role,
        "message": event.text,
        "metadata": {"tools_used": [call.name for call in event.tools]},
    }
    return {**item, "has_recipe": True, "recipe_name": event.recipe_name} if event.recipe_name else item
