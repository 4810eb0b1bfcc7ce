"""Faults as `application/problem+json` (RFC 9457), rendered here and nowhere else.

What was sent is never repeated: it may be private, huge, or not even be text.
"""

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from parcook.errors import ParcookError, Unavailable

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 50
MAX_MESSAGE = 500
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")

log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What every fault looks like. `code` is stable; `detail` is for people; `errors` lists several faults."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "detail": "the name 'Gin' is taken by ingredient 12, 'gin'",
                    "code": "duplicate_name",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] | None = None


def problem_docs(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The entry for OpenAPI `responses` that says these statuses carry a `Problem`."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def render(error: Exception) -> JSONResponse:
    """The response for `error`; one that parcook does not know is logged in full and told as an internal error."""
    if isinstance(error, ParcookError):
        return _from_parcook(error)
    if isinstance(error, RequestValidationError):
        return _from_validation(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    log.error("internal error", exc_info=error)
    return _problem(500, "internal", "internal error; the log has the details under this request's id")


def _from_parcook(error: ParcookError) -> JSONResponse:
    if error.status >= 500:
        log.error("request failed", extra={"code": error.code, "reason": error.detail})
    if error.status == 500:
        return _problem(500, "internal", "internal error; the log has the details under this request's id")
    if isinstance(error, Unavailable):  # its detail names hosts, folders and tables: for the operator alone
        detail = "something this needs does not answer now; try again, or see the log under this request's id"
        return _problem(503, error.code, detail, headers={"Retry-After": str(error.retry_after_s)})
    headers = {"WWW-Authenticate": 'Bearer realm="parcook"'} if error.status == 401 else {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return _problem(error.status, error.code, error.detail, error.errors, headers)


def _from_validation(error: RequestValidationError) -> JSONResponse:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _problem(400, "malformed_json", "the body is not valid JSON")
    errors = [
        {
            "location": ".".join(map(_sayable, fault["loc"])),
            "code": fault["type"],
            "message": fault["msg"].removeprefix("Value error, "),
        }
        for fault in faults[:MAX_FAULTS]
    ]
    detail = "; ".join(f"{item['location']}: {item['message']}" for item in errors[:3])
    return _problem(422, "invalid", detail, errors)


def _sayable(part: str | int) -> str:
    # The name of an unknown field is the sender's: told if it looks like a name, as it is mostly a slip.
    return str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "(a field)"


def _cut(value: Any) -> Any:
    return f"{value[:MAX_MESSAGE]}…" if isinstance(value, str) and len(value) > MAX_MESSAGE else value


def _from_http(error: HTTPException) -> JSONResponse:
    if isinstance(error.__cause__, ParcookError):  # raised while FastAPI read the body
        return _from_parcook(error.__cause__)
    if error.status_code == 400:
        return _problem(400, "malformed_json", "the body cannot be read as JSON")
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    return _problem(error.status_code, code, f"{phrase.lower()}", headers=dict(error.headers or {}))


def _problem(
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail.encode("utf-8", "replace").decode(),
        "code": code,
    }
    if errors:
        content["errors"] = [{key: _cut(value) for key, value in error.items()} for error in errors]
    return JSONResponse(content, status, headers, MEDIA_TYPE)
