"""A real Trino with its Hive connector on a free port of 127.0.0.1, over files in a folder and over S3.

`make test-trino` fetches the server. `TRINO_URL`, as trino://user@host:port/catalog, names a running one instead; then
`TRINO_FOLDER` is a folder here whose files its catalog finds under `local:///`.
"""

import itertools
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from parcook.engines.trino import TrinoEngine
from parcook.errors import Unavailable
from parcook.lake.ddl import trino_statements
from parcook.lake.tables import Format, readable_tables
from tests.servers.missing import lacking
from tests.servers.s3 import S3Server

CACHE = Path(__file__).parents[2] / ".cache"
HOME = CACHE / "trino-476"
LEAST_JAVA = 24
STARTS_WITHIN_S = 180
CATALOG = "lake"
_JVM = ("-Xmx2G", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
_OPENED = ("-Djdk.attach.allowAttachSelf=true", "-Dfile.encoding=UTF-8")
_VECTOR = "jdk.incubator.vector"  # makes Trino faster, where the runtime has it


@dataclass
class TrinoServer:
    """A running server. `folder` is what its catalog calls `local:///`; its S3 is ours unless it was running before."""

    url: str
    folder: Path
    sees_our_s3: bool = True
    schemas: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def declare(self, location: str, lake_format: Format = "parquet") -> TrinoEngine:
        """An engine on a new schema with the tables of the lake at `location`, `local:///…` or `s3://…`."""
        if location.startswith("local:///"):
            self.make_folders(location.removeprefix("local:///"))
        schema = self.new_schema()
        engine = TrinoEngine(f"{self.url}/{schema}")
        with engine.reading({}) as session:
            for statement in trino_statements(location, f"{engine.catalog}.{schema}", lake_format):
                session.run(statement)
        return engine

    def new_schema(self) -> str:
        """The name of a schema that is not there yet; it goes with the others."""
        self.schemas.append(f"lake_{os.getpid()}_{next(self._numbers)}")
        return self.schemas[-1]

    def drop_schemas(self) -> None:
        """Leave the server as it was found; files stay, the tables are external."""
        for schema in self.schemas:
            with TrinoEngine(f"{self.url}/{schema}").reading({}) as session:
                session.run(f"drop schema if exists {schema} cascade")

    def make_folders(self, prefix: str) -> None:
        """Those of the tables of a lake under `prefix`: where there are folders, a table's must be there."""
        for table in readable_tables():
            (self.folder / prefix / table.prefix).mkdir(parents=True, exist_ok=True)


@contextmanager
def start_trino(s3: S3Server) -> Iterator[TrinoServer]:
    if running := os.environ.get("TRINO_URL"):
        if "TRINO_FOLDER" not in os.environ:
            pytest.fail("TRINO_URL needs TRINO_FOLDER beside it: the folder that its catalog calls local:///")
        found = TrinoServer(running.rstrip("/"), Path(os.environ["TRINO_FOLDER"]), sees_our_s3=False)
        yield found
        found.drop_schemas()
        return
    java = find_java()
    if not (HOME / "plugin" / "hive").exists():
        lacking("Trino", "run make test-trino, which fetches it")
    with tempfile.TemporaryDirectory(prefix="parcook-trino-") as place:
        folder = Path(place)
        port = _free_port()
        _configure(folder, port, s3)
        options = (
            *_JVM,
            *_OPENED,
            *_modules(java),
            f"-Dconfig={folder}/etc/config.properties",
            f"-Dnode.data-dir={folder}",
        )
        named = ("-Dnode.environment=test", "-Dnode.id=test", f"-Dlog.levels-file={folder}/etc/log.properties")
        command = [java, *options, *named, "-cp", f"{HOME}/lib/*", "io.trino.server.TrinoServer"]
        with (
            (folder / "log").open("w") as log,
            subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT) as server,
        ):
            try:
                started = TrinoServer(f"trino://test@127.0.0.1:{port}/{CATALOG}", folder / "files")
                _wait(started, server, port, folder / "log")
                yield started
            finally:
                server.kill()  # what it holds goes with its folder


def find_java() -> str:
    """A `java` of at least version 24: the machine's, TRINO_JAVA_HOME's, JAVA_HOME's, one that was fetched."""
    named = [os.environ.get("TRINO_JAVA_HOME"), os.environ.get("JAVA_HOME")]
    homes = [*named, *sorted(Path("/usr/lib/jvm").glob("*")), CACHE / "java-25"]
    found = ["java", *(str(Path(home, "bin", "java")) for home in homes if home)]
    fit = [java for java in found if _java_version(java) >= LEAST_JAVA]
    if not fit:
        lacking(f"Java {LEAST_JAVA} or newer", "run scripts/fetch-java .cache/java-25, or set TRINO_JAVA_HOME")
    return fit[0]


def _java_version(java: str) -> int:
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30).stderr
    except OSError:
        return 0
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _modules(java: str) -> list[str]:
    listed = subprocess.run([java, "--list-modules"], capture_output=True, text=True, timeout=30, check=True).stdout
    return [f"--add-modules={_VECTOR}"] if _VECTOR in listed else []


def _configure(folder: Path, port: int, s3: S3Server) -> None:
    (folder / "etc" / "catalog").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "plugin").symlink_to(HOME / "plugin")
    settings = {
        "config.properties": {
            "coordinator": "true",
            "node-scheduler.include-coordinator": "true",
            "node.bind-ip": "127.0.0.1",
            "node.internal-address": "127.0.0.1",
            "http-server.http.port": port,
            "discovery.uri": f"http://127.0.0.1:{port}",
            "query.max-memory": "1GB",
            "query.max-memory-per-node": "1GB",
        },
        "log.properties": {"io.trino": "WARN", "io.airlift": "WARN", "Bootstrap": "WARN", "org.eclipse": "WARN"},
        f"catalog/{CATALOG}.properties": {
            "connector.name": "hive",
            "hive.metastore": "file",
            "hive.metastore.catalog.dir": "local:///metastore",
            "hive.partition-projection-enabled": "true",
            "hive.ignore-absent-partitions": "true",
            "fs.native-local.enabled": "true",
            "local.location": folder / "files",
            "fs.native-s3.enabled": "true",
            "s3.endpoint": s3.endpoint,
            "s3.region": s3.environment["AWS_REGION"],
            "s3.aws-access-key": s3.environment["AWS_ACCESS_KEY_ID"],
            "s3.aws-secret-key": s3.environment["AWS_SECRET_ACCESS_KEY"],
            "s3.path-style-access": "true",
        },
    }
    for name, lines in settings.items():
        (folder / "etc" / name).write_text("".join(f"{key}={value}\n" for key, value in lines.items()))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait(started: TrinoServer, server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not (_is_up(port) and _has_workers(started)):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Trino does not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.5)


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/info", timeout=2) as answer:
            return not json.load(answer)["starting"]
    except (urllib.error.URLError, OSError):
        return False


def _has_workers(started: TrinoServer) -> bool:
    """Whether queries find a node to run on: for some seconds after its start, a server does not count itself."""
    try:
        with TrinoEngine(f"{started.url}/default").reading({}) as session:
            session.run("select n from unnest(sequence(1, 2)) as t(n)")
    except Unavailable:
        return False
    return True
