"""What the OpenAPI document promises, asked of the application by schemathesis: every operation, and chains of them.

Nothing answers 5xx, no status or media type is undocumented, and every body is what its schema says.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as trials
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.python import asgi
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from parcook.access import Access, Role
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import open_catalogue
from parcook.settings import Settings
from parcook.web.app import create_app
from parcook.web.routing import STATE_KEY
from tests.conftest import make_token
from tests.web.stocking import stock

load_all_checks()
api = schemathesis.openapi.from_dict(create_app(Settings(home=Path("nowhere"))).openapi())
# A schema cannot say which ids exist, what a cursor looks like inside, or that a name is more than white space (422),
# nor which ETag is the current one (412).
api.config.checks.positive_data_acceptance.expected_statuses = [
    *("2xx", "3xx", "401", "403", "404", "409", "412", "422"),
]
# More events than a batch holds are a 413, as is any body that is too large. Each event of a batch is judged alone: one
# that breaks the schema is told as rejected in a 207 beside those that were taken.
api.config.checks.negative_data_rejection.expected_statuses = [
    *("207", "400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"),
]
# No shrinking: from one example to the next the catalogue goes on, so none can be repeated.
FEW = trials(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
MANY = trials(FEW, max_examples=200)
FEW_CHAINS = trials(FEW, max_examples=20, stateful_step_count=12)
MANY_CHAINS = trials(FEW, max_examples=500, stateful_step_count=30)


class Standing:
    """The application of the test under way, to which each request comes from another address.

    The throttle would rightly stop a single one that presents so many bad credentials.
    """

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = next(self._numbers)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        assert self.app is not None
        await self.app({**scope, "client": [address, 50_000]}, receive, send)


standing = api.app = Standing()


@dataclass(frozen=True)
class Place:
    """Where the application under way keeps its catalogue, how it was in the beginning, and who is admin of it."""

    catalogue: Path
    beginning: Path
    admin: dict[str, str]

    def start_over(self) -> None:
        with closing(sqlite3.connect(self.beginning)) as source, closing(sqlite3.connect(self.catalogue)) as target:
            source.backup(target)


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An application over a small catalogue, its answers cooked before if the parameter is "stored"."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, refresh_url="none://")
    admin = {"Authorization": f"Bearer {make_token(settings, Role.ADMIN)}"}
    standing.app = create_app(settings)
    with TestClient(standing.app, headers=admin) as client:
        stock(client)
        if request.param == "stored":
            client.app_state[STATE_KEY].refresher.refresh()
    place = Place(home / "catalogue.db", shutil.copyfile(home / "catalogue.db", home / "beginning.db"), admin)
    yield place
    asgi.shutdown_lifespans()


live_or_stored = pytest.mark.parametrize("place", ["live", "stored"], indirect=True)


def excluded(case: schemathesis.Case) -> list[Any]:
    # `PUT /ingredients/bulk` is 422 and not 405: `bulk` stands where `PUT /ingredients/{ingredient_id}` has an id.
    # `DELETE /users/0/export` is 202: ids of users may hold slashes, and it erases the user `0/export`.
    is_beside_ids = case.operation.path.endswith(("/bulk", "/search", "/export"))
    return [CHECKS.get_one("unsupported_method")] if is_beside_ids else []


@live_or_stored
@api.parametrize()
@FEW
def test_every_operation_keeps_its_word_to_an_admin(case: schemathesis.Case, place: Place) -> None:
    case.call_and_validate(headers=place.admin, excluded_checks=excluded(case))


@live_or_stored
@api.parametrize()
@FEW
@pytest.mark.usefixtures("place")
def test_every_operation_keeps_its_word_to_anybody(case: schemathesis.Case) -> None:
    case.call_and_validate(excluded_checks=excluded(case))


@live_or_stored
def test_chains_of_operations_keep_their_word_to_an_admin(place: Place) -> None:
    run_chains(place, place.admin, FEW_CHAINS)


@live_or_stored
def test_chains_of_operations_keep_their_word_to_anybody(place: Place) -> None:
    run_chains(place, {}, FEW_CHAINS)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@live_or_stored
@api.parametrize()
@MANY
def test_every_operation_goes_on_keeping_its_word(case: schemathesis.Case, place: Place) -> None:
    case.call_and_validate(headers=place.admin, excluded_checks=excluded(case))


@pytest.mark.soak
@pytest.mark.timeout(3600)
@live_or_stored
def test_long_chains_of_operations_keep_their_word(place: Place) -> None:
    run_chains(place, place.admin, MANY_CHAINS)


def run_chains(place: Place, headers: dict[str, str], how_many: trials) -> None:
    class Chains(api.as_state_machine()):
        def setup(self) -> None:
            place.start_over()

        def get_call_kwargs(self, _: schemathesis.Case) -> dict[str, Any]:
            return {"headers": headers}

    Chains.run(settings=how_many)


# What chance does not come upon.


@pytest.mark.parametrize("place", ["stored"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("ingredients", {"ingredients": [{"name": "Aquavit", "parent_name": "Spirits"}, {"name": "Taffel"}]}),
        ("recipes", {"recipes": [{"name": "Aal", "ingredients": [{"ingredient_name": "gin", "amount": 1}]}]}),
    ],
)
def test_good_bulk_requests_keep_their_word(place: Place, kind: str, body: dict[str, Any]) -> None:
    place.start_over()
    case = api[f"/api/v1/{kind}/bulk"]["POST"].Case(body=body, media_type="application/json")
    assert case.call_and_validate(headers=place.admin).status_code == 201


@pytest.mark.parametrize("place", ["stored"], indirect=True)
@pytest.mark.usefixtures("place")
def test_an_answer_that_still_stands_keeps_its_word() -> None:
    for path, parameters in (
        ("/api/v1/analytics/recipe-complexity", {}),
        ("/api/v1/analytics/{analytics_type}", {"analytics_type": "ingredient-tree"}),
        ("/api/v1/analytics/ingredient-usage", {}),
        ("/analytics/v1/{file_name}", {"file_name": "manifest.json"}),
    ):
        operation = api[path]["GET"]
        etag = operation.Case(path_parameters=parameters).call_and_validate().headers["etag"][0]
        again = operation.Case(path_parameters=parameters).call_and_validate(headers={"If-None-Match": etag})
        assert again.status_code == 304


@pytest.mark.parametrize("place", ["live"], indirect=True)
def test_signing_in_keeps_its_word(place: Place) -> None:
    with closing(open_catalogue(f"sqlite:///{place.catalogue}")) as catalogue:
        key = Access(Credentials(catalogue.database)).create_link(Role.ADMIN)
    case = api["/sign-in"]["GET"].Case(query={"key": key})
    assert case.call_and_validate(allow_redirects=False).status_code == 303
