"""Write docs/reference from what the code declares: settings, commands, routes, metrics. `--check` only compares.

Run by `make reference`; `make check` and a test fail when a page is not what the code says.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from parcook.cli import app as command_line
from parcook.metrics.library import Metric, load_metrics
from parcook.metrics.threshold import LEAST_BASE
from parcook.settings import ALIASES, Settings
from parcook.web.app import create_app
from parcook.web.rules import ACCESS

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make reference`; edits here are lost. -->\n"


def pages() -> dict[str, str]:
    """File name → content of every reference page."""
    return {
        "settings.md": _page("Settings", _settings()),
        "commands.md": _page("Commands", _commands()),
        "routes.md": _page("Routes", _routes()),
        "metrics.md": _page("Metrics", _metrics()),
    }


def _page(title: str, lines: Iterator[str]) -> str:
    return f"{NOTE}\n# {title}\n\n" + "\n".join(lines) + "\n"


def _settings() -> Iterator[str]:
    yield "Read from the environment once, at start-up. A bad value stops start-up and is named."
    yield ""
    yield "| variable | default | meaning |"
    yield "|---|---|---|"
    aliases = {canonical: alias for alias, (canonical, _) in ALIASES.items()}
    for name, field in Settings.model_fields.items():
        variable = f"PARCOOK_{name.upper()}"
        default = f"`{field.default}`" if field.default != "" else "see right"
        yield f"| `{variable}` | {default} | {field.description} |"
    yield ""
    yield "S3 credentials, region and endpoint come from the usual AWS environment (`AWS_ACCESS_KEY_ID`,"
    yield "`AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`) or from the machine's role."
    yield ""
    yield (
        "Names of the original specification that work as well: "
        + ", ".join(f"`{alias}` for `{canonical}`" for canonical, alias in aliases.items())
        + ". An alias and its canonical name that disagree refuse to start."
    )


def _commands() -> Iterator[str]:
    yield "Exit codes: 0 ok, 1 failed, 2 wrong usage or setting, 3 something is stale or missing."
    root = typer.main.get_command(command_line)
    for words, command in _walk(("parcook",), root):
        yield ""
        yield f"## `{' '.join(words)}`"
        yield ""
        yield (command.help or "").strip()
        parameters = [parameter for parameter in command.params if parameter.name != "help"]
        if parameters:
            yield ""
            yield "| parameter | meaning |"
            yield "|---|---|"
        for parameter in parameters:
            shown = ", ".join(parameter.opts) if parameter.opts[0].startswith("-") else str(parameter.name).upper()
            default = getattr(parameter, "default", None)
            suffix = f" Default: `{default}`." if isinstance(default, str | int) and default not in (False, "") else ""
            yield f"| `{shown}` | {getattr(parameter, 'help', '') or ''}{suffix} |"


def _walk(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in children.items():
        yield from _walk((*words, name), child)


def _routes() -> Iterator[str]:
    yield "`role` is who may: *public* is everybody, *admin* may do all. Shapes and examples are at `/docs`."
    yield ""
    yield "| method | path | role | what |"
    yield "|---|---|---|---|"
    document = create_app(Settings(refresh_url="none://")).openapi()
    for (method, path), role in sorted(ACCESS.items(), key=lambda row: (row[0][1], row[0][0])):
        operation = document["paths"].get(path, {}).get(method.lower(), {})
        what = operation.get("description", "The page.").splitlines()[0]
        yield f"| {method} | `{path}` | {role} | {what} |"


def _metrics() -> Iterator[str]:
    yield "Each is one file, `src/parcook/metrics/sql/<name>.sql`, and can be asked over HTTP"
    yield "(`GET /api/v1/metrics/<name>`), by `parcook metric <name>`, and from Python (`parcook.metric`)."
    yield "A changed formula is a new definition."
    yield ""
    yield "A count of fewer people than `PARCOOK_MIN_PEOPLE` is withheld: `null`, `suppressed: true` in its row,"
    yield f"and how many were withheld in `metadata.suppressed`. A share of fewer than {LEAST_BASE} is `null`."
    yield "A row that is a total of others is withheld too where a count of few could be subtracted from it."
    yield "Estimates come with the ends of their 95 % interval, `<share>_low` and `<share>_high`."
    for metric in load_metrics().values():
        yield ""
        yield f"## `{metric.name}`: {metric.header.title}"
        yield ""
        yield f"{metric.header.question} Definition {metric.header.definition}; chart: {metric.header.chart}."
        yield ""
        yield from _metric_facts(metric)


def _metric_facts(metric: Metric) -> Iterator[str]:
    header = metric.header
    defaults = {param.name: "" if param.default is None else f" = {param.default}" for param in header.params}
    yield f"- unit: {header.unit}"
    yield "- parameters: " + ", ".join(f"`{param.name}` {param.type}{defaults[param.name]}" for param in header.params)
    yield "- reads: " + ", ".join(f"`{table}`" for table in header.tables)
    if header.people:
        yield "- people, under the threshold: " + ", ".join(f"`{name}`" for name in header.people)
    if header.totals:
        totals = header.totals
        yield f"- totals: rows with `{totals.value}` in `{totals.column}`, over the others of the same `{totals.by}`"
    if header.least:
        needs = ", ".join(f"{least or '`PARCOOK_MIN_PEOPLE`'} `{name}`" for name, least in header.least.items())
        yield f"- rows with less than {needs} are withheld whole"
    if header.shares:
        yield "- shares: " + ", ".join(f"`{share}` of `{base}`" for share, base in header.shares.items())
    if header.intervals:
        yield "- estimates, with intervals: " + ", ".join(f"`{share}`" for share in header.intervals)


def main() -> int:
    """Write the pages, or with `--check` say which differ and return 1."""
    checking = "--check" in sys.argv[1:]
    FOLDER.mkdir(exist_ok=True)
    stale = []
    for name, content in pages().items():
        path = FOLDER / name
        if not path.exists() or path.read_text() != content:
            stale.append(name)
            if not checking:
                path.write_text(content)
    if checking and stale:
        print(f"docs/reference is out of date: {', '.join(stale)}. Run `make reference`.")  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
