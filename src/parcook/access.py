"""Who may: roles, bearer tokens, one-time sign-in links and the sessions they open.

Secrets are 256 random bits, shown once and kept as SHA-256 hashes; guessing one is not a risk that a slow
hash would lessen. Whoever keeps the hashes is given to `Access` as an `AccessStore`.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from parcook.clock import Clock, utc_now
from parcook.errors import Forbidden, Unauthenticated

LINK_LIFETIME = timedelta(hours=24)
SESSION_LIFETIME = timedelta(days=30)


class Role(StrEnum):
    """What a caller may do. `PUBLIC` is everybody; `INGEST` may only report events; `ADMIN` may do all."""

    PUBLIC = "public"
    INGEST = "ingest"
    VIEWER = "viewer"
    ADMIN = "admin"


GRANTABLE = (Role.INGEST, Role.VIEWER, Role.ADMIN)

_ALLOWED = {
    Role.PUBLIC: frozenset(Role),
    Role.INGEST: frozenset({Role.INGEST, Role.ADMIN}),
    Role.VIEWER: frozenset({Role.VIEWER, Role.ADMIN}),
    Role.ADMIN: frozenset({Role.ADMIN}),
}


@dataclass(frozen=True)
class Principal:
    """Who is asking: a role, and a name for the records (`token:1f3a…`, `session`, `anonymous`)."""

    role: Role
    name: str


ANONYMOUS = Principal(Role.PUBLIC, "anonymous")


@dataclass(frozen=True)
class NewToken:
    """A token just made; `secret` is not kept and cannot be shown again."""

    id: str
    role: Role
    secret: str


class AccessStore(Protocol):
    """Keeps hashes of secrets; every method is one transaction."""

    def add_token(self, token_id: str, secret_hash: str, role: str, created_at: datetime) -> None:
        """Keep a token."""

    def find_token(self, secret_hash: str) -> tuple[str, str] | None:
        """(id, role) of the token that is not revoked; None if there is none."""

    def add_link(self, secret_hash: str, role: str, expires_at: datetime) -> None:
        """Keep a sign-in link."""

    def take_link(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a link that has not expired, and forget the link; None if there is none. Once only."""

    def add_session(self, secret_hash: str, role: str, expires_at: datetime) -> None:
        """Keep a session."""

    def find_session(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a session that has not expired; None if there is none."""

    def drop_session(self, secret_hash: str) -> None:
        """Forget a session, if it is there."""

    def has_admin(self) -> bool:
        """Whether anybody ever became admin: by a token or by a session."""


class Access:
    """Makes credentials and recognises them."""

    def __init__(self, store: AccessStore, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock

    def create_token(self, role: Role) -> NewToken:
        """A new bearer token for `role`."""
        token = NewToken(uuid.uuid4().hex[:12], role, f"parcook_{secrets.token_urlsafe(32)}")
        self._store.add_token(token.id, _hash(token.secret), role, self._clock())
        return token

    def create_link(self, role: Role) -> str:
        """The secret of a new sign-in link, good once within `LINK_LIFETIME`."""
        secret = secrets.token_urlsafe(32)
        self._store.add_link(_hash(secret), role, self._clock() + LINK_LIFETIME)
        return secret

    def open_session(self, link_secret: str) -> str:
        """Trade a sign-in link for the secret of a session.

        Raises `Unauthenticated` if it is used, expired or unknown.
        """
        now = self._clock()
        role = self._store.take_link(_hash(link_secret), now)
        if role is None:
            raise Unauthenticated(
                "this sign-in link is unknown, used or expired; make a new one with "
                "`parcook token create --role admin --link`"
            )
        secret = secrets.token_urlsafe(32)
        self._store.add_session(_hash(secret), role, now + SESSION_LIFETIME)
        return secret

    def close_session(self, session_secret: str) -> None:
        """End a session."""
        self._store.drop_session(_hash(session_secret))

    def identify(self, bearer: str | None, session_secret: str | None) -> Principal:
        """Who presents these credentials; a bearer token wins over a session.

        Raises `Unauthenticated` for a bearer token that is unknown or revoked. A session that has expired is
        nobody in particular, since browsers send cookies without being asked.
        """
        if bearer is not None:
            found = self._store.find_token(_hash(bearer))
            if found is None:
                raise Unauthenticated("the bearer token is unknown or revoked")
            return Principal(Role(found[1]), f"token:{found[0]}")
        if session_secret is not None and (role := self._store.find_session(_hash(session_secret), self._clock())):
            return Principal(Role(role), "session")
        return ANONYMOUS

    def needs_first_admin(self) -> bool:
        """Whether nobody has ever been admin here."""
        return not self._store.has_admin()


def require(principal: Principal, role: Role) -> None:
    """Raise unless `principal` may do what is reserved to `role`: `Unauthenticated` for nobody, else `Forbidden`."""
    if principal.role in _ALLOWED[role]:
        return
    if principal is ANONYMOUS:
        raise Unauthenticated(f"this needs a token or a session with the role {role}")
    raise Forbidden(f"the role {principal.role} may not do this; it needs {role}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
