"""Credentials of our own: bearer tokens, one-time sign-in links and the sessions they open.

Secrets are 256 random bits, shown once and kept as SHA-256 hashes; guessing one is not a risk that a slow
hash would lessen. Whoever keeps the hashes is given to `Access` as an `AccessStore`.

No secret is ever compared with another. What was presented is hashed, and the database looks the hash up in an
index; how long that takes may tell how far it got. That is of no use: whoever wants a hash that is a little nearer
to a stored one cannot steer SHA-256 there, and a hash known in full still leaves the 256 bits before it to guess.
Nothing here is compared in constant time because nothing that may be compared is secret. Signatures of an issuer are
checked with public keys, so that check knows no secret either.
"""

import hashlib
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from parcook.access.oidc import OidcVerifier
from parcook.access.roles import ANONYMOUS, Principal, Role
from parcook.clock import Clock, utc_now
from parcook.errors import NotFound, Unauthenticated

LINK_LIFETIME = timedelta(hours=24)
SESSION_LIFETIME = timedelta(days=30)
RECALLED_S = 1.0
TOKEN_PREFIX = "parcook_"  # noqa: S105  # so that people and secret scanners see what it is


@dataclass(frozen=True)
class NewToken:
    """A token just made; `secret` is not kept and cannot be shown again."""

    id: str
    role: Role
    secret: str


@dataclass(frozen=True)
class TokenEntry:
    """What is known of a token afterwards."""

    id: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None


class AccessStore(Protocol):
    """Keeps hashes of secrets; every method is one transaction."""

    def add_token(self, token_id: str, secret_hash: str, role: str, created_at: datetime) -> None:
        """Keep a token."""

    def find_token(self, secret_hash: str) -> tuple[str, str] | None:
        """(id, role) of the token that is not revoked; None if there is none."""

    def list_tokens(self) -> list[tuple[str, str, datetime, datetime | None]]:
        """(id, role, created at, revoked at) of every token, oldest first."""

    def revoke_token(self, token_id: str, now: datetime) -> bool:
        """Revoke a token. False if there is none of this id; one revoked before stays as it was."""

    def add_link(self, secret_hash: str, role: str, expires_at: datetime) -> None:
        """Keep a sign-in link."""

    def take_link(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a link that has not expired, and forget the link; None if there is none. Once only."""

    def add_session(self, secret_hash: str, role: str, now: datetime, expires_at: datetime) -> None:
        """Keep a session, and forget those that have expired."""

    def find_session(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a session that has not expired; None if there is none."""

    def drop_session(self, secret_hash: str) -> None:
        """Forget a session, if it is there."""

    def has_admin(self) -> bool:
        """Whether there is an admin: a token, revoked ones included, or a session."""


class Access:
    """Makes credentials and recognises them; with `oidc` those of an issuer as well.

    A token that was found is recalled for `RECALLED_S` without asking the store, whoever revokes it meanwhile: a
    chatbot sends the same one hundreds of times a second, and asking takes half as long as all else that it wants.
    """

    def __init__(
        self,
        store: AccessStore,
        clock: Clock = utc_now,
        oidc: OidcVerifier | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._oidc = oidc
        self._seconds = seconds
        self._found: dict[str, tuple[float, Principal]] = {}

    def create_token(self, role: Role) -> NewToken:
        """A new bearer token for `role`."""
        token = NewToken(uuid.uuid4().hex[:12], role, f"{TOKEN_PREFIX}{secrets.token_urlsafe(32)}")
        self._store.add_token(token.id, _hash(token.secret), role, self._clock())
        return token

    def list_tokens(self) -> list[TokenEntry]:
        """All tokens ever made, oldest first, without their secrets."""
        return [
            TokenEntry(own_id, Role(role), made, revoked) for own_id, role, made, revoked in self._store.list_tokens()
        ]

    def revoke_token(self, token_id: str) -> None:
        """Let a token count no longer, from now on. Raises `NotFound` for an unknown id."""
        is_known = self._store.revoke_token(token_id, self._clock())
        self._found.clear()
        if not is_known:
            raise NotFound(f"there is no token {token_id!r}; `parcook token list` shows their ids")

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
        self._store.add_session(_hash(secret), role, now, now + SESSION_LIFETIME)
        return secret

    def close_session(self, session_secret: str) -> None:
        """End a session."""
        self._store.drop_session(_hash(session_secret))

    def identify(self, bearer: str | None, session_secret: str | None) -> Principal:
        """Who presents these credentials; a bearer token wins over a session.

        Raises `Unauthenticated` for a bearer token that is unknown, revoked or refused by its issuer's rules. A
        session that has expired is nobody in particular, since browsers send cookies without being asked.
        """
        if bearer is not None:
            if self._oidc is not None and not bearer.startswith(TOKEN_PREFIX):
                return self._oidc.identify(bearer)
            secret_hash, asked_at = _hash(bearer), self._seconds()
            found = self._store.find_token(secret_hash)
            if found is None:
                raise Unauthenticated("the bearer token is unknown or revoked")
            principal = Principal(Role(found[1]), f"token:{found[0]}")
            self._found[secret_hash] = asked_at, principal  # as many as there are tokens, since all were found
            return principal
        if session_secret is not None and (role := self._store.find_session(_hash(session_secret), self._clock())):
            return Principal(Role(role), "session")
        return ANONYMOUS

    def recall(self, bearer: str) -> Principal | None:
        """Who presents this token, if it was found a moment ago; None where `identify` has to look. Never waits."""
        asked_at, principal = self._found.get(_hash(bearer), (float("-inf"), None))
        return principal if self._seconds() < asked_at + RECALLED_S else None

    def needs_first_admin(self) -> bool:
        """Whether there is no admin: no token for that role was ever made, nobody is signed in with it."""
        return not self._store.has_admin()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
