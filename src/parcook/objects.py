"""Object storage: whole objects by path, in a folder, in memory or in S3, with one meaning of failure.

An object that is not there is `None`. Storage that refuses, does not answer or holds something else in
the object's place raises `Unavailable`: never the same answer. Writes are atomic, a reader sees the old
object or the new one (obstore stages and renames local files).

S3 has its bounds, whatever the network does: a read is given up after 2 s of silence, one attempt at anything after
10 s. What is cut off, refused or told to slow down is tried again, a read twice within 2 s, all else three times within
10 s. So nothing takes longer than half a minute, or that for each thousand objects of a list.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotModifiedError
from obstore.store import LocalStore, MemoryStore, from_url

from parcook.errors import SettingsError, Unavailable

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_CLIENT: "ClientConfig" = {
    "connect_timeout": timedelta(seconds=2),
    "timeout": timedelta(seconds=10),
    "allow_http": True,
}
_RETRY: "RetryConfig" = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=2), "base": 2},
}
# Somebody waits for what is read: a store that says nothing for so long costs more than computing the answer anew.
# Not for what is written: this time would go on while a large object is sent.
_READ_CLIENT: "ClientConfig" = {**_CLIENT, "read_timeout": timedelta(seconds=2)}
_READ_RETRY: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=2)}

_CODE = re.compile(r"<Code>(\w+)</Code>")
_MEANING = {
    "NoSuchBucket": "the bucket does not exist; check its name in the URL, and AWS_ENDPOINT_URL",
    "InvalidAccessKeyId": "the access key is not known there; check AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL",
    "XAdminUserNotFound": "the access key is not known there; check AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL",
    "SignatureDoesNotMatch": "the secret does not fit the access key; check AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "the credentials have expired; renew them, or check AWS_SESSION_TOKEN",
    "InvalidToken": "the session token is not valid; check AWS_SESSION_TOKEN",
    "AccessDenied": "the key or role may not do this; check its policy and that of the bucket",
    "AuthorizationHeaderMalformed": "the bucket is in another region; check AWS_REGION",
    "PermanentRedirect": "the bucket is in another region; check AWS_REGION",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "SlowDown": "it is asked too often and tells us to slow down; try again later",
}
"""What S3 refuses with, and what to do about it."""
_ROLE = ("/latest/api/token", "/latest/meta-data")  # where a machine in AWS is asked for its role
_NO_ANSWER = ("error sending request", "request or response body error")


@dataclass(frozen=True)
class Blob:
    """An object as read: its bytes, and the tag that changes whenever it is written."""

    body: bytes
    etag: str | None


class Unchanged:
    """The answer to a conditional read whose tag still holds."""


UNCHANGED = Unchanged()


@dataclass(frozen=True)
class Listed:
    """An object as listed."""

    path: str
    modified: datetime
    etag: str | None = None


class Objects:
    """The objects under one URL: `file:///folder`, `memory://` (this instance only) or `s3://bucket/prefix`.

    S3 takes credentials, region and `AWS_ENDPOINT_URL` from the usual AWS environment or the machine's role.
    Raises `SettingsError` for another scheme or an unusable URL.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._store = _open(url, _CLIENT, _RETRY)
        self._is_s3 = url.startswith("s3://")
        self._reading = _open(url, _READ_CLIENT, _READ_RETRY) if self._is_s3 else self._store

    def get(self, path: str) -> Blob | None:
        """The object at `path`, or None if there is none. Raises `Unavailable`."""
        found = self._get(path, None)
        assert not isinstance(found, Unchanged)  # only a conditional read can say so
        return found

    def get_if_changed(self, path: str, etag: str | None) -> Blob | Unchanged | None:
        """As `get`, but `UNCHANGED` without a body if the object still has `etag`."""
        return self._get(path, etag)

    def put(
        self, path: str, body: bytes, content_type: str = "application/json", cache_control: str | None = None
    ) -> None:
        """Write the whole object, atomically. Raises `Unavailable`; then the old object still stands.

        Only S3 keeps the type and how long browsers may; a folder's web server has its own rules.
        """
        attributes: Attributes | None = {"Content-Type": content_type} if self._is_s3 else None
        if attributes is not None and cache_control is not None:
            attributes["Cache-Control"] = cache_control
        with self._translated("write", path):
            obstore.put(self._store, path, body, attributes=attributes, use_multipart=False)

    def list(self, prefix: str) -> list[Listed]:
        """All objects whose path starts with the folder `prefix`. Raises `Unavailable`."""
        with self._translated("list", prefix):
            return [
                Listed(entry["path"], entry["last_modified"], entry["e_tag"])
                for batch in obstore.list(self._store, prefix)
                for entry in batch
            ]

    def delete(self, path: str) -> None:
        """Remove the object at `path`, if there is one. Raises `Unavailable`."""
        with self._translated("delete", path):
            try:
                obstore.delete(self._store, path)
            except FileNotFoundError as error:
                if not self._is_absence(error):
                    raise
            except TypeError as error:  # what obstore says of a path such as `../a`, here alone
                raise ValueError("this is no object path") from error

    def _get(self, path: str, etag: str | None) -> Blob | Unchanged | None:
        with self._translated("read", path):
            try:
                result = obstore.get(self._reading, path, options={"if_none_match": etag} if etag else {})
                meta = result.meta
                return Blob(bytes(result.bytes()), meta["e_tag"])
            except NotModifiedError:
                return UNCHANGED
            except FileNotFoundError as error:
                if not self._is_absence(error):
                    raise
                return None

    def _is_absence(self, error: FileNotFoundError) -> bool:
        # S3 says 404 for an object and for the whole bucket; a server that is not S3 says it for anything.
        return not self._is_s3 or "<Code>NoSuchKey</Code>" in str(error)

    @contextmanager
    def _translated(self, verb: str, path: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            reason = str(error).partition("\n\nDebug source")[0].strip()
            if self._is_s3:
                reason = _explain(reason)
            raise Unavailable(f"cannot {verb} {path!r} in {self.url}: {reason}") from error


def _explain(reason: str) -> str:
    """What to check, for what obstore says of S3; without the rest of S3's answer, which holds keys and signatures."""
    if code := _CODE.search(reason):
        return f"{_MEANING.get(code[1], 'S3 refuses')} ({code[1]})"
    if any(path in reason for path in _ROLE):
        return "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
    if reason.endswith(_NO_ANSWER):
        return "it does not answer, is too slow or breaks off; check AWS_ENDPOINT_URL and the network"
    if "404 Not Found" in reason:
        return "what answers there is not S3; check AWS_ENDPOINT_URL"
    return reason


def _open(url: str, client: "ClientConfig", retry: "RetryConfig") -> "ObjectStore":
    parts = urlsplit(url)
    if parts.query or parts.fragment:  # else the part after it would be dropped, and another folder used
        raise SettingsError(f"{url!r} holds ? or #; in a URL they are written %3F and %23")
    if parts.scheme == "memory":
        return MemoryStore()
    if parts.scheme == "file":
        if not parts.path or parts.netloc:
            raise SettingsError(f"{url!r} names no folder; write file:///absolute/path")
        try:
            return LocalStore(Path(unquote(parts.path)), mkdir=True)
        except (BaseError, OSError) as error:
            raise SettingsError(f"{url!r} cannot be used as a folder: {error}") from error
    if parts.scheme == "s3" and parts.netloc:
        try:
            return from_url(url, client_options=client, retry_config=retry)
        except (BaseError, ValueError) as error:
            raise SettingsError(f"{url!r} cannot be used: {error}") from error
    raise SettingsError(f"{url!r} is not file:///folder, memory:// or s3://bucket/prefix")
