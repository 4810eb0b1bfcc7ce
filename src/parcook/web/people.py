"""What people may ask for over HTTP, how that stands, and how much is being said today."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

from parcook.clock import day_of, format_time
from parcook.conversations.event import MAX_ID
from parcook.errors import NotFound
from parcook.events.contract import PersonKind
from parcook.jobs.subjects import conversation_ref, held_of, person_ref, request_erasure
from parcook.lake.receipts import Receipt, find_receipt
from parcook.web.problems import problem_docs
from parcook.web.routing import SchedulerOf, ServicesOf, ruled_router
from parcook.web.rules import BASE

router = ruled_router("people", prefix=BASE)

OwnId = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="The id that the chatbot reports.")]
Kind = Annotated[
    PersonKind, Query(description="Whether the id was reported as `user_id`, or as `anonymous_id` (a visitor).")
]
_PRIVATE = {"Cache-Control": "no-store"}


class Layers(BaseModel):
    """What was erased: events, rows of the lake, rows of activity, and days whose numbers changed."""

    events: int
    lake: int
    activity: int
    daily: int


class ErasureReceipt(BaseModel):
    """How an erasure stands; never whose it is. `verified`: it was looked for again, and nothing was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "request_id": "5f1e3cb0a44b4e0aa3b1f6b6f4d7c5d2",
                    "subject": "user",
                    "status": "done",
                    "requested_at": "2025-01-15T10:30:00.000Z",
                    "finished_at": "2025-01-15T10:30:02.000Z",
                    "layers": {"events": 12, "lake": 12, "activity": 3, "daily": 9},
                    "verified": True,
                }
            ]
        }
    )

    request_id: str
    subject: Literal["user", "conversation"]
    status: Literal["running", "done"]
    requested_at: str
    finished_at: str | None
    layers: Layers
    verified: bool


class HeldOfPerson(BaseModel):
    """Everything that is held of a person, under stored identifiers: events of 90 days, active days of 95."""

    exported_at: str
    user_ref: str
    events: list[dict[str, Any]]
    activity: list[dict[str, Any]]


class Today(BaseModel):
    """Conversations and messages since the report day began, straight from the store; staff's own do not count."""

    date: str
    as_of: str
    conversations: int
    messages: int


_ERASING: dict[str, Any] = {
    "status_code": 202,
    "response_model": ErasureReceipt,
    "responses": problem_docs(401, 403, 404, 429),
}
"""404: an id with a line break has no address."""


# Before the route whose path would take in this one's.
@router.get("/users/{user_id:path}/export", response_model=HeldOfPerson, responses=problem_docs(401, 403, 404, 429))
def export_person(services: ServicesOf, user_id: OwnId, kind: Kind = "user") -> Response:
    """Everything that is held of a person."""
    held = held_of(services.lake, person_ref(services.key, user_id, kind), services.clock())
    return JSONResponse(held, headers=_PRIVATE)


@router.delete("/users/{user_id:path}", **_ERASING)
def erase_person(services: ServicesOf, scheduler: SchedulerOf, user_id: OwnId, kind: Kind = "user") -> Response:
    """Erase a person from every layer. From now on nothing more of before this moment comes in; the rest follows."""
    reference = person_ref(services.key, user_id, kind)
    receipt = request_erasure(services.lake, "user", reference, services.clock())
    scheduler.wake()
    return _accepted(receipt)


@router.delete("/conversations/{conversation_id:path}", **_ERASING)
def erase_conversation(services: ServicesOf, scheduler: SchedulerOf, conversation_id: OwnId) -> Response:
    """Erase a conversation from every layer, as a person is."""
    reference = conversation_ref(services.key, conversation_id)
    receipt = request_erasure(services.lake, "conversation", reference, services.clock())
    scheduler.wake()
    return _accepted(receipt)


@router.get("/erasures/{request_id}", response_model=ErasureReceipt, responses=problem_docs(401, 403, 404, 429))
def erasure(services: ServicesOf, request_id: Annotated[str, Path(max_length=MAX_ID)]) -> Response:
    """How an erasure stands. Receipts are kept for two years."""
    receipt = find_receipt(services.lake.records, request_id)
    if receipt is None:
        raise NotFound("there is no erasure of this id")
    return JSONResponse(receipt.as_dict(), headers=_PRIVATE)


@router.get("/today", response_model=Today, responses=problem_docs(401, 403, 429))
def today(services: ServicesOf) -> Response:
    """How much is being said today, up to this moment."""
    now = services.clock()
    day = day_of(now, services.lake.zone)
    said = [
        event.conversation_id
        for event in services.events.day(day, now)
        if event.role in ("user", "assistant") and event.message_length is not None and not event.internal
    ]
    told = {
        "date": day.isoformat(),
        "as_of": format_time(now),
        "conversations": len(set(said)),
        "messages": len(said),
    }
    return JSONResponse(told, headers=_PRIVATE)


def _accepted(receipt: Receipt) -> Response:
    headers = {**_PRIVATE, "Location": f"{BASE}/erasures/{receipt.request_id}"}
    return JSONResponse(receipt.as_dict(), 202, headers)
