from pathlib import Path
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.python import asgi

from parcook.access import Role
from parcook.settings import Settings
from parcook.web.app import create_app
from tests.conftest import make_token

schema = schemathesis.openapi.from_dict(create_app(Settings(home=Path("nowhere"))).openapi())
schema.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]

@pytest.fixture(scope="module")
def app_settings(tmp_path_factory):
    return Settings(home=tmp_path_factory.mktemp("home"), refresh_url="none://")

@pytest.fixture(scope="module")
def app(app_settings):
    yield create_app(app_settings)
    asgi.shutdown_lifespans()


@pytest.fixture(scope="module")
def admin_headers(app_settings, app):
    return {"Authorization": f"Bearer {make_token(app_settings, Role.ADMIN)}"}


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_admin(case, app, admin_headers):
    case.call_and_validate(headers=admin_headers, app=app)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_anon(case, app):
    case.call_and_validate(app=app)


def test_stateful(app, admin_headers):
    class Machine(schema.as_state_machine()):
        def get_call_kwargs(self, case):
            return {"headers": admin_headers, "app": app}

    Machine.run(settings=settings(max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)))
