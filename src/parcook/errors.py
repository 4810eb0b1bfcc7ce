"""The error family: every fault parcook reports, with the stable code and HTTP status it is reported under.

Raised where the fault is known; foreign errors are translated once, where they enter
(`catalogue/database.py`, `objects.py`). Rendered once: as problem+json in `web/problems.py`, as one
line on stderr in `cli.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class ParcookError(Exception):
    """A fault that parcook understands.

    `detail` is written for the person who meets it. `errors` holds one entry per fault where a request
    has several; every entry has at least `code` and `message`.
    """

    status: ClassVar[int] = 500
    code: str = "internal"
    retry_after_s: int | None = None

    def __init__(self, detail: str, *, code: str | None = None, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        if code is not None:
            self.code = code


class SettingsError(ParcookError):
    """A setting is missing, malformed or contradicts another; start-up stops."""

    code = "bad_setting"


class SchemaRefused(ParcookError):
    """The database holds something that parcook must not touch: foreign tables, or a newer schema."""

    code = "schema_refused"


class UnreadableFile(ParcookError):
    """A file given for import cannot be read as what it claims to be."""

    status = 422
    code = "unreadable_file"


class Malformed(ParcookError):
    """The request body is not JSON."""

    status = 400
    code = "malformed_json"


class Invalid(ParcookError):
    """The request is understood and cannot be right: a bad value or an unknown id in the body."""

    status = 422
    code = "invalid"


class NotFound(ParcookError):
    """The thing that the address names does not exist."""

    status = 404
    code = "not_found"


class Conflict(ParcookError):
    """The request is well-formed but contradicts what is stored."""

    status = 409
    code = "conflict"


class PreconditionFailed(ParcookError):
    """`If-Match` names a version of the item that is no longer the current one."""

    status = 412
    code = "precondition_failed"


class Unauthenticated(ParcookError):
    """No credential was sent, or it is unknown, expired or revoked."""

    status = 401
    code = "unauthenticated"


class Forbidden(ParcookError):
    """The credential is good, its role does not allow this."""

    status = 403
    code = "forbidden"


class TooLarge(ParcookError):
    """The request body is larger than is taken."""

    status = 413
    code = "too_large"


class TooManyAttempts(ParcookError):
    """Failed too often; nothing is looked at until `retry_after_s` have passed."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class UnsupportedMediaType(ParcookError):
    """The request body is not JSON."""

    status = 415
    code = "unsupported_media_type"


class Unavailable(ParcookError):
    """Something parcook depends on does not answer now; the same request may succeed later."""

    status = 503
    code = "unavailable"
    retry_after_s = 2


class Corrupt(ParcookError):
    """A stored object is there but is not what was written."""

    code = "corrupt"


class Rejected(Invalid):
    """One event of a request is refused, for a reason that sending it again does not change."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code=code)


class Busy(ParcookError):
    """More is being reported at once than is taken; nothing of this request was, and it is worth sending again."""

    status = 429
    code = "busy"
    retry_after_s = 1


class QueryFailed(Invalid):
    """An engine refused a query, or did not finish it in time."""

    code = "query_failed"
