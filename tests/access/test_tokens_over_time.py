"""Tokens, links and sessions from their making to their end, and the commands that show and revoke them."""

import hashlib
import json
import logging
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from parcook.access import LINK_LIFETIME, SESSION_LIFETIME, Access, Role
from parcook.access.tokens import RECALLED_S, TOKEN_PREFIX
from parcook.catalogue.credentials import Credentials
from parcook.cli import main
from parcook.errors import NotFound, Unauthenticated

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
UNITS = "/api/v1/units"


class Days:
    """Access to one store at whatever time it is made to be."""

    def __init__(self, catalogue) -> None:
        self.now, self.seconds = START, 0.0
        self.access, self.elsewhere = (
            Access(Credentials(catalogue.database), clock=lambda: self.now, seconds=lambda: self.seconds)
            for _ in range(2)
        )

    def role_of_session(self, secret: str) -> Role:
        return self.access.identify(None, secret).role


@pytest.fixture
def days(catalogue):
    return Days(catalogue)


def test_a_token_counts_from_its_making_to_its_revocation_however_long(days):
    token = days.access.create_token(Role.VIEWER)
    for year in (0, 1, 20):
        days.now = START + timedelta(days=365 * year)
        principal = days.access.identify(token.secret, None)
        assert (principal.role, principal.name) == (Role.VIEWER, f"token:{token.id}")
    days.access.revoke_token(token.id)
    with pytest.raises(Unauthenticated, match="unknown or revoked"):
        days.access.identify(token.secret, None)


def test_a_revoked_token_never_counts_again_not_even_when_the_clock_goes_back(days):
    token = days.access.create_token(Role.ADMIN)
    days.access.revoke_token(token.id)
    days.now = START - timedelta(days=1)
    with pytest.raises(Unauthenticated):
        days.access.identify(token.secret, None)


def test_a_token_that_was_found_is_recalled_for_a_second_and_no_other_is(days):
    token, other = days.access.create_token(Role.INGEST), days.access.create_token(Role.INGEST)
    assert days.access.recall(token.secret) is None
    found = days.access.identify(token.secret, None)
    for days.seconds in (0.0, 0.5, RECALLED_S - 0.001):
        assert days.access.recall(token.secret) == found
        assert (days.access.recall(other.secret), days.access.recall(f"{token.secret}x")) == (None, None)
    days.seconds = RECALLED_S
    assert days.access.recall(token.secret) is None
    assert days.access.identify(token.secret, None) == found
    assert days.access.recall(token.secret) == found


def test_a_token_that_somebody_else_revoked_is_recalled_for_no_longer_than_its_second(days):
    token = days.access.create_token(Role.ADMIN)
    days.access.identify(token.secret, None)
    days.elsewhere.revoke_token(token.id)
    days.seconds = RECALLED_S - 0.001
    assert days.access.recall(token.secret) is not None
    days.seconds = RECALLED_S
    assert days.access.recall(token.secret) is None
    with pytest.raises(Unauthenticated):
        days.access.identify(token.secret, None)
    assert days.access.recall(token.secret) is None


def test_a_token_revoked_here_is_recalled_no_more(days):
    token = days.access.create_token(Role.ADMIN)
    days.access.identify(token.secret, None)
    days.access.revoke_token(token.id)
    assert days.access.recall(token.secret) is None


def test_revoking_one_token_leaves_the_others(days):
    one, other = days.access.create_token(Role.ADMIN), days.access.create_token(Role.ADMIN)
    days.access.revoke_token(one.id)
    assert days.access.identify(other.secret, None).name == f"token:{other.id}"


def test_revoking_twice_keeps_the_moment_of_the_first_time(days):
    token = days.access.create_token(Role.INGEST)
    days.now += timedelta(hours=1)
    days.access.revoke_token(token.id)
    days.now += timedelta(hours=1)
    days.access.revoke_token(token.id)
    [entry] = days.access.list_tokens()
    assert (entry.created_at, entry.revoked_at) == (START, START + timedelta(hours=1))


@pytest.mark.parametrize("unknown", ["", "none", "é", "x" * 500, "' OR '1'='1", "%"])
def test_revoking_what_there_is_not_revokes_nothing(days, unknown):
    token = days.access.create_token(Role.ADMIN)
    for wrong in (unknown, token.id[:-1], token.id.upper() + "0", token.secret):
        with pytest.raises(NotFound, match="there is no token"):
            days.access.revoke_token(wrong)
    assert days.access.identify(token.secret, None).role is Role.ADMIN


def test_the_list_has_every_token_ever_made_oldest_first(days):
    made = []
    for number, role in enumerate((Role.VIEWER, Role.ADMIN, Role.INGEST)):
        days.now = START - timedelta(days=number)  # each older than the one before
        made.append(days.access.create_token(role))
    days.access.revoke_token(made[1].id)
    days.access.create_link(Role.ADMIN)
    entries = days.access.list_tokens()
    assert [(entry.id, entry.role) for entry in entries] == [(token.id, token.role) for token in reversed(made)]
    assert [entry.revoked_at for entry in entries] == [None, days.now, None]


def test_a_link_is_good_until_the_end_of_its_lifetime_and_not_a_moment_longer(days):
    in_time, too_late = days.access.create_link(Role.VIEWER), days.access.create_link(Role.VIEWER)
    days.now = START + LINK_LIFETIME - MOMENT
    session = days.access.open_session(in_time)
    assert days.role_of_session(session) is Role.VIEWER
    days.now = START + LINK_LIFETIME
    with pytest.raises(Unauthenticated, match="unknown, used or expired"):
        days.access.open_session(too_late)


def test_an_expired_link_is_gone_for_good(days):
    key = days.access.create_link(Role.ADMIN)
    days.now = START + LINK_LIFETIME
    with pytest.raises(Unauthenticated):
        days.access.open_session(key)
    days.now = START
    with pytest.raises(Unauthenticated):
        days.access.open_session(key)


def test_a_session_lasts_to_the_end_of_its_lifetime_and_not_a_moment_longer(days):
    session = days.access.open_session(days.access.create_link(Role.ADMIN))
    days.now = START + SESSION_LIFETIME - MOMENT
    assert days.role_of_session(session) is Role.ADMIN
    days.now = START + SESSION_LIFETIME
    assert days.access.identify(None, session).name == "anonymous"


@pytest.mark.parametrize("role", [Role.INGEST, Role.VIEWER, Role.ADMIN])
def test_a_link_gives_exactly_the_role_it_was_made_for(days, role):
    session = days.access.open_session(days.access.create_link(role))
    assert days.role_of_session(session) is role


def test_one_kind_of_secret_is_of_no_use_as_another(days):
    token, key = days.access.create_token(Role.ADMIN).secret, days.access.create_link(Role.ADMIN)
    session = days.access.open_session(days.access.create_link(Role.ADMIN))
    for secret in (key, session):
        with pytest.raises(Unauthenticated):
            days.access.identify(secret, None)
    for secret in (token, key):
        assert days.role_of_session(secret) is Role.PUBLIC
    for secret in (token, session):
        with pytest.raises(Unauthenticated):
            days.access.open_session(secret)


def test_neither_hash_nor_a_part_of_a_secret_opens_anything(days):
    secret = days.access.create_token(Role.ADMIN).secret
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    for wrong in (
        hashed,
        secret[:-1],
        f"{secret}=",
        secret.removeprefix(TOKEN_PREFIX),
        secret.upper(),
        f" {secret}",
        "",
    ):
        with pytest.raises(Unauthenticated):
            days.access.identify(wrong, None)


def test_secrets_are_long_differ_and_can_be_recognised_by_scanners(days):
    secrets = {days.access.create_token(Role.INGEST).secret for _ in range(50)}
    assert len(secrets) == 50
    assert all(re.fullmatch(r"parcook_[A-Za-z0-9_-]{43}", secret) for secret in secrets)


# The commands


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def parcook(settings, monkeypatch, capsys):
    """Runs a command on the same database as `client`, which is a server that goes on meanwhile."""
    monkeypatch.setenv("PARCOOK_HOME", str(settings.home))
    monkeypatch.setenv("PARCOOK_CATALOGUE_URL", settings.catalogue_url)
    monkeypatch.setenv("PARCOOK_REFRESH_URL", "none://")
    logger = logging.getLogger()
    before = logger.handlers[:], logger.level

    def run(*words: str) -> Ended:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["parcook", *words])
        with pytest.raises(SystemExit) as ending:
            main()
        return Ended(int(ending.value.code or 0), *capsys.readouterr())

    yield run
    logger.handlers[:], level = before
    logger.setLevel(level)


def make(parcook: Callable[..., Ended], role: str) -> dict[str, str]:
    return json.loads(parcook("token", "create", "--role", role, "--json").stdout)


def listed(parcook: Callable[..., Ended]) -> list[dict[str, str | None]]:
    ended = parcook("token", "list", "--json")
    assert ended.code == 0
    return json.loads(ended.stdout)["tokens"]


def status_of(client, token):
    return client.post(UNITS, json={}, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_made_by_command_counts_and_revoked_by_command_counts_no_longer(client, parcook):
    ended = parcook("token", "create", "--role", "admin")
    token = ended.stdout.strip()
    assert (ended.code, ended.stderr, status_of(client, token)) == (0, "", 422)
    [entry] = listed(parcook)
    revoked = parcook("token", "revoke", str(entry["id"]))
    assert (revoked.code, revoked.stdout, revoked.stderr) == (0, f"Revoked {entry['id']}.\n", "")
    time.sleep(RECALLED_S)
    assert status_of(client, token) == 401


def test_a_token_for_each_role_may_what_its_role_may(client, parcook):
    statuses = {role: status_of(client, make(parcook, role)["token"]) for role in ("ingest", "viewer", "admin")}
    assert statuses == {"ingest": 403, "viewer": 403, "admin": 422}


def test_revoking_twice_is_fine(parcook):
    token = make(parcook, "viewer")
    first = parcook("token", "revoke", token["id"], "--json")
    entries = listed(parcook)
    assert (
        first == parcook("token", "revoke", token["id"], "--json") == Ended(0, f'{{"revoked": "{token["id"]}"}}\n', "")
    )
    assert listed(parcook) == entries


@pytest.mark.parametrize("unknown", ["none", "' OR '1'='1", "é"])
def test_revoking_an_unknown_token_is_a_failure_that_says_where_to_look(parcook, unknown):
    token = make(parcook, "admin")
    ended = parcook("token", "revoke", unknown)
    assert (ended.code, ended.stdout) == (1, "")
    assert ended.stderr == f"error: there is no token {unknown!r}; `parcook token list` shows their ids\n"
    assert [entry["revoked_at"] for entry in listed(parcook)] == [None]
    assert token["id"] == listed(parcook)[0]["id"]


def test_revoking_nothing_in_particular_is_wrong_usage(parcook):
    assert parcook("token", "revoke").code == 2


def test_the_list_shows_what_is_known_and_never_a_secret(parcook):
    made = [make(parcook, role) for role in ("admin", "ingest")]
    parcook("token", "revoke", made[0]["id"])
    entries = listed(parcook)
    assert [set(entry) for entry in entries] == [{"id", "role", "created_at", "revoked_at"}] * 2
    assert {entry["id"]: (entry["role"], entry["revoked_at"] is None) for entry in entries} == {
        made[0]["id"]: ("admin", False),
        made[1]["id"]: ("ingest", True),
    }
    for entry in entries:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry["created_at"])
    shown = parcook("token", "list").stdout
    by_id = {line.split()[0]: line.split()[1:] for line in shown.splitlines()}
    first, second = (next(entry for entry in entries if entry["id"] == token["id"]) for token in made)
    assert by_id == {
        first["id"]: ["admin", first["created_at"], "revoked", first["revoked_at"]],
        second["id"]: ["ingest", second["created_at"]],
    }
    everything = shown + json.dumps(entries)
    for token in made:
        assert token["token"] not in everything
        assert token["token"].removeprefix(TOKEN_PREFIX)[:8] not in everything
        assert hashlib.sha256(token["token"].encode()).hexdigest() not in everything


def test_without_tokens_the_list_says_so(parcook):
    assert parcook("token", "list") == Ended(0, "There are no tokens.\n", "")
    assert parcook("token", "list", "--json") == Ended(0, '{"tokens": []}\n', "")


def test_links_are_no_tokens_and_are_not_listed(parcook):
    ended = parcook("token", "create", "--role", "viewer", "--link", "--base-url", "https://bar.example/")
    assert re.fullmatch(r"https://bar\.example/sign-in\?key=[A-Za-z0-9_-]{43}\n", ended.stdout)
    assert listed(parcook) == []


@pytest.mark.parametrize("role", ["viewer", "ingest", "admin"])
def test_a_link_made_by_command_signs_in_once_with_its_role(client, parcook, role):
    url = json.loads(parcook("token", "create", "--role", role, "--link", "--json").stdout)["link"]
    path = "/" + url.split("/", 3)[3]
    assert client.get(path, follow_redirects=False).status_code == 303
    assert client.post(UNITS, json={}).status_code == (422 if role == "admin" else 403)
    assert client.get(path, follow_redirects=False).status_code == 401


@pytest.mark.parametrize("role", ["public", "owner", "", "ADMIN"])
def test_there_are_no_tokens_for_other_roles(parcook, role):
    ended = parcook("token", "create", "--role", role)
    assert (ended.code, ended.stdout) == (2, "")
    assert listed(parcook) == []
