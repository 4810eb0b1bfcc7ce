"""Reading a reported event: its fields, the other names they go by, and what each may hold.

Nothing here looks at what people mean; it only makes sure that what is reported has the shape that the rest
relies on. A refusal says which field is wrong and what it must be, and never repeats what was sent.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parcook.conversations.timing import read_timestamp
from parcook.conversations.uuid7 import uuid7
from parcook.errors import Rejected
from parcook.events.contract import MatchMethod, Role

MAX_ID = 128
MAX_RECIPE_NAME = 200
MAX_METADATA_BYTES = 4_096
_MAX_INTEGER = 2**63 - 1
_NAME = re.compile(r"[a-z0-9_.-]{1,64}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_APP_VERSION = re.compile(r"[A-Za-z0-9_.+-]{1,64}")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Other names of fields, roles and tools: LangChain's and LangGraph's, OpenTelemetry's GenAI conventions, common ones.
FIELD_ALIASES: Mapping[str, str] = {
    "session_id": "conversation_id",
    "thread_id": "conversation_id",
    "gen_ai.conversation.id": "conversation_id",
    "enduser.id": "user_id",
    "enduser.pseudo.id": "anonymous_id",
    "message": "text",
    "content": "text",
    "tools_used": "tools",
    "gen_ai.tool.name": "tools",
}
ROLES: Mapping[str, Role] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "system": "system",
    "tool": "tool",
}
TOOL_ALIASES: Mapping[str, str] = {
    "tavily_search": "web_search",
    "google_search": "web_search",
    "search": "web_search",
    "serp": "web_search",
    "check_cookware": "cookware_check",
    "cookware_verification": "cookware_check",
}


@dataclass(slots=True)
class ReportedTool:
    """A use of a tool, as it was reported."""

    name: str
    ok: bool | None = None
    duration_ms: float | None = None
    call_id: str | None = None


@dataclass(slots=True)
class Draft:
    """An event on its way to the store. Every step reads and changes it; what is raw here goes no further."""

    message_id: str = ""
    conversation_id: str = ""
    role: Role = "user"
    timestamp: datetime | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    text: str | None = None
    message_length: int | None = None
    recipe_id: int | None = None
    recipe_name: str | None = None
    match_method: MatchMethod | None = None
    category: str | None = None
    tools: list[ReportedTool] = field(default_factory=list)
    feedback_kind: Any = None
    feedback_value: str | None = None
    feedback_target: str | None = None
    feature: str | None = None
    channel: str | None = None
    locale: str | None = None
    app_version: str | None = None
    opt_out: bool = False
    internal: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def warn(self, code: str) -> None:
        """Note something that did not keep the event from being stored; each code once."""
        if code not in self.warnings:
            self.warnings.append(code)


def read_event(raw: object) -> Draft:
    """The event in `raw`, a decoded JSON value. Raises `Rejected` for the first field that cannot be right."""
    if not isinstance(raw, Mapping):
        raise Rejected("bad_id", "an event is a JSON object with at least conversation_id and role")
    fields, draft = _named(raw), Draft()
    for name, read in _READERS.items():
        if (value := fields.pop(name, None)) is not None:
            read(draft, value)
        elif name in _REQUIRED:
            raise Rejected(_REQUIRED[name], f"{name} is missing")
    if fields:
        draft.warn("unknown_field")
    draft.message_id = draft.message_id or uuid7()
    return draft


def _named(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` under the canonical names; where a field is there under two, its own name wins."""
    fields = {key: value for key, value in raw.items() if key not in FIELD_ALIASES}
    for key, value in raw.items():
        if (name := FIELD_ALIASES.get(key)) is not None and fields.get(name) is None:
            fields[name] = value
    return fields


def _text_of(value: object) -> str:
    """The text of a message: a string, or a list of strings and of blocks that have a text."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, list):
        parts = [part.get("text") if isinstance(part, Mapping) else part for part in value]
        text = "\n".join(part for part in parts if isinstance(part, str))
    else:
        raise Rejected("bad_text", "text must be a string or a list of content blocks")
    if _SURROGATE.search(text):
        raise Rejected("bad_text", "text must be valid Unicode, without lone surrogates")
    return text


def _identifier(value: object, name: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) <= _MAX_INTEGER else ""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID or _SURROGATE.search(value):
        raise Rejected("bad_id", f"{name} must be text of 1 to {MAX_ID} characters")
    return value


def _plain_name(value: object, name: str) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise Rejected("bad_name", f"{name} must be 1 to 64 small letters, digits, dots, dashes or underscores")
    return value


def _matching(value: object, name: str, shape: re.Pattern[str], example: str) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Rejected("bad_name", f"{name} must look like {example}")
    return value


def _truth(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise Rejected("bad_number", f"{name} must be true or false")
    return value


def _read_message_id(draft: Draft, value: object) -> None:
    draft.message_id = _identifier(value, "message_id")


def _read_conversation_id(draft: Draft, value: object) -> None:
    draft.conversation_id = _identifier(value, "conversation_id")


def _read_role(draft: Draft, value: object) -> None:
    role = ROLES.get(value.lower()) if isinstance(value, str) else None
    if role is None:
        raise Rejected("bad_role", "role must be user, assistant, system or tool")
    draft.role = role


def _read_timestamp(draft: Draft, value: object) -> None:
    draft.timestamp = read_timestamp(value, "timestamp")


def _read_user_id(draft: Draft, value: object) -> None:
    if value not in ("", "default"):  # what apps send for nobody in particular
        draft.user_id = _identifier(value, "user_id")


def _read_anonymous_id(draft: Draft, value: object) -> None:
    if value != "":
        draft.anonymous_id = _identifier(value, "anonymous_id")


def _read_text(draft: Draft, value: object) -> None:
    draft.text = _text_of(value)
    draft.message_length = len(draft.text)


def _read_recipe(draft: Draft, value: object) -> None:
    recipe = value if isinstance(value, Mapping) else {"name": value}
    own_id, name = recipe.get("id"), recipe.get("name")
    if own_id is not None:
        if not isinstance(own_id, int) or isinstance(own_id, bool) or not 0 < own_id <= _MAX_INTEGER:
            raise Rejected("bad_number", "recipe.id must be the id of a recipe, a whole number")
        draft.recipe_id = own_id
    if name is not None:
        folded = " ".join(name.split()) if isinstance(name, str) else ""
        if not 0 < len(folded) <= MAX_RECIPE_NAME or _SURROGATE.search(folded):
            raise Rejected("bad_name", f"recipe.name must be text of 1 to {MAX_RECIPE_NAME} characters")
        draft.recipe_name = folded


def _read_tools(draft: Draft, value: object) -> None:
    if not isinstance(value, str | list):
        raise Rejected("bad_name", "tools must be a list of names or of objects with a name")
    draft.tools = [_tool(tool) for tool in ([value] if isinstance(value, str) else value)]


def _tool(value: object) -> ReportedTool:
    reported = value if isinstance(value, Mapping) else {"name": value}
    name, ok, duration_ms = reported.get("name"), reported.get("ok"), reported.get("duration_ms")
    call_id = reported.get("call_id")
    lowered = name.lower() if isinstance(name, str) else name
    return ReportedTool(
        name=TOOL_ALIASES.get(plain := _plain_name(lowered, "a tool's name"), plain),
        ok=None if ok is None else _truth(ok, "a tool's ok"),
        duration_ms=None if duration_ms is None else _duration(duration_ms),
        call_id=None if call_id is None else _identifier(call_id, "a tool's call_id"),
    )


def _duration(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Rejected("bad_number", "a tool's duration_ms must be a number of milliseconds")
    if not 0 <= value <= _MAX_INTEGER or not math.isfinite(value):
        raise Rejected("bad_number", "a tool's duration_ms must be finite and not negative")
    return round(float(value), 3)


def _read_feedback(draft: Draft, value: object) -> None:
    feedback = value if isinstance(value, Mapping) else {}
    kind, judged, target = feedback.get("kind"), feedback.get("value"), feedback.get("target_message_id")
    says = _FEEDBACK.get(kind) if isinstance(kind, str) else None
    if says is None or (told := says(judged)) is None:
        raise Rejected(
            "bad_feedback",
            "feedback is thumb with up or down, rating with 1 to 5, or cooked with true, under kind and value",
        )
    draft.feedback_kind, draft.feedback_value = kind, told
    draft.feedback_target = None if target is None else _identifier(target, "feedback.target_message_id")


def _rating(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in (1, 2, 3, 4, 5):
        return None
    return str(int(value))


_FEEDBACK: Mapping[str, Callable[[object], str | None]] = {
    "thumb": lambda value: value if isinstance(value, str) and value in ("up", "down") else None,
    "rating": _rating,
    "cooked": lambda value: "true" if value is True else None,
}


def _read_feature(draft: Draft, value: object) -> None:
    draft.feature = _plain_name(value, "feature")


def _read_context(draft: Draft, value: object) -> None:
    if not isinstance(value, Mapping):
        raise Rejected("bad_name", "context must be an object")
    for key, given in value.items():
        if given is None:
            continue
        if key == "channel":
            draft.channel = _plain_name(given, "context.channel")
        elif key == "locale":
            draft.locale = _matching(given, "context.locale", _LOCALE, "en or pt-BR").replace("_", "-")
        elif key == "app_version":
            draft.app_version = _matching(given, "context.app_version", _APP_VERSION, "2.14.1")
        elif key == "opt_out":
            draft.opt_out = _truth(given, "context.opt_out")
        elif key != "timezone":  # taken, as clients send it; days are those of the report zone, so it is not kept
            draft.warn("unknown_field")


def _read_internal(draft: Draft, value: object) -> None:
    draft.internal = _truth(value, "internal")


def _read_metadata(draft: Draft, value: object) -> None:
    if not isinstance(value, Mapping):
        raise Rejected("bad_name", "metadata must be an object of names and single values")
    draft.metadata = dict(value)


_REQUIRED: Mapping[str, str] = {"conversation_id": "bad_id", "role": "bad_role"}
_READERS: Mapping[str, Callable[[Draft, object], None]] = {
    "message_id": _read_message_id,
    "conversation_id": _read_conversation_id,
    "role": _read_role,
    "timestamp": _read_timestamp,
    "user_id": _read_user_id,
    "anonymous_id": _read_anonymous_id,
    "text": _read_text,
    "recipe": _read_recipe,
    "tools": _read_tools,
    "feedback": _read_feedback,
    "feature": _read_feature,
    "context": _read_context,
    "internal": _read_internal,
    "metadata": _read_metadata,
}
