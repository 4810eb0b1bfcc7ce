"""Many rows in few statements, on both databases, with ids given or left to the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert `rows`, of which all have an `id` or none; returns the ids in order."""
    if rows and "id" in rows[0]:
        insert_many(connection, table, rows)
        return [row["id"] for row in rows]
    if not rows:
        return []
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(query, rows).scalars())


def insert_many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows`."""
    # RETURNING makes SQLAlchemy send many rows in one statement to PostgreSQL as well. One by one, each would
    # leave a dead version of the row in `catalogue_state` for the next to step over: minutes instead of seconds.
    if rows:
        connection.execute(insert(table).returning(*table.primary_key), rows)
