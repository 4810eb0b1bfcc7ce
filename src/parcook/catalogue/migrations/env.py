"""Alembic's entry: migrate on the connection, and inside the transaction, that `migrate.prepare` holds."""

from alembic import context

from parcook.catalogue.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
