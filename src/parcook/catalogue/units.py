"""Units of measure, and finding one by what people call it."""

from sqlalchemy import Connection, insert, select

from parcook.catalogue.database import Database
from parcook.catalogue.models import Unit, UnitDraft
from parcook.catalogue.names import name_key
from parcook.catalogue.paging import DEFAULT_PAGE, Page, page_query, split_page
from parcook.catalogue.tables import units
from parcook.errors import Conflict, NotFound

_COLUMNS = (units.c.id, units.c.name, units.c.abbreviation, units.c.conversion_to_ml)


class Units:
    """The units of one catalogue. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> Page[Unit]:
        """A page of units by name then id."""
        with self._database.read() as connection:
            rows = connection.execute(page_query(select(*_COLUMNS), units, cursor, limit)).all()
        rows, next_cursor = split_page(rows, limit)
        return Page(items=[Unit(**row._mapping) for row in rows], next_cursor=next_cursor)

    def get(self, unit_id: int) -> Unit:
        """One unit. Raises `NotFound`."""
        with self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(units.c.id == unit_id)).one_or_none()
        if row is None:
            raise NotFound(f"there is no unit {unit_id}")
        return Unit(**row._mapping)

    def create(self, draft: UnitDraft) -> Unit:
        """Add a unit. Raises `Conflict` (`duplicate_name`) if its name or abbreviation already means a unit."""
        with self._database.write() as connection:
            known = unit_ids(connection)
            for label in filter(None, (draft.name, draft.abbreviation)):
                if name_key(label) in known:
                    raise Conflict(f"{label!r} already means unit {known[name_key(label)]}", code="duplicate_name")
            values = draft.model_dump() | {"name_key": name_key(draft.name)}
            row = connection.execute(insert(units).values(values).returning(*_COLUMNS)).one()
            return Unit(**row._mapping)


def unit_ids(connection: Connection) -> dict[str, int]:
    """Unit ids by the key of name and abbreviation; a name wins over an abbreviation, then the lower id."""
    rows = connection.execute(select(*_COLUMNS).order_by(units.c.id.desc())).all()
    by_abbreviation = {name_key(row.abbreviation): row.id for row in rows if row.abbreviation}
    return by_abbreviation | {name_key(row.name): row.id for row in rows}
