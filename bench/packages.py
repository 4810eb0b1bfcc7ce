"""The packages for AWS Lambda: what they unpack to, and how long a cold container imports them."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3

from bench.report import Figure, duration

SUBJECT = "Packages for Lambda"
NOTE = """\
Built by scripts/build-lambda for the Python that measures, from the pinned wheels. Importing is that of the handlers
in a new process with nothing else on its path but boto3, which Lambda brings; the lake's package loads DuckDB as
well, as its first job would. The quickest of five; reading files that were never read before is not in it."""
ROOT = Path(__file__).parents[1]
LIMITS = {"lambda-api": (100_000_000, 1.5, ""), "lambda-lake": (160_000_000, 3.0, "import duckdb; ")}
TURNS = 5
IN_LAMBDA = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")
_TIMED = "import time; began = time.perf_counter(); {}import parcook.aws.handlers; print(time.perf_counter() - began)"


def measure(folder: Path) -> Iterator[Figure]:
    """Build both packages in `folder` and import them."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [sys.executable, str(ROOT / "scripts" / "build-lambda"), "--python", python, "--into", str(folder)]
    subprocess.run([*command, "--wheels", str(ROOT / ".cache" / "wheelhouse")], check=True, stdout=sys.stderr)
    runtime = folder / "runtime"
    runtime.mkdir()
    for part in IN_LAMBDA:
        (runtime / part).symlink_to(Path(boto3.__file__).parents[1] / part)
    for name, (most_bytes, most_s, more) in LIMITS.items():
        with zipfile.ZipFile(folder / f"{name}.zip") as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            archive.extractall(folder / name)
        yield Figure(
            SUBJECT,
            f"{name}.zip, unpacked",
            f"{size / 1e6:.1f} MB",
            required=f"≤ {most_bytes / 1e6:.0f} MB",
            met=size <= most_bytes,
        )
        path = os.pathsep.join(map(str, (folder / name, runtime)))
        seconds = min(_import(path, more) for _ in range(TURNS))
        yield Figure(
            SUBJECT,
            f"{name}.zip, imported",
            duration(seconds),
            required=f"≤ {most_s:g} s",
            met=seconds <= most_s,
        )


def _import(path: str, more: str) -> float:
    command = [sys.executable, "-S", "-c", _TIMED.format(more)]
    environment = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return float(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
