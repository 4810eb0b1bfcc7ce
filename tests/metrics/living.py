"""A world told to an installation as an app would tell it, day by day, until all its numbers are made."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from parcook.catalogue.models import IngredientDraft, RecipeDraft, RecipeLineDraft
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.clock import day_bounds
from parcook.conversations.pseudonyms import StoreKey
from parcook.conversations.timing import Arrival
from parcook.conversations.tracker import Intake, NamedRecipes
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from tests.lake.making import make_lake
from tests.metrics.worlds import MENU, PANTRY, Call, Said, Vote, World

KEY = StoreKey(b"of generated worlds " * 2)
FREEZES_AFTER = timedelta(hours=50)


@contextmanager
def installed(folder: Path, zone: ZoneInfo, **settings: Any) -> Iterator[tuple[Lake, Intake]]:
    """An installation in `folder`, with the catalogue that worlds talk about."""
    catalogue = open_catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    if not catalogue.named_recipes():
        stock(catalogue)
    lake = make_lake(folder, catalogue, zone.key, **settings)
    yield lake, Intake(lake.store, KEY, zone, lambda: NamedRecipes(1, catalogue.named_recipes))
    lake.store.close()
    catalogue.close()


def stock(catalogue: Catalogue) -> None:
    """Fill the catalogue with the pantry and the menu, whose ids are their places in them."""
    ids: dict[str, int] = {}
    for name, parent in PANTRY.items():
        draft = IngredientDraft(name=name, parent_id=parent and ids[parent])
        ids[name] = catalogue.ingredients.create(draft).id
    for dish in MENU:
        lines = [RecipeLineDraft(ingredient_id=ids[name]) for name in dish.ingredients]
        catalogue.recipes.create(RecipeDraft(name=dish.name, category=dish.category, ingredients=lines))
    assert list(ids.values()) == list(range(1, len(PANTRY) + 1))


def live(lake: Lake, intake: Intake, world: World) -> None:
    """Have each day reported, exported and, when it freezes, computed."""
    by_day: dict[date, list[Said]] = defaultdict(list)
    for said in world.said:
        by_day[world.day_of(said)].append(said)
    with Rounds(lake) as rounds:
        for day in world.days:
            end = day_bounds(day, world.zone)[1]
            tell(intake, by_day[day], Arrival(end))
            rounds.export([day], end + FREEZES_AFTER)
            rounds.aggregate([day], end + FREEZES_AFTER)


def tell(intake: Intake, said: Sequence[Said], arrival: Arrival) -> None:
    """Report what was said; all of it must be taken."""
    if said:
        outcome = intake.take([reported(each) for each in said], arrival)
        assert outcome.count("accepted") + outcome.count("duplicate") == len(said)


def reported(said: Said) -> dict[str, Any]:
    """As an app reports it."""
    event: dict[str, Any] = {
        "message_id": said.id,
        "conversation_id": said.talk,
        "role": said.role,
        "timestamp": said.at.isoformat(),
        "context": {"locale": "en-GB" if said.english else "es"},
        "internal": said.internal,
    }
    if said.person is not None:
        event["user_id" if said.kind == "user" else "anonymous_id"] = said.person
    if said.words is not None:
        event["text"] = said.words.text
    if said.dish is not None:
        event["recipe"] = {"name": said.dish.name} if said.dish.number is None else {"id": said.dish.number}
    if said.calls:
        event["tools"] = [_tool(call) for call in said.calls]
    if said.feature is not None:
        event["feature"] = said.feature
    if said.vote is not None:
        event["feedback"] = _feedback(said.vote)
    return event


def _tool(call: Call) -> dict[str, Any]:
    told = {"name": call.tool, "ok": call.ok, "duration_ms": call.ms, "call_id": call.number}
    return {name: value for name, value in told.items() if value is not None}


def _feedback(vote: Vote) -> dict[str, Any]:
    about = {} if vote.about is None else {"target_message_id": vote.about}
    return {"kind": vote.kind, "value": vote.value, **about}
