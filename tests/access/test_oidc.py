"""JWTs of an OpenID Connect issuer, presented over HTTP: which count, for whom, and which never."""

import base64
import json
import os
import re
import subprocess
import sys
import time

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from parcook.access import Role, parse_groups, throttle
from parcook.catalogue.tables import recipes
from parcook.errors import SettingsError
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.access.conftest import GROUPS
from tests.access.issuer import AUDIENCE, forge, hmac_with, make_key
from tests.web.problems import expect_problem

UNITS = "/api/v1/units"


def add_unit(app, token, name="cup"):
    """Try what is reserved to admins."""
    return app.post(UNITS, json={"name": name}, headers={"Authorization": f"Bearer {token}"})


def expect_refused(app, token):
    response = add_unit(app, token)
    problem = expect_problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="parcook"'
    return problem["detail"]


@pytest.mark.parametrize("which", [0, 1], ids=["RS256", "ES256"])
def test_a_good_token_counts(app, issuer, which):
    assert add_unit(app, issuer.token(issuer.keys[which], groups=["owners"])).status_code == 201


GROUP_CLAIMS = [
    {"groups": ["owners"]},
    {"groups": ["guests", "owners"]},
    {"groups": "owners"},
    {"cognito:groups": ["owners"]},
    {"cognito:groups": "owners"},
    {"roles": ["owners"]},
    {"roles": "owners"},
    {"groups": ["guests"], "roles": ["owners"]},
    {"groups": None, "cognito:groups": ["owners"]},
]


@pytest.mark.parametrize("claims", GROUP_CLAIMS, ids=str)
def test_groups_come_from_any_of_the_claims_as_a_list_or_as_one_name(app, issuer, claims):
    assert add_unit(app, issuer.token(**claims)).status_code == 201


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["tills"], "ingest"),
        (["bar-staff"], "viewer"),
        (["tills", "bar-staff"], "viewer"),
        (["bar-staff", "tills"], "viewer"),
        ([], "public"),
        (["guests"], "public"),
    ],
    ids=str,
)
def test_the_strongest_role_of_all_groups_is_the_callers(app, issuer, groups, role):
    problem = expect_problem(add_unit(app, issuer.token(groups=groups)), 403, "forbidden")
    assert problem["detail"] == f"the role {role} may not do this; it needs admin"


def test_admin_is_the_strongest_role(app, issuer):
    assert add_unit(app, issuer.token(groups=["tills", "owners", "bar-staff"])).status_code == 201


NO_GROUPS = [
    {},
    {"groups": "former owners"},  # one group, whose name has a space in it
    {"groups": "guests owners"},
    {"groups": "owners,guests"},
    {"groups": "OWNERS"},
    {"groups": [["owners"]]},
    {"groups": {"owners": True}},
    {"groups": True},
    {"groups": 7},
    {"groups": [None, 7, {"name": "owners"}]},
    {"group": ["owners"]},
    {"scope": "owners"},
]


@pytest.mark.parametrize("claims", NO_GROUPS, ids=str)
def test_whoever_is_in_no_group_that_has_a_role_may_do_what_everybody_may(app, issuer, claims):
    expect_problem(add_unit(app, issuer.token(**claims)), 403, "forbidden")


IN_TIME = {
    "expired within the leeway": {"exp": -50},
    "valid soon, within the leeway": {"nbf": 50},
    "issued soon, within the leeway": {"iat": 50},
    "valid for a year": {"exp": 365 * 86_400},
    "valid since a year": {"nbf": -365 * 86_400, "iat": -365 * 86_400},
}
OUT_OF_TIME = {
    "expired": {"exp": -3600},
    "expired, just beyond the leeway": {"exp": -61},
    "not yet valid": {"nbf": 3600},
    "not yet valid, just beyond the leeway": {"nbf": 75},
    "issued in the future": {"iat": 3600},
    "issued just beyond the leeway": {"iat": 75},
}


def at(offsets):
    now = time.time()
    return {name: int(now) + offset for name, offset in offsets.items()}


@pytest.mark.parametrize("offsets", IN_TIME.values(), ids=IN_TIME)
def test_clocks_may_differ_by_a_minute(app, issuer, offsets):
    assert add_unit(app, issuer.token(groups="owners", **at(offsets))).status_code == 201


@pytest.mark.parametrize("offsets", OUT_OF_TIME.values(), ids=OUT_OF_TIME)
def test_clocks_may_not_differ_by_more(app, issuer, offsets):
    expect_refused(app, issuer.token(groups="owners", **at(offsets)))


MEANT_FOR_US = [
    {"aud": [AUDIENCE]},
    {"aud": ["another-app", AUDIENCE]},
    {"aud": None, "client_id": AUDIENCE, "token_use": "access"},  # an access token of Amazon Cognito
]
WRONG_CLAIMS = [
    {"aud": "another-app"},
    {"aud": ["another-app"]},
    {"aud": []},
    {"aud": {AUDIENCE: True}},
    {"aud": AUDIENCE.upper()},
    {"aud": None},
    {"aud": None, "client_id": "another-app"},
    {"aud": "another-app", "client_id": AUDIENCE},
    {"iss": "https://elsewhere.example"},
    {"iss": None},
    {"iss": ["http://127.0.0.1"]},
    {"exp": None},
    {"exp": "soon"},
    {"exp": [1]},
    {"exp": 1e400},
    {"nbf": "soon"},
    {"iat": "before"},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": ["x"]},
    {"sub": "x" * 256},
    {"sub": "a\x00b"},
    {"sub": "\ud800"},
    {"sub": "a\nb"},
]


@pytest.mark.parametrize("claims", MEANT_FOR_US, ids=str)
def test_a_token_meant_for_us_among_others_counts(app, issuer, claims):
    assert add_unit(app, issuer.token(groups="owners", **claims)).status_code == 201


@pytest.mark.parametrize("claims", WRONG_CLAIMS, ids=ascii)
def test_a_token_with_a_wrong_claim_is_refused(app, issuer, claims):
    expect_refused(app, issuer.token(groups="owners", **claims))


@pytest.mark.parametrize("suffix", ["/", "/../", "#", "?", " "])
def test_the_issuer_must_be_the_same_to_the_letter(app, issuer, suffix):
    expect_refused(app, issuer.token(groups="owners", iss=issuer.url + suffix))


def forgeries(issuer):
    """Tokens that claim to be the issuer's and are not, by what is wrong with them."""
    key, other = issuer.keys
    claims = issuer.claims(groups=["owners"])
    stranger = make_key("stranger")
    good = issuer.token(groups=["owners"])
    head, body, signature = good.split(".")
    guest = issuer.token(groups=["guests"]).split(".")
    jwk_bytes = json.dumps(key.jwk).encode()
    der = base64.b64decode("".join(key.pem.decode().splitlines()[1:-1]))
    return {
        "alg none": forge({"alg": "none", "kid": key.kid}, claims, lambda _: b""),
        "alg none in capitals": forge({"alg": "NONE", "kid": key.kid}, claims, lambda _: b""),
        "alg none, signature of another": f"{forge({'alg': 'none'}, claims, lambda _: b'')}{signature}",
        "no alg": forge({"kid": key.kid}, claims, lambda _: b""),
        "alg is a list": forge({"alg": ["RS256"], "kid": key.kid}, claims, lambda _: b""),
        "HS256 with the public key": forge({"alg": "HS256", "kid": key.kid}, claims, hmac_with(key.pem)),
        "HS256 with the public key, stripped": forge(
            {"alg": "HS256", "kid": key.kid}, claims, hmac_with(key.pem.strip())
        ),
        "HS256 with the public key's bytes": forge({"alg": "HS256", "kid": key.kid}, claims, hmac_with(der)),
        "HS256 with the published key": forge({"alg": "HS256", "kid": key.kid}, claims, hmac_with(jwk_bytes)),
        "HS256 with nothing": forge({"alg": "HS256", "kid": key.kid}, claims, hmac_with(b"")),
        "HMAC under the name of RS256": forge({"alg": "RS256", "kid": key.kid}, claims, hmac_with(key.pem)),
        "RS512": jwt.encode(claims, key.private, "RS512", {"kid": key.kid}),
        "PS256": jwt.encode(claims, key.private, "PS256", {"kid": key.kid}),
        "RS256 naming an EC key": jwt.encode(claims, key.private, "RS256", {"kid": other.kid}),
        "ES256 naming an RSA key": jwt.encode(claims, other.private, "ES256", {"kid": key.kid}),
        "EC signature under the name of RS256": forge(
            {"alg": "RS256", "kid": other.kid},
            claims,
            lambda message: jwt.get_algorithm_by_name("ES256").sign(message, other.private),
        ),
        "signed by a stranger": jwt.encode(claims, stranger.private, "RS256", {"kid": key.kid}),
        "a key of its own along": jwt.encode(
            claims, stranger.private, "RS256", {"kid": key.kid, "jwk": stranger.jwk, "jku": "http://127.0.0.1/keys"}
        ),
        "unknown kid": jwt.encode(claims, stranger.private, "RS256", {"kid": "stranger"}),
        "kid of another case": jwt.encode(claims, key.private, "RS256", {"kid": key.kid.upper()}),
        "no kid": jwt.encode(claims, key.private, "RS256"),
        "empty kid": jwt.encode(claims, key.private, "RS256", {"kid": ""}),
        "kid is a number": forge({"alg": "RS256", "kid": 1}, claims, lambda _: b"x"),
        "kid is a path": jwt.encode(claims, stranger.private, "RS256", {"kid": "../../../../dev/null"}),
        "kid is SQL": jwt.encode(claims, stranger.private, "RS256", {"kid": "' OR 1=1 --"}),
        "payload of another token": f"{head}.{guest[1]}.{signature}",
        "header of another token": f"{issuer.token(other).split('.')[0]}.{body}.{signature}",
        "no signature": f"{head}.{body}.",
        "signature cut off": f"{head}.{body}.{signature[:-8]}",
        "signature longer": f"{good}AAAA",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{signature}",
        "a header that is a list": f"{base64.urlsafe_b64encode(b'[]').decode().rstrip('=')}.{body}.{signature}",
        "a header nested deep": f"{base64.urlsafe_b64encode(b'[' * 30_000).decode().rstrip('=')}.{body}.{signature}",
        "a header with a huge number": forge({"alg": "RS256", "kid": key.kid, "x": 10**4000}, claims, lambda _: b"x"),
        "detached": jwt.api_jws.encode(b"{}", key.private, "RS256", {"kid": key.kid}, is_payload_detached=True),
        "critical extension": jwt.encode(claims, key.private, "RS256", {"kid": key.kid, "crit": ["x"], "x": 1}),
        "payload is no object": jwt.api_jws.encode(b"[]", key.private, "RS256", {"kid": key.kid}),
        "payload is no JSON": jwt.api_jws.encode(b"{", key.private, "RS256", {"kid": key.kid}),
        "payload nested deep": jwt.api_jws.encode(b"[" * 20_000, key.private, "RS256", {"kid": key.kid}),
        "payload is not text": jwt.api_jws.encode(b"\xff\xfe", key.private, "RS256", {"kid": key.kid}),
    }


def test_no_forgery_counts_and_none_is_repeated_to_its_sender(app, issuer, monkeypatch):
    monkeypatch.setattr(throttle, "MAX_FAILURES", 1_000)
    assert add_unit(app, issuer.token(groups=["owners"])).status_code == 201
    for what, token in forgeries(issuer).items():
        response = add_unit(app, token)
        assert response.status_code == 401, f"{what}: {response.text}"
        detail = expect_problem(response, 401, "unauthenticated")["detail"]
        assert not any(len(part) > 8 and part in detail for part in token.split(".")), what
    assert [unit["name"] for unit in app.get(UNITS).json()["items"]] == ["cup"]


def test_an_encrypted_token_is_refused(app, issuer):
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "rsa-1"}).encode())
    expect_refused(app, f"{header.decode().rstrip('=')}.AAAA.AAAA.AAAA.AAAA")


def test_a_key_too_short_to_be_safe_does_not_count(app, issuer):
    short = make_key("short", rsa_bits=1024)
    issuer.keys = [*issuer.keys, short]
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = issuer.token(short, groups="owners")
    expect_refused(app, token)


PART = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
    st.binary(max_size=60).map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")),
    st.dictionaries(
        st.sampled_from(["alg", "kid", "crit", "b64", "typ", "x"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["RS256", "ES256", "rsa-1", "none"]),
                  st.lists(st.text(max_size=3), max_size=2)),
    ).map(lambda header: base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")),
)  # fmt: skip


def test_no_garbage_counts_or_is_an_error_of_ours(app, issuer, monkeypatch):
    monkeypatch.setattr(throttle, "MAX_FAILURES", 100_000)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(PART, min_size=1, max_size=6).map(".".join).filter(str.strip))
    def try_one(token: str) -> None:
        header = {"Authorization": b"Bearer " + token.encode("latin-1")}
        expect_problem(app.post(UNITS, json={"name": "cup"}, headers=header), 401, "unauthenticated")

    try_one()


def test_our_own_tokens_count_beside_the_issuers(app, issuer):
    own = app.app_state[STATE_KEY].access.create_token(Role.ADMIN)
    assert add_unit(app, own.secret, "dash").status_code == 201
    assert add_unit(app, issuer.token(groups="owners"), "cup").status_code == 201
    app.app_state[STATE_KEY].access.revoke_token(own.id)
    expect_refused(app, own.secret)
    assert add_unit(app, issuer.token(groups="owners"), "oz").status_code == 201


def test_our_own_tokens_never_need_the_issuer(app, issuer):
    issuer.stop()
    own = app.app_state[STATE_KEY].access.create_token(Role.ADMIN)
    assert add_unit(app, own.secret).status_code == 201
    expect_refused(app, f"{own.secret}x")
    assert issuer.asked.total() == 0


def test_without_an_issuer_no_jwt_counts(open_app, issuer):
    app = open_app()
    assert expect_refused(app, issuer.token(groups="owners")) == "the bearer token is unknown or revoked"
    assert issuer.asked.total() == 0


def test_public_routes_look_at_no_token(app, issuer):
    assert app.get(UNITS, headers={"Authorization": "Bearer a.b.c"}).status_code == 200
    assert issuer.asked.total() == 0


def test_neither_subject_nor_claims_nor_token_reach_a_log_line(open_app, issuer, capsys, caplog):
    caplog.set_level("DEBUG")
    app = open_app(auth_issuer=issuer.url, auth_audience=AUDIENCE, auth_groups=GROUPS)
    personal = {"sub": "maria.perez@example.com", "email": "maria@example.com", "name": "María Pérez"}
    tokens = [issuer.token(groups="owners", **personal), issuer.token(groups="owners", exp=1, **personal)]
    assert [add_unit(app, token).status_code for token in tokens] == [201, 401]
    app.app_state[STATE_KEY].access_log.close()  # writes the lines that wait
    logged = capsys.readouterr().err + "\n".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "httpx2"
    )
    assert logged.count(f'"route": "{UNITS}"') == 2
    assert [text for text in (*personal.values(), *tokens, "maria") if text in logged] == []


def test_a_recipe_remembers_who_made_it_and_no_answer_says_so(settings, issuer):
    chosen = settings.model_copy(update={"auth_issuer": issuer.url, "auth_audience": AUDIENCE, "auth_groups": GROUPS})
    header = {"Authorization": f"Bearer {issuer.token(groups='owners', sub='maria')}"}
    with TestClient(create_app(chosen), base_url="http://127.0.0.1") as app:
        made = app.post("/api/v1/recipes", json={"name": "Martini"}, headers=header)
        listed = app.get("/api/v1/recipes")
        database = app.app_state[STATE_KEY].catalogue.database
        with database.read() as connection:
            stored = connection.execute(select(recipes.c.created_by)).scalar_one()
    assert (made.status_code, listed.status_code) == (201, 200)
    assert re.fullmatch("oidc:[0-9a-f]{16}", stored)
    assert "maria" not in made.text + listed.text
    assert "created_by" not in made.text + listed.text


# Settings

GOOD = {"PARCOOK_AUTH_ISSUER": "https://issuer.example", "PARCOOK_AUTH_AUDIENCE": "bar-app"}
BAD_SETTINGS = {
    "no audience": ({"PARCOOK_AUTH_AUDIENCE": ""}, "PARCOOK_AUTH_ISSUER and PARCOOK_AUTH_AUDIENCE go together"),
    "no issuer": ({"PARCOOK_AUTH_ISSUER": ""}, "PARCOOK_AUTH_ISSUER and PARCOOK_AUTH_AUDIENCE go together"),
    "in clear": ({"PARCOOK_AUTH_ISSUER": "http://issuer.example"}, "PARCOOK_AUTH_ISSUER must be an https"),
    "in clear, dressed up": (
        {"PARCOOK_AUTH_ISSUER": "http://127.0.0.1.example"},
        "PARCOOK_AUTH_ISSUER must be an https",
    ),
    "a file": ({"PARCOOK_AUTH_ISSUER": "file://localhost/etc"}, "PARCOOK_AUTH_ISSUER must be an https"),
    "no scheme": ({"PARCOOK_AUTH_ISSUER": "issuer.example"}, "PARCOOK_AUTH_ISSUER must be an https"),
    "a group without a role": ({"PARCOOK_AUTH_GROUPS": "owners"}, "PARCOOK_AUTH_GROUPS: write group=role"),
    "a role without a group": ({"PARCOOK_AUTH_GROUPS": "=admin"}, "PARCOOK_AUTH_GROUPS: write group=role"),
    "a role that cannot be given": ({"PARCOOK_AUTH_GROUPS": "all=public"}, "PARCOOK_AUTH_GROUPS: write group=role"),
    "two roles": ({"PARCOOK_AUTH_GROUPS": "a=admin,a=viewer"}, "PARCOOK_AUTH_GROUPS: a group is given two roles"),
}


@pytest.mark.parametrize(("bad", "message"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_a_bad_setting_stops_the_start_and_is_named(monkeypatch, tmp_path, bad, message):
    for name, value in (GOOD | {"PARCOOK_HOME": str(tmp_path)} | bad).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=message):
        create_app()


def test_a_server_that_cannot_start_for_a_bad_setting_says_so_in_a_line(tmp_path):
    command = [sys.executable, "-c", "from parcook.cli import main; main()", "serve", "--port", "0"]
    environment = os.environ | GOOD | {"PARCOOK_HOME": str(tmp_path), "PARCOOK_AUTH_GROUPS": "owners"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: PARCOOK_AUTH_GROUPS: write group=role")
    assert "Traceback" not in ended.stderr


def test_groups_are_written_with_their_roles():
    assert parse_groups(" owners = admin,bar staff=viewer,, cn=tills=ingest,owners=admin ") == {
        "owners": Role.ADMIN,
        "bar staff": Role.VIEWER,
        "cn=tills": Role.INGEST,
    }
    assert parse_groups("") == {}
