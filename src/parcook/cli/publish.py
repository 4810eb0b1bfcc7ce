"""The command that puts the page where any web server, or nobody at all, serves it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from parcook.artifacts.shapes.base import Audience
from parcook.cli.answering import AsJson, answer, err
from parcook.dashboard import publish as publishing
from parcook.objects import Objects
from parcook.settings import load_settings
from parcook.telemetry import configure_logging

app = typer.Typer()


class Profile(StrEnum):
    """Whom a published page is for."""

    PUBLIC = "public"
    INTERNAL = "internal"


_AUDIENCES: Mapping[Profile, Audience] = {Profile.PUBLIC: "public", Profile.INTERNAL: "internal"}


@app.command()
def publish(
    to: Annotated[str, typer.Option(help="A folder, or s3://bucket/prefix.")] = "",
    profile: Annotated[
        Profile, typer.Option(help="public: the catalogue alone. internal: conversations too.")
    ] = Profile.PUBLIC,
    single_file: Annotated[
        Path | None, typer.Option(help="One HTML file to write that holds everything and opens from a disk.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the page and its artifacts, as they are stored, to a folder, a bucket or one file.

    Doing it again writes only what is new. Whoever can reach the place can read what is there.
    """
    if not to and single_file is None:
        raise typer.BadParameter("say where: --to FOLDER, --to s3://bucket/prefix, or --single-file FILE.html")
    configure_logging("warning")
    source = Objects(load_settings().storage_url)
    told: dict[str, Any] = {"profile": profile.value}
    lines = []
    if to:
        target = Objects(_url(to))
        report = publishing.publish(source, target, _AUDIENCES[profile])
        told |= {"to": target.url, "written": report.written, "dropped": report.dropped, "unchanged": report.unchanged}
        lines.append(
            f"Published to {to}: {len(report.written)} files written, {report.unchanged} unchanged, "
            f"{len(report.dropped)} dropped."
        )
    if single_file is not None:
        body = publishing.single_file(source, _AUDIENCES[profile]).body
        publishing.write_whole(single_file, body)
        told["single_file"] = {"path": str(single_file), "bytes": len(body)}
        lines.append(f"Wrote {single_file}, {len(body):,} bytes.")
    answer(told, "\n".join(lines), as_json)
    if profile is Profile.INTERNAL and not as_json:
        err.print("It tells of conversations: let only those reach it who may know.")


def _url(to: str) -> str:
    return to if "://" in to else f"file://{quote(str(Path(to).expanduser().resolve()))}"
