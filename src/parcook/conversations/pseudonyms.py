"""Pseudonyms under two keys: one of the store, kept for good, and one of each day, destroyed three days after it.

Under the store's key (`PARCOOK_SECRET_KEY`) identifiers stay the same for the 90 days that events live: that makes
idempotency, erasure and exact counts of people possible. Under a day's key they are made anew for the lake, so that
no two days of one person can be joined from the lake alone, by anybody, ever. Both are HMAC-SHA256 (RFC 2104) cut
to 128 bits.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from parcook.clock import day_bounds, format_instant, parse_instant
from parcook.errors import SettingsError, Unavailable
from parcook.events.contract import PersonKind, Record, Records
from parcook.settings import SECRETS_MANAGER, Settings, fetch_secret

KEY_BYTES = 32
KEY_LIVES = timedelta(hours=72)
PASSING_KEY_LIVES = timedelta(hours=24)
KEY_KIND, PASSING_KIND, LEDGER_KIND, INSTALLATION_KIND = "day_key", "passing_day_key", "day_key_ledger", "installation"


class _Hmac:
    """HMAC-SHA256 under one key, worked in once: faster than `hmac.digest`, which also lets other threads go first."""

    def __init__(self, key: bytes) -> None:
        block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def __call__(self, message: bytes) -> str:
        """The first 128 bits, in hexadecimal digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()[:16].hex()


class StoreKey:
    """The key of everything that rests in the store."""

    def __init__(self, secret: bytes) -> None:
        self._hmac = _Hmac(secret)

    @classmethod
    def settled(cls, secret: bytes, records: Records) -> "StoreKey":
        """The key, once its fingerprint is written down beside the events; another key later raises `SettingsError`."""
        fingerprint = hashlib.sha256(b"parcook fingerprint|" + secret).hexdigest()[:16]
        if records.put(INSTALLATION_KIND, "secret_key", {"fingerprint": fingerprint}, only_if_absent=True):
            return cls(secret)
        stored = records.get(INSTALLATION_KIND, "secret_key")
        if stored is not None and stored.document["fingerprint"] != fingerprint:
            raise SettingsError(
                "PARCOOK_SECRET_KEY is not the key that this event store was begun with; people could neither be "
                "counted nor erased. Set it back (a backup holds secret.key), or start a new store."
            )
        return cls(secret)

    def user_ref(self, own_id: str, kind: PersonKind) -> str:
        """The reference of a person; a signed user and a visitor of the same id are two."""
        return self._name("u" if kind == "user" else "v", own_id)

    def conversation_id(self, conversation: str) -> str:
        """The stored id of a conversation."""
        return self._name("c", conversation)

    def message_id(self, conversation: str, message: str) -> str:
        """The stored id of a message: it covers the conversation, so it is unique everywhere."""
        return self._name("m", conversation, message)

    def call_id(self, conversation: str, call: str) -> str:
        """The stored id of a tool call."""
        return self._name("t", conversation, call)

    def _name(self, prefix: str, *parts: str) -> str:
        # Each part with its length before it: ("a", "bc") and ("ab", "c") must not be the same message.
        encoded = b"".join(b"%d:%s" % (len(part), part) for part in (part.encode() for part in parts))
        return self._hmac(prefix.encode() + b"|" + encoded)


class Pseudonyms:
    """What references are called in the lake on the day of `day_key`."""

    def __init__(self, day_key: bytes) -> None:
        self._hmac = _Hmac(day_key)

    def of(self, prefix: str, reference: str) -> str:
        """The pseudonym of a user (`u`), conversation (`c`) or message (`m`)."""
        return self._hmac(f"{prefix}|{reference}".encode())


@dataclass(frozen=True)
class KeyEntry:
    """What the ledger says of a day's key: never the key."""

    day: date
    key_id: str
    sha256: str
    created_at: datetime
    destroyed_at: datetime | None


class DayKeys:
    """The keys of report days, kept beside the events and nowhere else. Threads and processes may share them."""

    def __init__(self, records: Records, zone: ZoneInfo) -> None:
        self._records = records
        self._zone = zone

    @staticmethod
    def id_of(key: bytes) -> str:
        """What the ledger and others call `key`."""
        return hashlib.sha256(b"parcook key id|" + key).hexdigest()[:12]

    def key_for(self, day: date, now: datetime) -> bytes | None:
        """The key of `day`, made by whoever asks first; None once it is to be destroyed, or has been.

        A key that is gone without having been destroyed (a backup holds none) is replaced by another.
        """
        entry = self.entry(day)
        if now >= self.due(day) or (entry is not None and entry.destroyed_at is not None):
            return None
        key = self._agreed(KEY_KIND, day, now)
        if entry is None or entry.sha256 != hashlib.sha256(key).hexdigest():  # also after a crash between the two
            self._enter(day.isoformat(), key, now)
        return key

    def passing_key(self, day: date, now: datetime) -> bytes:
        """A key for one more export of `day`, whose own is gone; the same for all who export it meanwhile.

        Call `destroy_passing` at the end of the export; `destroy_due` does so a day later.
        """
        key = self._agreed(PASSING_KIND, day, now)
        self._enter(_passing(day.isoformat(), key), key, now)
        return key

    def destroy_passing(self, day: date, now: datetime) -> None:
        """The export is over: nobody needs the passing key of `day` any more."""
        record = self._records.get(PASSING_KIND, day.isoformat())
        if record is not None:
            self._destroy([record], now)

    def due(self, day: date) -> datetime:
        """When the key of `day` is to be destroyed: 72 hours after the day ends."""
        return day_bounds(day, self._zone)[1] + KEY_LIVES

    def destroy_due(self, now: datetime) -> list[date]:
        """Destroy every key whose time has come, and write that down; the days they were of."""
        overdue = self._overdue(now)
        self._destroy(overdue, now)
        for record in self._records.list(LEDGER_KIND):  # gone already: lost, or a crash was between the two
            if record.document["destroyed_at"] is None and not self._is_kept(record, now):
                self._records.put(LEDGER_KIND, record.key, {**record.document, "destroyed_at": format_instant(now)})
        return [date.fromisoformat(record.key) for record in overdue]

    def overdue(self, now: datetime) -> list[date]:
        """The days whose key should have been destroyed and is still there: none, if all is well."""
        return [date.fromisoformat(record.key) for record in self._overdue(now)]

    def entry(self, day: date) -> KeyEntry | None:
        """What the ledger says of the key of `day`."""
        record = self._records.get(LEDGER_KIND, day.isoformat())
        if record is None:
            return None
        told = record.document
        destroyed_at = told["destroyed_at"]
        return KeyEntry(
            day,
            told["key_id"],
            told["sha256"],
            parse_instant(told["created_at"]),
            None if destroyed_at is None else parse_instant(destroyed_at),
        )

    def _agreed(self, kind: str, day: date, now: datetime) -> bytes:
        """The key that is kept, made now if there is none; all workers get the same."""
        if (found := self._records.get(kind, day.isoformat())) is None:
            made = {
                "key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
                "created_at": format_instant(now),
            }
            self._records.put(kind, day.isoformat(), made, only_if_absent=True)
            found = self._records.get(kind, day.isoformat())
            assert found is not None  # ours, or that of whoever was first
        return _key(found)

    def _overdue(self, now: datetime) -> list[Record]:
        own = [record for record in self._records.list(KEY_KIND) if now >= self.due(date.fromisoformat(record.key))]
        passing = [
            record
            for record in self._records.list(PASSING_KIND)
            if now >= parse_instant(record.document["created_at"]) + PASSING_KEY_LIVES
        ]
        return own + passing

    def _destroy(self, keys: Sequence[Record], now: datetime) -> None:
        told_as = [record.key if record.kind == KEY_KIND else _passing(record.key, _key(record)) for record in keys]
        for record, name in zip(keys, told_as, strict=True):
            if self._records.get(LEDGER_KIND, name) is None:
                self._enter(name, _key(record), now)
        for kind in {record.kind for record in keys}:
            self._records.delete(kind, *(record.key for record in keys if record.kind == kind))
        for name in told_as:
            entry = self._records.get(LEDGER_KIND, name)
            assert entry is not None  # it was there before the key was gone
            self._records.put(LEDGER_KIND, name, {**entry.document, "destroyed_at": format_instant(now)})

    def _is_kept(self, entry: Record, now: datetime) -> bool:
        """Whether the key that a ledger's entry tells of is still there, or may just be being made."""
        day = date.fromisoformat(entry.key[:10])
        if now < self.due(day):
            return True
        return any(
            (record := self._records.get(kind, day.isoformat())) is not None
            and self.id_of(_key(record)) == entry.document["key_id"]
            for kind in (KEY_KIND, PASSING_KIND)
        )

    def _enter(self, told_as: str, key: bytes, now: datetime) -> None:
        document = {
            "key_id": self.id_of(key),
            "sha256": hashlib.sha256(key).hexdigest(),
            "created_at": format_instant(now),
            "destroyed_at": None,
        }
        there = self._records.get(LEDGER_KIND, told_as)
        if there is None or there.document["sha256"] != document["sha256"]:
            self._records.put(LEDGER_KIND, told_as, document)


def _key(record: Record) -> bytes:
    return base64.b64decode(record.document["key"])


def _passing(day: str, key: bytes) -> str:
    """How the ledger tells of a passing key: after the day's own."""
    return f"{day}#{DayKeys.id_of(key)}"


def load_secret(settings: Settings) -> bytes:
    """The secret that `settings` give, or the one in `$PARCOOK_HOME/secret.key`, made there on first use.

    Raises `SettingsError` for one that is no base64 or shorter than 32 bytes, `Unavailable` if the file cannot be
    read or made.
    """
    given = settings.secret_key.get_secret_value()
    if given.startswith(SECRETS_MANAGER):
        return _decoded(fetch_secret(given, "PARCOOK_SECRET_KEY"), "PARCOOK_SECRET_KEY")
    if given:
        return _decoded(given, "PARCOOK_SECRET_KEY")
    path = settings.home / "secret.key"
    try:
        if not path.exists():
            _make(path)
        return _decoded(path.read_text(), str(path))
    except OSError as error:
        raise Unavailable(f"cannot read or make {path}: {error.strerror or error}") from error


def _make(path: Path) -> None:
    """Write a new secret, whole, for the first process that comes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):  # another process was first; its secret counts
            os.link(draft, path)
    finally:
        draft.unlink()


def _decoded(text: str, where: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) < KEY_BYTES:
        raise SettingsError(
            f"{where} must be at least {KEY_BYTES} random bytes in base64, as openssl rand -base64 32 makes"
        )
    return secret
