"""The page over HTTP: its shell, its files, and the same numbers as tables.

The shell is for everybody. What it shows is the business of the manifests: whoever is not signed in as viewer gets a
page that asks for the public one alone. Only a session tells who looks, as browsers send it along by themselves.
"""

from functools import cache, lru_cache
from typing import Annotated

from fastapi import Path, Request, Response
from starlette.responses import HTMLResponse

from parcook.access import Role
from parcook.artifacts.answers import Answer
from parcook.artifacts.shapes.base import Audience
from parcook.artifacts.shelf import MANIFEST
from parcook.dashboard.reading import folders_for, read_generations
from parcook.dashboard.shell import HTML, POLICY, File, load_shell
from parcook.dashboard.tables import tables_page
from parcook.errors import NotFound
from parcook.objects import Objects
from parcook.web.analytics import IMMUTABLE_CACHE
from parcook.web.problems import problem_docs
from parcook.web.routing import SESSION_COOKIE, ServicesOf, ruled_router
from parcook.wiring import Services

PAGE_CACHE = "private, no-cache"

router = ruled_router("page")


@router.get("/", include_in_schema=False, response_model=None)
def front_page(request: Request, services: ServicesOf) -> Response:
    """The page."""
    answer = _index(_audience(request, services))
    return _respond(request, answer, HTML, PAGE_CACHE, {"Vary": "Cookie", **_guard(services, script="'self'")})


@router.get("/tables.html", response_model=None, response_class=HTMLResponse, responses=problem_docs(503))
def tables(request: Request, services: ServicesOf) -> Response:
    """What the page shows to this caller, as plain tables."""
    objects, audience = services.storage.objects, _audience(request, services)
    stored = [objects.get(folder + MANIFEST) for folder in folders_for(audience)]
    answer = _tables(objects, audience, tuple(None if blob is None else blob.body for blob in stored))
    return _respond(request, answer, HTML, PAGE_CACHE, {"Vary": "Cookie", **_guard(services, script="'none'")})


@router.get("/assets/{version}/{file_name}", response_model=None, responses=problem_docs(404, 422))
def asset(
    request: Request,
    version: Annotated[str, Path(max_length=12)],
    file_name: Annotated[str, Path(max_length=40, examples=["page.css"])],
) -> Response:
    """A file of the page, for ever the same under its address."""
    found = _assets().get(f"assets/{version}/{file_name}")
    if found is None:
        raise NotFound("the page has no such file; it may be that of another version")
    file, answer = found
    return _respond(request, answer, file.content_type, IMMUTABLE_CACHE, {"X-Content-Type-Options": "nosniff"})


def _audience(request: Request, services: Services) -> Audience:
    principal = services.access.identify(None, request.cookies.get(SESSION_COOKIE))
    return "internal" if principal.role in (Role.VIEWER, Role.ADMIN) else "public"


@cache
def _index(audience: Audience) -> Answer:
    return Answer(load_shell().index(audience, "app").body, compress_now=True)


@cache
def _assets() -> dict[str, tuple[File, Answer]]:
    return {path: (file, Answer(file.body, compress_now=True)) for path, file in load_shell().assets.items()}


@lru_cache(maxsize=4)  # as long as the manifests are the same, so are the tables
def _tables(objects: Objects, audience: Audience, _: tuple[bytes | None, ...]) -> Answer:
    return Answer(tables_page(read_generations(objects, audience), load_shell()).body, compress_now=True)


def _guard(services: Services, script: str) -> dict[str, str]:
    """The headers of a page: what it may load, who may frame it."""
    framing = services.settings.frame_ancestors.replace(",", " ") or "'none'"
    policy = POLICY.format(script=script, style="'self'", connect="'self'")
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors {framing}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _respond(
    request: Request, answer: Answer, content_type: str, cache_control: str, headers: dict[str, str]
) -> Response:
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    vary = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    told = {
        **headers,
        "ETag": answer.gzip_etag if compressed else answer.etag,
        "Cache-Control": cache_control,
        "Vary": vary,
    }
    if any(tag in request.headers.get("if-none-match", "") for tag in (answer.etag, answer.gzip_etag)):
        return Response(status_code=304, headers=told)
    if compressed:
        told["Content-Encoding"] = "gzip"
    return Response(answer.gzipped if compressed else answer.body, headers={**told, "Content-Type": content_type})
