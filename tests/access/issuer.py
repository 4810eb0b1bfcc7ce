"""A little OpenID Connect issuer of our own: a real server on 127.0.0.1 with real keys, that can be made to fail."""

import base64
import functools
import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "bar-app"
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/keys"


@dataclass(frozen=True)
class SigningKey:
    """A key pair with a name; `jwk` is what is published of it."""

    kid: str
    algorithm: str
    private: Any

    @property
    def jwk(self) -> dict[str, Any]:
        kind = RSAAlgorithm if self.algorithm.startswith("RS") else ECAlgorithm
        public: dict[str, Any] = kind.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "alg": self.algorithm, "use": "sig"}

    @property
    def pem(self) -> bytes:
        """The public half as a file."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@functools.cache  # making RSA keys takes long
def make_key(kid: str, algorithm: str = "RS256", rsa_bits: int = 2048) -> SigningKey:
    """The key `kid`, the same throughout a run."""
    if algorithm.startswith("RS"):
        return SigningKey(kid, algorithm, rsa.generate_private_key(public_exponent=65537, key_size=rsa_bits))
    curve = ec.SECP256R1() if algorithm == "ES256" else ec.SECP384R1()
    return SigningKey(kid, algorithm, ec.generate_private_key(curve))


@dataclass(frozen=True)
class Reply:
    """What is answered instead of the truth. A body of `None` breaks the connection off."""

    body: bytes | None = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Issuer:
    """What the server publishes, how it misbehaves, and what it was asked."""

    url: str = ""
    keys: list[SigningKey] = field(default_factory=lambda: [make_key("rsa-1"), make_key("ec-1", "ES256")])
    document: dict[str, Any] = field(default_factory=dict)  # wins over what discovery would say
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    is_open: threading.Event = field(default_factory=threading.Event)  # while clear, every answer waits
    pace_s: float = 0.0  # between any two bytes of an answer
    _server: ThreadingHTTPServer | None = None

    def token(self, key: SigningKey | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that is good but for `header` and `claims`; what is `None` is left out."""
        key = key or self.keys[0]
        named = {"kid": key.kid} | (header or {})
        payload = json.dumps(self.claims(**claims)).encode()  # not by `jwt.encode`, which refuses to write nonsense
        kept = {name: value for name, value in named.items() if value is not None}
        return jwt.api_jws.encode(payload, key.private, key.algorithm, kept)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """The claims of a good token, of nobody in particular, changed."""
        now = int(time.time())
        good = {"iss": self.url, "aud": AUDIENCE, "sub": "4f1c-subject", "iat": now, "exp": now + 300}
        return {name: value for name, value in (good | changed).items() if value is not None}

    def answer(self, path: str) -> Reply:
        """What is answered to GET `path`."""
        if path in self.replies:
            return self.replies[path]
        if path == DISCOVERY:
            return Reply(json.dumps({"issuer": self.url, "jwks_uri": self.url + JWKS} | self.document).encode())
        if path == JWKS:
            return Reply(json.dumps({"keys": [key.jwk for key in self.keys]}).encode())
        return Reply(b"{}", 404)

    def start(self) -> None:
        """Answer; on the port of the last time, if there was one."""
        port = self._server.server_port if self._server else 0
        self._server = _Server(("127.0.0.1", port), functools.partial(_Handler, self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Answer no longer: connections are refused."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def start_issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    issuer.is_open.set()
    issuer.start()
    try:
        yield issuer
    finally:
        issuer.is_open.set()
        issuer.stop()


def forge(header: dict[str, Any], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """A token put together by hand, for what no decent library would sign."""
    message = b".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return b".".join((message, _base64(sign(message)))).decode()


def hmac_with(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda message: hmac.new(secret, message, hashlib.sha256).digest()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that the other side has hung up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, issuer: Issuer, *args: Any) -> None:
        self._issuer = issuer
        super().__init__(*args)

    def do_GET(self) -> None:
        self._issuer.asked[self.path] += 1
        self._issuer.is_open.wait(20)
        reply = self._issuer.answer(self.path)
        if reply.body is None:
            return
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self._issuer.pace_s == 0:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            time.sleep(self._issuer.pace_s)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
