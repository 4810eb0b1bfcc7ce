"""What whoever runs SQL promises: the same text, bound parameters, typed rows; a time limit, and a way to stop."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Value = str | int | float | bool | date | None


@dataclass(frozen=True)
class Result:
    """Rows with the names of their columns, and what it took to find them, where the engine says so."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    bytes_scanned: int | None = None
    cost_usd: float | None = None

    def as_dicts(self) -> list[dict[str, Any]]:
        """Each row as column → value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Days:
    """Days from `first` to `last`, both included, of which `columns` are needed; None is without a limit."""

    first: date | None = None
    last: date | None = None
    columns: Collection[str] | None = None


class Session(Protocol):
    """Statements over one reading of some tables. `damaged` names files that could not be read and were left out."""

    damaged: Sequence[str]

    def run(self, sql: str, values: Sequence[Value] = (), timeout_s: float = 30.0) -> Result:
        """Run `sql` with `values` bound to its `?`, in their order.

        Raises `QueryFailed` for what the engine refuses or does not finish in time, `Unavailable` if it is away.
        """

    def cancel(self) -> None:
        """Stop what runs, from any thread: `run` raises `QueryFailed` there, and for all that comes after."""


class Engine(Protocol):
    """Whoever runs SQL over the tables of the lake. Threads may share it, each with sessions of its own."""

    def reading(self, tables: Mapping[str, Days]) -> AbstractContextManager[Session]:
        """A session that reads `tables`, each of at least those days; an engine that prunes by itself may read all."""
