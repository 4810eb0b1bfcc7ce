"""Settings: defaults, aliases, refusals that name the setting and keep its value to themselves."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from parcook.errors import SettingsError
from parcook.settings import Settings, load_settings, resolve_aliases

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests; a working folder of its own."""
    for name in os.environ:
        if name.upper().startswith("PARCOOK_") or name in ("DB_PATH", "ANALYTICS_BUCKET", "ANALYTICS_REFRESH_FUNCTION"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_lives_in_the_working_folder(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.home == tmp_path / "parcook-data"
    assert settings.catalogue_url == f"sqlite:///{tmp_path}/parcook-data/catalogue.db"
    assert settings.storage_url == f"file://{tmp_path}/parcook-data/objects"
    assert settings.refresh_url == "thread://"
    assert (settings.timezone, settings.week_start, settings.site_title) == ("UTC", 1, "parcook")
    assert settings.log_level == "info"
    assert not settings.home.exists()


def test_home_moves_the_defaults_and_a_url_stands_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARCOOK_HOME", "elsewhere/../here")
    monkeypatch.setenv("PARCOOK_CATALOGUE_URL", "postgresql+psycopg://u@h/d")
    settings = load_settings()
    assert settings.home == tmp_path / "here"
    assert settings.storage_url == f"file://{tmp_path}/here/objects"
    assert settings.catalogue_url == "postgresql+psycopg://u@h/d"


def test_a_home_with_odd_characters_is_written_as_a_url(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "100% ours?#")
    assert settings.catalogue_url == f"sqlite:///{tmp_path}/100%25%20ours%3F%23/catalogue.db"
    assert settings.storage_url == f"file://{tmp_path}/100%25%20ours%3F%23/objects"


@pytest.mark.parametrize(
    ("alias", "value", "field", "meant"),
    [
        ("DB_PATH", "/data/menu.db", "catalogue_url", "sqlite:////data/menu.db"),
        ("DB_PATH", "menu.db", "catalogue_url", "sqlite:///{cwd}/menu.db"),
        ("ANALYTICS_BUCKET", "my-bucket", "storage_url", "s3://my-bucket"),
        ("ANALYTICS_REFRESH_FUNCTION", "refresh", "refresh_url", "lambda://refresh"),
    ],
)
def test_the_specifications_names_are_aliases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, alias: str, value: str, field: str, meant: str
) -> None:
    meant = meant.format(cwd=tmp_path)
    monkeypatch.setenv(alias, value)
    assert getattr(load_settings(), field) == meant
    canonical = f"PARCOOK_{field.upper()}"
    monkeypatch.setenv(canonical, meant)
    assert getattr(load_settings(), field) == meant
    monkeypatch.setenv(canonical, "")
    assert getattr(load_settings(), field) == meant
    monkeypatch.setenv(canonical, f"postgresql://u:{SECRET}@h/d")
    with pytest.raises(SettingsError, match=f"{alias} is another name for {canonical}") as caught:
        load_settings()
    assert caught.value.code == "bad_setting"
    assert SECRET not in caught.value.detail
    assert value not in caught.value.detail


def test_empty_strings_are_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_settings()
    for name in ("HOME", "CATALOGUE_URL", "STORAGE_URL", "REFRESH_URL", "TIMEZONE", "WEEK_START", "SITE_TITLE"):
        monkeypatch.setenv(f"PARCOOK_{name}", "")
    for name in ("DB_PATH", "ANALYTICS_BUCKET", "ANALYTICS_REFRESH_FUNCTION"):
        monkeypatch.setenv(name, "")
    assert load_settings() == expected
    assert resolve_aliases({"DB_PATH": ""}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CATALOGUE_URL", f"mysql://u:{SECRET}@h/d"),
        ("CATALOGUE_URL", f"u:{SECRET}@h/d"),
        ("CATALOGUE_URL", f"postgresql:u:{SECRET}@h/d"),
        ("CATALOGUE_URL", f"{SECRET}+sqlite://"),
        ("STORAGE_URL", f"ftp://u:{SECRET}@h"),
        ("STORAGE_URL", f"/{SECRET}"),
        ("REFRESH_URL", f"http://u:{SECRET}@h"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../../etc/passwd"),
        ("WEEK_START", "0"),
        ("WEEK_START", "8"),
        ("WEEK_START", SECRET),
        ("SITE_TITLE", "x" * 101),
        ("SITE_TITLE", f"{SECRET}\nsecond line"),
        ("SITE_TITLE", " "),
        ("LOG_LEVEL", SECRET),
    ],
)
def test_a_bad_setting_is_named_and_its_value_is_not_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"PARCOOK_{name}", value)
    with pytest.raises(SettingsError, match=f"PARCOOK_{name}") as caught:
        load_settings()
    assert SECRET not in caught.value.detail
    assert caught.value.__cause__ is None
    with pytest.raises(ValidationError) as raw:
        Settings()
    assert SECRET not in str(raw.value)


def test_every_bad_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_WEEK_START", "9")
    monkeypatch.setenv("PARCOOK_TIMEZONE", "Nowhere")
    with pytest.raises(SettingsError, match=r"PARCOOK_TIMEZONE: .*; PARCOOK_WEEK_START: "):
        load_settings()


def test_a_password_is_not_in_what_is_printed_of_the_settings() -> None:
    settings = Settings(catalogue_url=f"postgresql://u:{SECRET}@h/d")
    assert SECRET in settings.catalogue_url
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)


def test_settings_are_frozen() -> None:
    settings = load_settings()
    for name in ("catalogue_url", "home", "timezone", "unheard_of"):
        with pytest.raises(ValidationError):
            setattr(settings, name, "changed")
    assert settings == load_settings()


def test_overrides_win_over_the_environment_and_unknown_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_TIMEZONE", "Europe/Madrid")
    assert load_settings().timezone == "Europe/Madrid"
    assert load_settings(timezone="Asia/Tokyo").timezone == "Asia/Tokyo"
    with pytest.raises(SettingsError, match="PARCOOK_COLOUR"):
        load_settings(colour="red")
