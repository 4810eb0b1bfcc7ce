"""What one Lambda container keeps between its invocations: the services, opened at the first of them."""

import asyncio
import logging
import os
from functools import cache
from typing import Any

from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES
from starlette.types import Receive, Scope, Send

from parcook.settings import Settings, load_settings
from parcook.telemetry import configure_logging
from parcook.web.app import create_app
from parcook.web.problems import MEDIA_TYPE
from parcook.web.routing import STATE_KEY
from parcook.wiring import Services, open_services


@cache
def services() -> Services:
    """The services that the environment names; one that fails to open is tried again by the next invocation."""
    return open_services(_settings())


class Api:
    """The application behind API Gateway, started once.

    Mangum by itself would start and end it with every request, and open every store each time.
    """

    def __init__(self) -> None:
        app = create_app(_settings(), jobs=False)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)  # Mangum runs requests on the current one
        self._lifespan = app.router.lifespan_context(app)  # kept: it would end where nobody holds it
        state = self._loop.run_until_complete(self._start())
        self.services: Services = state[STATE_KEY]

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        self._adapter = Mangum(with_state, lifespan="off", text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, MEDIA_TYPE])

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """The answer to one request, as API Gateway asks and is told."""
        return self._adapter(event, context)

    async def _start(self) -> dict[str, Any]:
        return dict(await self._lifespan.__aenter__() or {})

    def close(self) -> None:
        """End the application. A container is never asked to; whoever runs several in one process does."""
        self._loop.run_until_complete(self._lifespan.__aexit__(None, None, None))
        asyncio.set_event_loop(None)
        self._loop.close()


@cache
def api() -> Api:
    """The application of this container."""
    return Api()


def _settings() -> Settings:
    os.environ.setdefault("PARCOOK_HOME", "/tmp/parcook")  # noqa: S108  # all else is read-only there
    settings = load_settings()
    configure_logging(settings.log_level)
    logging.getLogger("mangum").setLevel(logging.WARNING)  # else it logs paths, and what people put into them
    return settings
