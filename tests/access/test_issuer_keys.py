"""The issuer's keys: how often it is asked, what happens when they rotate, and when it fails or lies."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from pathlib import Path

import pytest

from parcook.access import OidcVerifier, Role, issuer_keys
from parcook.access.issuer_keys import KEYS_KEPT_S, MAX_DOCUMENT, REFETCH_EVERY_S
from parcook.errors import Unauthenticated, Unavailable
from tests.access.issuer import AUDIENCE, DISCOVERY, JWKS, Reply, make_key
from tests.access.test_oidc import add_unit
from tests.web.problems import expect_problem

RETRY_S = Unavailable.retry_after_s


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.time_s = 1_000.0

    def __call__(self) -> float:
        return self.time_s


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def verifier(issuer, hand):
    return OidcVerifier(issuer.url, AUDIENCE, {"owners": Role.ADMIN}, hand)


def test_keys_are_asked_for_once_and_kept(issuer, hand, verifier):
    for key in issuer.keys * 3:
        verifier.identify(issuer.token(key))
    hand.time_s += KEYS_KEPT_S
    verifier.identify(issuer.token())
    assert issuer.asked == {DISCOVERY: 1, JWKS: 1}
    hand.time_s += 1
    verifier.identify(issuer.token())
    assert issuer.asked == {DISCOVERY: 2, JWKS: 2}


def test_twenty_at_once_on_a_cold_start_ask_once(app, issuer):
    issuer.is_open.clear()
    token = issuer.token(groups="owners")
    with ThreadPoolExecutor(20) as pool:
        asking = [pool.submit(add_unit, app, token, f"unit {number}") for number in range(20)]
        wait(asking, timeout=0.5)
        issuer.is_open.set()
    assert [each.result().status_code for each in asking] == [201] * 20
    assert issuer.asked == {DISCOVERY: 1, JWKS: 1}


def test_made_up_key_ids_ask_at_most_once_every_so_often(issuer, hand, verifier):
    verifier.identify(issuer.token())
    made_up = [issuer.token(header={"kid": f"made-up-{number}"}) for number in range(20)]
    for seconds, asked in ((REFETCH_EVERY_S, 1), (REFETCH_EVERY_S + 1, 2), (2 * REFETCH_EVERY_S, 2)):
        hand.time_s = 1_000 + seconds
        for token in made_up:
            with pytest.raises(Unauthenticated, match="does not publish"):
                verifier.identify(token)
        assert issuer.asked == {DISCOVERY: asked, JWKS: asked}


def test_a_token_without_a_key_id_is_refused_though_there_is_one_key_only(issuer, verifier):
    issuer.keys = issuer.keys[:1]
    verifier.identify(issuer.token())
    for kid in ("", None):
        with pytest.raises(Unauthenticated):
            verifier.identify(issuer.token(header={"kid": kid}))


def test_a_new_key_counts_as_soon_as_it_is_asked_for(issuer, hand, verifier):
    verifier.identify(issuer.token())
    new = make_key("rsa-2")
    issuer.keys = [*issuer.keys, new]
    with pytest.raises(Unauthenticated):
        verifier.identify(issuer.token(new))
    hand.time_s += REFETCH_EVERY_S + 1
    assert verifier.identify(issuer.token(new, groups="owners")).role is Role.ADMIN
    assert verifier.identify(issuer.token(issuer.keys[0], groups="owners")).role is Role.ADMIN


def test_a_withdrawn_key_counts_until_the_known_ones_are_too_old_and_not_longer(issuer, hand, verifier):
    old, new = issuer.keys[0], make_key("rsa-2")
    verifier.identify(issuer.token(old))
    issuer.keys = [new]
    hand.time_s += KEYS_KEPT_S
    verifier.identify(issuer.token(old))
    hand.time_s += 1
    with pytest.raises(Unauthenticated, match="does not publish"):
        verifier.identify(issuer.token(old))
    verifier.identify(issuer.token(new))


def test_a_key_that_came_under_the_name_of_an_old_one_replaces_it(issuer, hand, verifier):
    old = issuer.keys[0]
    verifier.identify(issuer.token(old))
    issuer.keys = [make_key(old.kid, "ES256")]
    hand.time_s += KEYS_KEPT_S + 1
    verifier.identify(issuer.token(issuer.keys[0]))
    with pytest.raises(Unauthenticated):
        verifier.identify(issuer.token(old))


def test_rotation_over_http(app, issuer, monkeypatch):
    monkeypatch.setattr(issuer_keys, "REFETCH_EVERY_S", 0.0)
    old, new = issuer.keys[0], make_key("rsa-2")
    assert add_unit(app, issuer.token(old, groups="owners"), "cup").status_code == 201
    issuer.keys = [new]
    assert add_unit(app, issuer.token(new, groups="owners"), "dash").status_code == 201
    expect_problem(add_unit(app, issuer.token(old, groups="owners"), "oz"), 401, "unauthenticated")


def test_before_any_key_is_known_a_silent_issuer_is_an_outage_and_no_refusal(app, issuer, monkeypatch):
    monkeypatch.setattr(Unavailable, "retry_after_s", 1)
    token = issuer.token(groups="owners")
    issuer.stop()
    response = add_unit(app, token)
    expect_problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "1"
    assert issuer.url not in response.text
    issuer.start()
    time.sleep(1.05)
    assert add_unit(app, token).status_code == 201


def test_a_silent_issuer_is_not_asked_again_at_once(issuer, hand, verifier):
    issuer.replies[DISCOVERY] = Reply(status=500)
    for seconds, asked in ((0, 1), (RETRY_S, 1), (RETRY_S + 1, 2), (2 * RETRY_S + 1, 2)):
        hand.time_s = 1_000 + seconds
        for _ in range(5):
            with pytest.raises(Unavailable):
                verifier.identify(issuer.token())
        assert issuer.asked == {DISCOVERY: asked}


def test_an_outage_does_not_make_addresses_wait(app, issuer):
    token = issuer.token(groups="owners")
    issuer.replies[DISCOVERY] = Reply(status=500)
    assert {add_unit(app, token).status_code for _ in range(40)} == {503}


def test_known_keys_outlive_the_issuers_silence(issuer, hand, verifier):
    verifier.identify(issuer.token())
    issuer.stop()
    for hours in (1, 2, 48):
        hand.time_s = 1_000 + hours * 3_600 + 1
        assert verifier.identify(issuer.token(groups="owners")).role is Role.ADMIN
        with pytest.raises(Unauthenticated):
            verifier.identify(issuer.token(make_key("rsa-2")))
    issuer.start()


def test_after_a_silence_the_issuer_is_believed_again_soon_and_not_in_an_hour(issuer, hand, verifier):
    old, new = issuer.keys[0], make_key("rsa-2")
    verifier.identify(issuer.token(old))
    hand.time_s += KEYS_KEPT_S + 1
    issuer.replies[JWKS] = Reply(status=503)
    verifier.identify(issuer.token(old))
    del issuer.replies[JWKS]
    issuer.keys = [new]
    hand.time_s += REFETCH_EVERY_S + 1
    with pytest.raises(Unauthenticated, match="does not publish"):
        verifier.identify(issuer.token(old))


def test_while_one_asks_a_hanging_issuer_nobody_waits_whose_key_is_known(issuer, hand, verifier):
    verifier.identify(issuer.token())
    hand.time_s += KEYS_KEPT_S + 1
    issuer.is_open.clear()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(verifier.identify, issuer.token())
        while issuer.asked[DISCOVERY] < 2:
            time.sleep(0.01)
        for _ in range(10):
            verifier.identify(issuer.token())
        assert not asking.done()
        issuer.is_open.set()
        asking.result(5)
    assert issuer.asked == {DISCOVERY: 2, JWKS: 2}


def test_a_hanging_issuer_is_given_up(issuer, verifier, monkeypatch):
    monkeypatch.setattr(issuer_keys, "TIMEOUT_S", 0.2)
    issuer.is_open.clear()
    started = time.monotonic()
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    assert time.monotonic() - started < 3


def test_an_issuer_that_drips_is_given_up(issuer, verifier, monkeypatch):
    monkeypatch.setattr(issuer_keys, "TIMEOUT_S", 0.2)
    issuer.pace_s = 0.05  # each byte in time, all of them in ten seconds
    started = time.monotonic()
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    assert time.monotonic() - started < 3


BROKEN = {
    "nothing": Reply(b""),
    "hangs up": Reply(None),
    "says less than it announced": Reply(b"{}", headers={"Content-Length": "100"}),
    "not JSON": Reply(b"<html>Sign in</html>"),
    "not text": Reply(b"\xff\xfe\x00"),
    "null": Reply(b"null"),
    "a list": Reply(b"[]"),
    "a text": Reply(b'"keys"'),
    "a number": Reply(b"7"),
    "empty": Reply(b"{}"),
    "nested deep": Reply(b"[" * 100_000),
    "not found": Reply(b"{}", 404),
    "failing": Reply(b"{}", 500),
    "no content": Reply(b"", 204),
    "moved": Reply(b"", 302, {"Location": "https://elsewhere.example/keys"}),
    "moved to a file": Reply(b"", 307, {"Location": "file:///etc/passwd"}),
    "too large": Reply(b'{"keys": [], "x": "' + b"x" * 10_000_000 + b'"}'),
    "too large, unannounced": Reply(b" " * (MAX_DOCUMENT + 1), headers={"Content-Length": "100000000"}),
    "bad length": Reply(b"{}", headers={"Content-Length": "minus one"}),
    "bad chunks": Reply(b"zz\r\n{}\r\n", headers={"Transfer-Encoding": "chunked"}),
    "huge header": Reply(b"{}", headers={"X": "x" * 100_000}),
}
BROKEN_KEYS = {
    "keys are no list": Reply(b'{"keys": {"kid": "rsa-1"}}'),
    "keys are text": Reply(b'{"keys": "rsa-1"}'),
    "no keys": Reply(b'{"keys": []}'),
    "keys are numbers": Reply(b'{"keys": [1, null, "x", []]}'),
    "keys of no kind": Reply(b'{"keys": [{"kid": "rsa-1"}]}'),
    "a kind that is no text": Reply(b'{"keys": [{"kid": "rsa-1", "kty": ["RSA"], "alg": ["RS256"]}]}'),
    "numbers that are no text": Reply(b'{"keys": [{"kid": "rsa-1", "kty": "RSA", "n": 7, "e": 3}]}'),
    "numbers out of bounds": Reply(b'{"keys": [{"kid": "rsa-1", "kty": "RSA", "n": "AQAB", "e": "AA"}]}'),
    "a point off the curve": Reply(
        b'{"keys": [{"kid": "rsa-1", "kty": "EC", "crv": "P-256", "x": "%s", "y": "%s"}]}' % (b"A" * 43, b"A" * 43)
    ),
    "a secret for HMAC": Reply(b'{"keys": [{"kid": "rsa-1", "kty": "oct", "alg": "HS256", "k": "c2VjcmV0"}]}'),
}


@pytest.mark.parametrize("path", [DISCOVERY, JWKS])
@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_an_issuer_that_answers_nonsense_is_an_outage_and_known_keys_stay_good(issuer, hand, verifier, path, reply):
    issuer.replies[path] = reply
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    del issuer.replies[path]
    hand.time_s += RETRY_S + 1
    verifier.identify(issuer.token())
    issuer.replies[path] = reply
    hand.time_s += KEYS_KEPT_S + 1
    assert verifier.identify(issuer.token(groups="owners")).role is Role.ADMIN


@pytest.mark.parametrize(("size", "is_read"), [(MAX_DOCUMENT, True), (MAX_DOCUMENT + 1, False)])
def test_a_document_is_read_up_to_its_greatest_size(issuer, verifier, size, is_read):
    issuer.replies[JWKS] = Reply(issuer.answer(JWKS).body.ljust(size))
    with nullcontext() if is_read else pytest.raises(Unavailable):
        verifier.identify(issuer.token())


@pytest.mark.parametrize("reply", BROKEN_KEYS.values(), ids=BROKEN_KEYS)
def test_keys_that_are_none_are_an_outage(issuer, verifier, reply):
    issuer.replies[JWKS] = reply
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())


def test_a_good_key_counts_among_unusable_ones(issuer, verifier):
    unusable = [make_key("long", "ES384"), make_key("rsa-512", "RS512")]
    issuer.keys = [unusable[0], *issuer.keys, unusable[1]]
    assert verifier.identify(issuer.token(issuer.keys[1], groups="owners")).role is Role.ADMIN
    for key in unusable:
        with pytest.raises(Unauthenticated):
            verifier.identify(issuer.token(key))


def test_a_key_for_encryption_verifies_nothing(issuer, verifier):
    keys = [issuer.keys[0].jwk | {"use": "enc"}, issuer.keys[1].jwk]
    issuer.replies[JWKS] = Reply(json.dumps({"keys": keys}).encode())
    verifier.identify(issuer.token(issuer.keys[1]))
    with pytest.raises(Unauthenticated, match="does not publish"):
        verifier.identify(issuer.token(issuer.keys[0]))


ELSEWHERE = [
    "file://{file}",
    "{file}",
    "ftp://127.0.0.1/keys",
    "data:application/json,{{}}",
    "http://192.0.2.1/keys",
    "http://127.0.0.1.elsewhere.example/keys",
    "http://localhost@192.0.2.1/keys",
    "//127.0.0.1/keys",
    "http://[::1",
    "",
    7,
    None,
]


@pytest.mark.parametrize("address", ELSEWHERE, ids=str)
def test_keys_from_an_address_that_anybody_could_answer_for_are_not_read(issuer, verifier, tmp_path, caplog, address):
    file = Path(tmp_path / "keys.json")
    file.write_bytes(issuer.answer(JWKS).body)
    issuer.document["jwks_uri"] = address.format(file=file) if isinstance(address, str) else address
    started = time.monotonic()
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    assert time.monotonic() - started < 2  # nothing was waited for
    assert issuer.asked == {DISCOVERY: 1}
    assert [record.message for record in caplog.records] == ["the issuer's keys cannot be read; those known stay good"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(issuer, verifier, status):
    issuer.replies["/moved"] = issuer.answer(JWKS)
    issuer.replies[JWKS] = Reply(b"", status, {"Location": f"{issuer.url}/moved"})
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    assert issuer.asked == {DISCOVERY: 1, JWKS: 1}


@pytest.mark.parametrize("name", ["https://elsewhere.example", None, "{url}/", ""])
def test_the_discovery_document_must_be_the_issuers_own(issuer, verifier, name):
    issuer.document["issuer"] = name and name.format(url=issuer.url)
    with pytest.raises(Unavailable):
        verifier.identify(issuer.token())
    assert issuer.asked == {DISCOVERY: 1}


def test_an_issuer_with_a_path_and_a_slash_at_its_end_is_found(issuer, hand):
    name = f"{issuer.url}/realms/bar/"
    path = f"/realms/bar{DISCOVERY}"
    issuer.document["issuer"] = name
    issuer.replies[path] = issuer.answer(DISCOVERY)
    verifier = OidcVerifier(name, AUDIENCE, {"owners": Role.ADMIN}, hand)
    assert verifier.identify(issuer.token(iss=name, groups="owners")).role is Role.ADMIN
    with pytest.raises(Unauthenticated):
        verifier.identify(issuer.token(iss=name.rstrip("/"), groups="owners"))


def test_threads_that_ask_while_keys_change_see_whole_sets_of_keys(issuer, verifier, monkeypatch):
    monkeypatch.setattr(issuer_keys, "KEYS_KEPT_S", -1.0)
    monkeypatch.setattr(issuer_keys, "REFETCH_EVERY_S", -1.0)
    steady = issuer.keys[0]
    token = issuer.token(steady)
    verifier.identify(token)
    stop = threading.Event()

    def rotate() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            issuer.keys = [make_key(f"ec-{number % 5}", "ES256"), steady]

    rotating = threading.Thread(target=rotate)
    rotating.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            assert len({who.name for who in pool.map(verifier.identify, [token] * 100)}) == 1
    finally:
        stop.set()
        rotating.join()
