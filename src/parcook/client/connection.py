"""A kept HTTP connection to the batch route, and what is read from its answers."""

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

MAX_ANSWER_BYTES = 1_000_000
LONGEST_RETRY_AFTER_S = 300.0
_STATUSES = frozenset({"accepted", "duplicate", "rejected"})


@dataclass(frozen=True)
class Answer:
    """What came back; without a status nothing did, and `fault` names what happened instead."""

    status: int | None = None
    body: bytes = b""
    retry_after_s: float | None = None
    fault: str = ""

    def results(self, count: int) -> list[dict[str, Any]] | None:
        """What became of each of the `count` events sent, in their order; None if this is no answer of parcook's."""
        if self.status not in (202, 207, 422):
            return None
        try:
            by_index = {result["index"]: result for result in self._document()["results"]}
            results = [by_index[index] for index in range(count)]
            return results if _STATUSES.issuperset(result["status"] for result in results) else None
        except (KeyError, TypeError):
            return None

    def reason(self) -> str:
        """Why it is no good answer, for a person to read."""
        if self.status is None:
            return self.fault
        detail = self._document().get("detail")
        return f"{self.status} {detail[:200]}" if isinstance(detail, str) else str(self.status)

    def _document(self) -> dict[str, Any]:
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


class Connection:
    """The way to `url`'s batch route: opened when needed, kept, opened anew after a fault.

    Raises `ValueError` for an address or a token that can never be one.
    """

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        is_plain = url.isascii() and url.isprintable() and " " not in url
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
            raise ValueError("the address of a parcook server looks like http://127.0.0.1:8000")
        token = token.strip()
        if not (token.isascii() and token.isprintable()):
            raise ValueError("the token has characters in it that no token has")
        self._opens = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port = parts.hostname, parts.port
        self._path = f"{parts.path.rstrip('/')}/api/v1/batch"
        self._headers = {"Content-Type": "application/json", "User-Agent": "parcook-client"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout_s = timeout_s
        self._open: http.client.HTTPConnection | None = None

    def post(self, events: Sequence[bytes]) -> Answer:
        """Send `events` and wait for the answer; one without a status, whatever fails on the way."""
        was_open = self._open is not None
        try:
            return self._ask(events)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            self.close()
            if was_open and not isinstance(error, TimeoutError):
                return self.post(events)  # servers close what is idle, which shows only now
            return Answer(fault=type(error).__name__)

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _ask(self, events: Sequence[bytes]) -> Answer:
        sent_at = datetime.now(UTC).isoformat(timespec="milliseconds").encode()
        body = b'{"sent_at":"' + sent_at + b'","events":[' + b",".join(events) + b"]}"
        if self._open is None:
            self._open = self._opens(self._host, self._port, timeout=self._timeout_s)
        self._open.request("POST", self._path, body, self._headers)
        response = self._open.getresponse()
        answer = Answer(
            response.status, response.read(MAX_ANSWER_BYTES), _seconds_to_wait(response.getheader("Retry-After"))
        )
        if response.will_close or not response.isclosed():
            self.close()
        return answer


def _seconds_to_wait(retry_after: str | None) -> float | None:
    """What a `Retry-After` asks for, a number of seconds or a date; None if it asks for nothing."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            seconds = float(retry_after)
        else:
            seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, min(seconds, LONGEST_RETRY_AFTER_S))
