"""Credentials in the database: hashes alone, once only where once is promised."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from parcook.access import Access, Role
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import Catalogue
from parcook.errors import Unauthenticated
from tests.catalogue.outside import Outside

TABLES = ("access_tokens", "sign_in_links", "sessions")


@pytest.fixture
def access(catalogue: Catalogue) -> Access:
    return Access(Credentials(catalogue.database))


def test_no_table_holds_a_secret(access: Access, outside: Outside) -> None:
    secrets = [access.create_token(Role.ADMIN).secret, access.create_link(Role.VIEWER)]
    secrets.append(access.open_session(access.create_link(Role.INGEST)))
    stored = "".join(str(row) for table in TABLES for row in outside.rows(f"SELECT * FROM {table}"))
    assert all(role in stored for role in ("admin", "viewer", "ingest"))
    for secret in secrets:
        assert secret not in stored
        assert secret.removeprefix("parcook_") not in stored


def test_no_byte_of_the_files_holds_a_secret(sqlite_catalogue: Catalogue) -> None:
    access = Access(Credentials(sqlite_catalogue.database))
    token = access.create_token(Role.ADMIN)
    link = access.create_link(Role.ADMIN)
    session = access.open_session(access.create_link(Role.ADMIN))
    assert sqlite_catalogue.database.path is not None
    files = list(sqlite_catalogue.database.path.parent.iterdir())
    content = b"".join(file.read_bytes() for file in files)
    assert {file.name for file in files} == {"catalogue.db", "catalogue.db-wal", "catalogue.db-shm"}
    assert token.id.encode() in content
    for secret in (token.secret, link, session):
        assert secret.encode() not in content
        assert secret.removeprefix("parcook_").encode() not in content


def test_a_token_counts_until_it_is_revoked_even_by_sql(access: Access, outside: Outside) -> None:
    kept, revoked = access.create_token(Role.VIEWER), access.create_token(Role.VIEWER)
    outside.run("UPDATE access_tokens SET revoked_at = CURRENT_TIMESTAMP WHERE id = ?", revoked.id)
    assert access.identify(kept.secret, None).name == f"token:{kept.id}"
    with pytest.raises(Unauthenticated) as caught:
        access.identify(revoked.secret, None)
    assert caught.value.code == "unauthenticated"


def test_one_of_many_threads_gets_the_session_of_a_link(access: Access, catalogue: Catalogue) -> None:
    for _ in range(5):
        link = access.create_link(Role.ADMIN)
        start = threading.Barrier(8, timeout=20)
        outcomes: list[str] = []

        def use(link: str = link, start: threading.Barrier = start, outcomes: list[str] = outcomes) -> None:
            catalogue.state()
            start.wait()
            try:
                outcomes.append(access.open_session(link))
            except Unauthenticated:
                outcomes.append("refused")

        threads = [threading.Thread(target=use) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("refused") == 7
        [session] = set(outcomes) - {"refused"}
        assert access.identify(None, session).role is Role.ADMIN


def test_taking_a_link_forgets_those_that_expired_and_keeps_the_others(catalogue: Catalogue, outside: Outside) -> None:
    store, now = Credentials(catalogue.database), datetime(2025, 1, 15, 12, tzinfo=UTC)
    for number, expires_in in enumerate((-1, 0, 1, 2)):
        store.add_link(f"hash {number}", "viewer", now + timedelta(seconds=expires_in))
    assert store.take_link("hash 3", now) == "viewer"
    assert store.take_link("hash 1", now) is None
    assert outside.rows("SELECT secret_hash FROM sign_in_links") == [("hash 2",)]


def test_times_are_compared_to_the_microsecond_across_days(catalogue: Catalogue) -> None:
    store, midnight = Credentials(catalogue.database), datetime(2025, 1, 1, tzinfo=UTC)
    store.add_session("hash", "viewer", midnight - timedelta(hours=1), midnight)
    for offset, role in (
        (-timedelta(microseconds=1), "viewer"),
        (timedelta(0), None),
        (timedelta(days=-400), "viewer"),
    ):
        assert store.find_session("hash", midnight + offset) == role


def test_dropping_a_session_twice_is_no_fault(access: Access) -> None:
    session = access.open_session(access.create_link(Role.VIEWER))
    access.close_session(session)
    access.close_session(session)
    assert access.identify(None, session).role is Role.PUBLIC
