"""The packages for Lambda: the same bytes twice, small, and whole, with nothing beside them but Lambda's boto3."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from tests.servers.missing import lacking

ROOT = Path(__file__).parents[2]
WHEELHOUSE = ROOT / ".cache" / "wheelhouse"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
LIMITS = {"lambda-api": 100_000_000, "lambda-lake": 160_000_000}
IN_LAMBDA = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")

ANSWER = """
import json, sys
from parcook.aws import container, handlers
def ask(method, path, body=None, **headers):
    http = {"method": method, "path": path, "sourceIp": "203.0.113.7", "protocol": "HTTP/1.1"}
    answer = handlers.api_handler({"version": "2.0", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {"http": http, "stage": "$default"}, "body": body, "isBase64Encoded": False}, None)
    return answer["statusCode"], answer["body"]
told = {"health": ask("GET", "/healthz")[0], "cooked": handlers.lambda_handler({}, None)["cooked"]}
told["usage"] = json.loads(ask("GET", "/api/v1/analytics/ingredient-usage")[1])["metadata"]["source"]
from parcook.access import Role
token = container.services().access.create_token(Role.ADMIN).secret
told["erasure"] = ask("DELETE", "/api/v1/users/ann", authorization=f"Bearer {token}")[0]
told["has_duckdb"] = "duckdb" in sys.modules
if sys.argv[1] == "lambda-lake":
    told["hourly"] = sorted(handlers.hourly_export({}, None))
    told["day"] = handlers.lambda_daily_aggregation({"date": "2025-01-15"}, None)["date"]
print("told:" + json.dumps(told))
"""


@dataclass
class Built:
    """Two builds of the same sources, each in a folder of its own."""

    first: Path
    second: Path

    def unpacked(self, name: str) -> Path:
        folder = self.first / name
        if not folder.exists():
            with zipfile.ZipFile(self.first / f"{name}.zip") as archive:
                archive.extractall(folder)
        return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    if not any(WHEELHOUSE.glob("mangum-*.whl")):
        lacking("the wheelhouse", "run make test, which fills it")
    folders = [tmp_path_factory.mktemp("built") for _ in range(2)]
    command = [sys.executable, ROOT / "scripts" / "build-lambda", "--python", PYTHON, "--wheels", WHEELHOUSE]
    building = [subprocess.Popen([*command, "--into", folder], stdout=subprocess.PIPE) for folder in folders]
    assert [process.communicate()[0] != b"" and process.returncode for process in building] == [0, 0]
    return Built(*folders)


@pytest.mark.parametrize("name", LIMITS)
def test_the_same_sources_give_the_same_bytes(built: Built, name: str) -> None:
    assert (built.first / f"{name}.zip").read_bytes() == (built.second / f"{name}.zip").read_bytes()


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_a_package_is_small_and_sorted_and_holds_no_time_of_its_making(built: Built, name: str, limit: int) -> None:
    with zipfile.ZipFile(built.first / f"{name}.zip") as archive:
        entries = archive.infolist()
    assert sum(entry.file_size for entry in entries) <= limit
    names = [entry.filename for entry in entries]
    assert [part for part in names if part.split("/")[0] in (*IN_LAMBDA, "uvicorn", "typer", "pip")] == []
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert sorted(names) == names
    assert any(text.startswith("_duckdb.") for text in names) == (name == "lambda-lake")


@pytest.mark.parametrize(
    ("name", "more"), [("lambda-api", {}), ("lambda-lake", {"hourly": ["insights"], "day": "2025-01-15"})], ids=LIMITS
)
def test_a_package_alone_does_its_work(built: Built, tmp_path: Path, name: str, more: dict) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for part in IN_LAMBDA:
        (runtime / part).symlink_to(Path(boto3.__file__).parents[1] / part)
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, (built.unpacked(name), runtime))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "shop-function",
        "PARCOOK_HOME": str(tmp_path / "home"),
        "PARCOOK_REFRESH_URL": "none://",
        "PARCOOK_ENGINE_URL": "athena://shop/shop?output=s3://results&region=us-east-1",
    }
    command = [sys.executable, "-S", "-c", ANSWER, name]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    (told,) = (line for line in ended.stdout.splitlines() if line.startswith("told:"))
    assert json.loads(told.removeprefix("told:")) == {
        "health": 200,
        "cooked": True,
        "usage": "stored",
        "erasure": 202,
        "has_duckdb": False,
        **more,
    }
