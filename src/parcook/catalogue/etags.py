"""Versions of single items, for lost-update protection: the hash of what the item says."""

import hashlib

from pydantic import BaseModel

from parcook.errors import PreconditionFailed


def item_etag(record: BaseModel) -> str:
    """The strong ETag of `record`, quotes included: equal exactly when the JSON served is equal."""
    return f'"{hashlib.sha256(record.model_dump_json().encode()).hexdigest()[:20]}"'


def require_match(record: BaseModel, if_match: str | None) -> None:
    """Raise `PreconditionFailed` unless `if_match` (an `If-Match` header; None: no condition) covers `record`."""
    if if_match is None or if_match.strip() == "*":
        return
    if item_etag(record) not in [candidate.strip() for candidate in if_match.split(",")]:
        raise PreconditionFailed("the item has changed since you read it; read it again and repeat your change")
