"""`ConversationTracker`: the specification's way to report, over a `Tracker`."""

from collections.abc import Mapping, Sequence
from typing import Any

from parcook.client.tracker import Receipt, Tracker

_FIELDS = {
    "tools_used": "tools",
    "tools": "tools",
    "recipe": "recipe",
    "feature": "feature",
    "feedback": "feedback",
    "context": "context",
    "message_id": "message_id",
    "anonymous_id": "anonymous_id",
    "timestamp": "timestamp",
    "internal": "internal",
}


class ConversationTracker:
    """Reports messages with what goes along in one mapping, as chat frameworks hand it over."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    async def track_conversation(
        self,
        conversation_id: str,
        user_id: str | None,
        message: str | Sequence[Any],
        role: str,
        metadata: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Report one message; returns at once, never raises, and waits for nothing.

        Of `metadata`, `tools_used` (or `tools`), `recipe`, `feature`, `feedback`, `context`, `message_id`,
        `anonymous_id`, `timestamp` and `internal` become fields of the event; the rest stays its metadata.
        """
        fields: dict[str, Any] = {"metadata": metadata}
        if isinstance(metadata, Mapping):
            fields = {name: metadata[key] for key, name in _FIELDS.items() if key in metadata}
            fields["metadata"] = {key: value for key, value in metadata.items() if key not in _FIELDS} or None
        return self._tracker.track_message(conversation_id, user_id, role, message, **fields)
