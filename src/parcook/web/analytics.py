"""Catalogue analytics over HTTP: stored artifacts as they are, narrower views on request."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from parcook.access import Role
from parcook.artifacts.answers import Answer
from parcook.artifacts.models import INSIGHT_SHAPES
from parcook.artifacts.storage import FILE_NAME, MANIFEST, AnalyticsStorage, InsightStorage
from parcook.errors import NotFound
from parcook.objects import Blob
from parcook.web.problems import problem_docs
from parcook.web.routing import ServicesOf, authorise, ruled_router
from parcook.web.rules import BASE

STORED_CACHE = "public, max-age=0, must-revalidate"
IMMUTABLE_CACHE = "public, max-age=31536000, immutable"

INTERNAL_CACHE = "private, max-age=0, must-revalidate"
INTERNAL_IMMUTABLE_CACHE = "private, max-age=31536000, immutable"

router = ruled_router("analytics", prefix=f"{BASE}/analytics")
files_router = ruled_router("files")


class Metadata(BaseModel):
    """How an answer came about. `source` is `stored` or `live`; `degraded` stands only where storage failed."""

    model_config = ConfigDict(extra="allow")

    analytics_type: str
    generated_at: str
    storage_version: str
    total_recipes: int
    catalogue_version: int
    source: str
    summary: str


class UsageItem(BaseModel):
    """Usage of one ingredient: recipes listing exactly it, and recipes listing it or anything below it, each once."""

    ingredient_id: int
    ingredient_name: str
    parent_id: int | None
    path: str
    level: int
    recipe_count: int
    direct_usage: int
    hierarchical_usage: int
    uses: int
    has_children: bool
    children_preview: list[str]


class UsageAnswer(BaseModel):
    """Usage rows, most used first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data": [
                        {
                            "ingredient_id": 1,
                            "ingredient_name": "Whiskey",
                            "parent_id": None,
                            "path": "/1/",
                            "level": 0,
                            "recipe_count": 45,
                            "direct_usage": 12,
                            "hierarchical_usage": 45,
                            "uses": 51,
                            "has_children": True,
                            "children_preview": ["Bourbon", "Rye", "Scotch"],
                        }
                    ],
                    "metadata": {
                        "analytics_type": "ingredient-usage",
                        "generated_at": "2025-01-15T10:30:00Z",
                        "storage_version": "v1",
                        "total_recipes": 150,
                        "catalogue_version": 812,
                        "source": "stored",
                        "summary": "Whiskey is in 45 of 150 recipes.",
                    },
                }
            ]
        }
    )

    data: list[UsageItem]
    metadata: Metadata


class ComplexityItem(BaseModel):
    """How many recipes have this many distinct ingredients."""

    ingredient_count: int
    recipe_count: int


class ComplexityAnswer(BaseModel):
    """Recipes by number of ingredients; `metadata.median` is null while there are no recipes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data": [{"ingredient_count": 2, "recipe_count": 15}, {"ingredient_count": 3, "recipe_count": 42}],
                    "metadata": {
                        "analytics_type": "recipe-complexity",
                        "generated_at": "2025-01-15T10:30:00Z",
                        "storage_version": "v1",
                        "total_recipes": 57,
                        "catalogue_version": 812,
                        "source": "stored",
                        "median": 3,
                        "summary": "A typical recipe has 3 ingredients; 42 of 57 recipes have 3.",
                    },
                }
            ]
        }
    )

    data: list[ComplexityItem]
    metadata: Metadata


_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "`If-None-Match` names what still stands."}}


def _documented(model: type[BaseModel], *problems: int) -> dict[str, Any]:
    """Route arguments that describe the answer without passing stored bytes through the model."""
    return {"response_model": None, "responses": {200: {"model": model}, **_NOT_MODIFIED, **problem_docs(*problems)}}


@router.get("/ingredient-usage", **_documented(UsageAnswer, 404, 422))
def ingredient_usage(
    request: Request,
    services: ServicesOf,
    level: Annotated[int | None, Query(ge=0, description="0 is the roots, 1 their children, …")] = None,
    parent_id: Annotated[int | None, Query(description="Only the children of this ingredient.")] = None,
) -> Response:
    """Usage of ingredients across all recipes: the roots, or a narrower view by `level`, `parent_id`, or both."""
    if level is None and parent_id is None:
        return answer_response(request, services.answers.answer("ingredient-usage"))
    return answer_response(request, services.answers.usage_view(level, parent_id))


@router.get("/recipe-complexity", **_documented(ComplexityAnswer))
def recipe_complexity(request: Request, services: ServicesOf) -> Response:
    """How many recipes have how many distinct ingredients; recipes without any are the row 0."""
    return answer_response(request, services.answers.answer("recipe-complexity"))


async def _for_viewers_if_internal(request: Request) -> None:
    if request.path_params["analytics_type"] in INSIGHT_SHAPES:
        await authorise(request, Role.VIEWER)


@router.get(
    "/{analytics_type}",
    dependencies=[Depends(_for_viewers_if_internal)],
    **_documented(UsageAnswer, 401, 403, 404, 429),
)
def any_artifact(
    request: Request,
    services: ServicesOf,
    analytics_type: Annotated[str, Path(max_length=64, examples=["ingredient-tree"])],
) -> Response:
    """Any artifact by its name; `ingredient-tree` holds every ingredient, flat. Those about conversations: viewers."""
    if analytics_type in INSIGHT_SHAPES:
        return _file_response(request, services.shelf, f"{analytics_type}.json")
    return answer_response(request, services.answers.answer(analytics_type))


@files_router.get(
    "/analytics/v1/{file_name}", response_model=None, responses=_NOT_MODIFIED | problem_docs(404, 422, 503)
)
def artifact_file(
    request: Request, services: ServicesOf, file_name: Annotated[str, Path(max_length=100, examples=[MANIFEST])]
) -> Response:
    """An artifact as a file: `manifest.json`, `<type>.json`, or the immutable `<type>.<sha12>.json`."""
    return _file_response(request, services.storage, file_name)


@files_router.get(
    "/insights/v1/{file_name}",
    response_model=None,
    responses=_NOT_MODIFIED | problem_docs(401, 403, 404, 422, 429, 503),
)
def insight_file(
    request: Request, services: ServicesOf, file_name: Annotated[str, Path(max_length=100, examples=[MANIFEST])]
) -> Response:
    """An artifact about conversations as a file, named as those about the catalogue are."""
    return _file_response(request, services.shelf, file_name)


def _file_response(request: Request, shelf: AnalyticsStorage | InsightStorage, file_name: str) -> Response:
    match = FILE_NAME.fullmatch(file_name)
    blob = shelf.read_file(file_name) if match else None
    if match is None or not isinstance(blob, Blob):
        raise NotFound(f"there is no such file; {MANIFEST} lists those there are")
    stays, changes = _CACHES[shelf.audience]
    return answer_response(request, Answer(blob.body), stays if match["sha"] else changes)


_CACHES = {
    "public": (IMMUTABLE_CACHE, STORED_CACHE),
    "internal": (INTERNAL_IMMUTABLE_CACHE, INTERNAL_CACHE),
}


def answer_response(request: Request, answer: Answer, cache_control: str = STORED_CACHE) -> Response:
    """`answer` as the request can take it: not modified, compressed or plain."""
    status, headers, body = negotiate(
        answer,
        request.headers.get("accept-encoding", "").encode("latin-1"),
        request.headers.get("if-none-match", "").encode("latin-1"),
        cache_control.encode(),
    )
    response = Response(body, status)
    response.raw_headers = list(headers)
    return response


RawHeaders = tuple[tuple[bytes, bytes], ...]


def negotiate(
    answer: Answer, accept_encoding: bytes, if_none_match: bytes, cache_control: bytes = STORED_CACHE.encode()
) -> tuple[int, RawHeaders, bytes]:
    """(status, headers, body) for `answer`, from the two request headers it depends on (RFC 9110, 8.8.3 and 13.1.2)."""
    compressed = b"gzip" in accept_encoding and b"gzip;q=0" not in accept_encoding.replace(b" ", b"")
    if if_none_match and (if_none_match == b"*" or any(tag in if_none_match for tag in _tags(answer))):
        return 304, _headers(answer, compressed, cache_control)[:_FOR_304], b""
    return 200, _headers(answer, compressed, cache_control), answer.gzipped if compressed else answer.body


_FOR_304 = 3


@lru_cache(maxsize=8)  # the stored answers of the moment; making these takes as long as sending them
def _headers(answer: Answer, compressed: bool, cache_control: bytes) -> RawHeaders:
    """The headers of a full answer; the first `_FOR_304` are those that a 304 repeats."""
    body = answer.gzipped if compressed else answer.body
    headers: RawHeaders = (
        (b"etag", (answer.gzip_etag if compressed else answer.etag).encode()),
        (b"cache-control", cache_control),
        (b"vary", b"Accept-Encoding"),
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    )
    return (*headers, (b"content-encoding", b"gzip")) if compressed else headers


def _tags(answer: Answer) -> tuple[bytes, bytes]:
    return answer.etag.encode(), answer.gzip_etag.encode()
