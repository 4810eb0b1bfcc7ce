"""The catalogue's tables, once, for queries. `migrations/` makes them; a test holds the two together.

Beside what people edit stand the tables that the version triggers leave alone: leases, credentials and
what was settled at installation.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT

SCHEMA_REVISION = "0003"
VERSION_TABLE = "parcook_alembic_version"
POSTGRES_SCHEMA = "parcook"

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

_Id = BigInteger().with_variant(Integer(), "sqlite")
# Code-point order on both databases, whatever the locale of a PostgreSQL server.
_Text = Text().with_variant(PG_TEXT(collation="C"), "postgresql")


ingredients = Table(
    "ingredients",
    metadata,
    Column("id", _Id, Identity(), primary_key=True),
    Column("name", _Text, nullable=False),
    Column("name_key", _Text, unique=True),
    Column("description", _Text),
    Column("parent_id", _Id, ForeignKey("ingredients.id"), index=True),
    Column("path", _Text, nullable=False, server_default="", index=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    Index("ingredients_name_id_index", "name", "id"),
    sqlite_autoincrement=True,
)

units = Table(
    "units",
    metadata,
    Column("id", _Id, Identity(), primary_key=True),
    Column("name", _Text, nullable=False),
    Column("name_key", _Text, unique=True),
    Column("abbreviation", _Text),
    Column("conversion_to_ml", Double),
    sqlite_autoincrement=True,
)

recipes = Table(
    "recipes",
    metadata,
    Column("id", _Id, Identity(), primary_key=True),
    Column("name", _Text, nullable=False),
    Column("name_key", _Text, unique=True),
    Column("category", _Text),
    Column("description", _Text),
    Column("instructions", _Text),
    Column("source", _Text),
    Column("source_url", _Text),
    Column("image_url", _Text),
    Column("created_by", _Text),
    Column("search_key", _Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    # Holds all that a search reads while it walks recipes in their order.
    Index("recipes_name_id_index", "name", "id", "search_key", "category"),
    Index("recipes_category_index", "category"),
    Index(
        "recipes_unfolded_index",
        "search_key",
        sqlite_where=text("search_key IS NULL"),
        postgresql_where=text("search_key IS NULL"),
    ),
    sqlite_autoincrement=True,
)

recipe_ingredients = Table(
    "recipe_ingredients",
    metadata,
    Column("recipe_id", _Id, ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True),
    Column("ingredient_id", _Id, ForeignKey("ingredients.id"), primary_key=True),
    Column("unit_id", _Id, ForeignKey("units.id"), index=True),
    Column("amount", Double),
    Column("position", Integer, nullable=False, server_default="0"),
    Index("recipe_ingredients_ingredient_id_recipe_id_index", "ingredient_id", "recipe_id"),
    sqlite_with_rowid=False,
)

catalogue_state = Table(
    "catalogue_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("token", _Text, nullable=False),
    Column("changed_at", Double, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("holder", _Text, nullable=False),
    Column("expires_at", Double, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("key", _Text, primary_key=True),
    Column("value", _Text, nullable=False),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("secret_hash", _Text, nullable=False, unique=True),
    Column("role", _Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("secret_hash", _Text, primary_key=True),
    Column("role", _Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", _Text, primary_key=True),
    Column("role", _Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

EDITED_TABLES = (ingredients, units, recipes, recipe_ingredients)
