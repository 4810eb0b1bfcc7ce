"""Who may: roles against each other, tokens, links and sessions on both sides of their expiry."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from parcook.access import (
    ANONYMOUS,
    GRANTABLE,
    LINK_LIFETIME,
    SESSION_LIFETIME,
    Access,
    Principal,
    Role,
    require,
)
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import Catalogue
from parcook.errors import Forbidden, NotFound, Unauthenticated

TICK = timedelta(microseconds=1)
ALLOWED = {
    (Role.PUBLIC, Role.PUBLIC),
    (Role.INGEST, Role.PUBLIC),
    (Role.VIEWER, Role.PUBLIC),
    (Role.ADMIN, Role.PUBLIC),
    (Role.INGEST, Role.INGEST),
    (Role.ADMIN, Role.INGEST),
    (Role.VIEWER, Role.VIEWER),
    (Role.ADMIN, Role.VIEWER),
    (Role.ADMIN, Role.ADMIN),
}
ALL_PAIRS = {(own, needed) for own in Role for needed in Role}


@dataclass
class Hands:
    """A clock that stands still until somebody moves its hands."""

    now: datetime = datetime(2025, 1, 15, 10, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def access(catalogue: Catalogue, clock: Hands) -> Access:
    return Access(Credentials(catalogue.database), clock)


@pytest.mark.parametrize(("own", "needed"), sorted(ALLOWED))
def test_a_role_may_do_what_is_reserved_to_it_and_less(own: Role, needed: Role) -> None:
    assert require(Principal(own, "token:1"), needed) is None


@pytest.mark.parametrize(("own", "needed"), sorted(ALL_PAIRS - ALLOWED))
def test_a_role_may_not_do_what_is_reserved_to_another(own: Role, needed: Role) -> None:
    with pytest.raises(Forbidden, match=f"the role {own} may not do this; it needs {needed}") as caught:
        require(Principal(own, "token:1"), needed)
    assert (caught.value.status, caught.value.code) == (403, "forbidden")


@pytest.mark.parametrize("needed", GRANTABLE)
def test_nobody_is_asked_to_sign_in_instead_of_being_forbidden(needed: Role) -> None:
    assert require(ANONYMOUS, Role.PUBLIC) is None
    with pytest.raises(Unauthenticated) as caught:
        require(ANONYMOUS, needed)
    assert (caught.value.status, caught.value.code) == (401, "unauthenticated")


def test_a_token_names_its_role_and_itself_but_never_its_secret(access: Access) -> None:
    for role in GRANTABLE:
        token = access.create_token(role)
        assert access.identify(token.secret, None) == Principal(role, f"token:{token.id}")
        assert token.secret not in f"token:{token.id}"


def test_secrets_are_long_and_never_the_same(access: Access) -> None:
    secrets = {access.create_token(Role.VIEWER).secret for _ in range(5)} | {access.create_link(Role.VIEWER)}
    assert len(secrets) == 6
    assert min(len(secret.removeprefix("parcook_")) for secret in secrets) >= 43


@pytest.mark.parametrize("bearer", ["", "x", "parcook_", "parcook_\ud800", "\x00", "é" * 10_000])
def test_an_unknown_token_is_refused_even_beside_a_good_session(access: Access, bearer: str) -> None:
    session = access.open_session(access.create_link(Role.ADMIN))
    with pytest.raises(Unauthenticated, match="unknown or revoked"):
        access.identify(bearer, session)


def test_what_is_shown_of_a_token_does_not_open_anything(access: Access, catalogue: Catalogue) -> None:
    token = access.create_token(Role.ADMIN)
    with catalogue.database.read() as connection:
        stored = connection.exec_driver_sql("SELECT secret_hash FROM access_tokens").scalar_one()
    for wrong in (token.id, stored, token.secret[:-1], token.secret.upper(), f" {token.secret}"):
        with pytest.raises(Unauthenticated):
            access.identify(wrong, None)
    assert access.identify(None, token.secret) == ANONYMOUS


def test_a_token_wins_over_a_session(access: Access) -> None:
    session = access.open_session(access.create_link(Role.ADMIN))
    token = access.create_token(Role.INGEST)
    assert access.identify(token.secret, session).role is Role.INGEST


def test_a_revoked_token_counts_no_longer_and_stays_listed(access: Access, clock: Hands) -> None:
    first = access.create_token(Role.VIEWER)
    clock.now += timedelta(hours=1)
    second = access.create_token(Role.ADMIN)
    clock.now += timedelta(hours=1)
    access.revoke_token(first.id)
    revoked_at = clock.now
    clock.now += timedelta(hours=1)
    access.revoke_token(first.id)
    with pytest.raises(Unauthenticated):
        access.identify(first.secret, None)
    assert access.identify(second.secret, None).role is Role.ADMIN
    told = [(entry.id, entry.role, entry.created_at, entry.revoked_at) for entry in access.list_tokens()]
    assert told == [
        (first.id, Role.VIEWER, revoked_at - timedelta(hours=2), revoked_at),
        (second.id, Role.ADMIN, revoked_at - timedelta(hours=1), None),
    ]
    with pytest.raises(NotFound):
        access.revoke_token("unknown")


def test_a_link_opens_one_session(access: Access) -> None:
    link = access.create_link(Role.VIEWER)
    session = access.open_session(link)
    assert access.identify(None, session) == Principal(Role.VIEWER, "session")
    for wrong in (link, "unknown", session, ""):
        with pytest.raises(Unauthenticated, match="unknown, used or expired"):
            access.open_session(wrong)
    assert access.identify(None, link) == ANONYMOUS


def test_a_link_is_good_until_just_before_it_expires(access: Access, clock: Hands) -> None:
    in_time, late = access.create_link(Role.VIEWER), access.create_link(Role.VIEWER)
    clock.now += LINK_LIFETIME - TICK
    access.open_session(in_time)
    clock.now += TICK
    with pytest.raises(Unauthenticated):
        access.open_session(late)


def test_a_session_is_good_until_just_before_it_expires(access: Access, clock: Hands) -> None:
    session = access.open_session(access.create_link(Role.ADMIN))
    clock.now += SESSION_LIFETIME - TICK
    assert access.identify(None, session).role is Role.ADMIN
    clock.now += TICK
    assert access.identify(None, session) == ANONYMOUS


def test_a_closed_session_is_nobody_and_others_stay_open(access: Access) -> None:
    closed = access.open_session(access.create_link(Role.ADMIN))
    open_one = access.open_session(access.create_link(Role.VIEWER))
    access.close_session(closed)
    assert access.identify(None, closed) == ANONYMOUS
    assert access.identify(None, open_one).role is Role.VIEWER


def test_the_first_admin_is_whoever_used_a_link_or_was_given_a_token(access: Access) -> None:
    assert access.needs_first_admin()
    access.create_token(Role.VIEWER)
    access.open_session(access.create_link(Role.INGEST))
    link = access.create_link(Role.ADMIN)
    assert access.needs_first_admin()  # a link that nobody has used has made nobody admin
    access.open_session(link)
    assert not access.needs_first_admin()


def test_an_admin_token_makes_an_admin_even_after_it_was_revoked(access: Access) -> None:
    token = access.create_token(Role.ADMIN)
    assert not access.needs_first_admin()
    access.revoke_token(token.id)
    assert not access.needs_first_admin()
