"""What every fault over HTTP looks like, whoever finds it."""

from typing import Any

import httpx2

ALWAYS = {"type", "title", "status", "detail", "code"}


def expect_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The document of `response`, which must be the problem `code` with `status`, and nothing beside a problem."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text[:500]
    )
    document = response.json()
    assert set(document) - {"errors"} == ALWAYS
    assert (document["type"], document["status"], document["code"]) == ("about:blank", status, code), document
    assert document["title"]
    assert document["detail"]
    assert document.get("errors") != []
    assert all({"code", "message"} <= error.keys() for error in document.get("errors", []))
    return document
