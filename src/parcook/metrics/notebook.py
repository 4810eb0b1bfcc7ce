"""Asking the lake from Python, as in a notebook: `parcook.connect()` and `parcook.metric(...)`."""

import warnings
from collections.abc import Sequence
from typing import Any

from parcook.engines.contract import Days
from parcook.lake.opening import open_engine
from parcook.lake.reading import Connection, open_duckdb
from parcook.lake.tables import readable_tables
from parcook.metrics.library import answer, find_metric
from parcook.objects import Objects
from parcook.settings import load_settings


def connect() -> Connection:
    """A DuckDB connection with the tables of the lake that the settings name, and the prelude of the metrics.

    It is a copy of what is there now, in memory, and reaches no file and no network. The restricted tables of people
    are not in it. Damaged files are left out, with a `UserWarning` that names them. Close it. Raises `SettingsError`,
    `Unavailable`.
    """
    engine = open_duckdb(Objects(load_settings().lake_url))
    connection, damaged = engine.connect({table.name: Days() for table in readable_tables()})
    _warn_of(damaged)
    return connection


def metric(name: str, first: str, last: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a metric from day `first` to `last`, as `2025-01-15`, both included; small counts are withheld.

    Damaged files are left out, with a `UserWarning` that names them.
    Raises `NotFound` for an unknown metric, `Invalid` for bad parameters.
    """
    settings = load_settings()
    given = {"from": first, "to": last, **{key: str(value) for key, value in params.items()}}
    told = answer(
        find_metric(name),
        open_engine(settings.engine_url, Objects(settings.lake_url)),
        given,
        min_people=settings.min_people,
        timezone=settings.timezone,
    )
    _warn_of(told.metadata.get("damaged", ()))
    return list(told.rows)


def _warn_of(damaged: Sequence[str]) -> None:
    if damaged:
        named = ", ".join(damaged)
        warnings.warn(f"answers are incomplete: damaged files of the lake are left out: {named}", stacklevel=3)
