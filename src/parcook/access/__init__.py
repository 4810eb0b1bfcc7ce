"""Who may: roles, tokens, sign-in links, sessions, and the JWTs of an OpenID Connect issuer."""

from parcook.access.oidc import OidcVerifier, parse_groups
from parcook.access.roles import ANONYMOUS, GRANTABLE, Principal, Role, require
from parcook.access.throttle import FailureThrottle
from parcook.access.tokens import LINK_LIFETIME, SESSION_LIFETIME, Access, AccessStore, NewToken, TokenEntry

__all__ = [
    "ANONYMOUS",
    "GRANTABLE",
    "LINK_LIFETIME",
    "SESSION_LIFETIME",
    "Access",
    "AccessStore",
    "FailureThrottle",
    "NewToken",
    "OidcVerifier",
    "Principal",
    "Role",
    "TokenEntry",
    "parse_groups",
    "require",
]
