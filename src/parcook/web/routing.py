"""What all routes have in common: the access rule, the body limit, and faults told as problem+json.

It sits in the route class, not in middleware, so that it comes along when the router is included in
somebody else's application.
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from parcook.access import ANONYMOUS, Principal, Role, require
from parcook.errors import Forbidden, TooLarge, Unauthenticated, UnsupportedMediaType
from parcook.jobs.scheduler import Scheduler
from parcook.web.problems import problem_docs, render
from parcook.web.rules import ACCESS, BODY_LIMITS, MAX_BODY
from parcook.wiring import Services

SESSION_COOKIE = "parcook_session"
STATE_KEY = "parcook"
JOBS_KEY = "parcook.jobs"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def services_of(request: Request) -> Services:
    """The services that the lifespan of the router opened."""
    return cast("Services", request.scope["state"][STATE_KEY])


def scheduler_of(request: Request) -> Scheduler:
    """Who does the jobs, or would, if this server had them done."""
    return cast("Scheduler", request.scope["state"][JOBS_KEY])


def principal_of(request: Request) -> Principal:
    """Who is asking, as the access rule found."""
    return cast("Principal", request.scope["parcook.principal"])


ServicesOf = Annotated[Services, Depends(services_of)]
SchedulerOf = Annotated[Scheduler, Depends(scheduler_of)]
PrincipalOf = Annotated[Principal, Depends(principal_of)]


@dataclass(frozen=True)
class Rule:
    """Who may call a route, and how many bytes of a body it takes; None for a route that takes no body."""

    role: Role
    body_limit: int | None


def rule_of(method: str, path: str, takes_body: bool) -> Rule:
    """The rule of a route, from the access table. Raises `RuntimeError` for one without a row."""
    role = ACCESS.get((method, path))
    if role is None:
        raise RuntimeError(f"{method} {path} has no row in the access table, web/rules.py")
    return Rule(role, BODY_LIMITS.get((method, path), MAX_BODY if takes_body else None))


def ruled(inner: Handler, rule: Rule) -> Handler:
    """`inner` for those who may, with bodies that are taken; whatever it raises is told as a problem."""

    async def handle(request: Request) -> Response:
        try:
            request.scope["parcook.principal"] = await authorise(request, rule.role)
            if rule.body_limit is not None:
                request = _limited(request, rule.body_limit)
            return await inner(request)
        except Exception as error:  # the edge: whatever it is, it is told as a problem
            return render(error)

    return handle


class RuledRoute(APIRoute):
    """A route that applies its row of the access table. Without a row it cannot be made."""

    def get_route_handler(self) -> Handler:
        """FastAPI's hook: the handler around everything that FastAPI does for this route."""
        inner: Handler = super().get_route_handler()
        routes = [(method, self.path_format) for method in self.methods or ()]
        rules = {rule_of(method, path, takes_body=self.body_field is not None) for method, path in routes}
        if len(rules) != 1:
            raise RuntimeError(f"{self.methods} {self.path_format} has no rule that fits all its methods")
        return ruled(inner, rules.pop())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Starlette's hook: a method that the address has no route for is told all those it has, not this route's."""
        if scope["method"] not in (self.methods or ()):
            allowed = sorted(method for method, path in ACCESS if path == self.path_format)
            raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
        await super().handle(scope, receive, send)


def ruled_router(*tags: str, prefix: str = "") -> APIRouter:
    """A router whose routes all go by the access table."""
    return APIRouter(
        prefix=prefix, tags=list(tags), route_class=RuledRoute, responses=problem_docs(422, 503) if prefix else None
    )


async def authorise(request: Request, role: Role) -> Principal:
    """Who is asking, if they may do what takes `role`. Raises `Unauthenticated` or `Forbidden`."""
    if role is Role.PUBLIC:
        return ANONYMOUS
    bearer, session = _bearer(request), request.cookies.get(SESSION_COOKIE)
    # A cookie comes without being asked for and none at all is no attempt: neither can fail, so neither waits.
    access = services_of(request).access
    with throttled(request) if bearer is not None else nullcontext():
        principal = access.recall(bearer) if bearer is not None else None
        if principal is None:
            principal = await run_in_threadpool(access.identify, bearer, session)
    require(principal, role)
    if bearer is None and request.method not in _SAFE_METHODS:
        _refuse_other_sites(request)
    return principal


@contextmanager
def throttled(request: Request) -> Iterator[None]:
    """Around looking at a credential: refuses an address that failed too often, and counts its failures."""
    throttle = services_of(request).throttle
    address = request.client.host if request.client else "unknown"
    throttle.check(address)
    try:
        yield
    except Unauthenticated:
        throttle.failed(address)
        raise


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("the Authorization header must read: Bearer <token>")
    return token.strip()


def _refuse_other_sites(request: Request) -> None:
    """Raise `Forbidden` for a change that another site's page sends along with our cookie."""
    origin = request.headers.get("origin")
    foreign_origin = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign_origin or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Forbidden("a session may change things from this site's own pages only; use a token", code="cross_site")


def _limited(request: Request, limit: int) -> Request:
    """`request`, refusing a body that is not JSON or larger than `limit` bytes, announced or not."""
    main, _, kind = request.headers.get("content-type", "").partition(";")[0].strip().lower().partition("/")
    if main != "application" or not (kind == "json" or kind.endswith("+json")):
        raise UnsupportedMediaType("the body must be JSON; send Content-Type: application/json")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 20 or int(announced) > limit):
        raise _too_large(limit)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    return Request(request.scope, receive)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body is larger than {limit:,} bytes; send it in parts")
