"""Recipes can be searched: a key without case and accents, and indexes that hold all that is read.

Rows written before get their key here. Rows that a shell writes get theirs from triggers where SQL can fold the
name, which is where it is plain ASCII; elsewhere the key is NULL and a search folds the name itself.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT

revision = "0003"
down_revision = "0002"

BATCH = 1_000
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("recipes", sa.Column("search_key", sa.Text().with_variant(PG_TEXT(collation="C"), "postgresql")))
    _fill(connection)
    op.create_index("recipes_name_id_index", "recipes", ["name", "id", "search_key", "category"])
    op.create_index("recipes_category_index", "recipes", ["category"])
    unfolded = sa.text("search_key IS NULL")
    op.create_index(
        "recipes_unfolded_index", "recipes", ["search_key"], sqlite_where=unfolded, postgresql_where=unfolded
    )
    # The recipes of a branch are found without a look at the lines themselves, as they always were in SQLite.
    op.drop_index("recipe_ingredients_ingredient_id_index", "recipe_ingredients")
    op.create_index(
        "recipe_ingredients_ingredient_id_recipe_id_index", "recipe_ingredients", ["ingredient_id", "recipe_id"]
    )
    op.create_index("ingredients_name_id_index", "ingredients", ["name", "id"])
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _postgres():
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _fill(connection: sa.Connection) -> None:
    recipes = sa.table("recipes", sa.column("id"), sa.column("name"), sa.column("search_key"))
    rows = connection.execute(sa.select(recipes.c.id, recipes.c.name)).all()
    fill = recipes.update().where(recipes.c.id == sa.bindparam("own_id")).values(search_key=sa.bindparam("folded"))
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        connection.execute(fill, [{"own_id": row.id, "folded": _folded(row.name)} for row in batch])


def _folded(name: str) -> str:
    """As `names.search_key` was at this revision."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(kept.translate(PLAIN).split())[:200]


def _sqlite() -> list[str]:
    folded = """CASE WHEN NEW.name NOT GLOB '*[^ -~]*' AND trim(NEW.name) NOT LIKE '%  %'
                THEN lower(trim(NEW.name)) END"""
    return [
        f"""CREATE TRIGGER recipes_search_key_{event} AFTER {event_of} ON recipes WHEN {condition}
            BEGIN UPDATE recipes SET search_key = {folded} WHERE id = NEW.id; END"""
        for event, event_of, condition in (
            ("insert", "INSERT", "NEW.search_key IS NULL"),
            ("update", "UPDATE OF name", "NEW.name IS NOT OLD.name AND NEW.search_key IS OLD.search_key"),
        )
    ]


def _postgres() -> list[str]:
    return [
        """CREATE FUNCTION parcook.set_search_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'INSERT' AND NEW.search_key IS NULL
                OR TG_OP = 'UPDATE' AND NEW.name <> OLD.name AND NEW.search_key IS NOT DISTINCT FROM OLD.search_key
            THEN
                NEW.search_key := CASE WHEN NEW.name COLLATE "C" !~ '[^ -~]' AND btrim(NEW.name) NOT LIKE '%  %'
                    THEN lower(btrim(NEW.name)) END;
            END IF;
            RETURN NEW; END $$""",
        """CREATE TRIGGER recipes_search_key BEFORE INSERT OR UPDATE OF name ON parcook.recipes
            FOR EACH ROW EXECUTE FUNCTION parcook.set_search_key()""",
    ]
