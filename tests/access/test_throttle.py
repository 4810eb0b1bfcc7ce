"""Whoever keeps presenting credentials that do not count has to wait; nobody else does."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from parcook.access import FailureThrottle, Role, throttle
from parcook.access.throttle import MAX_FAILURES, WINDOW_S
from parcook.errors import TooManyAttempts
from parcook.web.routing import STATE_KEY
from tests.access.serving import serve
from tests.web.problems import expect_problem

HERE, ELSEWHERE = "198.51.100.1", "198.51.100.2"
UNITS = "/api/v1/units"
WRONG = {"Authorization": "Bearer parcook_wrong"}


class Timed:
    """A throttle whose clock is moved by hand."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self.throttle = FailureThrottle(lambda: self.time_s)

    def fail(self, address: str = HERE, times: int = 1) -> None:
        for _ in range(times):
            self.throttle.failed(address)

    def wait_s(self, address: str = HERE) -> int | None:
        """How long `address` has to wait; None if it need not."""
        try:
            self.throttle.check(address)
        except TooManyAttempts as refusal:
            return refusal.retry_after_s
        return None


@pytest.fixture
def timed():
    return Timed()


def test_the_last_failure_that_is_allowed_is_the_last_before_the_limit(timed):
    timed.fail(times=MAX_FAILURES - 1)
    assert timed.wait_s() is None
    timed.fail()
    assert timed.wait_s() == WINDOW_S


def test_a_failure_counts_for_the_window_and_not_a_moment_longer(timed):
    timed.fail(times=MAX_FAILURES)
    timed.time_s = WINDOW_S - 0.001
    assert timed.wait_s() == 1
    timed.time_s = WINDOW_S
    assert timed.wait_s() is None


def test_failures_that_are_far_enough_apart_never_add_up_and_closer_ones_do(timed):
    closest_s = WINDOW_S / (MAX_FAILURES - 1)
    for _ in range(10 * MAX_FAILURES):
        timed.time_s += closest_s + 0.001
        timed.fail()
        assert timed.wait_s() is None
    for _ in range(MAX_FAILURES):
        timed.time_s += closest_s - 0.001
        timed.fail()
    assert timed.wait_s() == 1


def test_being_made_to_wait_does_not_prolong_the_wait(timed):
    timed.fail(times=MAX_FAILURES)
    for second in range(int(WINDOW_S)):
        timed.time_s = second
        assert timed.wait_s() == WINDOW_S - second
    timed.time_s = WINDOW_S
    assert timed.wait_s() is None


def test_other_addresses_do_not_wait(timed):
    timed.fail(times=MAX_FAILURES)
    timed.fail(ELSEWHERE, MAX_FAILURES - 1)
    assert timed.wait_s() is not None
    assert timed.wait_s(ELSEWHERE) is None


SAME = [
    ("2001:db8::1", "2001:db8::ffff:2"),
    ("2001:db8:0:1::1", "2001:0DB8:0000:0001:ffff::"),
    ("203.0.113.9", "::ffff:203.0.113.9"),
    ("testclient", "testclient"),
]
DIFFERENT = [
    ("2001:db8::1", "2001:db8:0:1::1"),
    ("203.0.113.9", "203.0.113.10"),
    ("::ffff:203.0.113.9", "::ffff:203.0.113.10"),
    ("unknown", "testclient"),
    ("", "unknown"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_network_that_one_subscriber_holds_counts_as_one(timed, one, other):
    timed.fail(one, MAX_FAILURES)
    assert timed.wait_s(other) is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_networks_of_different_subscribers_do_not(timed, one, other):
    timed.fail(one, MAX_FAILURES)
    assert timed.wait_s(other) is None


STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([HERE, ELSEWHERE]), st.integers(0, MAX_FAILURES + 5)), max_size=12
)


def seconds_to_wait(moments, now):
    """The same by counting, for as long as it takes until fewer than the limit are left in the window."""
    return next(
        wait_s
        for wait_s in range(int(WINDOW_S) + 1)
        if sum(moment > now + wait_s - WINDOW_S for moment in moments) < MAX_FAILURES
    )


@given(STEPS)
def test_the_wait_is_what_counting_all_failures_says(steps):
    timed, failures = Timed(), {HERE: [], ELSEWHERE: []}
    for pause_s, address, times in steps:
        timed.time_s += pause_s
        timed.fail(address, times)
        failures[address] += [timed.time_s] * times
        for each, moments in failures.items():
            assert (timed.wait_s(each) or 0) == seconds_to_wait(moments, timed.time_s)


def test_it_remembers_those_who_failed_last(timed, monkeypatch):
    monkeypatch.setattr(throttle, "MAX_ADDRESSES", 3)
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1", "10.0.0.4"):
        timed.fail(address, MAX_FAILURES)
    waiting = [address for address in range(1, 5) if timed.wait_s(f"10.0.0.{address}")]
    assert waiting == [1, 3, 4]


def test_it_takes_no_more_memory_however_many_fail(timed, monkeypatch):
    monkeypatch.setattr(throttle, "MAX_ADDRESSES", 500)
    tracemalloc.start()
    try:
        sizes = []
        for _ in range(2):
            for number in range(2_000):
                timed.fail(f"{number}-{'x' * 10_000}")
                timed.fail(HERE, 2)
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[0] < 1_000_000
    assert sizes[1] - sizes[0] < 50_000


def test_of_many_at_once_no_more_get_through_than_were_under_way(timed):
    passed, threads = [], 8
    start = threading.Barrier(threads)

    def attempt(_: int) -> None:
        start.wait()
        for _ in range(50):
            if timed.wait_s() is None:
                passed.append(1)
                timed.fail()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(attempt, range(threads)))
    assert MAX_FAILURES <= len(passed) < MAX_FAILURES + threads


# Over HTTP


def ask_to_change(client, headers=None):
    return client.post(UNITS, json={}, headers=headers)


@pytest.fixture
def app(open_app):
    return open_app()


@pytest.fixture
def access(app):
    return app.app_state[STATE_KEY].access


def fail_until_made_to_wait(client):
    answers = [ask_to_change(client, WRONG) for _ in range(MAX_FAILURES + 1)]
    assert [answer.status_code for answer in answers] == [401] * MAX_FAILURES + [429]
    return answers[-1]


def test_after_too_many_bad_tokens_one_is_told_how_long_to_wait(app):
    refusal = fail_until_made_to_wait(app)
    expect_problem(refusal, 429, "too_many_attempts")
    assert 50 < int(refusal.headers["retry-after"]) <= WINDOW_S


def test_after_too_many_bad_links_a_good_one_has_to_wait_and_is_not_used_up(app, access, monkeypatch):
    monkeypatch.setattr(throttle, "WINDOW_S", 1.0)
    key = access.create_link(Role.ADMIN)
    for _ in range(MAX_FAILURES):
        expect_problem(app.get("/sign-in", params={"key": "made-up"}), 401, "unauthenticated")
    refusal = app.get("/sign-in", params={"key": key})
    expect_problem(refusal, 429, "too_many_attempts")
    assert refusal.headers["retry-after"] == "1"
    threading.Event().wait(1.0)
    assert app.get("/sign-in", params={"key": key}, follow_redirects=False).status_code == 303


def test_bad_tokens_and_bad_links_count_together(app):
    for _ in range(MAX_FAILURES // 2):
        assert ask_to_change(app, WRONG).status_code == 401
        assert app.get("/sign-in", params={"key": "made-up"}).status_code == 401
    expect_problem(ask_to_change(app, WRONG), 429, "too_many_attempts")


def test_asking_without_credentials_is_no_attempt_and_never_has_to_wait(app):
    for _ in range(MAX_FAILURES + 5):
        expect_problem(ask_to_change(app), 401, "unauthenticated")
    fail_until_made_to_wait(app)
    expect_problem(ask_to_change(app), 401, "unauthenticated")


def test_a_header_that_holds_no_token_is_no_attempt(app):
    for _ in range(MAX_FAILURES + 5):
        expect_problem(ask_to_change(app, {"Authorization": "Basic YTpi"}), 401, "unauthenticated")


def test_public_routes_are_open_to_whoever_has_to_wait(app):
    fail_until_made_to_wait(app)
    for path in (UNITS, "/healthz", "/readyz", "/metrics", "/api/v1/analytics/ingredient-usage"):
        assert app.get(path, headers=WRONG).status_code == 200


def test_whoever_is_signed_in_does_not_wait_for_others_at_the_same_address(app, access):
    fail_until_made_to_wait(app)
    cookie = {"Cookie": f"parcook_session={access.open_session(access.create_link(Role.ADMIN))}"}
    assert ask_to_change(app, cookie).status_code == 422
    expect_problem(ask_to_change(app, {"Cookie": "parcook_session=made-up"}), 401, "unauthenticated")


def test_what_is_forbidden_is_no_failed_sign_in(app, access):
    viewer = {"Authorization": f"Bearer {access.create_token(Role.VIEWER).secret}"}
    assert {ask_to_change(app, viewer).status_code for _ in range(MAX_FAILURES + 5)} == {403}


def test_somebody_at_another_address_does_not_wait(app, access):
    fail_until_made_to_wait(app)
    other = TestClient(app.app, base_url="http://127.0.0.1", client=(ELSEWHERE, 50_000))
    other.app_state.update(app.app_state)
    good = {"Authorization": f"Bearer {access.create_token(Role.ADMIN).secret}"}
    assert ask_to_change(other, good).status_code == 422
    expect_problem(ask_to_change(app, good), 429, "too_many_attempts")


# Behind a proxy: `parcook serve` as a process of its own


def forwarded(*addresses):
    return WRONG | {"X-Forwarded-For": ", ".join(addresses)}


def sign_in(served, headers):
    answer = httpx2.get(served.link, headers=headers)
    return SimpleCookie(answer.headers["set-cookie"])["parcook_session"]


def test_behind_a_trusted_proxy_the_address_that_it_saw_counts(tmp_path):
    with serve(tmp_path, PARCOOK_TRUSTED_PROXIES="127.0.0.1") as served, httpx2.Client(base_url=served.url) as client:
        for number in range(MAX_FAILURES):  # what the client wrote itself, left of what the proxy saw, changes nothing
            assert ask_to_change(client, forwarded(f"10.0.0.{number}", HERE)).status_code == 401
        expect_problem(ask_to_change(client, forwarded("10.0.1.1", HERE)), 429, "too_many_attempts")
        assert ask_to_change(client, forwarded(ELSEWHERE)).status_code == 401
        assert ask_to_change(client, forwarded(HERE, ELSEWHERE)).status_code == 401
        assert ask_to_change(client, WRONG).status_code == 401
        assert sign_in(served, {"X-Forwarded-Proto": "https"})["secure"] is True


def test_without_a_trusted_proxy_nobody_can_say_where_they_are(tmp_path):
    with serve(tmp_path) as served, httpx2.Client(base_url=served.url) as client:
        assert sign_in(served, {"X-Forwarded-Proto": "https"})["secure"] == ""
        for number in range(MAX_FAILURES):
            assert ask_to_change(client, forwarded(f"10.0.0.{number}")).status_code == 401
        for headers in (
            forwarded("10.0.1.1"),
            forwarded("127.0.0.1"),
            WRONG,
            WRONG | {"Forwarded": f"for={ELSEWHERE}"},
        ):
            expect_problem(ask_to_change(client, headers), 429, "too_many_attempts")


def test_a_proxy_that_is_not_among_the_trusted_is_not_believed(tmp_path):
    with serve(tmp_path, PARCOOK_TRUSTED_PROXIES="192.0.2.0/24, 2001:db8::1") as served:
        assert sign_in(served, {"X-Forwarded-Proto": "https"})["secure"] == ""
        with httpx2.Client(base_url=served.url) as client:
            for number in range(MAX_FAILURES):
                assert ask_to_change(client, forwarded(f"10.0.0.{number}")).status_code == 401
            expect_problem(ask_to_change(client, forwarded("10.0.1.1")), 429, "too_many_attempts")
