"""The scripts for AWS: what they ask of it, in which order, and exit codes that tell what happened."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.servers.s3 import S3Server

ROOT = Path(__file__).parents[2]
PACKAGE = ["cloudformation", "package"]
DEPLOY = ["cloudformation", "deploy"]
DESCRIBE = ["cloudformation", "describe-stacks"]
INVOKE = ["lambda", "invoke"]


@dataclass
class Ran:
    code: int
    said: str
    calls: list[list[str]] = field(default_factory=list)

    @property
    def order(self) -> list[list[str]]:
        return [call[:2] for call in self.calls]


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, s3_server: S3Server) -> Run:
    """Runs a script with a stub for `aws`, which invokes functions of moto's Lambda."""
    path = tmp_path / "bin"
    path.mkdir()
    stub = path / "aws"
    stub.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).parent / "aws.py"}" "$@"\n')
    (path / "make").write_text('#!/bin/sh\necho "[\\"make\\", \\"$1\\"]" >>"$STUB_CALLS"\nexit "${STUB_MAKE:-0}"\n')
    for each in path.iterdir():
        each.chmod(0o755)
    calls = tmp_path / "calls"

    def run(script: str, *arguments: str, **settings: str) -> Ran:
        calls.write_text("")
        given = {"PATH": f"{path}:{os.defpath}", "STUB_CALLS": str(calls), **s3_server.environment, **settings}
        ended = subprocess.run(
            [ROOT / "scripts" / script, *arguments], env=given, capture_output=True, text=True, timeout=60
        )
        said = ended.stdout + ended.stderr
        return Ran(ended.returncode, said, [json.loads(line) for line in calls.read_text().splitlines()])

    return run


@pytest.fixture(scope="module")
def function(s3_server: S3Server) -> str:
    """The refresh function of the stack `cocktail-db-dev`, at moto, which takes invocations and runs nothing."""
    httpx2.post(f"{s3_server.endpoint}/moto-api/config", json={"lambda": {"use_docker": False}}).raise_for_status()
    iam, name = s3_server.client("iam"), "cocktail-db-dev-analytics-refresh"
    role = iam.create_role(RoleName="refresh", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("parcook.py", "def lambda_handler(event, context): return event\n")
    s3_server.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="parcook.lambda_handler",
        Code={"ZipFile": code.getvalue()},
    )
    return name


@pytest.mark.parametrize("script", ["trigger-analytics-refresh.sh", "deploy.sh"])
def test_a_script_says_how_it_is_used_and_refuses_what_it_does_not_know(run: Run, script: str) -> None:
    helped = run(script, "--help")
    assert (helped.code, helped.calls) == (0, [])
    assert "Exit code: 0" in helped.said
    refused = run(script, "production", PACKAGES_BUCKET="packages")
    assert (refused.code, refused.calls) == (2, [])
    assert "Usage:" in refused.said


def test_a_refresh_is_asked_for_and_not_awaited(run: Run, function: str) -> None:
    ran = run("trigger-analytics-refresh.sh")
    assert ran.code == 0, ran.said
    (call,) = ran.calls
    assert call[call.index("--function-name") + 1] == function
    assert call[call.index("--invocation-type") + 1] == "Event"
    assert call[call.index("--region") + 1] == "us-east-1"
    assert f"/aws/lambda/{function}" in ran.said


def test_a_refresh_that_aws_does_not_take_is_a_failure(run: Run, function: str) -> None:
    ran = run("trigger-analytics-refresh.sh", "prod")  # there is no such function at moto
    assert ran.code == 1
    assert "cocktail-db-prod-analytics-refresh" in ran.said
    assert "did not take the request" in ran.said
    assert "Asked for" not in ran.said


def test_a_refresh_that_is_awaited_tells_how_it_ended(run: Run, function: str) -> None:
    ran = run("trigger-analytics-refresh.sh", "dev", "--wait")
    assert (ran.code, "Done:" in ran.said) == (0, True)
    assert "RequestResponse" in ran.calls[0]
    failed = run("trigger-analytics-refresh.sh", "dev", "--wait", STUB_FUNCTION_ERROR="Unhandled")
    assert (failed.code, "the refresh failed" in failed.said) == (1, True)


def test_a_deployment_builds_uploads_deploys_and_cooks(run: Run, function: str) -> None:
    ran = run("deploy.sh", "dev", "CatalogueSecret=shop/catalogue", "SiteTitle=My Bar", PACKAGES_BUCKET="packages")
    assert ran.code == 0, ran.said
    assert ran.order == [["make", "lambda"], PACKAGE, DEPLOY, DESCRIBE, INVOKE]
    deploy = ran.calls[2]
    assert deploy[deploy.index("--stack-name") + 1] == "cocktail-db-dev"
    assert deploy[deploy.index("--parameter-overrides") + 1 :] == ["CatalogueSecret=shop/catalogue", "SiteTitle=My Bar"]


def test_a_deployment_without_parameters_overrides_none(run: Run, function: str) -> None:
    assert "--parameter-overrides" not in run("deploy.sh", PACKAGES_BUCKET="packages").calls[2]


def test_the_first_refresh_and_the_build_can_be_left_out(run: Run) -> None:
    left_out = {"SKIP_ANALYTICS_INIT": "true", "SKIP_BUILD": "true"}
    assert run("deploy.sh", PACKAGES_BUCKET="packages", **left_out).order == [PACKAGE, DEPLOY, DESCRIBE]


def test_without_a_bucket_for_the_packages_nothing_begins(run: Run) -> None:
    ran = run("deploy.sh", "dev")
    assert (ran.code, ran.calls) == (2, [])
    assert "PACKAGES_BUCKET is not set" in ran.said


@pytest.mark.parametrize(
    ("refused", "done"),
    [
        ("cloudformation package", [["make", "lambda"], PACKAGE]),
        ("cloudformation deploy", [["make", "lambda"], PACKAGE, DEPLOY]),
        ("lambda invoke", [["make", "lambda"], PACKAGE, DEPLOY, DESCRIBE, INVOKE]),
    ],
)
def test_after_a_step_that_fails_none_is_done(run: Run, refused: str, done: list[list[str]]) -> None:
    ran = run("deploy.sh", PACKAGES_BUCKET="packages", STUB_REFUSES=refused)
    assert (ran.code, ran.order) == (1, done)
    assert "nothing after it was done" in ran.said


def test_a_build_that_fails_deploys_nothing(run: Run) -> None:
    ran = run("deploy.sh", PACKAGES_BUCKET="packages", STUB_MAKE="2")
    assert (ran.code, ran.order) == (1, [["make", "lambda"]])
