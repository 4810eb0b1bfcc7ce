"""What became of the events of a request, as the answer tells it: event by event, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True)
class Result:
    """What became of one event. `code` and `detail` say why one was rejected; that is never worth a retry."""

    index: int
    message_id: str | None
    status: Status
    code: str | None = None
    detail: str | None = None
    warnings: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the answer tells it."""
        told: dict[str, Any] = {"index": self.index, "message_id": self.message_id, "status": self.status}
        if self.status == "rejected":
            told |= {"code": self.code, "detail": self.detail, "retryable": False}
        return told


@dataclass(frozen=True)
class Outcome:
    """What became of all events of a request, in their order."""

    results: Sequence[Result]

    def count(self, status: Status) -> int:
        """How many events ended so."""
        return sum(result.status == status for result in self.results)

    def as_dict(self) -> dict[str, Any]:
        """As the answer tells it."""
        return {
            "accepted": self.count("accepted"),
            "duplicates": self.count("duplicate"),
            "rejected": self.count("rejected"),
            "warnings": [{"index": result.index, "code": code} for result in self.results for code in result.warnings],
            "results": [result.as_dict() for result in self.results],
        }
