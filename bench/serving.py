"""Requests a second for a stored artifact: `parcook serve`, the least ASGI can do, and the specification's way."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from bench.apps import HEAD, KEY, PATH
from bench.load import CONNECTIONS, Generator, Load, open_generator
from bench.report import Figure, duration
from bench.servers import BIN, Command, ask, make_bucket, run_s3, run_server
from bench.worlds import MEDIUM, SMALL

SUBJECT = "Serving a stored artifact"
NOTE = f"""\
`GET {PATH}` over the loopback on {CONNECTIONS} keep-alive connections without pipelining, each asking again as soon
as it has its answer; all servers are asked in turns, one at a time. Baselines under the same server and options:
*same*, the least an ASGI application can do to return the same bytes, head and body, from memory; *bare*, that without
any header but type and length; *specified*, the specification's way, a FastAPI route that reads the object (here a
file, with obstore), decodes it and returns it to be encoded again. *Under granian* is parcook under that server. S3
is moto on the same machine. Rates and ratios are medians of the rounds'; latencies are those at full load, with
{CONNECTIONS} requests always under way."""

ROUNDS = 8
SECONDS = 0.6
WARM_UP_S = 0.1
SAMPLE = Path(__file__).parent.parent / "samples" / "cocktails.json"


@dataclass
class Server:
    """A running server, and the loads it was put under."""

    port: int
    loads: list[Load] = field(default_factory=list)

    def times(self, other: "Server") -> float:
        """How many times the requests of `other` it answered, round by round."""
        return median(own.rate / theirs.rate for own, theirs in zip(self.loads, other.loads, strict=True))

    def __str__(self) -> str:
        rate = median(load.rate for load in self.loads)
        parts = quantiles((latency for load in self.loads for latency in load.latencies), n=100)
        return f"{rate:,.0f}/s, p50 {duration(parts[49])}, p99 {duration(parts[98])}"


def measure(folder: Path) -> Iterator[Figure]:
    """The figures, from the sample catalogue and the worlds in `folder`."""
    sample = folder / "sample.db"
    _run_parcook({"PARCOOK_CATALOGUE_URL": f"sqlite:///{sample}"}, "import", SAMPLE)
    with open_generator() as generator, run_s3(folder) as s3:
        os.environ.update(s3)
        yield from _compare(generator, make_bucket(s3, "sample"), "sample catalogue", sample)
        for number, world in enumerate((SMALL, MEDIUM)):
            yield from _compare(generator, make_bucket(s3, f"world-{number}"), str(world), world.path(folder))


def _compare(generator: Generator, bucket: str, world: str, database: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=database.parent) as made, ExitStack() as running:
        home = Path(made)
        objects = home / "objects"
        environment = {"PARCOOK_HOME": str(home), "PARCOOK_CATALOGUE_URL": f"sqlite:///{database}"}
        for storage_url in (f"file://{objects}", bucket):
            _run_parcook(environment | {"PARCOOK_STORAGE_URL": storage_url}, "refresh", "--force")
        body = (objects / KEY).read_bytes()

        def start(command: Command, **more: str) -> Server:
            server = Server(running.enter_context(run_server(command, PATH, home, environment | more)))
            assert json.loads(ask("GET", server.port, PATH)[1])["data"] == json.loads(body)["data"]
            return server

        def start_app(name: str) -> Server:
            return start(lambda port: [sys.executable, "-m", "bench.apps", name, objects, str(port)])

        on_file = start(_parcook)
        on_s3 = start(_parcook, PARCOOK_STORAGE_URL=bucket)
        on_granian = start(_granian)
        head = [header for header in ask("GET", on_file.port, PATH)[0] if header[0] != "date"]  # uvicorn adds it
        (objects / HEAD).write_text(json.dumps(head))
        same, bare, specified = start_app("same"), start_app("bare"), start_app("specified")
        for _ in range(ROUNDS):
            for server in (same, on_file, bare, on_s3, specified, on_granian):
                generator.run(server.port, PATH, WARM_UP_S)
                server.loads.append(generator.run(server.port, PATH, SECONDS))

        def compare(storage: str, ours: Server, name: str, other: Server, least: float | None) -> Figure:
            times = ours.times(other)
            ratio, required = (
                (f"{times:.1f} x", f">= {least} x") if times > 2 else (f"{times:.0%}", f">= {least or 0:.0%}")
            )
            met = times >= least if least else None
            what = f"{world}, {len(body) / 1000:.0f} kB, {storage}"
            return Figure(SUBJECT, what, str(ours), f"{name}: {other}", ratio, required if least else "", met)

        yield compare("file", on_file, "same", same, 0.6)
        yield compare("file", on_file, "bare", bare, None)
        yield compare("file", on_file, "specified", specified, 15)
        yield compare("S3", on_s3, "same", same, 0.6)
        yield compare("file", on_file, "under granian", on_granian, None)


def _parcook(port: int) -> list[str | Path]:
    return [BIN / "parcook", "serve", "--port", str(port)]


def _granian(port: int) -> list[str | Path]:
    options = ["--interface", "asgi", "--http", "1", "--no-ws", "--loop", "uvloop", "--workers", "1"]
    return [BIN / "granian", *options, "--port", str(port), "--factory", "parcook.web.app:create_app"]


def _run_parcook(environment: dict[str, str], *arguments: str | Path) -> None:
    command = [BIN / "parcook", *arguments]
    subprocess.run(command, check=True, env=os.environ | environment, stdout=subprocess.DEVNULL)
