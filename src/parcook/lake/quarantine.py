"""Events that cannot be rows: named by their id, with a reason, so that whoever holds the store can look them up."""

from parcook.lake.tables import Column, Table

QUARANTINE = Table(
    "quarantine",
    "quarantine",
    (
        Column("message_id", "varchar", "the store's id of the event"),
        Column("reason", "varchar", "why it is not in the lake"),
    ),
    format="json",
)
