"""Opening the event store that a URL names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from parcook.errors import SettingsError
from parcook.events.contract import EventStore


def open_events(url: str) -> EventStore:
    """The store at `sqlite:///path` or `dynamodb://table?region=…`, made first where that is needed.

    Raises `SettingsError` for another URL, `SchemaRefused` for a file that is not ours, `Unavailable` if it does
    not answer.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path and not parts.netloc and not parts.query:
        from parcook.events.sqlite import SqliteEvents

        return SqliteEvents(Path(unquote(parts.path[1:])).expanduser().resolve())
    raise SettingsError(
        "PARCOOK_EVENTS_URL: write sqlite:////absolute/path/to/events.db or dynamodb://table?region=eu-west-1"
    )
