"""The description of the API: complete, resolvable, and with examples that its own models take."""

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from parcook.access import Role
from parcook.catalogue import models
from parcook.settings import Settings
from parcook.web import analytics, catalogue
from parcook.web.app import create_app
from parcook.web.problems import Problem
from parcook.web.rules import ACCESS, BASE

MODELS = {
    "IngredientDraft": models.IngredientDraft,
    "IngredientPatch": models.IngredientPatch,
    "Ingredient": models.Ingredient,
    "RecipeDraft": models.RecipeDraft,
    "RecipePatch": models.RecipePatch,
    "UnitDraft": models.UnitDraft,
    "BulkIngredients": catalogue.BulkIngredients,
    "BulkRecipes": catalogue.BulkRecipes,
    "UsageAnswer": analytics.UsageAnswer,
    "ComplexityAnswer": analytics.ComplexityAnswer,
    "Problem": Problem,
}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), refresh_url="none://")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        response = client.get("/openapi.json")
        assert response.headers["content-type"] == "application/json"
        return response.json()


@pytest.fixture(scope="module")
def operations(document):
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def everything_in(value) -> Iterator[tuple[str, object]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield str(key), inner
        yield from everything_in(inner)


def test_every_route_but_the_front_page_is_described(document, operations):
    assert operations.keys() == ACCESS.keys() - {("GET", "/")}
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "parcook"
    assert document["info"]["version"]


def test_every_operation_says_what_it_does_under_a_name_of_its_own(operations):
    assert [key for key, operation in operations.items() if not operation["summary"]] == []
    assert [key for key, operation in operations.items() if not operation["description"].strip()] == []
    assert [key for key, operation in operations.items() if not operation["tags"]] == []
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)


def test_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]
    named = {value for key, value in everything_in(document) if key == "$ref"}
    assert named
    assert named <= {f"#/components/schemas/{name}" for name in schemas}


def test_faults_are_described_as_problems_and_as_nothing_else(operations):
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    other = {
        (key, status): response.get("content")
        for key, operation in operations.items()
        for status, response in operation["responses"].items()
        if status >= "400" and response.get("content") != problem
    }
    answered = {"application/json": {"schema": {"$ref": "#/components/schemas/TrackAnswer"}}}
    refused = {("POST", f"{BASE}/{name}"): "422" for name in ("track", "batch")}  # told event by event, or as a problem
    assert other == dict.fromkeys(refused.items(), problem | answered)


def test_the_documented_statuses_are_those_that_can_happen(operations):
    wanted = {}
    for key, role in ACCESS.items():
        method, path = key
        ours = path.startswith(BASE)
        wanted[key] = (
            ({"422", "503"} if ours else set())
            | ({"401", "403", "429"} if role is not Role.PUBLIC else set())
            | ({"404"} if "_id}" in path or "_type}" in path or "file_name" in path else set())
            | ({"400", "413", "415"} if method in ("POST", "PUT", "PATCH") and ours else set())
            | (
                {"412"}
                if method in ("PUT", "PATCH", "DELETE") and "{user_id}" not in path and "{conversation_id}" not in path
                else set()
            )
        )
    lacking = {key: wanted[key] - operations[key]["responses"].keys() for key in operations}
    assert {key: statuses for key, statuses in lacking.items() if statuses} == {}


def test_success_is_described_by_its_status_and_its_type(operations):
    successes = {
        key: [status for status in operation["responses"] if status < "400" and status != "304"]
        for key, operation in operations.items()
    }
    assert {tuple(statuses) for statuses in successes.values()} == {
        ("200",),
        ("201",),
        ("202",),
        ("204",),
        ("303",),
        ("202", "207"),
    }
    created = [key for key, statuses in successes.items() if statuses == ["201"]]
    assert {method for method, _ in created} == {"POST"}
    assert operations["GET", "/metrics"]["responses"]["200"]["content"].keys() == {"text/plain"}
    assert operations["POST", f"{BASE}/recipes"]["requestBody"]["content"].keys() == {"application/json"}


def test_every_body_that_is_taken_has_an_example(document, operations):
    schemas = [
        body["content"]["application/json"]["schema"]
        for operation in operations.values()
        if (body := operation.get("requestBody"))
    ]
    assert [schema for schema in schemas if "$ref" not in schema and not schema.get("examples")] == []
    bodies = {schema["$ref"].rpartition("/")[2] for schema in schemas if "$ref" in schema}
    assert bodies == {name for name in MODELS if name.endswith(("Draft", "Patch")) or name.startswith("Bulk")}
    assert [name for name in bodies if not document["components"]["schemas"][name]["examples"]] == []


@pytest.mark.parametrize("name", MODELS)
def test_an_example_is_what_its_model_takes(document, name):
    for example in document["components"]["schemas"][name]["examples"]:
        MODELS[name].model_validate_json(json.dumps(example))
        assert example


def test_the_items_of_bulk_examples_are_what_a_bulk_request_takes(document):
    schemas = document["components"]["schemas"]
    for item in schemas["BulkIngredients"]["examples"][0]["ingredients"]:
        models.BulkIngredient.model_validate(item)
    for item in schemas["BulkRecipes"]["examples"][0]["recipes"]:
        models.RecipeDraft.model_validate(item)


def test_query_parameters_tell_their_bounds(operations):
    parameters = {
        parameter["name"]: parameter["schema"] for parameter in operations["GET", f"{BASE}/recipes"]["parameters"]
    }
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"], parameters["limit"]["default"]) == (
        1,
        200,
        50,
    )
