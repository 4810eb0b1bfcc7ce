"""The specification's names, and that what was wrong with them is gone."""

import hashlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

import parcook

SECRET = bytes(range(32))


def manager() -> "parcook.PrivacyManager":
    return parcook.PrivacyManager(SECRET, ZoneInfo("Europe/Madrid"), lambda: datetime(2025, 1, 15, 12, tzinfo=UTC))


def test_a_message_is_redacted() -> None:
    assert manager().anonymize_message("jo@ex.com|bob, (555) 123-4567") == "[EMAIL]|bob, [PHONE]"


def test_a_person_has_one_name_a_day_and_another_the_next() -> None:
    today = manager().hash_user_id("user-54321")
    assert today == manager().hash_user_id("user-54321", date(2025, 1, 15))
    assert today == manager().hash_user_id("user-54321", datetime(2025, 1, 15, 22, 59, tzinfo=UTC))
    assert today != manager().hash_user_id("user-54321", datetime(2025, 1, 15, 23, 0, tzinfo=UTC))
    assert today != manager().hash_user_id("user-54322")
    assert len(today) == 32


def test_the_date_alone_names_nobody() -> None:
    guessed = {
        hashlib.sha256(f"{day}:{own}".encode()).hexdigest()[:length]
        for day in ("2025-01-15", "2025-01-14")
        for own in ("user-54321", "54321")
        for length in (16, 32)
    }
    assert manager().hash_user_id("user-54321") not in guessed
    other = parcook.PrivacyManager(bytes(32), ZoneInfo("Europe/Madrid"))
    assert other.hash_user_id("user-54321", date(2025, 1, 15)) != manager().hash_user_id("user-54321")


def test_without_arguments_it_takes_the_installations_secret(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOOK_HOME", str(tmp_path / "home"))
    day = date(2025, 1, 15)
    assert parcook.PrivacyManager().hash_user_id("u", day) == parcook.PrivacyManager().hash_user_id("u", day)
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
