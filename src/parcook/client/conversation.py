"""`ConversationTracker`: the specification's way to report, over a `Tracker`."""

from collections.abc import Mapping
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
        message: str,
        role: str,
        metadata: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Report one message; returns at once, never raises, and waits for nothing.

        Of `metadata`, `tools_used`, `recipe`, `feature`, `feedback` and `context` become fields of the event; the
        rest stays its metadata.
        """
        given = dict(metadata or {})
        fields = {name: given.pop(key) for key, name in _FIELDS.items() if key in given}
        return self._tracker.track_message(conversation_id, user_id, role, message, **fields, metadata=given or None)
