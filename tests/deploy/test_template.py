"""The template is what the code needs: tables, settings, handlers, and nobody may more than they must."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from parcook.aws import figures, handlers
from parcook.conversations.pseudonyms import load_secret
from parcook.events.dynamodb_tables import EXPIRES, events_definition, records_definition
from parcook.lake.retention import LAYERS
from parcook.settings import Settings
from tests.deploy.templates import DEPLOY, load, of_type, permissions_of, resolved, text_of

TEMPLATE = load("template.yaml")
FUNCTIONS = of_type(TEMPLATE, "AWS::Serverless::Function")
BUCKETS = of_type(TEMPLATE, "AWS::S3::Bucket")
READABLE = ("conversations", "tool_calls", "catalogue", "aggregated")


def lint(name: str) -> list[str]:
    """What CloudFormation's linter finds in a template."""
    command = [Path(sys.executable).parent / "cfn-lint", "--format", "parseable", DEPLOY / name]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout.splitlines()


def allowed(function: str) -> set[tuple[str, str]]:
    """The (action, resource) pairs that a function may."""
    return {(each.action, each.resource) for each in permissions_of(TEMPLATE, FUNCTIONS[function]["Policies"])}


def transformed(**parameters: Any) -> dict[str, Any]:
    """The template as CloudFormation's transform makes it."""
    template = load("template.yaml")
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):  # as packaging does
            resource["Properties"]["CodeUri"] = "s3://packages/" + Path(resource["Properties"]["CodeUri"]).name
    defaults = {name: about.get("Default", "") for name, about in template["Parameters"].items()}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="eu-west-1"))
    return translator.translate(template, defaults | parameters)


@pytest.mark.parametrize("name", ["template.yaml", "tables.yaml", "alarms.yaml"])
def test_cloudformation_s_linter_finds_nothing(name: str) -> None:
    assert lint(name) == []


def test_sam_makes_functions_roles_and_schedules_of_it() -> None:
    template = transformed(CatalogueSecret="shop/catalogue")
    functions = of_type(template, "AWS::Lambda::Function")
    assert functions.keys() == FUNCTIONS.keys()
    assert all(function["DeadLetterConfig"] for function in functions.values())
    assert {f"{name}Role" for name in functions} <= of_type(template, "AWS::IAM::Role").keys()
    schedules = {text_of(each["Target"]["Arn"]) for each in of_type(template, "AWS::Scheduler::Schedule").values()}
    assert schedules == {
        f"{name}.Arn" for name in FUNCTIONS.keys() - {"ApiFunction", "PersonExportFunction", "TokenFunction"}
    }


def test_the_gateway_asks_nobody_who_they_are() -> None:
    (api,) = of_type(transformed(), "AWS::ApiGatewayV2::Api").values()
    assert "securitySchemes" not in api["Body"].get("components", {})
    assert set(api["Body"]["paths"]) == {"$default", "/api/v1/users/{user_id}/export"}
    assert not any("security" in route for path in api["Body"]["paths"].values() for route in path.values())
    assert "AccessLogSettings" not in TEMPLATE["Resources"]["Api"]["Properties"]


def test_every_handler_is_there_and_in_its_package() -> None:
    for name, function in FUNCTIONS.items():
        module, _, handler = function["Handler"].rpartition(".")
        assert module == handlers.__name__
        assert list(inspect.signature(getattr(handlers, handler)).parameters) == ["event", "context"]
        package = "api" if name in ("ApiFunction", "AnalyticsRefreshFunction", "TokenFunction") else "lake"
        assert function["CodeUri"] == f"../build/lambda-{package}.zip"


def test_the_script_s_name_of_the_refresh_function_is_the_template_s() -> None:
    assert FUNCTIONS["AnalyticsRefreshFunction"]["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-analytics-refresh"}
    assert "function=$stack-analytics-refresh\n" in (DEPLOY.parent / "scripts/trigger-analytics-refresh.sh").read_text()


def test_names_of_buckets_are_the_account_s_own() -> None:
    for bucket in BUCKETS.values():
        assert resolved(bucket["BucketName"], {}, {}).endswith("-123456789012")


@pytest.mark.parametrize("on_efs", [True, False])
def test_what_the_functions_are_told_are_settings(
    on_efs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {name: about.get("Default", "") for name, about in TEMPLATE["Parameters"].items()}
    parameters |= {} if on_efs else {"CatalogueSecret": "shop/catalogue"}
    conditions = {"OnEfs": on_efs, "OnPostgres": not on_efs}
    for function in FUNCTIONS.values():
        variables = {
            **TEMPLATE["Globals"]["Function"]["Environment"]["Variables"],
            **function.get("Environment", {}).get("Variables", {}),
        }
        told = {name: resolved(value, parameters, conditions) for name, value in variables.items()}
        told.pop("MOUNTS")
        assert all(name.removeprefix("PARCOOK_").lower() in Settings.model_fields for name in told)
        with monkeypatch.context() as environment:
            for name, value in told.items():
                environment.setenv(name, value)
            settings = Settings()
        assert settings.storage_url == "s3://AnalyticsStorageBucket"
        is_asked_to_edit = function is FUNCTIONS["ApiFunction"]
        assert settings.refresh_url == ("lambda://AnalyticsRefreshFunction" if is_asked_to_edit else "none://")
        assert settings.events_url == "dynamodb://EventsTable?region=eu-west-1&shards=1"
        assert settings.catalogue_url == (
            "sqlite:////mnt/efs/catalogue.db" if on_efs else "secretsmanager://shop/catalogue"
        )


def test_a_secret_as_it_is_generated_is_a_key() -> None:
    rule = of_type(TEMPLATE, "AWS::SecretsManager::Secret")["SecretKey"]["GenerateSecretString"]
    assert rule == {"PasswordLength": 64, "ExcludePunctuation": True}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    assert len(load_secret(Settings(secret_key=(letters + "AZ")))) == 48


@pytest.mark.parametrize(
    ("name", "definition"), [("EventsTable", events_definition), ("EventsKeysTable", records_definition)]
)
def test_a_table_is_the_one_that_the_store_declares(name: str, definition: Any) -> None:
    table, declared = of_type(TEMPLATE, "AWS::DynamoDB::Table")[name], definition("shop-events")
    assert resolved(table["TableName"], {}, {}) == declared["TableName"]
    for part in ("KeySchema", "GlobalSecondaryIndexes", "BillingMode"):
        assert table.get(part) == declared.get(part)
    by_name = lambda attribute: attribute["AttributeName"]  # noqa: E731
    assert sorted(table["AttributeDefinitions"], key=by_name) == sorted(declared["AttributeDefinitions"], key=by_name)


def test_only_events_have_an_end_and_a_stream_and_keys_can_never_be_recovered() -> None:
    tables = of_type(TEMPLATE, "AWS::DynamoDB::Table")
    events, keys = tables["EventsTable"], tables["EventsKeysTable"]
    assert events["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}
    assert events["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert not {"TimeToLiveSpecification", "StreamSpecification"} & keys.keys()
    assert keys["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
    assert "PointInTimeRecoverySpecification" in events


def test_buckets_are_private_encrypted_and_spoken_to_over_tls_alone() -> None:
    policies = {text_of(each["Bucket"]): each for each in of_type(TEMPLATE, "AWS::S3::BucketPolicy").values()}
    assert policies.keys() == BUCKETS.keys()
    for name, bucket in BUCKETS.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        tls, *others = policies[name]["PolicyDocument"]["Statement"]
        assert (tls["Effect"], tls["Action"]) == ("Deny", "s3:*")
        assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert len(others) == (name == "AnalyticsStorageBucket")


def test_the_second_net_deletes_when_retention_should_have_and_never_an_artifact() -> None:
    assert "LifecycleConfiguration" not in BUCKETS["AnalyticsStorageBucket"]
    rules = {
        rule["Prefix"]: rule["ExpirationInDays"]
        for bucket in ("LakeBucket", "PrivateBucket")
        for rule in BUCKETS[bucket]["LifecycleConfiguration"]["Rules"]
        if "Prefix" in rule
    }
    promised = {f"{table.prefix.split('/')[0]}/": layer.days for layer in LAYERS for table in layer.tables}
    assert rules == promised
    for bucket in ("LakeBucket", "PrivateBucket", "QueryResultsBucket"):
        assert "VersioningConfiguration" not in BUCKETS[bucket]  # an old version would hold what was erased
        leavings = BUCKETS[bucket]["LifecycleConfiguration"]["Rules"][-1]
        assert {"NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"} <= leavings.keys()


def test_the_api_reads_artifacts_and_may_ask_for_a_refresh_and_no_more() -> None:
    may = allowed("ApiFunction")
    assert {pair for pair in may if "AnalyticsStorage" in pair[1]} == {
        ("s3:GetObject", "AnalyticsStorageBucket.Arn/*"),
        ("s3:ListBucket", "AnalyticsStorageBucket.Arn"),
    }
    assert {pair for pair in may if pair[0].startswith("lambda:")} == {
        ("lambda:InvokeFunction", "AnalyticsRefreshFunction.Arn")
    }
    assert not any("PrivateBucket" in resource for _, resource in may)
    assert not any(action in ("dynamodb:DeleteItem", "dynamodb:Scan") for action, on in may if "EventsTable" in on)


def test_whatever_the_event_store_asks_of_dynamodb_is_allowed() -> None:
    sources = [path.read_text() for path in (DEPLOY.parent / "src/parcook/events").glob("dynamodb*.py")]
    calls = {name for source in sources for name in re.findall(r"client\.(\w+)\(", source)}
    made_by_the_template = {"create_table", "update_time_to_live", "get_waiter"}
    asked = {f"dynamodb:{name.title().replace('_', '')}" for name in calls - made_by_the_template}
    may = {action for function in ("ApiFunction", "HourlyExportFunction") for action, _ in allowed(function)}
    assert {"dynamodb:Query", "dynamodb:BatchWriteItem"} <= asked <= may


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_may_everything_of_anything(function: str) -> None:
    for action, resource in allowed(function):
        assert not action.endswith("*")
        assert resource.rstrip("*") not in ("", "arn:aws:")


def test_whoever_asks_the_lake_reads_its_tables_alone() -> None:
    reads = {
        each.resource
        for each in permissions_of(TEMPLATE, [{"Ref": "AskPolicy"}])
        if each.action in ("s3:GetObject", "s3:PutObject")
    }
    assert reads == {*(f"LakeBucket.Arn/{prefix}/*" for prefix in READABLE), "QueryResultsBucket.Arn/results/*"}


def test_an_analyst_never_reads_events_keys_or_what_is_private() -> None:
    role = of_type(TEMPLATE, "AWS::IAM::Role")["AnalystRole"]
    said = permissions_of(TEMPLATE, [*role["ManagedPolicyArns"], *role["Policies"]])
    denied = {(each.action, each.resource) for each in said if each.effect == "Deny"}
    for table in ("EventsTable", "EventsKeysTable"):
        assert {("dynamodb:*", f"{table}.Arn"), ("dynamodb:*", f"{table}.Arn/*")} <= denied
    assert {("s3:*", "PrivateBucket.Arn"), ("s3:*", "PrivateBucket.Arn/*"), ("secretsmanager:*", "SecretKey")} <= denied
    touched = {each.resource for each in said if each.effect == "Allow"}
    assert not any(name in resource for resource in touched for name in ("Events", "Private", "Secret"))


def test_only_public_artifacts_are_everybody_s() -> None:
    _, statement = of_type(TEMPLATE, "AWS::S3::BucketPolicy")["AnalyticsStorageBucketPolicy"]["PolicyDocument"][
        "Statement"
    ]
    assert (statement["Action"], text_of(statement["Resource"])) == (
        "s3:GetObject",
        "AnalyticsStorageBucket.Arn/analytics/*",
    )
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "aws:sourcearn" in str(statement["Condition"]).lower()


def test_alarms_listen_to_figures_that_the_functions_tell() -> None:
    alarms = of_type(load("alarms.yaml"), "AWS::CloudWatch::Alarm")
    given = TEMPLATE["Resources"]["Alarms"]["Properties"]["Parameters"]
    own = {each["MetricName"]: each for each in alarms.values() if each["Namespace"] == figures.NAMESPACE}
    assert own.keys() == figures.UNITS.keys() - {figures.PROOF_AGE}
    for name in (figures.ARTIFACT_LAG, figures.LATE_GAPS, figures.PROOF_MISSING, figures.STALE):
        assert own[name]["TreatMissingData"] == "breaching"  # silence is no good news
    tellers = {name: text_of(given[each["Dimensions"][0]["Value"]["Ref"]]) for name, each in own.items()}
    assert tellers.pop(figures.ARTIFACT_LAG) == "AnalyticsRefreshFunction"
    assert set(tellers.values()) == {"HourlyExportFunction"}
    assert any(each["Namespace"] == "AWS/SQS" for each in alarms.values())
    assert all(each["AlarmActions"] for each in alarms.values())


def test_with_sqlite_the_api_is_one_writer_and_nothing_else_takes_from_a_small_account_s_quota() -> None:
    reserved = {name: function.get("ReservedConcurrentExecutions") for name, function in FUNCTIONS.items()}
    assert reserved.pop("ApiFunction") == {"Fn::If": ["OnEfs", 1, {"Ref": "AWS::NoValue"}]}
    assert set(reserved.values()) == {None}  # jobs are one at a time by their lease


def test_queries_are_bounded_and_their_results_expire() -> None:
    configuration = of_type(TEMPLATE, "AWS::Athena::WorkGroup")["WorkGroup"]["WorkGroupConfiguration"]
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] == {"Ref": "ScanLimitBytes"}
    (results, _) = BUCKETS["QueryResultsBucket"]["LifecycleConfiguration"]["Rules"]
    assert (results["Prefix"], results["ExpirationInDays"]) == ("results/", 7)


def test_the_lake_s_tables_are_those_of_the_code() -> None:
    subprocess.run([sys.executable, DEPLOY / "write_tables.py", "--check"], check=True)
