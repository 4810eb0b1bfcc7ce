"""From a reported event to a stored one: a visible list of steps, each of which changes the draft or refuses it.

Text is redacted before anything else looks at it, names are looked for in what is left, and only then is it cut.
No raw id leaves `_pseudonymise`. What is refused is told to the sender, event by event; nothing is dropped
under a 2xx, and an answer means committed.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds, day_of
from parcook.conversations.event import MAX_ID, MAX_METADATA_BYTES, Draft, read_event
from parcook.conversations.features import KnownFeatures
from parcook.conversations.late_days import mark_late
from parcook.conversations.naming import KnownRecipes, RecipeRow, name_recipe
from parcook.conversations.outcome import Outcome, Result
from parcook.conversations.pseudonyms import StoreKey
from parcook.conversations.redact import UNREDACTABLE, redact_counted, truncate
from parcook.conversations.timing import MAX_LATE, Arrival, settle_time
from parcook.conversations.tombstones import Tombstones
from parcook.errors import ParcookError, Rejected
from parcook.events.contract import RETENTION_DAYS, Event, EventStore, ToolCall

MAX_EVENT_BYTES = 32 * 1024
MAX_TEXT = 500

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
log = logging.getLogger(__name__)


class NamedRecipes(NamedTuple):
    """The recipes of a catalogue as (id, name, category), and which state of it they are from."""

    stamp: object
    rows: Callable[[], Sequence[RecipeRow]]


@dataclass(frozen=True)
class Observed:
    """Who is told what happens here, for the counters: placeholders by type, and texts that could not be redacted."""

    redacted: Callable[[str, int], None] = lambda kind, count: None
    unredactable: Callable[[], None] = lambda: None
    ended: Callable[[str], None] = lambda how: None


@dataclass
class Intake:
    """Takes what is reported, and stores it. Threads may share it.

    `named_recipes` gives the catalogue's recipes; while it raises, the last ones known are used, because a
    message must not be refused for what is wrong with the catalogue. It is asked every `learn_every_s`.
    """

    store: EventStore
    key: StoreKey
    zone: ZoneInfo
    named_recipes: Callable[[], NamedRecipes]
    metadata_keys: frozenset[str] = frozenset()
    observed: Observed = field(default_factory=Observed)
    learn_every_s: float = 1.0

    def __post_init__(self) -> None:
        """Prepare what is remembered between requests."""
        self._features = KnownFeatures(self.store.records)
        self._tombstones = Tombstones(self.store.records)
        self._known: tuple[object, KnownRecipes] | None = None
        self._learning = threading.Lock()
        self._learn_next = 0.0

    def take(self, reported: Sequence[object], arrival: Arrival) -> Outcome:
        """Process and store all of `reported`; what is accepted or a duplicate is committed when this returns.

        Raises `Unavailable` if the store does not answer: then the whole request is worth sending again.
        """
        return self.take_all([(reported, arrival)])[0]

    def take_all(self, reports: Sequence[tuple[Sequence[object], Arrival]]) -> list[Outcome]:
        """`take` for several requests at once, in one commit; raises as `take` does, for all of them."""
        known = self._recipes()
        prepared = [
            [self._prepare(index, raw, arrival, known) for index, raw in enumerate(reported)]
            for reported, arrival in reports
        ]
        events = [event for own in prepared for _, event in own if event is not None]
        self._mark_late(events, reports[0][1].received_at)
        stored = iter(self.store.append(events) if events else [])
        outcomes = [
            Outcome([result if event is None else _settled(result, next(stored)) for result, event in own])
            for own in prepared
        ]
        for outcome in outcomes:
            for result in outcome.results:
                self.observed.ended(result.code or result.status)
        return outcomes

    def _mark_late(self, events: Sequence[Event], now: datetime) -> None:
        """Note the days whose numbers may be final already, so that the next round revises them."""
        if late := {event.day for event in events if event.ts < now - MAX_LATE}:
            mark_late(self.store.records, late, now)

    def _prepare(self, index: int, raw: object, arrival: Arrival, known: KnownRecipes) -> tuple[Result, Event | None]:
        draft = None
        try:
            _refuse_large(raw)
            draft = read_event(raw)
            draft.opt_out = draft.opt_out or arrival.opts_out
            moment, warnings = settle_time(draft.timestamp, arrival)
            draft.timestamp = moment
            for code in warnings:
                draft.warn(code)
            for step in (
                self._redact,
                self._keep_named_metadata,
                self._check_names,
                lambda draft: name_recipe(draft, known),
                _cut,
            ):
                step(draft)
            event = self._pseudonymise(draft)
            self._tombstones.refuse(event, arrival.received_at)
        except Rejected as fault:
            return Result(index, _told_id(draft, raw), "rejected", fault.code, fault.detail), None
        return Result(index, draft.message_id, "accepted", warnings=tuple(draft.warnings)), event

    def _redact(self, draft: Draft) -> None:
        if draft.text is not None:
            if draft.opt_out or draft.role == "system":
                draft.text = None
            else:
                draft.text = self._redacted(draft.text)
            if draft.text is None and not draft.opt_out:
                draft.warn("text_dropped")
        if draft.recipe_name is not None and self._redacted(draft.recipe_name) != draft.recipe_name:
            draft.recipe_name = None  # a dish is not called like a telephone number
            draft.warn("text_dropped")

    def _redacted(self, text: str) -> str | None:
        """`text` without what must not be kept; None where that cannot be said."""
        redacted, counts = redact_counted(text)
        for kind, count in counts.items():
            self.observed.redacted(kind, count)
        if redacted == UNREDACTABLE:
            self.observed.unredactable()
            return None
        return redacted

    def _keep_named_metadata(self, draft: Draft) -> None:
        if not draft.metadata:
            return
        if _size(draft.metadata) > MAX_METADATA_BYTES:
            raise Rejected("metadata_too_large", f"metadata may take up to {MAX_METADATA_BYTES:,} bytes of JSON")
        kept: dict[str, Any] = {}
        for key, value in draft.metadata.items():
            if key not in self.metadata_keys or not isinstance(value, str | int | float | None):
                draft.warn("unknown_field")
            elif isinstance(value, float) and not abs(value) < float("inf"):
                raise Rejected("bad_number", "numbers in metadata must be finite")
            else:
                kept[key] = self._redacted(value) if isinstance(value, str) else value
        draft.metadata = kept

    def _check_names(self, draft: Draft) -> None:
        """Names are published: nothing that redaction would touch may hide in one, and there are not endless many."""
        names = (draft.feature, draft.channel, draft.app_version, *(tool.name for tool in draft.tools))
        for name in filter(None, names):
            if self._redacted(name) != name:
                raise Rejected(
                    "bad_name", "a name of a feature, channel, tool or version must not be an address or number"
                )
        if draft.feature is not None:
            self._features.admit(draft.feature)

    def _pseudonymise(self, draft: Draft) -> Event:
        moment = draft.timestamp
        assert moment is not None  # settle_time has seen to it
        day = day_of(moment, self.zone)
        conversation = draft.conversation_id
        signed = draft.user_id is not None and not draft.opt_out
        visiting = draft.anonymous_id is not None and not signed and not draft.opt_out
        user_ref = None
        if signed:
            user_ref = self.key.user_ref(str(draft.user_id), "user")
        elif visiting:
            user_ref = self.key.user_ref(str(draft.anonymous_id), "visitor")
        target = draft.feedback_target
        return Event(
            conversation_id=self.key.conversation_id(conversation),
            message_id=self.key.message_id(conversation, draft.message_id),
            ts=moment,
            day=day,
            expires_at=int((day_bounds(day, self.zone)[1] + timedelta(days=RETENTION_DAYS)).timestamp()),
            role=draft.role,
            user_ref=user_ref,
            person_kind="user" if signed else "visitor" if visiting else None,
            text=draft.text,
            message_length=draft.message_length,
            has_recipe=draft.recipe_name is not None,
            recipe_name=draft.recipe_name,
            recipe_id=draft.recipe_id,
            match_method=draft.match_method,
            category=draft.category,
            tools=tuple(
                ToolCall(
                    tool.name, tool.ok, tool.duration_ms, tool.call_id and self.key.call_id(conversation, tool.call_id)
                )
                for tool in draft.tools
            ),
            feature=draft.feature,
            feedback_kind=draft.feedback_kind,
            feedback_value=draft.feedback_value,
            feedback_target=target and self.key.message_id(conversation, target),
            channel=draft.channel,
            locale=draft.locale,
            app_version=draft.app_version,
            internal=draft.internal,
            metadata=draft.metadata,
        )

    def _recipes(self) -> KnownRecipes:
        with self._learning:
            if time.monotonic() >= self._learn_next:
                self._learn_next = time.monotonic() + self.learn_every_s
                try:
                    recipes = self.named_recipes()
                    if self._known is None or self._known[0] != recipes.stamp:
                        self._known = recipes.stamp, KnownRecipes(recipes.rows())
                except ParcookError as error:
                    log.warning("the catalogue's recipes cannot be read", extra={"reason": error.detail})
            return self._known[1] if self._known is not None else KnownRecipes()


def _settled(result: Result, is_new: bool) -> Result:
    return result if is_new else replace(result, status="duplicate")


def _refuse_large(raw: object) -> None:
    if _size(raw) > MAX_EVENT_BYTES:
        raise Rejected("event_too_large", f"an event may take up to {MAX_EVENT_BYTES:,} bytes of JSON")


def _size(value: object) -> int:
    """How many bytes `value` takes as JSON in UTF-8."""
    return len(_encode(value).encode("utf-8", "surrogatepass"))


def _told_id(draft: Draft | None, raw: object) -> str | None:
    """The sender's own id of a refused event, so that he can find it; nothing that is no id."""
    given = draft.message_id if draft is not None else raw.get("message_id") if isinstance(raw, Mapping) else None
    return given if isinstance(given, str) and 0 < len(given) <= MAX_ID else None


def _cut(draft: Draft) -> None:
    if draft.text is not None:
        draft.text = truncate(draft.text, MAX_TEXT)
