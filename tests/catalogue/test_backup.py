"""Backup and restore, from and to both databases."""

import hashlib
import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from parcook.access import Access, Role
from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.verify import find_faults
from parcook.catalogue.backup import back_up, restore
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.models import IngredientDraft
from parcook.catalogue.store import open_catalogue
from parcook.catalogue.tables import recipe_ingredients
from parcook.errors import SchemaRefused, Unauthenticated, Unavailable, UnreadableFile
from tests.catalogue.making import grow, mix, paths

TREE = {"Spirits": {"Whiskey": {"Bourbon": {}, "Rye": {}}, "Gin": {}}, "Éclair": {}}


@pytest.fixture
def stocked(catalogue):
    ids = grow(catalogue, TREE)
    mix(catalogue, "Boulevardier", [ids["Bourbon"], ids["Gin"]])
    mix(catalogue, "Manhattan", [ids["Rye"]])
    return catalogue


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request, tmp_path):
    """A second catalogue, of either kind, to restore into."""
    url = f"sqlite:///{tmp_path / 'other' / 'catalogue.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").new_database()
    with closing(open_catalogue(url)) as opened:
        yield opened


def content(catalogue):
    with catalogue.database.read() as connection:
        lines = connection.execute(select(recipe_ingredients).order_by("recipe_id", "ingredient_id")).all()
    everything = catalogue.ingredients.list(limit=200), catalogue.recipes.list(limit=200), catalogue.units.list()
    return [page.model_dump() for page in everything], [tuple(line) for line in lines], catalogue.state()


def test_a_backup_restored_elsewhere_is_the_same_catalogue(stocked, other, tmp_path):
    grow(other, {"Left over": {"Below": {}}})
    back_up(stocked, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    assert content(other) == content(stocked)


def test_a_restored_catalogue_goes_on_with_ids_of_its_own(stocked, other, tmp_path):
    back_up(stocked, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    known = set(paths(other).values())
    added = other.ingredients.create(IngredientDraft(name="Mezcal"))
    assert added.path == f"/{added.id}/"
    assert added.path not in known


def test_a_restore_of_yesterday_is_followed_by_fresh_answers(stocked, tmp_path):
    storage = AnalyticsStorage(f"file://{tmp_path / 'objects'}")
    refresher = Refresher(stocked, storage, {})
    back_up(stocked, tmp_path / "backup")
    yesterday = stocked.state()
    mix(stocked, "Today's", [1])
    refresher.refresh()
    assert storage.get_analytics("recipe-complexity")["metadata"]["total_recipes"] == 3
    restore(stocked, tmp_path / "backup")
    assert stocked.state() == yesterday
    assert refresher.refresh()
    assert storage.get_analytics("recipe-complexity")["metadata"]["total_recipes"] == 2
    assert find_faults(stocked, storage) == []


def test_a_backup_is_one_private_file_and_its_description(stocked, tmp_path):
    about = back_up(stocked, tmp_path / "backup")
    assert sorted(path.name for path in (tmp_path / "backup").iterdir()) == ["backup.json", "catalogue.db"]
    assert (tmp_path / "backup" / "catalogue.db").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "backup" / "backup.json").read_text()) == about
    assert about["catalogue"]["recipes"] == 2
    assert about["catalogue"]["ingredients"] == 6


def test_sessions_and_sign_in_links_stay_behind(stocked, other, tmp_path):
    access = Access(Credentials(stocked.database))
    session = access.open_session(access.create_link(Role.ADMIN))
    link = access.create_link(Role.ADMIN)
    token = access.create_token(Role.VIEWER).secret
    back_up(stocked, tmp_path / "backup")
    restore(other, tmp_path / "backup")
    restored = Access(Credentials(other.database))
    assert restored.identify(token, None).role is Role.VIEWER
    assert restored.identify(None, session).role is Role.PUBLIC
    with pytest.raises(Unauthenticated):
        restored.open_session(link)


def test_a_token_revoked_since_the_backup_stays_revoked(stocked, tmp_path):
    access = Access(Credentials(stocked.database))
    token = access.create_token(Role.ADMIN)
    back_up(stocked, tmp_path / "backup")
    access.revoke_token(token.id)
    restore(stocked, tmp_path / "backup")
    with pytest.raises(Unauthenticated):
        access.identify(token.secret, None)


def test_a_folder_with_something_in_it_is_not_written_to(stocked, tmp_path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "precious").write_text("")
    with pytest.raises(Unavailable, match="not empty"):
        back_up(stocked, tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["precious"]


def test_a_damaged_backup_is_refused_and_nothing_changes(stocked, tmp_path):
    back_up(stocked, tmp_path / "backup")
    file = tmp_path / "backup" / "catalogue.db"
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    file.write_bytes(damaged)
    before = content(stocked)
    with pytest.raises(UnreadableFile, match="damaged"):
        restore(stocked, tmp_path / "backup")
    assert content(stocked) == before


def test_a_folder_that_is_no_backup_is_refused(stocked, tmp_path):
    with pytest.raises(UnreadableFile, match="no backup"):
        restore(stocked, tmp_path)


def test_a_backup_of_a_newer_schema_is_refused_by_name(stocked, tmp_path):
    back_up(stocked, tmp_path / "backup")
    file = tmp_path / "backup" / "catalogue.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE parcook_alembic_version SET version_num = '9999'")
    about = json.loads((tmp_path / "backup" / "backup.json").read_text())
    about["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (tmp_path / "backup" / "backup.json").write_text(json.dumps(about))
    before = content(stocked)
    with pytest.raises(SchemaRefused, match="9999"):
        restore(stocked, tmp_path / "backup")
    assert content(stocked) == before
