"""Opening the event store that a URL names."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from parcook.errors import SettingsError
from parcook.events.contract import EventStore

MAX_SHARDS = 100


def open_events(url: str) -> EventStore:
    """The store at `sqlite:///path` or `dynamodb://table?region=…`, made first where that is needed.

    Raises `SettingsError` for another URL, `SchemaRefused` for a file that is not ours, `Unavailable` if it does
    not answer.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path and not parts.netloc and not parts.query:
        from parcook.events.sqlite import SqliteEvents

        return SqliteEvents(Path(unquote(parts.path[1:])).expanduser().resolve())
    if parts.scheme == "dynamodb" and parts.netloc and not parts.path:
        return _open_dynamodb(parts.netloc, parse_qs(parts.query))
    raise SettingsError(
        "PARCOOK_EVENTS_URL: write sqlite:////absolute/path/to/events.db or dynamodb://table?region=eu-west-1"
    )


def _open_dynamodb(table: str, options: dict[str, list[str]]) -> EventStore:
    region, shards = options.pop("region", [None])[0], options.pop("shards", ["1"])[0]
    if options or not shards.isdecimal() or not 1 <= int(shards) <= MAX_SHARDS:
        raise SettingsError(
            f"PARCOOK_EVENTS_URL: dynamodb:// takes region=… and shards=1 to {MAX_SHARDS}, nothing else"
        )
    try:
        from parcook.events.dynamodb import DynamoEvents
    except ImportError as error:
        raise SettingsError("PARCOOK_EVENTS_URL is DynamoDB: install it with pip install 'parcook[aws]'") from error
    return DynamoEvents(table, region, int(shards))
