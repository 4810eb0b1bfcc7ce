"""The applications that `parcook serve` is compared with: `python -m bench.apps bare|same|specified FOLDER PORT`.

All run under the same server with the same options (`parcook/web/server.py`).
"""

import json
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import obstore
import uvicorn
from fastapi import Depends, FastAPI
from obstore.store import LocalStore

PATH = "/api/v1/analytics/ingredient-usage"
KEY = "analytics/v1/ingredient-usage.json"
HEAD = "head.json"

App = Callable[[Any, Any, Any], Awaitable[None]]


def bare(folder: Path) -> App:
    """The least an ASGI application can do: body and no more headers than it needs, whatever is asked."""
    body = (folder / KEY).read_bytes()
    return _from_memory([(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))], body)


def same(folder: Path) -> App:
    """The least it can do to answer with the same bytes: body, and the head in `HEAD`, whatever is asked."""
    head = json.loads((folder / HEAD).read_text())
    headers = [(name.encode(), value.encode()) for name, value in head]
    return _from_memory(headers, (folder / KEY).read_bytes())


def _from_memory(headers: list[tuple[bytes, bytes]], body: bytes) -> App:
    async def app(scope: Any, _: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return app


def specified(folder: Path) -> App:
    """As the specification does it: read the object, decode it, and have FastAPI encode it again."""
    app = FastAPI()
    store = LocalStore(folder)

    def get_database() -> object:  # not async: the specification's Lambda function calls it as it stands
        return store

    async def get_current_user_optional() -> None:
        return None

    @app.get(PATH)
    async def get_ingredient_usage_analytics(
        level: int | None = None,
        parent_id: int | None = None,
        db: object = Depends(get_database),
        user: object = Depends(get_current_user_optional),
    ):
        return json.loads(bytes(obstore.get(store, KEY).bytes()).decode("utf-8"))

    return app


def main(name: str, folder: str, port: str) -> None:
    """Serve one of them until a signal."""
    app = {"bare": bare, "same": same, "specified": specified}[name](Path(folder))
    uvicorn.run(
        app,
        port=int(port),
        http="httptools",
        loop="uvloop" if find_spec("uvloop") else "asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
