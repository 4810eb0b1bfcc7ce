"""Bearer tokens of an OpenID Connect issuer: JWTs, checked against its published keys.

Only RS256 and ES256 are taken, with a key of the issuer's that is named in the token. Whatever a token says
of itself, no algorithm without a public key counts.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from parcook.access.issuer_keys import ALGORITHMS, IssuerKeys
from parcook.access.roles import Principal, Role
from parcook.errors import SettingsError, Unauthenticated

LEEWAY_S = 60
MAX_SUBJECT = 255  # OpenID Connect Core, 2
GROUP_CLAIMS = ("groups", "cognito:groups", "roles")
_STRONGEST_FIRST = (Role.ADMIN, Role.VIEWER, Role.INGEST)


class OidcVerifier:
    """Recognises the JWTs of `issuer` that are meant for `audience`; `groups` maps its groups to roles.

    `now` is a clock that never goes back, in seconds; the age of keys is measured by it.
    """

    def __init__(
        self, issuer: str, audience: str, groups: Mapping[str, Role], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._groups = groups
        self._keys = IssuerKeys(issuer, now)

    def identify(self, token: str) -> Principal:
        """Who presents `token`, in the strongest role that a group of theirs gives; without one, everybody's.

        Raises `Unauthenticated` saying why the token does not count, `Unavailable` if the issuer does not answer.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise Unauthenticated(f"the token must be signed with {' or '.join(ALGORITHMS)}")
            claims = jwt.decode(
                token,
                self._keys.find(header.get("kid", "")),
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={
                    "require": ["exp", "iss", "sub"],
                    "verify_aud": False,
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"the token does not count: {error}") from error
        self._check_audience(claims)
        return Principal(self._role(claims), self._name(claims))

    def _name(self, claims: Mapping[str, Any]) -> str:
        # It is written down beside what the caller makes, and a subject may be an e-mail address.
        person = f"{self._issuer}\n{_subject(claims)}".encode()
        return f"oidc:{hashlib.sha256(person).hexdigest()[:16]}"

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        # Amazon Cognito's access tokens name the client in `client_id` and have no `aud`.
        audience = claims.get("aud", claims.get("client_id"))
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("the token is meant for another audience")

    def _role(self, claims: Mapping[str, Any]) -> Role:
        named = {group for claim in GROUP_CLAIMS for group in _as_list(claims.get(claim))}
        given = {role for group, role in self._groups.items() if group in named}
        return next((role for role in _STRONGEST_FIRST if role in given), Role.PUBLIC)


def parse_groups(text: str) -> dict[str, Role]:
    """`"bar-staff=viewer, owners=admin"` as a map.

    Raises `SettingsError` for another shape, an unknown role, or a group that is given two.
    """
    groups: dict[str, Role] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        group, separator, role = (piece.strip() for piece in part.rpartition("="))
        if not separator or not group or role not in _STRONGEST_FIRST:
            raise SettingsError(
                "PARCOOK_AUTH_GROUPS: write group=role, separated by commas; roles are "
                + ", ".join(sorted(_STRONGEST_FIRST))
            )
        if groups.setdefault(group, Role(role)) != role:
            raise SettingsError("PARCOOK_AUTH_GROUPS: a group is given two roles; write it once")
    return groups


def _subject(claims: Mapping[str, Any]) -> str:
    subject: str = claims["sub"]  # PyJWT has seen that it is text
    if not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise Unauthenticated(f"the token's subject must be 1 to {MAX_SUBJECT} printable characters")
    return subject


def _as_list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]  # one group: a space or a comma in it is part of its name
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
