"""The application: `create_app` for our own server, `router` to put everything into another one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from parcook.access import Role, parse_groups
from parcook.catalogue.models import Ingredient, IngredientPatch
from parcook.jobs.scheduler import Scheduler
from parcook.jobs.work import all_jobs
from parcook.settings import Settings, load_settings
from parcook.web import analytics, catalogue, conversations, metrics, operations, pages, people, session
from parcook.web.front import Front
from parcook.web.problems import Problem, render
from parcook.web.routing import JOBS_KEY, SESSION_COOKIE, STATE_KEY
from parcook.web.rules import ACCESS
from parcook.wiring import open_services

_CREDENTIALS = {
    "token": {"type": "http", "scheme": "bearer", "description": "`parcook token create` prints one."},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Set by a sign-in link."},
}


def router(settings: Settings | None = None, jobs: bool = True) -> APIRouter:
    """All routes and their lifespan, for `app.include_router(parcook.router(settings))`.

    Settings come from the environment unless given. Services are opened when the application starts and
    closed when it ends; raises then as `open_services` does, and at once for a bad setting. Without `jobs` nothing is
    exported, computed, erased or deleted until another process does it.
    """
    chosen = settings or load_settings()
    parse_groups(chosen.auth_groups)  # raises here what would otherwise be a traceback of the server's start

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        services = await run_in_threadpool(open_services, chosen)
        scheduler = Scheduler(services.lake, services.catalogue.database, services.clock, all_jobs(services.insights))
        services.trigger.start()
        if jobs:
            scheduler.start()
        try:
            yield {STATE_KEY: services, JOBS_KEY: scheduler}
        finally:
            await run_in_threadpool(scheduler.stop)
            await run_in_threadpool(services.close)

    everything = APIRouter(lifespan=lifespan)
    for part in (
        pages.router,
        analytics.router,
        analytics.files_router,
        catalogue.router,
        conversations.router,
        metrics.router,
        people.router,
        session.router,
        operations.router,
    ):
        everything.include_router(part)
    return everything


_NULLS_IN_EXAMPLES: tuple[type[BaseModel], ...] = (Ingredient, IngredientPatch, analytics.UsageAnswer)


class Application(FastAPI):
    """FastAPI behind `Front`, which must come before FastAPI's own work on a request, not after it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._front = Front(super().__call__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await self._front(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with the schema that every problem response refers to."""
        document = super().openapi()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        for model in _NULLS_IN_EXAMPLES:  # FastAPI leaves them out
            schemas[model.__name__]["examples"] = model.model_json_schema()["examples"]
        document["components"]["securitySchemes"] = _CREDENTIALS
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if ACCESS.get((method.upper(), path), Role.PUBLIC) is not Role.PUBLIC:
                    operation["security"] = [{name: []} for name in _CREDENTIALS]
        return document


def create_app(settings: Settings | None = None, jobs: bool = True) -> FastAPI:
    """A whole application: the routes, request ids, logs, counters, and problem+json for what matches no route."""
    app = Application(
        title="parcook",
        version=version("parcook"),
        summary="Analytics for recipe products, cooked ahead and finished to order.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    chosen = settings or load_settings()
    app.include_router(router(chosen, jobs))
    app.add_exception_handler(HTTPException, _render)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[origin.strip() for origin in chosen.cors_origins.split(",")],
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-ID"],
            expose_headers=["ETag", "Location", "X-Request-ID"],
        )
    return app


async def _render(_: Request, error: Exception) -> Response:
    return render(error)
