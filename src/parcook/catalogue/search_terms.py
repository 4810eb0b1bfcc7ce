"""What is searched for, in the forms that are stored: a search key, a name key, and paths of branches."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select

from parcook.catalogue.models import MAX_ID
from parcook.catalogue.names import name_key
from parcook.catalogue.tables import ingredients
from parcook.errors import Invalid


@dataclass(frozen=True)
class Wanted:
    """The terms of one search; an empty `text` or `category` is none."""

    text: str
    category: str
    included: frozenset[str]
    excluded: frozenset[str]


@dataclass(frozen=True)
class Known:
    """The paths of ingredients, by name key and by id."""

    by_key: dict[str, str]
    by_id: dict[int, str]

    def path(self, reference: str) -> str:
        """The path of the ingredient that `reference` names, or whose id it is. Raises `Invalid`."""
        path = self.by_key.get(name_key(reference)) or self.by_id.get(_as_id(reference))
        if path is None:
            raise Invalid(f"there is no ingredient {reference!r}", code="ingredient_not_found")
        return path


def read_known(connection: Connection, references: Iterable[str] | None = None) -> Known:
    """All ingredients, or those that `references` may mean, in the order of their paths."""
    query = select(ingredients.c.path, ingredients.c.name_key, ingredients.c.id).order_by(ingredients.c.path)
    if references is not None:
        query = query.where(_meant_by([*references]))
    rows = connection.execute(query).all()
    return Known({row.name_key: row.path for row in rows}, {row.id: row.path for row in rows})


def _meant_by(references: list[str]) -> ColumnElement[bool]:
    named = ingredients.c.name_key.in_({name_key(reference) for reference in references})
    numbered = ingredients.c.id.in_({own_id for own_id in map(_as_id, references) if own_id})
    return or_(named, numbered)


def _as_id(reference: str) -> int:
    """The id that `reference` may be; 0 if none."""
    could_be = reference.isascii() and reference.isdigit() and len(reference) < 20 and int(reference) <= MAX_ID
    return int(reference) if could_be else 0
