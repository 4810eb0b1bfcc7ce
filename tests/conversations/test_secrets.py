"""Where the secret comes from: a file of our own, the environment, AWS Secrets Manager."""

import base64
from pathlib import Path

import pytest

from parcook.catalogue.store import open_catalogue
from parcook.conversations.pseudonyms import load_secret
from parcook.errors import SettingsError
from parcook.settings import Settings
from tests.servers.s3 import S3Server

SECRET = bytes(range(32))
WRITTEN = base64.b64encode(SECRET).decode()


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert load_secret(settings) == load_secret(settings)
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret.key"]


def test_a_secret_that_is_given_is_taken_and_never_shown(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key=WRITTEN)
    assert load_secret(settings) == SECRET
    assert WRITTEN not in repr(settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", ["short", base64.b64encode(bytes(31)).decode(), "not base64!" * 8])
def test_a_secret_that_is_none_is_refused_and_not_repeated(tmp_path: Path, bad: str) -> None:
    with pytest.raises(SettingsError, match="at least 32 random bytes") as refusal:
        load_secret(Settings(home=tmp_path, secret_key=bad))
    assert bad not in refusal.value.detail


def test_a_secret_is_fetched_from_secrets_manager(
    tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():  # moto is one server for all services
        monkeypatch.setenv(name, value)
    s3_server.client("secretsmanager").create_secret(Name="parcook/secret-key", SecretString=WRITTEN)
    assert load_secret(Settings(home=tmp_path, secret_key="secretsmanager://parcook/secret-key")) == SECRET
    with pytest.raises(SettingsError, match="cannot be read"):
        load_secret(Settings(home=tmp_path, secret_key="secretsmanager://parcook/another"))


def test_the_url_of_a_catalogue_may_be_a_secret_too(
    tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "catalogue.db"
    s3_server.client("secretsmanager").create_secret(Name="parcook/catalogue", SecretString=f"sqlite:///{path}")
    settings = Settings(home=tmp_path, catalogue_url="secretsmanager://parcook/catalogue")
    open_catalogue(settings.catalogue_url).close()
    assert path.exists()
    with pytest.raises(SettingsError, match="PARCOOK_CATALOGUE_URL: the secret cannot be read"):
        open_catalogue("secretsmanager://parcook/nothing")
