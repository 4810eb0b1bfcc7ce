"""Catalogues of any size, the same for the same seed, written straight into a database of ours.

Popularity is skewed and recipes have 6 to 7 ingredients, as in real collections; no ingredient has more
than five above it. Loading goes past parcook's own writes: what is measured here is reading.
"""

import random
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import psycopg

from parcook.catalogue.store import open_catalogue

LEVELS = 6
SIZES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
SIZE_WEIGHTS = (2, 6, 11, 16, 20, 18, 12, 8, 5, 2)
INGREDIENT_COLUMNS = ("id", "name", "name_key", "parent_id", "path")
RECIPE_COLUMNS = ("id", "name", "name_key", "category")
LINE_COLUMNS = ("recipe_id", "ingredient_id", "unit_id", "amount", "position")
_NAMES = ("Amber", "Bitter", "Cherry", "Dry", "Elder", "Fig", "Ginger", "Honey", "Iris", "Juniper", "Lime", "Mint")
_KINDS = ("Rum", "Cordial", "Syrup", "Brandy", "Bitters", "Juice", "Liqueur", "Vermouth", "Whiskey", "Tea")


@dataclass(frozen=True)
class World:
    """How many ingredients and recipes, and from which seed."""

    ingredients: int
    recipes: int
    seed: int = 1

    def __str__(self) -> str:
        return f"{self.ingredients:,} / {self.recipes:,}"

    def ingredient_rows(self) -> list[tuple[int, str, str, int | None, str]]:
        """Rows of `INGREDIENT_COLUMNS`, parents before children."""
        rnd = random.Random(self.seed)
        paths: list[str] = []
        levels: list[int] = []
        rows: list[tuple[int, str, str, int | None, str]] = []
        for number in range(1, self.ingredients + 1):
            parent = rnd.randrange(number - 1) if number > 1 and rnd.random() > 0.05 else -1
            while parent >= 0 and levels[parent] == LEVELS - 1:
                parent = rnd.randrange(number - 1)
            paths.append(f"{paths[parent] if parent >= 0 else '/'}{number}/")
            levels.append(levels[parent] + 1 if parent >= 0 else 0)
            name = f"{rnd.choice(_NAMES)} {rnd.choice(_KINDS)} {number}"
            rows.append((number, name, name.lower(), parent + 1 or None, paths[-1]))
        return rows

    def recipe_rows(self) -> Iterator[tuple[int, str, str, str]]:
        """Rows of `RECIPE_COLUMNS`."""
        return ((n, f"Recipe {n}", f"recipe {n}", "Sour") for n in range(1, self.recipes + 1))

    def line_rows(self) -> Iterator[tuple[int, int, int, float, int]]:
        """Rows of `LINE_COLUMNS`, sorted by recipe and ingredient."""
        rnd = random.Random(self.seed + 1)
        ids = range(1, self.ingredients + 1)
        popularity = [rnd.paretovariate(1.1) for _ in ids]
        cumulative = list(accumulate(min(weight, 1000.0) for weight in popularity))
        sizes = rnd.choices(SIZES, SIZE_WEIGHTS, k=self.recipes)
        for recipe, size in enumerate(sizes, 1):
            for position, ingredient in enumerate(sorted(set(rnd.choices(ids, cum_weights=cumulative, k=size)))):
                yield recipe, ingredient, 1, 30.0, position

    def path(self, folder: Path) -> Path:
        """Where in `folder` the SQLite catalogue of this world stands."""
        return folder / f"{self.ingredients}-{self.recipes}.db"

    def url(self, folder: Path) -> str:
        """The URL of the catalogue at `path(folder)`."""
        return f"sqlite:///{self.path(folder)}"

    def make_sqlite(self, folder: Path) -> None:
        """Write this world into a new SQLite catalogue in `folder`."""
        path = self.path(folder)
        open_catalogue(self.url(folder)).close()
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN")
        # Triggers and indexes row by row would take most of the time; what they maintain is written here or after.
        dropped = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        ).fetchall()
        for kind, name, _ in dropped:
            connection.execute(f"DROP {kind} {name}")
        connection.execute("INSERT INTO units (id, name, name_key) VALUES (1, 'millilitre', 'millilitre')")
        for table, columns, rows in self._tables():
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        for _, _, sql in dropped:
            connection.execute(sql)
        connection.execute("UPDATE units SET conversion_to_ml = 1")  # any edit: the triggers note a new version
        connection.execute("COMMIT")
        connection.close()

    def make_postgres(self, url: str) -> None:
        """Write this world into the empty PostgreSQL catalogue at `url`."""
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SET search_path TO parcook")
            cursor.execute("INSERT INTO units (id, name, name_key) OVERRIDING SYSTEM VALUE VALUES (1, 'ml', 'ml')")
            for table, columns, rows in self._tables():
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            connection.commit()
            connection.autocommit = True
            cursor.execute("VACUUM ANALYZE")

    def _tables(self) -> list[tuple[str, tuple[str, ...], Iterator[tuple]]]:
        return [
            ("ingredients", INGREDIENT_COLUMNS, iter(self.ingredient_rows())),
            ("recipes", RECIPE_COLUMNS, self.recipe_rows()),
            ("recipe_ingredients", LINE_COLUMNS, self.line_rows()),
        ]


SMALL = World(610, 1_356)
MEDIUM = World(5_000, 20_000)
LARGE = World(50_000, 500_000)

if __name__ == "__main__":
    for world in (SMALL, MEDIUM, LARGE):
        world.make_sqlite(Path(sys.argv[1]))
