"""The public keys of an OpenID Connect issuer: asked for, kept, asked for again.

Addresses are believed if they are https, or on this machine; redirects are not followed. Keys rotate: an unknown
key id makes us ask again, but not more often than `REFETCH_EVERY_S`, so that made-up ids are no way to make us
busy. An issuer that does not answer locks nobody out whose key is known.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from jwt import PyJWK, PyJWKSet

from parcook.errors import Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "ES256")
KEYS_KEPT_S = 3600.0
REFETCH_EVERY_S = 10.0
TIMEOUT_S = 5.0
MAX_DOCUMENT = 1_000_000
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

log = logging.getLogger(__name__)


class IssuerKeys:
    """The public keys of an issuer, found through its discovery document and asked for anew after `KEYS_KEPT_S`."""

    def __init__(self, issuer: str, now: Callable[[], float]) -> None:
        self._issuer = issuer
        self._now = now
        self._asking = threading.Lock()
        self._keys: dict[str, PyJWK] = {}  # replaced whole, never changed
        self._renewed_at = self._asked_at = float("-inf")

    def find(self, key_id: str) -> PyJWK:
        """The key named `key_id`. Raises `Unauthenticated` if the issuer has none, `Unavailable` if it is silent."""
        # One caller asks. Others wait for the answer only if they cannot do without.
        if self._should_ask(key_id) and self._asking.acquire(blocking=key_id not in self._keys):
            try:
                if self._should_ask(key_id):
                    self._ask()
            finally:
                self._asking.release()
        keys = self._keys
        if key_id in keys:
            return keys[key_id]
        if not keys:
            raise Unavailable("the keys of PARCOOK_AUTH_ISSUER cannot be read; an earlier log line says why")
        raise Unauthenticated("the token names a key that its issuer does not publish")

    def _should_ask(self, key_id: str) -> bool:
        now, pause_s = self._now(), REFETCH_EVERY_S if self._keys else Unavailable.retry_after_s
        wanted = key_id not in self._keys or now - self._renewed_at > KEYS_KEPT_S
        return wanted and now - self._asked_at > pause_s

    def _ask(self) -> None:
        try:
            self._keys = _fetch_keys(self._issuer)
            self._renewed_at = self._now()
        except (OSError, HTTPException, ValueError, TypeError, AttributeError, RecursionError, jwt.PyJWTError) as error:
            reason = f"{type(error).__name__}: {error}"
            log.warning("the issuer's keys cannot be read; those known stay good", extra={"reason": reason})
        finally:
            self._asked_at = self._now()


def _fetch_keys(issuer: str) -> dict[str, PyJWK]:
    document = _get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:  # OpenID Connect Discovery, 4.3
        raise ValueError("the discovery document is another issuer's; PARCOOK_AUTH_ISSUER must match it to the letter")
    published = PyJWKSet.from_dict(_get_json(str(document.get("jwks_uri")))).keys
    usable = {
        key.key_id: key
        for key in published
        if key.key_id and key.public_key_use in (None, "sig") and key.algorithm_name in ALGORITHMS
    }
    if not usable:
        raise ValueError(f"the issuer publishes no key for {' or '.join(ALGORITHMS)} that has an id")
    return usable


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: what an issuer publishes says itself where it is."""


def _get_json(url: str) -> Any:
    """The JSON document at `url`, which must be an address that nobody else can answer for."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        raise ValueError("the issuer names an address that is neither https:// nor on this machine")
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310  # its scheme was checked
    deadline = time.monotonic() + TIMEOUT_S
    body = b""
    with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_S) as answer:
        while chunk := answer.read1(65_536):
            body += chunk
            if len(body) > MAX_DOCUMENT:
                raise ValueError(f"the issuer's document is larger than {MAX_DOCUMENT:,} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError("the issuer answers too slowly")
    return json.loads(body)
