"""Tracking over HTTP: one event or a batch, answered event by event."""

import json
from asyncio import wrap_future
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from parcook.conversations.event import MAX_ID
from parcook.conversations.gathering import Report
from parcook.conversations.outcome import Outcome
from parcook.conversations.timing import Arrival, read_timestamp
from parcook.errors import Invalid, Malformed, TooLarge
from parcook.web.problems import problem_docs
from parcook.web.routing import ruled_router, services_of
from parcook.web.rules import BASE

MAX_EVENTS = 500

router = ruled_router("tracking", prefix=BASE)


Id = Annotated[str, Field(max_length=MAX_ID)] | int


class TrackedEvent(BaseModel):
    """An event as it is reported. Other names that fields go by, and what each may hold: docs/tracking.md."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "message_id": "01941f29-7c00-7aaa-8aaa-0123456789ab",
                    "conversation_id": "c-1",
                    "user_id": "u-1",
                    "role": "user",
                    "text": "a quick negroni?",
                }
            ]
        },
    )

    message_id: Id | None = Field(None, description="The sender's own; a UUIDv7 if none is sent.")
    conversation_id: Id
    user_id: Id | None = None
    anonymous_id: Id | None = None
    role: Literal["user", "assistant", "system", "tool", "human", "ai", "bot", "model"]
    text: str | list[Any] | None = None
    timestamp: str | None = Field(None, description="RFC 3339 with an offset; when it is received, if not sent.")
    recipe: dict[str, Any] | str | None = None
    tools: list[Any] | str | None = None
    feedback: dict[str, Any] | None = None
    feature: str | None = None
    context: dict[str, Any] | None = None
    internal: bool | None = None
    metadata: dict[str, Any] | None = None


class TrackedResult(BaseModel):
    """What became of one event; `code` and `detail` stand where it was rejected."""

    index: int
    message_id: str | None
    status: Literal["accepted", "duplicate", "rejected"]
    code: str | None = None
    detail: str | None = None
    retryable: bool | None = None


class TrackedWarning(BaseModel):
    """Something that did not keep an event from being stored."""

    index: int
    code: str


class TrackAnswer(BaseModel):
    """What became of all events: 202 where none was rejected, 422 where all were, else 207."""

    accepted: int
    duplicates: int
    rejected: int
    warnings: list[TrackedWarning]
    results: list[TrackedResult]


_ENVELOPE: dict[str, Any] = {
    "sent_at": {
        "type": ["string", "null"],
        "description": "The sender's clock when sending; corrects one that is wrong.",
    },
    "historical": {"type": "boolean", "description": "Events older than 48 hours are meant."},
}
_EVENT = TrackedEvent.model_json_schema()
_BATCH: dict[str, Any] = {
    "type": "object",
    "required": ["events"],
    "properties": {**_ENVELOPE, "events": {"type": "array", "minItems": 1, "maxItems": MAX_EVENTS, "items": _EVENT}},
    "examples": [{"events": _EVENT["examples"]}],
}


def _documented(body: dict[str, Any]) -> dict[str, Any]:
    """Route arguments that describe body and answers, which pass through no model."""
    problems = problem_docs(400, 401, 403, 413, 415, 422, 429, 503)
    answered = {"application/json": {"schema": {"$ref": "#/components/schemas/TrackAnswer"}}}
    return {
        "status_code": 202,
        "response_model": None,
        "responses": {
            **problems,
            202: {"model": TrackAnswer, "description": "All events are committed, or were before."},
            207: {"model": TrackAnswer, "description": "Some events were rejected; the others are committed."},
            422: {
                "description": "Every event was rejected, or the request cannot be right.",
                "content": {**answered, **problems[422]["content"]},
            },
        },
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}},
    }


@router.post("/track", **_documented(_EVENT | {"properties": _EVENT["properties"] | _ENVELOPE}))
async def track(request: Request) -> Response:
    """Report one event. 202 means it is stored for good."""
    return await report_one(request)


@router.post("/batch", **_documented(_BATCH))
async def batch(request: Request) -> Response:
    """Report up to 500 events; each is answered for itself."""
    return await report_several(request)


async def report_one(request: Request) -> Response:
    """The answer to a request that reports one event."""
    return await _report(request, _single)


async def report_several(request: Request) -> Response:
    """The answer to a request that reports a batch."""
    return await _report(request, _several)


async def _report(request: Request, events_of: Callable[[dict[str, Any]], list[Any]]) -> Response:
    services = services_of(request)
    body = await request.body()
    opts_out = request.headers.get("sec-gpc") == "1"
    received_at = services.clock()
    outcome = await wrap_future(services.gatherer.submit(lambda: _read(body, received_at, opts_out, events_of)))
    return Response(json.dumps(outcome.as_dict()), _status(outcome), media_type="application/json")


def _read(
    body: bytes, received_at: datetime, opts_out: bool, events_of: Callable[[dict[str, Any]], list[Any]]
) -> Report:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body is not valid JSON") from None
    if not isinstance(document, dict):
        raise Invalid("the body must be a JSON object")
    sent_at, historical = document.pop("sent_at", None), document.pop("historical", False)
    if not isinstance(historical, bool):
        raise Invalid("historical must be true or false")
    arrival = Arrival(
        received_at=received_at,
        sent_at=None if sent_at is None else read_timestamp(sent_at, "sent_at"),
        is_historical=historical,
        opts_out=opts_out,
    )
    return events_of(document), arrival


def _single(document: dict[str, Any]) -> list[Any]:
    return [document]


def _several(document: dict[str, Any]) -> list[Any]:
    events = document.get("events")
    if not isinstance(events, list):
        raise Invalid("events must be a list of events")
    if not events:
        raise Invalid("the batch is empty; send at least one event", code="empty_batch")
    if len(events) > MAX_EVENTS:
        raise TooLarge(f"a batch holds up to {MAX_EVENTS} events; send them in parts")
    return events


def _status(outcome: Outcome) -> int:
    rejected = outcome.count("rejected")
    return 202 if not rejected else 422 if rejected == len(outcome.results) else 207
