"""From stored events to rows of the lake, in order, under one day key.

A row depends on what came before it: a question that is asked again within two minutes is a rephrasing, a tool call
that is reported again counts once. So rows are made from the first event of a day on.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from parcook.conversations.pseudonyms import Pseudonyms
from parcook.conversations.signals import find_signals
from parcook.events.contract import Event

_ID = re.compile(r"[0-9a-f]{32}")
_ENDLESS = float("inf")
_ROLES = frozenset(("user", "assistant", "system", "tool"))


class Names:
    """What references are called in the lake on one day: worked out by its key, or learned from its rows."""

    def __init__(self, key: bytes | None) -> None:
        self._pseudonyms = None if key is None else Pseudonyms(key)
        self._known: dict[str, dict[str, str]] = {"u": {}, "c": {}, "m": {}}

    def of(self, prefix: str, reference: str) -> str:
        """The pseudonym of a user (`u`), conversation (`c`) or message (`m`)."""
        known = self._known[prefix]
        if reference not in known:
            assert self._pseudonyms is not None  # without a key, everything that is asked for was learned before
            known[reference] = self._pseudonyms.of(prefix, reference)
        return known[reference]

    def learn(self, prefix: str, reference: str | None, name: str | None) -> None:
        """The lake calls `reference` so."""
        if reference is not None and name is not None:
            self._known[prefix][reference] = name


class Rows:
    """Makes the rows of one report day: give it the events of the day in their order, each once."""

    def __init__(
        self, day: date, zone: ZoneInfo, names: Names, branches: Mapping[int, Sequence[int]], with_text: bool
    ) -> None:
        self.day = day
        self._zone = zone
        self._names = names
        self._branches = branches
        self._with_text = with_text
        self._day_text = day.isoformat()
        self._local: dict[int, datetime] = {}
        self._sound: set[str | None] = {None}
        self._turns: dict[str, tuple[datetime, str]] = {}
        self._calls: set[str] = set()

    def remember(self, event: Event) -> None:
        """Take note of what an event of before this day said, for the next one of its conversation."""
        if event.role == "user" and event.text is not None:
            self._turns[event.conversation_id] = event.ts, event.text

    def fault(self, event: Event) -> str | None:
        """Why an event cannot be a row of this day; None if it can."""
        references = {event.conversation_id, event.user_ref, event.feedback_target}
        if not (_ID.fullmatch(event.message_id) and (references <= self._sound or all(map(self._is_id, references)))):
            return "an identifier is not 32 hexadecimal digits"
        if event.role not in _ROLES:
            return "the role is unknown"
        if event.day != self.day or self._local_quarter(event.ts).date() != self.day:
            return "its day is not the day of its time in the report zone"
        if (event.user_ref is None) != (event.person_kind is None):
            return "a person without a kind, or a kind without a person"
        for call in event.tools:
            if call.duration_ms is not None and not 0 <= call.duration_ms < _ENDLESS:
                return "a duration is not a number of milliseconds"
        return None

    def row(self, event: Event) -> dict[str, Any]:
        """The row of `recipe_conversations`."""
        return {
            "message_id": event.message_id,
            "conversation_id": self._names.of("c", event.conversation_id),
            "ts": _sql_time(event.ts),
            "local_date": self._day_text,
            "local_hour": self._local_quarter(event.ts).hour,
            "user_id": self._person(event),
            "person_kind": event.person_kind,
            "role": event.role,
            "message": event.text if self._with_text else None,
            "message_length": event.message_length,
            "has_recipe": event.has_recipe,
            "recipe_name": event.recipe_name,
            "recipe_id": event.recipe_id,
            "match_method": event.match_method,
            "category": event.category,
            "branch_ids": [] if event.recipe_id is None else self._branches.get(event.recipe_id, ()),
            "tools": list(dict.fromkeys(call.name for call in event.tools)) if event.tools else [],
            "signals": [] if event.text is None else self._signals(event, event.text),
            "feature": event.feature,
            "feedback_kind": event.feedback_kind,
            "feedback_value": event.feedback_value,
            "feedback_target": event.feedback_target and self._names.of("m", event.feedback_target),
            "channel": event.channel,
            "locale": event.locale,
        }

    def calls(self, event: Event) -> list[dict[str, Any]]:
        """The rows of `tool_calls`: a call that was reported before, under the same id, is left out."""
        rows: list[dict[str, Any]] = []
        for call in event.tools:
            if call.call_id is not None:
                if call.call_id in self._calls:
                    continue
                self._calls.add(call.call_id)
            rows.append(
                {
                    "message_id": event.message_id,
                    "conversation_id": self._names.of("c", event.conversation_id),
                    "user_id": self._person(event),
                    "ts": _sql_time(event.ts),
                    "name": call.name,
                    "ok": call.ok,
                    "duration_ms": call.duration_ms,
                }
            )
        return rows

    def _is_id(self, reference: str | None) -> bool:
        """Whether `reference` may be one, or is none; each is looked at once."""
        if reference not in self._sound:
            if not isinstance(reference, str) or _ID.fullmatch(reference) is None:
                return False
            self._sound.add(reference)
        return True

    def _local_quarter(self, moment: datetime) -> datetime:
        """The clocks' quarter of an hour that `moment` is in: clocks are changed by quarters at the least."""
        quarter = int(moment.timestamp()) // 900
        local = self._local.get(quarter)
        if local is None:
            local = self._local[quarter] = datetime.fromtimestamp(quarter * 900, self._zone)
        return local

    def _person(self, event: Event) -> str | None:
        return event.user_ref and self._names.of("u", event.user_ref)

    def _signals(self, event: Event, text: str) -> list[str]:
        before, previous = self._turns.get(event.conversation_id, (None, None))
        seconds = None if before is None else (event.ts - before).total_seconds()
        found = sorted(find_signals(text, event.role, previous, seconds))
        self.remember(event)
        return found


def _sql_time(moment: datetime) -> str:
    """As JSON readers of Hive, Athena, Trino and DuckDB take a timestamp, in UTC."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(" ", "milliseconds")[:23]  # without its +00:00
