"""The command that declares the lake to whoever queries it."""

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer

from parcook.cli.answering import AsJson, answer
from parcook.errors import SettingsError
from parcook.lake.ddl import athena_statements, trino_statements
from parcook.lake.opening import open_engine
from parcook.objects import Objects
from parcook.settings import Settings, load_settings

_LOCATION = re.compile(r"[a-z0-9]+://[^\s'`\\]+")
_SCHEMA = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?")

app = typer.Typer()


class Engine(StrEnum):
    """Who can be told of the lake's tables; DuckDB knows them."""

    ATHENA = "athena"
    TRINO = "trino"


_DEFAULT_SCHEMAS = {Engine.ATHENA: "parcook", Engine.TRINO: "lake.parcook"}


@app.command()
def ddl(
    engine: Annotated[Engine, typer.Argument(help="athena, for Athena and Glue, or trino, for its Hive connector.")],
    location: Annotated[
        str, typer.Option(help="Where the engine finds the lake; PARCOOK_LAKE_URL if that is s3://.")
    ] = "",
    schema: Annotated[
        str, typer.Option(help="Athena's database, or catalog.schema; that of PARCOOK_ENGINE_URL, if not given.")
    ] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Run the statements on PARCOOK_ENGINE_URL as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the statements that declare the lake's tables. Those that are there stay as they are."""
    settings = load_settings()
    place = _location(engine, location, settings.lake_url)
    name = schema or _named_schema(engine, settings.engine_url) or _DEFAULT_SCHEMAS[engine]
    if not _SCHEMA.fullmatch(name) or ("." in name) != (engine is Engine.TRINO):
        raise typer.BadParameter(
            "write it as database" if engine is Engine.ATHENA else "write it as catalog.schema", param_hint="--schema"
        )
    make = athena_statements if engine is Engine.ATHENA else trino_statements
    statements = make(place, name, settings.lake_format)
    if apply:
        _apply(engine, statements, settings)
    answer({"statements": statements}, "\n\n".join(f"{statement};" for statement in statements), as_json)


def _location(engine: Engine, given: str, lake_url: str) -> str:
    place = given or lake_url
    if not given and not place.startswith("s3://"):
        example = "s3://bucket/prefix" if engine is Engine.ATHENA else "s3://bucket/prefix or local:///prefix"
        raise SettingsError(
            f"the lake is not in S3 here; say where {engine.capitalize()} finds it: --location {example}"
        )
    if not _LOCATION.fullmatch(place) or (engine is Engine.ATHENA and not place.startswith("s3://")):
        raise typer.BadParameter("write it as s3://bucket/prefix", param_hint="--location")
    return place


def _named_schema(engine: Engine, engine_url: str) -> str:
    parts = urlsplit(engine_url)
    return parts.path.strip("/").replace("/", ".") if parts.scheme == engine else ""


def _apply(engine: Engine, statements: list[str], settings: Settings) -> None:
    if urlsplit(settings.engine_url).scheme != engine:
        raise SettingsError(f"PARCOOK_ENGINE_URL names no {engine.capitalize()} to run them on")
    with open_engine(settings.engine_url, Objects(settings.lake_url)).reading({}) as session:
        for statement in statements:
            session.run(statement)
