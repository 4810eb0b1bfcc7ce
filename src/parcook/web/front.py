"""The outermost layer of our own application: names each request, times it, logs it, counts it.

What makes up most of the traffic leaves from here, before any framework has looked at the request: stored answers
that are at hand, and reports of events. All else goes on to the routes, which give the same answers by the same rules.
"""

import itertools
import re
import secrets
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parcook.artifacts.definitions import DEFINITIONS
from parcook.telemetry import request_id
from parcook.web.analytics import negotiate
from parcook.web.conversations import report_one, report_several
from parcook.web.routing import STATE_KEY, rule_of, ruled
from parcook.web.rules import BASE
from parcook.wiring import Services

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_STORED = {f"{BASE}/analytics/{definition.name}": definition.name for definition in DEFINITIONS}
_REPORTS = {
    (method, path): ruled(answer, rule_of(method, path, takes_body=True))
    for method, path, answer in (
        ("POST", f"{BASE}/track", report_one),
        ("POST", f"{BASE}/batch", report_several),
    )
}
_SAFETY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_SPENT_BY_GET = frozenset({"/sign-in"})  # a previewer's HEAD must not use up the link
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Front:
    """ASGI middleware for an application whose lifespan put `Services` into the state."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._process = secrets.token_hex(4)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; only HTTP is touched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        services = _services(scope)
        own_id = f"{self._process}-{next(self._numbers)}"
        accept_encoding = if_none_match = origin = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept_encoding = value
            elif name == b"if-none-match":
                if_none_match = value
            elif name == b"origin":
                origin = value
            elif name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
                own_id = value.decode()

        stored = _STORED.get(scope["path"])
        # A request from another site's page goes on, to where the answer to it is decided.
        if stored and scope["method"] == "GET" and not scope["query_string"] and not origin:
            answer = services.answers.held(stored)
            if answer is not None:
                status, headers, body = negotiate(answer, accept_encoding, if_none_match)
                headers = (*headers, (b"x-request-id", own_id.encode()), *_SAFETY)
                if services.settings.cors_origins:  # a cache must not give this to a page that needs CORS headers
                    headers = (*headers, (b"vary", b"Origin"))
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": body})
                self._record(services, own_id, "GET", scope["path"], status, started)
                return
        await self._pass_on(scope, receive, send, services, own_id, started, bool(origin))

    async def _pass_on(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        services: Services,
        own_id: str,
        started: float,
        is_foreign: bool,
    ) -> None:
        status = 500
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        if method == "HEAD" and scope["path"] not in _SPENT_BY_GET:  # whatever answers GET answers HEAD
            scope = {**scope, "method": "GET"}

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = [header for header in message["headers"] if header not in _SAFETY]
                message["headers"] = [*given, (b"x-request-id", own_id.encode()), *_SAFETY]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        token = request_id.set(own_id)
        # A page of another site goes on, to where the headers for it are made.
        report = None if is_foreign else _REPORTS.get((scope["method"], scope["path"]))
        try:
            if report is None:
                await self._app(scope, receive, send_named)
            else:
                response = await report(Request(scope, receive))
                await response(scope, receive, send_named)
        finally:
            request_id.reset(token)
            matched = getattr(scope.get("route"), "path_format", "unmatched")
            route = matched if report is None else scope["path"]
            self._record(services, own_id, method, route, status, started)

    def _record(self, services: Services, own_id: str, method: str, route: str, status: int, started: float) -> None:
        seconds = time.perf_counter() - started
        services.access_log.write(own_id, method, route, status, seconds)
        services.counters.count(method, route, status, seconds)


def _services(scope: Scope) -> Services:
    try:
        services: Services = scope["state"][STATE_KEY]
    except KeyError:
        raise RuntimeError("parcook's lifespan has not run; start the application with a server or a context") from None
    return services
