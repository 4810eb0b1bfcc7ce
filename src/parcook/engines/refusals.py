"""What a refusal of Trino's means for whoever asked: a fault in the question, or a lake that is not there now.

Athena runs Trino and puts Trino's names of errors in front of its reasons, so both are read alike.
"""

from collections.abc import Iterable
from typing import Literal

from parcook.errors import QueryFailed, Unavailable

_NOT_READY = (
    "SERVER_STARTING_UP",
    "SERVER_SHUTTING_DOWN",
    "NO_NODES_AVAILABLE",
    "QUERY_QUEUE_FULL",
    "CLUSTER_OUT_OF_MEMORY",
)
_NOT_THERE = ("CATALOG_NOT_FOUND", "SCHEMA_NOT_FOUND")


def refusal(
    engine: Literal["athena", "trino"], name: str, message: str, tables: Iterable[str]
) -> QueryFailed | Unavailable:
    """The error to raise for Trino's error `name` with its `message`, met while reading `tables` of the lake."""
    title = engine.capitalize()
    missing = [table for table in tables if f".{table}'" in message]
    if name in _NOT_THERE or (name == "TABLE_NOT_FOUND" and missing):
        lacking = f"the table {missing[0]}" if missing else "the schema that PARCOOK_ENGINE_URL names"
        return Unavailable(f"{title} lacks {lacking}: run what `parcook ddl {engine}` prints")
    if name in _NOT_READY:
        return Unavailable(f"{title} has too little to run it now: {message}")
    return QueryFailed(f"{title} refused: {message}")
