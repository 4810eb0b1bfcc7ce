"""A writer that is not parcook: the `sqlite3` module or psycopg, with nothing but SQL."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg

OutsideError = (sqlite3.Error, psycopg.Error)


class Outside:
    """A connection of its own. Statements use `?`, and commit at once unless between `begin` and `rollback`."""

    def __init__(self, url: str, foreign_keys: bool = True) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._connection: Any
        if self.is_sqlite:
            path = url.removeprefix("sqlite:///")
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=20, check_same_thread=False)
            self._connection.execute(f"PRAGMA foreign_keys = {foreign_keys}")
        else:
            self._connection = psycopg.connect(url, autocommit=True, options="-c search_path=parcook")

    def run(self, statement: str, *values: object) -> None:
        self._execute(statement, values)

    def run_for_all(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """One `INSERT` with all `rows`, or nothing if there are none; `statement` ends before `VALUES`."""
        if not rows:
            return
        group = f"({', '.join('?' for _ in rows[0])})"
        flat = [value for row in rows for value in row]
        self._execute(f"{statement} VALUES {', '.join(group for _ in rows)}", flat)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._execute(query, values).fetchall()]

    def paths(self) -> dict[int, str]:
        return dict(self.rows("SELECT id, path FROM ingredients"))

    def begin(self) -> None:
        self.run("BEGIN")

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        self.run("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def _execute(self, statement: str, values: Sequence[object]) -> Any:
        placed = statement if self.is_sqlite else statement.replace("?", "%s")
        return self._connection.execute(placed, values)
