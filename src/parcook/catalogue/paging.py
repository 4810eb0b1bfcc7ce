"""Keyset pages: ordered by name then id, so that rows added or removed meanwhile are never skipped or repeated."""

import base64
import json
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import Select, Table, or_

from parcook.errors import Invalid

MAX_PAGE = 200
DEFAULT_PAGE = 50

Record = TypeVar("Record")


class Page(BaseModel, Generic[Record]):
    """One page of a list; `next_cursor` fetches the next one and is null on the last."""

    items: list[Record]
    next_cursor: str | None = None


def page_query(query: Select[Any], table: Table, cursor: str | None, limit: int) -> Select[Any]:
    """`query` restricted to the page after `cursor`, with one row more than `limit` to tell whether another follows.

    Raises `Invalid` (`bad_cursor`) for a cursor that no page gave out.
    """
    if cursor is not None:
        name, row_id = _decode(cursor)
        # The first condition is where an index starts from; the second alone would be asked of every row before.
        query = query.where(table.c.name >= name, or_(table.c.name > name, table.c.id > row_id))
    return query.order_by(table.c.name, table.c.id).limit(limit + 1)


def split_page(rows: Sequence[Any], limit: int) -> tuple[Sequence[Any], str | None]:
    """The rows of the page and the cursor of the next, from what `page_query` returned."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    payload = json.dumps([last.name, last.id], ensure_ascii=False, separators=(",", ":"))
    return rows[:limit], base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[str, int]:
    try:
        payload = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, row_id = json.loads(payload.decode())
    except (ValueError, TypeError, RecursionError):
        raise Invalid("cursor was not given out by this list", code="bad_cursor") from None
    if not (isinstance(name, str) and type(row_id) is int and 0 < row_id < 2**63) or "\x00" in name:
        raise Invalid("cursor was not given out by this list", code="bad_cursor")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise Invalid("cursor was not given out by this list", code="bad_cursor") from None
    return name, row_id
