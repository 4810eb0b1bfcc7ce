"""Opening the engine that a URL names, over the lake."""

from parcook.engines.contract import Engine
from parcook.errors import SettingsError
from parcook.objects import Objects


def open_engine(url: str, objects: Objects) -> Engine:
    """The engine at `duckdb://`, `athena://workgroup/database?output=…` or `trino://user@host/catalog/schema`.

    DuckDB reads the lake in `objects`, the others read the tables that `parcook ddl` declares. Nothing is asked of a
    server yet. Raises `SettingsError` for another URL, or one whose client is not installed.
    """
    scheme = url.partition("://")[0]
    try:
        if scheme == "athena":
            from parcook.engines.athena import AthenaEngine

            return AthenaEngine(url)
        if scheme == "trino":
            from parcook.engines.trino import TrinoEngine

            return TrinoEngine(url)
    except ImportError as error:
        extra = "aws" if scheme == "athena" else "trino"
        raise SettingsError(
            f"PARCOOK_ENGINE_URL is {scheme}://: install it with pip install 'parcook[{extra}]'"
        ) from error
    if url != "duckdb://":
        raise SettingsError("PARCOOK_ENGINE_URL: DuckDB takes nothing more; write duckdb://")
    from parcook.lake.reading import open_duckdb

    return open_duckdb(objects)
