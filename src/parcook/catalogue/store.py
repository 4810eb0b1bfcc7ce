"""The catalogue as one thing: what people edit, its version, and reading it whole."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from parcook.catalogue.bulk import Bulk
from parcook.catalogue.database import Database
from parcook.catalogue.ingredients import Ingredients
from parcook.catalogue.migrate import prepare
from parcook.catalogue.recipes import Recipes
from parcook.catalogue.tables import catalogue_state, ingredients, installation, recipes
from parcook.catalogue.units import Units
from parcook.errors import SettingsError
from parcook.settings import SECRETS_MANAGER, fetch_secret


@dataclass(frozen=True)
class Stamp:
    """Which state of the catalogue: a counter, and a token that differs even where a restore took the counter back."""

    version: int
    token: str


@dataclass(frozen=True)
class CatalogueState:
    """The current stamp and when it came about, in epoch seconds by the database's clock (0.0: never)."""

    stamp: Stamp
    changed_at: float


class Catalogue:
    """A recipe catalogue in SQLite or PostgreSQL. Threads may share it; `close()` it at the end."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ingredients = Ingredients(database)
        self.recipes = Recipes(database)
        self.units = Units(database)
        self.bulk = Bulk(database)

    def state(self) -> CatalogueState:
        """The current state. Raises `Unavailable` if the database does not answer."""
        with self.database.read() as connection:
            return read_state(connection)

    def counts(self) -> dict[str, int]:
        """How many recipes and ingredients there are."""
        with self.database.read() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (recipes, ingredients)
            }

    def named_recipes(self) -> list[tuple[int, str, str | None]]:
        """(id, name, category) of every recipe, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(recipes.c.id, recipes.c.name, recipes.c.category).order_by(recipes.c.id))
            return [(row.id, row.name, row.category) for row in rows]

    def settle(self, key: str, value: str) -> None:
        """Fix `value` for `key` on the first call; later calls must give the same value.

        Raises `SettingsError` if it was settled otherwise.
        """
        with self.database.write() as connection:  # several processes may start for the first time at once
            stored = connection.execute(select(installation.c.value).where(installation.c.key == key)).scalar()
            if stored is None:
                connection.execute(insert(installation).values(key=key, value=value))
            elif stored != value:
                raise SettingsError(
                    f"PARCOOK_{key.upper()}: this installation was made with {stored!r}, not {value!r}; "
                    "numbers already counted would mean something else. Set it back, or start a new installation."
                )

    def close(self) -> None:
        """Close the connections."""
        self.database.close()


def read_state(connection: Connection) -> CatalogueState:
    """The state of the catalogue as `connection`'s transaction sees it."""
    row = connection.execute(
        select(catalogue_state.c.version, catalogue_state.c.token, catalogue_state.c.changed_at)
    ).one()
    return CatalogueState(Stamp(row.version, row.token), row.changed_at)


def open_catalogue(url: str) -> Catalogue:
    """Open `sqlite:///path` or `postgresql://…`, making or migrating the schema first.

    `secretsmanager://name` is a secret that holds such a URL: so no password stands in an environment. Raises
    `SettingsError` for a bad URL, `SchemaRefused` for a database that is not ours to touch, `Unavailable` if it does
    not answer.
    """
    database = Database(fetch_secret(url, "PARCOOK_CATALOGUE_URL") if url.startswith(SECRETS_MANAGER) else url)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return Catalogue(database)
