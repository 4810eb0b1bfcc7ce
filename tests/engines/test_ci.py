"""`.ci/engines` says what was not run and why, fails for what was run and failed, and is green for nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "engines"
JAVA_25 = "echo 'openjdk version \"25.0.3\" 2026-04-21 LTS' >&2"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository in which everything that `.ci/engines` calls is there and goes well."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci")
    for name, body in {
        "scripts/fetch-java": "false",
        "scripts/fetch-trino": "true",
        "scripts/fetch-versitygw": "true",
        "bin/make": 'echo "made $*"',
        "bin/mvn": "true",
        "bin/apt-get": "false",
        "java/bin/java": JAVA_25,
    }.items():
        write(tmp_path / name, body)
    return tmp_path


def write(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{checkout / 'bin'}:{os.environ['PATH']}", "TRINO_JAVA_HOME": str(checkout / "java")}
    return subprocess.run(
        ["bash", ".ci/engines"], cwd=checkout, env=environment, capture_output=True, text=True, timeout=30
    )


def test_what_can_be_fetched_is_run(checkout: Path) -> None:
    ended = run(checkout)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["made test-s3", "made test-trino", "made test-aws"]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "fetch-trino",
            [
                "made test-s3",
                "not run: make test-trino: Trino cannot be fetched",
                "not run: make test-aws: Trino cannot be fetched",
            ],
        ),
        (
            "fetch-versitygw",
            [
                "not run: make test-s3: versitygw cannot be built",
                "made test-trino",
                "not run: make test-aws: versitygw cannot be built",
            ],
        ),
    ],
)
def test_a_download_that_fails_is_told_and_is_no_failure(checkout: Path, script: str, told: list[str]) -> None:
    write(checkout / "scripts" / script, "exit 1")
    ended = run(checkout)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == told


def test_what_was_run_must_pass(checkout: Path) -> None:
    write(checkout / "bin/make", "exit 1")
    assert run(checkout).returncode != 0
