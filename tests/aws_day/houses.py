"""Two installations of one product: on the embedded defaults, and as the template lays it out on AWS.

Both are asked over their own front door, and their jobs are done by whoever does them there.
"""

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from parcook.access import Role
from parcook.aws import container, handlers
from parcook.jobs.work import all_jobs, do_job, due_jobs
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.wiring import Services, open_services
from tests.artifacts.lambda_server import LambdaServer
from tests.conftest import make_token
from tests.servers.api_gateway import ask_lambda


class House(ABC):
    """An installation. `services` are those its jobs work with."""

    services: Services

    @abstractmethod
    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask the API as an admin; status and decoded body."""

    @abstractmethod
    def refresh(self) -> None:
        """Recook the catalogue's artifacts, as its edits asked for."""

    @abstractmethod
    def do_what_is_due(self) -> None:
        """What an hour brings: erasures, export, numbers, artifacts."""


class Embedded(House):
    """One process: SQLite, a folder, DuckDB."""

    def __init__(self, folder: Path, zone: str) -> None:
        settings = Settings(home=folder / "home", timezone=zone, min_people=3, refresh_url="none://")
        self.services = open_services(settings)
        self._client = TestClient(create_app(settings, jobs=False), base_url="http://127.0.0.1")
        self._client.headers["Authorization"] = f"Bearer {make_token(settings, Role.ADMIN)}"
        self._client.__enter__()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self._client.request(method, path, json=body)
        return answer.status_code, answer.json() if answer.content else None

    def refresh(self) -> None:
        self.services.refresher.refresh()

    def do_what_is_due(self) -> None:
        lake, now = self.services.lake, self.services.clock()
        for job in due_jobs(lake, now, all_jobs(self.services.insights)):
            do_job(lake, job, now)

    def close(self) -> None:
        self._client.__exit__()
        self.services.close()


class OnAws(House):
    """Functions of Lambda, of which the environment says what they work with; `lambda_server` hears who is invoked."""

    def __init__(self, lambda_server: LambdaServer) -> None:
        self._lambda = lambda_server
        self.services = container.services()
        self._token = container.api().services.access.create_token(Role.ADMIN).secret

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return ask_lambda(method, path, body, self._token)

    def refresh(self) -> None:
        assert self._lambda.invocations  # the API's edits have called for it
        for _, _, body in self._lambda.invocations:
            handlers.lambda_handler(json.loads(body or b"{}"), None)
        self._lambda.invocations.clear()

    def do_what_is_due(self) -> None:
        handlers.hourly_export({}, None)
        handlers.retention({}, None)

    def close(self) -> None:
        container.api().close()
        self.services.close()
        container.api.cache_clear()
        container.services.cache_clear()
