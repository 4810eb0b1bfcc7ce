"""Leave a home of the installed version in `tests/homes/<version>/`, for later versions to open."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parcook.access import Role
from parcook.artifacts.annotations import annotate
from parcook.catalogue.importing import import_file
from parcook.conversations.timing import Arrival
from parcook.jobs.subjects import held_of, person_ref
from parcook.lake.rounds import Rounds
from parcook.metrics.library import answer, find_metric
from parcook.settings import Settings
from parcook.wiring import Services, open_services

FOLDER = Path(__file__).parent
SAMPLE = FOLDER.parents[1] / "samples" / "cocktails.json"
RECIPES = 40
FIRST_DAY, DAYS, PEOPLE = date(2026, 11, 16), 4, 3
PERSON = "u-1"


def main() -> None:
    home = FOLDER / version("parcook")
    shutil.rmtree(home, ignore_errors=True)
    made_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    services = open_services(Settings(home=home, refresh_url="none://"), lambda: made_at)
    _fill(services)
    _talk(services)
    with Rounds(services.lake) as rounds:
        rounds.run(made_at)
    annotate(services.events.records, FIRST_DAY, "A new menu")
    token = services.access.create_token(Role.ADMIN)
    services.refresher.refresh()
    services.insights.refresh()
    expected = {
        **services.catalogue.counts(),
        "first_recipes": [recipe.model_dump() for recipe in services.catalogue.recipes.list(limit=5).items],
        "token": token.secret,
        "made_at": made_at.isoformat(),
        "person": PERSON,
        "held": held_of(services.lake, person_ref(services.key, PERSON, "user"), made_at),
        "days": daily_totals(services),
    }
    services.close()
    for name in ("catalogue.db", "events.db"):
        with closing(sqlite3.connect(home / name)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # one file to keep; the next opening sets it back
    (home / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def daily_totals(services: Services) -> list[dict[str, Any]]:
    """What the metric of this name says of the days of a home."""
    asked = {"from": FIRST_DAY.isoformat(), "to": (FIRST_DAY + timedelta(days=DAYS - 1)).isoformat()}
    answered = answer(find_metric("daily_totals"), services.engine, asked, min_people=1, timezone="UTC")
    return [dict(row) for row in answered.rows]


def _fill(services: Services) -> None:
    sample = json.loads(SAMPLE.read_text())
    sample["recipes"] = sample["recipes"][:RECIPES]
    with tempfile.TemporaryDirectory() as scratch:
        some = Path(scratch) / "some.json"
        some.write_text(json.dumps(sample))
        import_file(services.catalogue, some)


def _talk(services: Services) -> None:
    """Each day each person asks for a drink, is answered, and says thanks."""
    names = [recipe.name for recipe in services.catalogue.recipes.list(limit=DAYS * PEOPLE).items]
    for day in range(DAYS):
        for person in range(PEOPLE):
            at = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), UTC) + timedelta(hours=9)
            name = names[day * PEOPLE + person]
            said = [("user", f"How do I make a {name}?"), ("assistant", f"Here is **{name}**."), ("user", "Thanks!")]
            events = [
                {
                    "message_id": f"m-{day}-{person}-{turn}",
                    "conversation_id": f"c-{person}",
                    "user_id": f"u-{person}",
                    "role": role,
                    "text": text,
                    "timestamp": (at + timedelta(minutes=turn)).isoformat(),
                }
                for turn, (role, text) in enumerate(said)
            ]
            outcome = services.intake.take(events, Arrival(at + timedelta(hours=1)))
            assert {result.status for result in outcome.results} == {"accepted"}


if __name__ == "__main__":
    main()
