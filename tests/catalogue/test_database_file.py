"""The SQLite file while we run: an older copy put in its place, a file that vanishes, a writer that is in the way."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from parcook.catalogue.database import Database
from parcook.catalogue.models import IngredientDraft
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.errors import SettingsError, Unavailable
from tests.catalogue.making import grow, paths


def path_of(catalogue: Catalogue) -> Path:
    assert catalogue.database.path is not None
    return catalogue.database.path


def copy(path: Path, to: Path) -> Path:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return to


def test_an_older_copy_put_in_place_of_the_file_is_served_and_can_be_written(
    sqlite_catalogue: Catalogue, tmp_path: Path
) -> None:
    path = path_of(sqlite_catalogue)
    grow(sqlite_catalogue, {"Gin": {}})
    older = sqlite_catalogue.state()
    backup = copy(path, tmp_path / "backup.db")
    grow(sqlite_catalogue, {"Rum": {}})
    newer = sqlite_catalogue.state()
    copy(path, tmp_path / "unused.db")  # moves everything from the log into the file
    backup.replace(path)
    assert paths(sqlite_catalogue) == {"Gin": "/1/"}
    assert sqlite_catalogue.state() == older
    grow(sqlite_catalogue, {"Vodka": {}})
    assert sqlite_catalogue.state().stamp.version == newer.stamp.version
    assert sqlite_catalogue.state().stamp.token != newer.stamp.token
    reopened = open_catalogue(f"sqlite:///{path}")
    assert sorted(paths(reopened)) == ["Gin", "Vodka"]
    reopened.close()


def test_a_file_that_vanishes_is_an_outage_and_never_an_empty_catalogue(sqlite_catalogue: Catalogue) -> None:
    path = path_of(sqlite_catalogue)
    grow(sqlite_catalogue, {"Gin": {}})
    aside = path.rename(path.with_name("aside.db"))
    for attempt in (
        sqlite_catalogue.state,
        sqlite_catalogue.counts,
        lambda: sqlite_catalogue.ingredients.get(1),
        lambda: sqlite_catalogue.ingredients.create(IngredientDraft(name="Rum")),
    ):
        with pytest.raises(Unavailable):
            attempt()
    assert not path.exists()
    aside.rename(path)
    assert paths(sqlite_catalogue) == {"Gin": "/1/"}


def test_our_file_is_in_wal_mode_and_in_lambda_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"

    def journal_mode() -> object:
        opened = open_catalogue(url)
        try:
            grow(opened, {f"i{opened.counts()['ingredients']}": {}})
            with opened.database.read() as connection:
                return connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        finally:
            opened.close()

    assert journal_mode() == "wal"
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "parcook")
    assert journal_mode() == "delete"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["catalogue.db"]
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME")
    assert journal_mode() == "wal"


def test_a_journal_mode_that_cannot_change_while_somebody_writes_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    with monkeypatch.context() as in_lambda:
        in_lambda.setenv("AWS_LAMBDA_FUNCTION_NAME", "parcook")
        open_catalogue(url).close()
    database = Database(url)
    with closing(sqlite3.connect(tmp_path / "catalogue.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        writer.execute("COMMIT")
    database.close()
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()


def test_readers_go_on_while_somebody_writes(sqlite_catalogue: Catalogue) -> None:
    grow(sqlite_catalogue, {"Gin": {}})
    with closing(sqlite3.connect(path_of(sqlite_catalogue), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE ingredients SET name = 'Genever'")
        assert sqlite_catalogue.ingredients.get(1).name == "Gin"
        writer.execute("COMMIT")
    assert sqlite_catalogue.ingredients.get(1).name == "Genever"


def test_odd_characters_in_a_path_are_just_characters(tmp_path: Path) -> None:
    path = tmp_path / "a b%20é#1?" / "it's+.db"
    opened = open_catalogue(f"sqlite:///{quote(str(path))}")
    grow(opened, {"Gin": {}})
    opened.close()
    assert path.exists()
    assert os.listdir(path.parent) == ["it's+.db"]


def test_what_was_settled_stays_settled(catalogue: Catalogue) -> None:
    catalogue.settle("timezone", "Europe/Madrid")
    catalogue.settle("timezone", "Europe/Madrid")
    with pytest.raises(SettingsError, match=r"PARCOOK_TIMEZONE: .*'Europe/Madrid', not 'UTC'"):
        catalogue.settle("timezone", "UTC")
    catalogue.settle("timezone", "Europe/Madrid")
