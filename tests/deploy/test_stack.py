"""What the template makes, the code opens: tables and buckets by CloudFormation, a secret by its rule, at moto."""

import json
from pathlib import Path

import pytest

from parcook.settings import load_settings
from parcook.wiring import open_services
from tests.deploy.templates import load, resolved
from tests.lake.making import at, event
from tests.servers.s3 import S3Server

KINDS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")  # moto makes no secrets of templates


@pytest.fixture(scope="module")
def names(s3_server: S3Server) -> dict[str, str]:
    """The names of what a stack `shop` has of these kinds, by their names in the template."""
    template = load("template.yaml")
    kept = {name: each for name, each in template["Resources"].items() if each["Type"] in KINDS}
    used = {"EventsPointInTimeRecovery": template["Parameters"]["EventsPointInTimeRecovery"]}
    cloudformation = s3_server.client("cloudformation")
    cloudformation.create_stack(StackName="shop", TemplateBody=json.dumps({"Parameters": used, "Resources": kept}))
    made = cloudformation.list_stack_resources(StackName="shop")["StackResourceSummaries"]
    secrets = s3_server.client("secretsmanager")
    rule = template["Resources"]["SecretKey"]["Properties"]["GenerateSecretString"]
    secret = secrets.create_secret(
        Name="shop/secret-key", SecretString=secrets.get_random_password(**rule)["RandomPassword"]
    )
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made} | {"SecretKey": secret["ARN"]}


def test_an_installation_opens_over_what_the_stack_made(
    names: dict[str, str], s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = load("template.yaml")["Globals"]["Function"]["Environment"]["Variables"]
    parameters = {**names, "EventShards": "1", "AWS::Region": "us-east-1", "DatabasePath": f"{tmp_path}/catalogue.db"}
    conditions = {"OnEfs": True, "OnPostgres": False}
    for name in ("CATALOGUE", "STORAGE", "LAKE", "PRIVATE", "EVENTS"):
        monkeypatch.setenv(f"PARCOOK_{name}_URL", resolved(variables[f"PARCOOK_{name}_URL"], parameters, conditions))
    monkeypatch.setenv("PARCOOK_SECRET_KEY", resolved(variables["PARCOOK_SECRET_KEY"], parameters, conditions))
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    tables = s3_server.client("dynamodb")
    before = {name: tables.describe_table(TableName=name)["Table"]["CreationDateTime"] for name in _shop(tables)}

    services = open_services(load_settings())
    try:
        stored = event("2025-01-15 10:20", "c", "ann")
        assert services.events.append([stored]) == [True]
        assert [each.message_id for each in services.events.day(stored.day, at("2025-01-15 11:00"))] == [
            stored.message_id
        ]
        assert services.refresher.refresh() is True
        assert services.storage.manifest() is not None
    finally:
        services.close()
    after = {name: tables.describe_table(TableName=name)["Table"]["CreationDateTime"] for name in _shop(tables)}
    assert after == before
    assert len(before) == 2


def _shop(tables) -> list[str]:
    return [name for name in tables.list_tables()["TableNames"] if name.startswith("shop-")]
