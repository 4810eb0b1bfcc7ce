"""Over TLS, events go to the server whose certificate is trusted, and to no other."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.client.conftest import Told, quick
from tests.client.service import Service, serving


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and the file of its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "parcook test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context, folder / "certificate.pem"


def test_events_wait_until_the_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errors: Told
) -> None:
    context, certificate = certified(tmp_path)
    with serving(Service(), tls=context) as secured:
        tracker = quick(secured.url, on_error=errors.tell)
        assert tracker.track_message("c", None, "user", "for the right ears").queued
        assert errors.anything.wait(10)
        assert secured.requests == []
        assert "SSLCertVerificationError" in errors[0][1]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert tracker.close()
    assert secured.texts == ["for the right ears"]
