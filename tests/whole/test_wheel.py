"""The wheel: what is in it, and that it works alone, in an environment of its own and far from the sources."""

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.servers.missing import lacking
from tests.whole.processes import clean_environment

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src/parcook"
WHEELHOUSE = ROOT / ".cache/wheelhouse"


def run(*command, cwd, **settings):
    environment = {name: value for name, value in clean_environment().items() if not name.startswith("PYTHON")}
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A folder with an environment that has the wheel and its pinned dependencies, and nothing of the sources."""
    if not WHEELHOUSE.is_dir():
        lacking("the wheelhouse", "`make test` fills .cache/wheelhouse with the pinned wheels")
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    run(
        *(folder / "venv/bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"),
        *("--find-links", WHEELHOUSE, wheel),
        cwd=folder,
    )
    return folder


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        f"parcook/{path.relative_to(SOURCES).as_posix()}"
        for path in SOURCES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == sources
    assert "parcook/py.typed" in names
    assert [name for name in names if re.fullmatch(r"parcook/catalogue/migrations/versions/0001_\w+\.py", name)]
    assert [name for name in names if "test" in name.lower()] == []


def test_the_wheel_says_what_it_is(wheel):
    archive = zipfile.ZipFile(wheel)
    (metadata_name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = archive.read(metadata_name).decode()
    assert f"\nVersion: {version('parcook')}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert [name for name in archive.namelist() if name.endswith("LICENSE")]
    assert archive.testzip() is None


def test_the_installed_command_works_from_another_folder(elsewhere):
    command = elsewhere / "venv/bin/parcook"
    assert "Usage: parcook" in run(command, "--help", cwd=elsewhere)
    assert run(command, "--version", cwd=elsewhere) == f"parcook {version('parcook')}\n"
    refreshed = json.loads(run(command, "refresh", "--json", cwd=elsewhere))
    assert refreshed == {"cooked": True, "current": True, "version": 0}
    assert (elsewhere / "parcook-data/objects/analytics/v1/manifest.json").is_file()
    run(command, "import", ROOT / "samples/cocktails.json", cwd=elsewhere)
    run(command, "refresh", cwd=elsewhere)
    assert json.loads(run(command, "verify", "--json", cwd=elsewhere)) == {"ok": True, "faults": []}


def test_the_installed_package_is_imported_from_where_it_was_installed(elsewhere):
    script = "import parcook, sys; print(parcook.__file__); parcook.create_app; print(*sorted(sys.modules))"
    where, modules = run(elsewhere / "venv/bin/python", "-c", script, cwd=elsewhere).splitlines()
    assert Path(where).is_relative_to(elsewhere)
    assert {"psycopg", "boto3", "pytest"} & set(modules.split()) == set()


def test_the_package_needs_neither_database_driver_nor_cloud(elsewhere):
    pip = (elsewhere / "venv/bin/python", "-m", "pip", "--disable-pip-version-check")
    installed = {entry["name"] for entry in json.loads(run(*pip, "list", "--format", "json", cwd=elsewhere))}
    assert "parcook" in installed
    assert {"psycopg", "boto3", "botocore", "pytest", "hatchling"} & installed == set()
