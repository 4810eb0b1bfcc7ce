"""Signing in by a one-time link, and out again."""

from typing import Annotated

from fastapi import Query, Request, Response
from starlette.responses import RedirectResponse

from parcook.access import SESSION_LIFETIME
from parcook.web.problems import problem_docs
from parcook.web.routing import SESSION_COOKIE, ServicesOf, ruled_router, throttled

router = ruled_router("session")


@router.get(
    "/sign-in",
    status_code=303,
    response_model=None,
    response_class=RedirectResponse,
    responses=problem_docs(401, 422, 429, 503),
)
def sign_in(services: ServicesOf, request: Request, key: Annotated[str, Query(max_length=200)]) -> Response:
    """Trade a one-time sign-in link for a session cookie, and go to the front page."""
    with throttled(request):
        session = services.access.open_session(key)
    response = RedirectResponse(request.scope.get("root_path", "") + "/", 303)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.post("/sign-out", status_code=204, responses=problem_docs(503))
def sign_out(services: ServicesOf, request: Request, response: Response) -> None:
    """End the session."""
    if session := request.cookies.get(SESSION_COOKIE):
        services.access.close_session(session)
    response.delete_cookie(SESSION_COOKIE)
