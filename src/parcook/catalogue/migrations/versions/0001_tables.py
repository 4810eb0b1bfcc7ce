"""The catalogue's tables and those beside it.

Spelled out, not made from `tables.py`: that file follows the newest schema, this one must stay as it is.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(PG_TEXT(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        "ingredients",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", TEXT),
        sa.Column("description", TEXT),
        sa.Column("parent_id", ID),
        sa.Column("path", TEXT, nullable=False, server_default=""),
        sa.Column("created_at", MOMENT, nullable=False, server_default=now),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=now),
        sa.PrimaryKeyConstraint("id", name="ingredients_pkey"),
        sa.UniqueConstraint("name_key", name="ingredients_name_key_unique"),
        sa.ForeignKeyConstraint(["parent_id"], ["ingredients.id"], name="ingredients_parent_id_fkey"),
        sa.CheckConstraint("parent_id <> id", name="ingredients_not_its_own_parent"),
        sqlite_autoincrement=True,
    )
    op.create_index("ingredients_parent_id_index", "ingredients", ["parent_id"])
    op.create_index("ingredients_path_index", "ingredients", ["path"])
    op.create_table(
        "units",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", TEXT),
        sa.Column("abbreviation", TEXT),
        sa.Column("conversion_to_ml", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="units_pkey"),
        sa.UniqueConstraint("name_key", name="units_name_key_unique"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recipes",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", TEXT),
        sa.Column("category", TEXT),
        sa.Column("description", TEXT),
        sa.Column("instructions", TEXT),
        sa.Column("source", TEXT),
        sa.Column("source_url", TEXT),
        sa.Column("image_url", TEXT),
        sa.Column("created_by", TEXT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=now),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=now),
        sa.PrimaryKeyConstraint("id", name="recipes_pkey"),
        sa.UniqueConstraint("name_key", name="recipes_name_key_unique"),
        sqlite_autoincrement=True,
    )
    # Ordered by (recipe, ingredient) on disk in SQLite: counting usage is then one sequential read.
    op.create_table(
        "recipe_ingredients",
        sa.Column("recipe_id", ID, nullable=False),
        sa.Column("ingredient_id", ID, nullable=False),
        sa.Column("unit_id", ID),
        sa.Column("amount", sa.Double()),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("recipe_id", "ingredient_id", name="recipe_ingredients_pkey"),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name="recipe_ingredients_recipe_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name="recipe_ingredients_ingredient_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="recipe_ingredients_unit_id_fkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("recipe_ingredients_ingredient_id_index", "recipe_ingredients", ["ingredient_id"])
    op.create_index("recipe_ingredients_unit_id_index", "recipe_ingredients", ["unit_id"])
    state = op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="catalogue_state_pkey"),
        sa.CheckConstraint("id = 1", name="catalogue_state_one_row"),
    )
    op.bulk_insert(state, [{"id": 1, "version": 0, "token": "", "changed_at": 0.0}])
    op.create_table(
        "leases",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="leases_pkey"),
    )
    op.create_table(
        "installation",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="installation_pkey"),
    )
    op.create_table(
        "access_tokens",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("secret_hash", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="access_tokens_pkey"),
        sa.UniqueConstraint("secret_hash", name="access_tokens_secret_hash_unique"),
    )
    for table in ("sign_in_links", "sessions"):
        op.create_table(
            table,
            sa.Column("secret_hash", TEXT, nullable=False),
            sa.Column("role", TEXT, nullable=False),
            sa.Column("expires_at", MOMENT, nullable=False),
            sa.PrimaryKeyConstraint("secret_hash", name=f"{table}_pkey"),
        )
