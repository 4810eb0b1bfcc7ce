"""Our own server: uvicorn on one socket, one process, ended by a signal."""

import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec

import uvicorn

from parcook.access import Role
from parcook.errors import Unavailable
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.wiring import open_services


def run(settings: Settings, host: str, port: int, announce: Callable[[str], None], jobs: bool = True) -> None:
    """Serve until SIGINT or SIGTERM, and do the `jobs`. `announce` is told what to open, once the server answers.

    Raises `Unavailable` if the address cannot be listened on, and whatever opening the services raises.
    """
    listening = _listen(host, port)
    address = _url(host, listening.getsockname()[1])
    link = _first_sign_in_link(settings, address)
    server = _Server(
        uvicorn.Config(
            create_app(settings, jobs),
            http="httptools",
            loop="uvloop" if find_spec("uvloop") else "asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=10,
        ),
        lambda: announce(_welcome(address, link)),
    )
    # uvicorn raises the signal that ended it once more when all is closed; being asked to end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    except SystemExit as ending:
        if ending.code != uvicorn.config.STARTUP_FAILURE:  # it is 3, which in our commands means stale
            raise
    finally:
        listening.close()
    if not server.started:
        raise Unavailable("the server did not start; the log above says why")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # code and libraries stay; looking through them would hold all requests up for some 50 ms
            self._on_ready()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {host}:{port}: {error.strerror or error}. "
            "Choose another port with --port, or PORT=8001 make run."
        ) from error


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _first_sign_in_link(settings: Settings, address: str) -> str | None:
    # Opened before the server, so that what keeps it from starting is one line and not uvicorn's traceback.
    with contextlib.closing(open_services(settings)) as services:
        if not services.access.needs_first_admin():
            return None
        return f"{address}/sign-in?key={services.access.create_link(Role.ADMIN)}"


def _welcome(address: str, link: str | None) -> str:
    lines = [
        "",
        "  parcook is ready",
        "",
        f"  the page           {address}/",
        f"  ingredient usage   {address}/api/v1/analytics/ingredient-usage",
        f"  complexity         {address}/api/v1/analytics/recipe-complexity",
        f"  API documentation  {address}/docs",
    ]
    if link:
        lines += ["", "  Sign in as admin, once, within 24 hours:", f"  {link}"]
    return "\n".join([*lines, "", "  Ctrl-C ends it.", ""])
