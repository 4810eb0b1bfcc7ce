"""`PrivacyManager`: the specification's names for redacting a message and for naming a person by the day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from parcook.clock import Clock, day_of, utc_now
from parcook.conversations.pseudonyms import Pseudonyms, StoreKey, load_secret
from parcook.conversations.redact import redact
from parcook.settings import load_settings


class PrivacyManager:
    """Thin names over `redact` and the pseudonyms. The secret and the report zone come from the settings unless given.

    Raises what `load_settings` and `load_secret` raise.
    """

    def __init__(self, secret: bytes | None = None, zone: ZoneInfo | None = None, clock: Clock = utc_now) -> None:
        settings = load_settings() if secret is None or zone is None else None
        self._secret = load_secret(settings) if secret is None and settings is not None else secret or b""
        self._zone = ZoneInfo(settings.timezone) if zone is None and settings is not None else zone
        self._clock = clock

    def anonymize_message(self, message: str) -> str:
        """`message` with placeholders for what must not be kept."""
        return redact(message)

    def hash_user_id(self, user_id: str, at: date | datetime | None = None) -> str:
        """A name for a person that is the same all through a report day and another on the next: 32 hexadecimal digits.

        `at` is the day, or a moment in it; today if not given. It rests on the secret, so nobody without it can name
        the person, and it is no name of the lake, whose keys are random and destroyed.
        """
        moment = at if at is not None else self._clock()
        day = day_of(moment, self._zone or ZoneInfo("UTC")) if isinstance(moment, datetime) else moment
        reference = StoreKey(self._secret).user_ref(user_id, "user")
        return Pseudonyms(self._secret).of(f"day {day.isoformat()}", reference)
