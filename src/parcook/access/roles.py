"""Roles, and who is asking with one."""

from dataclasses import dataclass
from enum import StrEnum

from parcook.errors import Forbidden, Unauthenticated


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
    """Who is asking: a role, and a name for the records (`token:1f3a…`, `oidc:…`, `session`, `anonymous`)."""

    role: Role
    name: str


ANONYMOUS = Principal(Role.PUBLIC, "anonymous")


def require(principal: Principal, role: Role) -> None:
    """Raise unless `principal` may do what is reserved to `role`: `Unauthenticated` for nobody, else `Forbidden`."""
    if principal.role in _ALLOWED[role]:
        return
    if principal is ANONYMOUS:
        raise Unauthenticated(f"this needs a token or a session with the role {role}")
    raise Forbidden(f"the role {principal.role} may not do this; it needs {role}")
