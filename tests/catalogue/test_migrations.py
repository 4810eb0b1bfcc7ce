"""Making, migrating and refusing databases; what a replaced or missing file means."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from parcook.catalogue import migrate
from parcook.catalogue.models import IngredientDraft
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.catalogue.tables import SCHEMA_REVISION, VERSION_TABLE, metadata
from parcook.errors import SchemaRefused, SettingsError, Unavailable
from tests.catalogue.making import grow, paths
from tests.catalogue.outside import Outside
from tests.servers.postgres import PostgresServer

OPEN_AND_WRITE = """
import sys
from parcook.catalogue.models import IngredientDraft
from parcook.catalogue.store import open_catalogue
sys.stdin.readline()
catalogue = open_catalogue(sys.argv[1])
catalogue.settle("timezone", "UTC")
catalogue.ingredients.create(IngredientDraft(name=sys.argv[2]))
catalogue.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that nobody has touched."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'catalogue.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.bare_database()


def test_the_revision_in_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA_REVISION]


def test_the_tables_are_what_the_migrations_made(catalogue: Catalogue) -> None:
    with catalogue.database.read() as connection:
        options = {
            "version_table": VERSION_TABLE,
            "compare_type": True,
            "compare_server_default": not catalogue.database.is_sqlite,  # which has no identity columns to compare
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert migrate.current_revision(connection) == SCHEMA_REVISION


def test_opening_again_changes_nothing(fresh_url: str) -> None:
    first = open_catalogue(fresh_url)
    grow(first, {"Gin": {}})
    before = first.state()
    second = open_catalogue(fresh_url)
    assert second.state() == before
    assert paths(second) == {"Gin": "/1/"}
    first.close()
    second.close()


def test_a_database_without_the_newest_migrations_is_brought_up_to_date(fresh_url: str) -> None:
    """Rows written under the first revisions are there afterwards, with everything that newer ones add."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    oldest = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][-2]
    open_at(fresh_url, oldest)
    outside = Outside(fresh_url)
    outside.run("INSERT INTO ingredients (id, name) VALUES (1, 'Gin')")
    outside.run("INSERT INTO recipes (id, name) VALUES (1, 'Martini')")
    outside.close()
    opened = open_catalogue(fresh_url)
    with opened.database.read() as connection:
        assert migrate.current_revision(connection) == SCHEMA_REVISION
    assert paths(opened) == {"Gin": "/1/"}
    assert opened.recipes.get(1).name == "Martini"
    opened.close()


def open_at(url: str, revision: str) -> None:
    from alembic import command
    from sqlalchemy import text

    from parcook.catalogue.database import Database, make_file
    from parcook.catalogue.tables import POSTGRES_SCHEMA

    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    if database.path is not None:
        make_file(database.path)
    with database.write_aside() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"CREATE SCHEMA {POSTGRES_SCHEMA}"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def test_many_threads_may_open_one_fresh_database(fresh_url: str) -> None:
    start = threading.Barrier(8, timeout=20)
    names: list[str] = []

    def open_and_write(number: int) -> None:
        start.wait()
        opened = open_catalogue(fresh_url)
        opened.settle("timezone", "UTC")
        names.append(opened.ingredients.create(IngredientDraft(name=f"i{number}")).name)
        opened.close()

    threads = [threading.Thread(target=open_and_write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == [f"i{number}" for number in range(8)]


def test_many_processes_may_open_one_fresh_database(fresh_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_WRITE, fresh_url, f"i{number}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(5)
    ]
    failures = [process.communicate("go\n")[1] for process in processes]
    assert failures == [""] * 5
    opened = open_catalogue(fresh_url)
    assert sorted(paths(opened)) == [f"i{number}" for number in range(5)]
    opened.close()


def test_foreign_tables_of_our_names_are_refused_by_name_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.executescript(
            "CREATE TABLE ingredients (id, label); INSERT INTO ingredients VALUES (1, 'theirs');"
            "CREATE TABLE units (id); CREATE TABLE other (id)"
        )
    before = path.read_bytes()
    with pytest.raises(SchemaRefused, match=r"theirs\.db already holds .*: ingredients, units\. .*parcook import"):
        open_catalogue(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["theirs.db"]


def test_foreign_tables_in_our_postgres_schema_are_refused_and_those_in_others_are_none_of_ours(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.bare_database()
    with psycopg.connect(url, autocommit=True) as theirs:
        theirs.execute("CREATE TABLE public.recipes (id int)")
        theirs.execute("CREATE SCHEMA parcook CREATE TABLE ingredients (label text)")
        theirs.execute("INSERT INTO parcook.ingredients VALUES ('theirs')")
        with pytest.raises(SchemaRefused, match=r"schema 'parcook' already holds .*: ingredients\. "):
            open_catalogue(url)
        tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'parcook') ORDER BY 1"
        assert theirs.execute(tables).fetchall() == [("parcook", "ingredients"), ("public", "recipes")]
        theirs.execute("DROP TABLE parcook.ingredients")
        open_catalogue(url).close()
        assert theirs.execute("SELECT count(*) FROM public.recipes").fetchone() == (0,)


def test_a_newer_schema_is_refused_by_name_and_untouched(fresh_url: str) -> None:
    opened = open_catalogue(fresh_url)
    grow(opened, {"Gin": {}})
    opened.close()
    outside = Outside(fresh_url)
    outside.run(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(SchemaRefused, match=rf"newer parcook \(schema 9999; .*up to {SCHEMA_REVISION}\)"):
        open_catalogue(fresh_url)
    assert outside.rows(f"SELECT version_num FROM {VERSION_TABLE}") == [("9999",)]
    assert outside.rows("SELECT name FROM ingredients") == [("Gin",)]
    outside.close()


def test_a_file_that_is_not_sqlite_is_an_outage_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    path.write_bytes(b"this is a shopping list, not a database " * 50)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="file is not a database"):
        open_catalogue(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_or_a_place_that_cannot_be_written_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "catalogue.db"):
        with pytest.raises(Unavailable, match="cannot open the catalogue"):
            open_catalogue(f"sqlite:///{path}")


def test_a_missing_folder_is_made_and_file_and_folder_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "catalogue.db"
    before = os.umask(0)
    try:
        opened = open_catalogue(f"sqlite:///{path}")
        grow(opened, {"Gin": {}})
        modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in [path.parent, *path.parent.iterdir()]}
        opened.close()
    finally:
        os.umask(before)
    assert modes == {"b": 0o700, "catalogue.db": 0o600, "catalogue.db-wal": 0o600, "catalogue.db-shm": 0o600}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:////tmp/what?.db",
        "sqlite:////tmp/catalogue.db?mode=ro",
        "mysql://u:hunter2@h/d",
        "hunter2@host/database",
        "postgresql://u:hunter2@h:port/d",
        "postgresql:u:hunter2@h",
        "C:\\catalogue.db",
    ],
)
def test_a_bad_url_is_named_without_what_it_holds(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^PARCOOK_CATALOGUE_URL") as caught:
        open_catalogue(url)
    assert "hunter2" not in caught.value.detail


def test_a_postgres_that_does_not_answer_is_an_outage_and_its_password_stays_secret() -> None:
    with pytest.raises(Unavailable) as caught:
        open_catalogue("postgresql://somebody:hunter2@127.0.0.1:1/nowhere")
    assert "hunter2" not in caught.value.detail
