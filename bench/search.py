"""Recipe search: a seeded mix of what people ask, and the questions that are hardest to answer."""

import asyncio
import gc
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from sqlalchemy import bindparam, insert, select, update
from tests.servers.postgres import start_postgres

from bench.report import Figure, duration
from bench.worlds import MEDIUM
from parcook.catalogue.names import name_key
from parcook.catalogue.recipes import recipe_keys
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.settings import Settings
from parcook.web.app import create_app

SUBJECT = "Recipe search"
NOTE = """\
`GET /recipes/search`, 50 recipes a page, one question after another: *in the application*, in process and without a
network, and *the store alone*. The mix of questions is seeded. One in 100 is hard, which is to say that no index
answers it; the hard ones are also told by themselves, each asked several times: many common ingredients at once or
excluded, a common one without nearly all that is below it, two that are each in half of the recipes and never in the
same."""

REQUIRED_S = 0.020
QUESTIONS = 2_000
WARM_UP = 100
HARD_EVERY = 100
ROUNDS = 7
PATH = "/api/v1/recipes/search"

_MOODS = (
    *("Amber", "Bitter", "Blushing", "Château", "Crimson", "Crème", "Dry", "Dusty", "Electric", "Fading", "Frosty"),
    *("Gentle", "Golden", "Grand", "Hazy", "Iron", "Jalapeño", "Last", "Little", "Lonely", "Midnight", "Old", "Paper"),
    *("Quiet", "Restless", "Royal", "Rusty", "Señor", "Sleepy", "Smoky", "Velvet", "Wandering", "Wild", "Winter"),
)
_THINGS = (
    *("Affair", "Anchor", "Bandit", "Breeze", "Canary", "Captain", "Comet", "Corpse", "Diplomat", "Dragon", "Drifter"),
    *("Fizz", "Garden", "Harbour", "Jøtun", "Kettle", "Lantern", "Mule", "Nail", "Opera", "Plane", "Queen", "Raven"),
    *("Sailor", "Scholar", "Sidecar", "Sparrow", "Temple", "Tiger", "Überfall", "Violet", "Waltz", "Word", "Zephyr"),
)
_ENDS = ("", " Collins", " Cooler", " Flip", " Highball", " Julep", " No. 2", " No. 3", " Punch", " Royale", " Sour")
_ENDS += (" Spritz", " Swizzle", " Toddy", " à la Maison", " on the Rocks", " Révolution", " II", " III", " Noir")
HALVES = (MEDIUM.ingredients + 1, MEDIUM.ingredients + 2)
_CATEGORIES = ("Sour", "Highball", "Aperitif", "Digéstif", "Tiki", "Punch", "Flip", "Julep", "Fizz", "Mocktail")


@dataclass(frozen=True)
class Question:
    """One search, and which kind of question it is."""

    kind: str
    text: str | None = None
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    category: str | None = None
    pages: int = 1

    def criteria(self) -> Criteria:
        """The question as the store takes it."""
        return Criteria(self.text, [str(i) for i in self.include], [str(i) for i in self.exclude], self.category)

    def parameters(self) -> list[tuple[str, str]]:
        """The question as the application takes it."""
        pairs = [("q", self.text), ("category", self.category)]
        pairs += [("ingredient", str(own_id)) for own_id in self.include]
        pairs += [("exclude", str(own_id)) for own_id in self.exclude]
        return [(name, value) for name, value in pairs if value is not None]


def measure(folder: Path) -> Iterator[Figure]:
    """The figures, from a copy of the world in `folder` and from the same in PostgreSQL."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        shutil.copy(MEDIUM.path(folder), MEDIUM.path(Path(made)))
        yield from _measure("SQLite", MEDIUM.url(Path(made)), Path(made))
    try:
        with tempfile.TemporaryDirectory() as made, start_postgres() as server:
            url = server.new_database()
            MEDIUM.make_postgres(url)
            yield from _measure("PostgreSQL", url, Path(made))
    except (pytest.skip.Exception, pytest.fail.Exception):
        yield Figure(SUBJECT, f"{MEDIUM}, PostgreSQL", "not measured")


def _measure(database: str, url: str, home: Path) -> Iterator[Figure]:
    catalogue = open_catalogue(url)
    furnish(catalogue)
    if not catalogue.database.is_sqlite:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    questions = Questions(catalogue)
    mix = questions.mixed(WARM_UP + QUESTIONS)
    gc.freeze()  # what the bench holds is not for the application to look through
    settings = Settings(home=home, catalogue_url=url, refresh_url="none://")
    for where, seconds in (
        ("in the application", asyncio.run(_ask_application(settings, mix))),
        ("the store alone", [_ask_store(catalogue, question) for question in mix]),
    ):
        counted = seconds[WARM_UP:]
        what = f"{MEDIUM}, {database}, {where}"
        p99 = quantiles(counted, n=100)[-1]
        required = where == "in the application"
        yield Figure(SUBJECT, f"{what}, median", duration(median(counted)))
        yield Figure(
            SUBJECT,
            f"{what}, p99",
            duration(p99),
            required="<= 20 ms" if required else "",
            met=p99 <= REQUIRED_S if required else None,
        )
    for question in questions.hard():
        seconds = [_ask_store(catalogue, question) for _ in range(ROUNDS)]
        yield Figure(SUBJECT, f"{database}, hard: {question.kind}, median", duration(median(seconds)))
    catalogue.close()


def _ask_store(catalogue: Catalogue, question: Question) -> float:
    """The seconds that the last page of the answer took."""
    cursor, seconds = None, 0.0
    for _ in range(question.pages):
        started = time.perf_counter()
        page = search_recipes(catalogue.database, question.criteria(), cursor)
        seconds = time.perf_counter() - started
        if (cursor := page.next_cursor) is None:
            break
    return seconds


async def _ask_application(settings: Settings, questions: Iterable[Question]) -> list[float]:
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):  # a line of log for each question
        return await _ask_all(create_app(settings), questions)


async def _ask_all(app: Any, questions: Iterable[Question]) -> list[float]:
    times = []
    async with app.router.lifespan_context(app) as state:
        for question in questions:
            cursor, seconds = None, 0.0
            for _ in range(question.pages):
                parameters = [*question.parameters(), *([("cursor", cursor)] if cursor else [])]
                started = time.perf_counter()
                status, body = await _get(app, dict(state or {}), urlencode(parameters))
                seconds = time.perf_counter() - started
                assert status == 200, body
                if (cursor := json.loads(body)["next_cursor"]) is None:
                    break
            times.append(seconds)
    return times


async def _get(app: Any, state: dict[str, Any], query: str) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": state,
    }
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body


class Questions:
    """Questions about one catalogue, the same for the same seed."""

    def __init__(self, catalogue: Catalogue, seed: int = 1) -> None:
        self._random = random.Random(seed)
        with catalogue.database.read() as connection:
            self._paths = dict(connection.execute(select(ingredients.c.id, ingredients.c.path)).all())
            self._recipes: dict[int, set[int]] = {own_id: set() for own_id in self._paths}
            self._in: dict[int, list[int]] = {}
            for recipe, ingredient in connection.execute(
                select(recipe_ingredients.c.recipe_id, recipe_ingredients.c.ingredient_id)
            ):
                self._in.setdefault(recipe, []).append(ingredient)
                for above in self._above(ingredient):
                    self._recipes[above].add(recipe)
        self._by_size = sorted(self._paths, key=lambda own_id: -len(self._recipes[own_id]))
        self._common = self._by_size[:40]
        self._used = sum(1 for found in self._recipes.values() if found)

    def mixed(self, count: int) -> list[Question]:
        """`count` questions as people ask them, every so many a hard one."""
        hard = self.hard()
        weights = {
            self._text: 20,
            self._rare_text: 10,
            self._common_ingredient: 15,
            self._any_ingredient: 15,
            self._two: 12,
            self._include_exclude: 12,
            self._category_text: 8,
            self._deep: 8,
        }
        kinds = self._random.choices(list(weights), list(weights.values()), k=count)
        return [kind() if n % HARD_EVERY else hard[n // HARD_EVERY % len(hard)] for n, kind in enumerate(kinds)]

    def hard(self) -> list[Question]:
        """The questions that no index answers."""
        top = [own_id for own_id in self._by_size if own_id not in HALVES]
        apart = self._apart(top)
        children = [own_id for own_id in top if self._paths[own_id] == f"{self._paths[top[0]]}{own_id}/"]
        roots = [own_id for own_id in top if self._paths[own_id] == f"/{own_id}/"]
        return [
            Question("no such text", text="xyzzy"),
            Question("no such text, 4 common", text="xyzzy", include=tuple(apart[:4])),
            Question("3 common without 2", include=tuple(apart[:3]), exclude=tuple(apart[3:5])),
            Question("8 common", include=tuple(apart[:8])),
            Question("never in the same", include=HALVES),
            Question("a common one without its 12 widest", include=(top[0],), exclude=tuple(children[:12])),
            Question("without the 20 widest", exclude=tuple(apart[:20])),
            Question("without the 10 widest roots", exclude=tuple(roots[:10])),
        ]

    def _apart(self, own_ids: list[int]) -> list[int]:
        """Those of `own_ids` of which none is above another, the widest left out."""
        found: list[int] = []
        for own_id in own_ids[1:]:
            path = self._paths[own_id]
            if not any(path.startswith(self._paths[other]) or self._paths[other].startswith(path) for other in found):
                found.append(own_id)
        return found

    def _above(self, ingredient: int) -> list[int]:
        return [int(step) for step in self._paths[ingredient].strip("/").split("/")]

    def _text(self) -> Question:
        return Question("text", text=self._random.choice(_MOODS + _THINGS)[: self._random.randint(2, 9)])

    def _rare_text(self) -> Question:
        return Question("rare text", text=f"{self._random.choice(_MOODS)} {self._random.choice(_THINGS)}".upper())

    def _common_ingredient(self) -> Question:
        return Question("common ingredient", include=(self._random.choice(self._common),))

    def _any_ingredient(self) -> Question:
        return Question("any ingredient", include=(self._random.choice(self._by_size[: self._used]),))

    def _two(self) -> Question:
        recipe = self._in[self._random.choice(list(self._in))]
        pair = self._random.sample(recipe, 2) if len(recipe) > 1 else recipe * 2
        return Question("two ingredients", include=tuple(self._random.choice(self._above(i)) for i in pair))

    def _include_exclude(self) -> Question:
        return Question(
            "include and exclude",
            include=tuple(self._random.choices(self._common, k=self._random.randint(1, 2))),
            exclude=tuple(self._random.choices(self._common, k=self._random.randint(1, 2))),
        )

    def _category_text(self) -> Question:
        text = self._random.choice(_THINGS)[:4].lower()
        return Question("category and text", text=text, category=self._random.choice(_CATEGORIES).upper())

    def _deep(self) -> Question:
        include = (self._random.choice(self._common),) if self._random.random() < 0.5 else ()
        return Question("deep page", include=include, pages=self._random.randint(3, 20))


def furnish(catalogue: Catalogue) -> None:
    """Give the recipes of `MEDIUM` names and categories as people do, and each one of two more ingredients."""
    rnd = random.Random(3)
    names = [f"{mood} {thing}{end}" for mood, thing, end in product(_MOODS, _THINGS, _ENDS)]
    weights = range(len(_CATEGORIES), 0, -1)
    named = []
    for own_id, name in enumerate(rnd.sample(names, MEDIUM.recipes), 1):
        category = rnd.choice((str, str.lower))(rnd.choices(_CATEGORIES, weights)[0])
        named.append({"own_id": own_id, "name": name, "category": category, **recipe_keys(name)})
    halves = [{"id": own_id, "name": f"Half {own_id}", "name_key": name_key(f"Half {own_id}")} for own_id in HALVES]
    lines = [{"recipe_id": own_id, "ingredient_id": HALVES[own_id % 2]} for own_id in range(1, MEDIUM.recipes + 1)]
    columns = ("name", "category", "name_key", "search_key")
    rename = update(recipes).where(recipes.c.id == bindparam("own_id"))
    with catalogue.database.write() as connection:
        connection.execute(rename.values({column: bindparam(column) for column in columns}), named)
        connection.execute(insert(ingredients), halves)
        connection.execute(insert(recipe_ingredients), lines)
